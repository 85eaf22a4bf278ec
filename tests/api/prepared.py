"""Organisations in which the requests that the description shows make sense.

Each stage goes a step further than the one before. What the examples call by an id of their own
exists here under another: a stage says which.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from uuid import UUID

import msgspec
import polars as pl

from api.description.bodies import example_of
from api.schemas import examples
from api.schemas.releases import ConstraintRead, RecommendationRead, SponsorshipRead
from models.engine import connection, transaction
from seed.loader import load_standard_content
from survey.access.actors import COMMAND_LINE
from survey.access.keys import KeyPlan, create_key
from survey.campaigns.close import start_closing
from survey.campaigns.draft import draft_campaign
from survey.campaigns.invitations import invitation_tokens
from survey.campaigns.open import open_campaign
from survey.campaigns.plan import CampaignPlan
from survey.capture.importing import import_responses
from survey.decisions.rules import Choice
from survey.decisions.store import decide
from survey.directory.people import sync_people
from survey.directory.units import sync_units
from survey.instruments.definition import InstrumentDefinition
from survey.instruments.drafts import create_draft
from survey.messages.kind import ChannelPlan
from survey.messages.setting_up import set_channel
from survey.releases.pages import ScoreView
from survey.use_cases.rules import UseCasePlan
from survey.use_cases.store import create_use_case
from tests.factories.campaigns import close_campaign
from tests.factories.directory import people_file, person, unit, unit_file
from tests.factories.findings import Company, findings_of_company, findings_of_unit
from tests.factories.principals import make_principal
from tests.factories.releases import make_release
from tests.factories.server import CHANNELS, KEYS, NOW, SEALS, SERVER_KEY

__all__ = ["STAGES", "Prepared"]


@dataclass(frozen=True)
class Prepared:
    """An organisation, and what stands in it for what the examples name.

    Attributes
    ----------
    ids : dict of str to str
        An id or ETag of the examples, to the one that exists.
    token : str
        Of the invitation of somebody who may answer; empty if no campaign is open.
    """

    organisation: UUID
    ids: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def standing_for(self, **ids: object) -> "Prepared":
        """Return it with more that exists, by the name of the example's id."""
        known = {getattr(examples, name.upper()): str(real) for name, real in ids.items()}
        return Prepared(self.organisation, self.ids | known, self.token)


async def company(organisation: UUID) -> Prepared:
    """Load units, people and the standard content."""
    await load_standard_content(organisation, now=NOW)
    await sync_units(organisation, unit_file(unit("C"), unit("D01", "C"), unit("D02", "C")))
    staff = [person(f"e-10{number}", "D01") for number in range(10, 20)]
    await sync_people(
        organisation,
        people_file(person("e-0007", "D01", role="manager"), person("e-1042", "D01"), *staff),
    )
    return Prepared(organisation)


async def drafted(organisation: UUID) -> Prepared:
    """Draft the campaign of the examples."""
    made = await company(organisation)
    plan = msgspec.convert(example_of(CampaignPlan), CampaignPlan)
    campaign = await draft_campaign(organisation, plan, now=NOW)
    return made.standing_for(campaign=campaign.id)


async def opened(organisation: UUID) -> Prepared:
    """Open it; its token is that of the person in the examples."""
    made = await drafted(organisation)
    campaign = UUID(made.ids[examples.CAMPAIGN])
    await open_campaign(
        organisation,
        campaign,
        server_key=SERVER_KEY,
        keys=KEYS,
        channel="console",
        channels=CHANNELS,
        now=NOW,
    )
    tokens = await invitation_tokens(organisation, campaign, server_key=SERVER_KEY)
    return Prepared(organisation, made.ids, tokens["e-1042"])


async def closed(organisation: UUID) -> Prepared:
    """Close it, with as many answers as can be released."""
    made = await opened(organisation)
    campaign = UUID(made.ids[examples.CAMPAIGN])
    await _answer(organisation, campaign)
    await close_campaign(organisation, campaign, now=NOW)
    return made


async def closing(organisation: UUID) -> Prepared:
    """Start to close it: there is a job."""
    made = await opened(organisation)
    campaign = UUID(made.ids[examples.CAMPAIGN])
    started = await start_closing(organisation, campaign, by=COMMAND_LINE, now=NOW)
    return made.standing_for(job=started.id)


