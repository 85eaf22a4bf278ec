"""Who gets in: keys, scopes, parts of the organisation, limits."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from api.http.application import Application
from api.settings import ApiSettings
from survey.access.keys import KeyPlan, create_key
from survey.access.scopes import GENERAL_SCOPES
from tests.api.callers import Caller, as_key, description, make_key
from tests.api.conftest import running
from tests.factories.directory import load_company
from tests.factories.server import NOW

# Every operation with the scopes that open it: the table that a reviewer reads.
SCOPED = {
    "ListKeys": ["keys:write", "audit:read"],
    "ReadKey": ["keys:write", "audit:read"],
    "CreateKey": ["keys:write"],
    "RotateKey": ["keys:write"],
    "RevokeKey": ["keys:write"],
    "ReadOrganisation": ["org:read"],
    "ChangeOrganisation": ["org:write"],
    "ListUnits": ["org:read"],
    "ReadUnit": ["org:read"],
    "SyncUnits": ["org:write"],
    "ListPeople": ["people:read"],
    "ReadPerson": ["people:read"],
    "SyncPeople": ["people:write"],
    "ReadOperatingModels": ["org:read", "analytics:read", "recommendations:read"],
    "LoadOperatingModels": ["org:write"],
    "ReadEvidence": ["org:read", "analytics:read", "recommendations:read"],
    "ListInstruments": ["campaigns:read"],
    "ReadInstrument": ["campaigns:read", "campaigns:write"],
    "DraftInstrument": ["campaigns:write"],
    "ReplaceInstrument": ["campaigns:write"],
    "PublishInstrument": ["campaigns:write"],
    "ListCampaigns": ["campaigns:read"],
    "ReadCampaign": ["campaigns:read", "campaigns:write"],
    "DraftCampaign": ["campaigns:write"],
    "ChangeCampaign": ["campaigns:write"],
    "DeleteCampaign": ["campaigns:write"],
    "OpenCampaign": ["campaigns:write"],
    "CloseCampaign": ["campaigns:write"],
    "ReadAudience": ["campaigns:read"],
    "ListInvitees": ["people:read"],
    "ReadParticipation": ["campaigns:read"],
    "CountInvitations": ["campaigns:read"],
    "SendInvitations": ["campaigns:write"],
    "RemindInvited": ["campaigns:write"],
    "ListDeliveries": ["campaigns:read"],
    "RequeueDeliveries": ["campaigns:write"],
    "ListUnreached": ["people:read"],
    "ReadWording": ["campaigns:read", "campaigns:write"],
    "SetWording": ["campaigns:write"],
    "PreviewMessage": ["campaigns:read", "campaigns:write"],
    "ListChannels": ["channels:write"],
    "ReadChannel": ["channels:write"],
    "SetChannel": ["channels:write"],
    "RemoveChannel": ["channels:write"],
    "TryChannel": ["channels:write"],
    "ReadPrivacyStatement": ["campaigns:read"],
    "PreviewCampaign": ["campaigns:read", "campaigns:write"],
    "PreviewInstrument": ["campaigns:read", "campaigns:write"],
    "ExportLinks": ["invitations:export"],
    "PrintLetters": ["invitations:export"],
    "ReadLinkCode": ["invitations:export"],
    "ImportResponses": ["responses:import"],
    "ListReleases": ["analytics:read", "recommendations:read"],
    "ReadLatestRelease": ["analytics:read", "recommendations:read"],
    "ReadRelease": ["analytics:read", "recommendations:read"],
    "ReleaseCampaign": ["campaigns:write"],
    "ReadJob": ["campaigns:write"],
    "ListScores": ["analytics:read"],
    "ListConstraints": ["analytics:read"],
    "ListRecommendations": ["recommendations:read"],
    "ReadRecommendation": ["recommendations:read"],
    "ListSponsorshipGaps": ["analytics:read"],
    "ListPhases": ["analytics:read"],
    "ListGovernance": ["analytics:read"],
    "ListPractices": ["analytics:read"],
    "ListQuality": ["analytics:read"],
    "ListParticipation": ["analytics:read"],
    "ListTrends": ["analytics:read"],
    "ReadDrivers": ["analytics:read"],
    "ReadPortfolio": ["recommendations:read"],
    "ReadSponsorship": ["analytics:read"],
    "ReadDrift": ["analytics:read"],
    "ReadDecision": ["recommendations:read", "decisions:write"],
    "ListDecisions": ["recommendations:read"],
    "DecideRecommendation": ["decisions:write"],
    "ListAuditEvents": ["audit:read"],
    "ListUseCases": ["recommendations:read"],
    "ReadUseCase": ["recommendations:read", "decisions:write"],
    "RankUseCases": ["recommendations:read"],
    "ProposeUseCase": ["decisions:write"],
    "ChangeUseCase": ["decisions:write"],
}
BY_INVITATION = {"OpenForm", "SaveAnswers", "SubmitAnswers"}
FOR_ANYBODY = {"IsAlive", "IsReady", "ReadProblemKind", "ReportBounce"}


def operations(app: Application) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield method, an address and the operation."""
    for path, methods in description(app)["paths"].items():
        address = path
        for name in ("campaignId", "releaseId", "keyId", "useCaseId", "jobId"):
            address = address.replace(f"{{{name}}}", str(uuid4()))
        address = address.replace("{version}", "1").replace("{unit}", "U")
        address = address.replace("{code}", "x").replace("{externalId}", "x")
        address = address.replace("{key}", "x").replace("{channelKind}", "email")
        for method, operation in methods.items():
            yield method.upper(), address, operation


