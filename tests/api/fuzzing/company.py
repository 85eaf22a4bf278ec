"""A company that has something at every address, and the values by which requests find it."""

from dataclasses import dataclass
from uuid import UUID

import msgspec

from models.engine import connection, transaction
from seed.content import standard_instrument
from survey.access.keys import KeyPlan, create_key
from survey.access.scopes import GENERAL_SCOPES
from survey.access.tokens import token_hash
from survey.campaigns.draft import draft_campaign
from survey.campaigns.plan import CampaignPlan
from survey.capture.submission import Submission
from survey.capture.writing import Entry, write_group
from survey.errors import SurveyError
from tests.factories.campaigns import close_campaign, release_campaign
from tests.factories.directory import make_organisation
from tests.factories.open_campaign import OpenCampaign, answer_sheet, open_standard_campaign
from tests.factories.principals import make_principal
from tests.factories.server import NOW, SEALS
from tests.factories.use_cases import propose

__all__ = ["Company", "make_company"]

PEOPLE = 60
UNITS = 4
SPONSORS = 4


@dataclass(frozen=True)
class Company:
    """What requests are given.

    Attributes
    ----------
    key, key_id
        A key with the general scopes, and its id.
    import_key
        A key that imports responses.
    token
        The token of somebody who has not answered.
    values
        By the name of a parameter, values that lead somewhere.
    """

    key: str
    key_id: UUID
    import_key: str
    token: str
    values: dict[str, list[str | int]]

    @property
    def environment(self) -> dict[str, str]:
        """Return what the hooks of schemathesis need to know."""
        return {"FUZZ_KEY_ID": str(self.key_id)}

    def dictionaries(self) -> str:
        """Return the values as schemathesis reads them: TOML."""
        return "".join(
            f"[dictionaries.{name}]\nvalues = {msgspec.json.encode(values).decode()}\n"
            for name, values in self.values.items()
        )


async def make_company() -> Company:
    """Make a company with two releases, and with campaigns of every state."""
    owner = await make_organisation()
    earlier, later = [await _released(owner, wave) for wave in (1, 2)]
    running = await _opened(owner, wave=3)
    draft = await draft_campaign(owner, _plan(wave=4), now=NOW)
    principal = await make_principal(owner)
    proposed = await propose(principal)
    issued = await create_key(owner, KeyPlan(name="all", scopes=GENERAL_SCOPES), now=NOW)
    imports = KeyPlan(name="import", scopes=("responses:import",))
    importing = await create_key(owner, imports, now=NOW)
    async with transaction(owner):
        jobs = [str(row["id"]) for row in await connection().fetch("SELECT id FROM job")]
    campaigns = [running.campaign, draft.id, later[0]]
    values: dict[str, list[str | int]] = {
        "campaign": [*map(str, campaigns)],
        "release": [str(later[1]), str(earlier[1])],
        "job": jobs[:2],
        "use_case": [str(proposed.id)],
        "unit": ["U0", "C"],
        "person": ["P0000"],
        "instrument": ["ai-scaling-conditions"],
        "version": [1],
        "channel": ["console", "folder"],
    }
    return Company(
        key=str(issued.key),
        import_key=str(importing.key),
        key_id=issued.id,
        token=running.tokens["P0000"],
        values=values,
    )


async def _released(owner: UUID, wave: int) -> tuple[UUID, UUID]:
    """Return a campaign that was answered, closed and released, and its release."""
    opened = await _opened(owner, wave=wave)
    entries = [
        _entry(token, _sheet(person, number))
        for number, (person, token) in enumerate(opened.tokens.items())
    ]
    for result in await write_group(entries, seals=SEALS, now=NOW):
        if isinstance(result, SurveyError):
            raise result
    await close_campaign(owner, opened.campaign)
    return opened.campaign, await release_campaign(owner, opened.campaign)


async def _opened(owner: UUID, *, wave: int) -> OpenCampaign:
    return await open_standard_campaign(
        owner, now=NOW, people=PEOPLE, units=UNITS, sponsors=SPONSORS, wave=wave
    )


def _sheet(person: str, number: int) -> Submission:
    """Return what a person answers; sponsors, whose ids begin with S, answer less."""
    whole = answer_sheet(number)
    if not person.startswith("S"):
        return whole
    asked = [one.key for one in standard_instrument().items if "sponsor" in one.audiences]
    return answer_sheet(
        number, answers={key: whole.answers[key] for key in asked}, consent=True
    )


def _entry(token: str, sheet: Submission) -> Entry:
    return Entry(
        token=token,
        token_hash=token_hash(token),
        body=sheet.canonical(),
        submission=sheet,
    )


def _plan(**fields: int) -> CampaignPlan:
    return CampaignPlan(
        name="Conditions",
        instrument_key="ai-scaling-conditions",
        instrument_version=1,
        **fields,  # type: ignore[arg-type]  # the wave
    )