async def released(organisation: UUID) -> Prepared:
    """Store a release in which everything was found, with a decision and a use case."""
    made = await with_use_case(organisation)
    of_unit = {
        kind.member: kind.example[kind.member]
        for kind in (ConstraintRead, RecommendationRead, SponsorshipRead)
    }
    release = await make_release(
        organisation,
        findings_of_unit("C", **of_unit),
        findings_of_unit("D01", "C", **of_unit),
        shape=Company,
        cuts=pl.DataFrame([example_of(ScoreView)]),
        **findings_of_company(),
    )
    campaign = await _campaign_of(organisation, release)
    return made.standing_for(release=release, campaign=campaign)


async def decided(organisation: UUID) -> Prepared:
    """Decide on the recommendation of the examples, once."""
    made = await released(organisation)
    choice = msgspec.convert(example_of(Choice), Choice)
    by = await make_principal(organisation)
    release = UUID(made.ids[examples.RELEASE])
    await decide(release, "D01", choice, seen=0, by=by, now=NOW)
    return made


async def with_use_case(organisation: UUID) -> Prepared:
    """Propose the use case of the examples."""
    made = await company(organisation)
    plan = msgspec.convert(example_of(UseCasePlan), UseCasePlan)
    proposed = await create_use_case(plan, by=await make_principal(organisation), now=NOW)
    return made.standing_for(use_case=proposed.id)


async def with_key(organisation: UUID) -> Prepared:
    """Make a key beside the caller's."""
    made = await company(organisation)
    key = await create_key(organisation, KeyPlan(name="other", scopes=("org:read",)), now=NOW)
    return made.standing_for(key=key.id)


async def with_channel(organisation: UUID) -> Prepared:
    """Set up the channel of the examples."""
    made = await company(organisation)
    plan = msgspec.convert(example_of(ChannelPlan), ChannelPlan)
    await set_channel(organisation, "email", plan, server_key=SERVER_KEY, now=NOW)
    return made.standing_for(organisation=organisation)


async def with_instrument(organisation: UUID) -> Prepared:
    """Draft the instrument of the examples."""
    made = await company(organisation)
    definition = msgspec.convert(example_of(InstrumentDefinition), InstrumentDefinition)
    stored = await create_draft(organisation, definition)
    return made.standing_for(etag=f'"{stored.revision}"')


async def _answer(organisation: UUID, campaign: UUID) -> None:
    rows = "\n".join(f"D01,contributor,{1 + number % 5}" for number in range(8))
    file = f"unit,role,data_readiness_1\n{rows}\n".encode()
    await import_responses(organisation, campaign, file, name="answers", seals=SEALS, now=NOW)


async def _campaign_of(organisation: UUID, release: UUID) -> UUID:
    async with transaction(organisation):
        found = await connection().fetchval(
            "SELECT campaign FROM release WHERE id = $1", release
        )
    return UUID(str(found))


Stage = Callable[[UUID], Awaitable[Prepared]]

STAGES: dict[Stage, str] = {
    company: """
        IsAlive IsReady ReadProblemKind ListAuditEvents
        ReadOrganisation ChangeOrganisation ListUnits ReadUnit SyncUnits
        ListPeople ReadPerson SyncPeople ReadEvidence ReadOperatingModels LoadOperatingModels
        ListCampaigns DraftCampaign ListInstruments DraftInstrument
        ListUseCases ProposeUseCase ListKeys CreateKey
    """,
    drafted: """
        ReadCampaign ReadAudience ListInvitees ChangeCampaign DeleteCampaign OpenCampaign
        PreviewCampaign ReadWording SetWording PreviewMessage
    """,
    with_channel: "ListChannels ReadChannel SetChannel RemoveChannel TryChannel ReportBounce",
    opened: """
        CloseCampaign CountInvitations SendInvitations RemindInvited ReadParticipation
        ListDeliveries ListUnreached RequeueDeliveries
        ReadPrivacyStatement ImportResponses
        OpenForm SaveAnswers SubmitAnswers ExportLinks PrintLetters ReadLinkCode
    """,
    closing: "ReadJob",
    closed: "ReleaseCampaign",
    released: """
        ListReleases ReadLatestRelease ReadRelease ListScores ListConstraints ListGovernance
        ListParticipation ListPhases ListPractices ListQuality ListTrends ListSponsorshipGaps
        ReadDrift ReadDrivers ReadPortfolio ReadSponsorship
        ListRecommendations ReadRecommendation DecideRecommendation(new)
    """,
    decided: "ReadDecision ListDecisions DecideRecommendation",
    with_use_case: "ReadUseCase ChangeUseCase RankUseCases",
    with_key: "ReadKey RotateKey RevokeKey",
    with_instrument: "ReadInstrument ReplaceInstrument PublishInstrument PreviewInstrument",
}
"""How far an organisation must be for each operation; every operation has one stage."""