def test_every_operation_is_in_the_table_with_its_scopes(app: Application) -> None:
    found = {
        operation["operationId"]: [entry["apiKey"][0] for entry in operation["security"]]
        for _, _, operation in operations(app)
        if operation["security"] and "apiKey" in operation["security"][0]
    }

    assert found == SCOPED


def test_only_the_form_takes_an_invitation_and_only_these_take_nothing(
    app: Application,
) -> None:
    security = {one["operationId"]: one["security"] for _, _, one in operations(app)}

    assert {name for name, given in security.items() if given == [{"invitation": []}]} == (
        BY_INVITATION
    )
    assert {name for name, given in security.items() if not given} == FOR_ANYBODY


async def test_without_a_key_nothing_opens(
    app: Application, anybody: httpx.AsyncClient
) -> None:
    for method, address, operation in operations(app):
        if operation["operationId"] in FOR_ANYBODY:
            continue
        answer = await anybody.request(method, address)

        assert answer.status_code == 401, operation["operationId"]
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="opmodel"'


async def test_without_the_scope_nothing_opens(app: Application, organisation: UUID) -> None:
    for method, address, operation in operations(app):
        wanted = SCOPED.get(operation["operationId"])
        if wanted is None:
            continue
        others = [scope for scope in GENERAL_SCOPES if scope not in wanted]
        async with Caller(
            app, headers=as_key(await make_key(organisation, scopes=others))
        ) as caller:
            answer = await caller.request(method, address)

        assert answer.status_code == 403, operation["operationId"]
        assert answer.json()["type"] == "/problems/missing-scope"
        assert answer.json()["scopes"] == wanted


async def test_with_the_scope_alone_everything_opens(
    app: Application, organisation: UUID
) -> None:
    for method, address, operation in operations(app):
        for scope in SCOPED.get(operation["operationId"], ()):
            async with Caller(
                app, headers=as_key(await make_key(organisation, scopes=[scope]))
            ) as caller:
                answer = await caller.request(method, address)

            assert answer.status_code not in {401, 403}, operation["operationId"]


async def test_a_key_of_a_part_cannot_do_what_concerns_the_whole(
    app: Application, organisation: UUID
) -> None:
    await load_company(organisation, {"U1": 0})
    kept = as_key(await make_key(organisation, unit="U1"))
    allowed = set()

    async with Caller(app, headers=kept) as caller:
        for method, address, operation in operations(app):
            if operation["operationId"] not in SCOPED:
                continue
            answer = await caller.request(method, address)
            if answer.status_code != 403:
                allowed.add(operation["operationId"])

    assert allowed == {
        "ReadOrganisation",
        "ListUnits",
        "ReadUnit",
        "ListPeople",
        "ReadPerson",
        "ReadOperatingModels",
        "ReadEvidence",
        "ListInstruments",
        "ReadInstrument",
        "ListCampaigns",
        "ReadCampaign",
        "ReadAudience",
        "ListInvitees",
        "ReadParticipation",
        "ReadPrivacyStatement",
        "PreviewCampaign",
        "PreviewInstrument",
        "ListReleases",
        "ReadLatestRelease",
        "ReadRelease",
        "ListScores",
        "ListConstraints",
        "ListRecommendations",
        "ReadRecommendation",
        "ListSponsorshipGaps",
        "ListPhases",
        "ListGovernance",
        "ListPractices",
        "ListQuality",
        "ListParticipation",
        "ListTrends",
        "ReadDecision",
        "ListDecisions",
        "DecideRecommendation",
        "ListUseCases",
        "ReadUseCase",
        "RankUseCases",
        "ProposeUseCase",
        "ChangeUseCase",
    }


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic b21rOnNlY3JldA==",
        "Bearer omk_00000000_nothing",
        "Bearer omk_" + "x" * 500,
        "Bearer not-a-key",
    ],
)
async def test_what_is_no_good_key_is_refused_alike(
    anybody: httpx.AsyncClient, header: str
) -> None:
    answer = await anybody.get("/v1/organisation", headers={"Authorization": header})

    assert answer.status_code == 401
    assert answer.json() == {
        "type": "/problems/key-refused",
        "title": "Key refused",
        "status": 401,
        "detail": "Send a valid API key: 'Authorization: Bearer omk_...'.",
    }


async def test_the_scheme_may_be_written_in_any_case(
    anybody: httpx.AsyncClient, organisation: UUID
) -> None:
    key = await make_key(organisation)

    answer = await anybody.get("/v1/organisation", headers={"Authorization": f"bEARER  {key} "})

    assert answer.status_code == 200


async def test_an_expired_key_opens_nothing(app: Application, organisation: UUID) -> None:
    plan = KeyPlan(name="short", scopes=("org:read",), expires_at=NOW)
    issued = await create_key(organisation, plan, now=NOW - timedelta(days=1))

    async with Caller(app, headers=as_key(str(issued.key))) as caller:
        answer = await caller.get("/v1/organisation")

    assert answer.status_code == 401


async def test_an_invitation_is_no_key_and_a_key_no_invitation(
    anybody: httpx.AsyncClient, organisation: UUID
) -> None:
    key = await make_key(organisation)

    as_invitation = await anybody.get("/v1/form", headers=as_key(key))
    as_api_key = await anybody.get("/v1/organisation", headers=as_key("t" * 43))

    assert (as_invitation.status_code, as_api_key.status_code) == (401, 401)


async def test_every_answer_tells_what_is_left(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/organisation")

    assert answer.headers["RateLimit-Policy"] == '"key";q=1200;w=60'
    assert answer.headers["RateLimit"] == '"key";r=1199;t=1'


async def test_a_key_that_asks_too_often_is_told_when_to_come_back(
    database: str, organisation: UUID
) -> None:
    key = as_key(await make_key(organisation))
    async with running(database, ApiSettings(key_limit=2)) as small, Caller(small) as caller:
        answers = [await caller.get("/v1/organisation", headers=key) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].headers["Retry-After"] == "30"
    assert answers[-1].headers["RateLimit"] == '"key";r=0;t=60'
    assert answers[-1].json()["type"] == "/problems/rate-limited"


async def test_another_key_is_not_limited_with_it(database: str, organisation: UUID) -> None:
    keys = [as_key(await make_key(organisation)) for _ in range(3)]
    async with running(database, ApiSettings(key_limit=1)) as small, Caller(small) as caller:
        answers = [await caller.get("/v1/organisation", headers=key) for key in keys]

    assert [answer.status_code for answer in answers] == [200, 200, 200]


async def test_a_token_is_limited_by_itself(database: str) -> None:
    async with running(database, ApiSettings(form_limit=1)) as small, Caller(small) as caller:
        answers = [
            await caller.get("/v1/form", headers=as_key(token)) for token in ("a", "a", "b")
        ]

    assert [answer.status_code for answer in answers] == [401, 429, 401]
