"""Every read takes one transaction and at most five statements, however much there is."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import httpx
import pytest

from api.http.application import Application
from models.safe_transaction import SafeTransaction
from survey.access.actors import COMMAND_LINE
from survey.campaigns.close import start_closing
from survey.decisions.rules import Choice
from survey.decisions.store import decide
from survey.use_cases.rules import UseCasePlan
from survey.use_cases.store import create_use_case
from tests.api.callers import Caller, as_key, description, make_key
from tests.conftest import make_organisation
from tests.factories.open_campaign import open_standard_campaign
from tests.factories.principals import make_principal
from tests.factories.recommendations import recommendation
from tests.factories.releases import make_release, unit
from tests.factories.server import NOW

MOST_STATEMENTS = 5
"""Begin, role, two statements of the read itself, commit."""
AUTHENTICATION = ("key_hash = $1", "organisation_of_key($1)")
"""Transactions that look a key up find out who calls, and do not count."""

FORM = "/v1/form"
"""Opening the form notes that the person has begun: no read."""
EXPORTS_OF_LINKS = {
    "/v1/campaigns/{campaignId}/invitations/letters",
    "/v1/campaigns/{campaignId}/invitations/links",
    "/v1/campaigns/{campaignId}/invitations/{externalId}/qr.svg",
}
"""They mark the links and are recorded: no reads, either."""
READS_OF_A_PART = (
    "/v1/releases/{releaseId}/constraints",
    "/v1/releases/{releaseId}/governance",
    "/v1/releases/{releaseId}/participation",
    "/v1/releases/{releaseId}/phases",
    "/v1/releases/{releaseId}/practices",
    "/v1/releases/{releaseId}/quality",
    "/v1/releases/{releaseId}/recommendations",
    "/v1/releases/{releaseId}/recommendations/{unit}",
    "/v1/releases/{releaseId}/recommendations/{unit}/decision",
    "/v1/releases/{releaseId}/recommendations/{unit}/decisions",
    "/v1/releases/{releaseId}/scores",
    "/v1/releases/{releaseId}/sponsorship-gap",
    "/v1/releases/{releaseId}/trends",
    "/v1/units",
    "/v1/units/{unit}",
    "/v1/people",
    "/v1/people/{externalId}",
    "/v1/use-cases",
    "/v1/use-cases/{useCaseId}",
)
READS = (
    *READS_OF_A_PART,
    "/v1/audit",
    "/v1/campaigns",
    "/v1/campaigns/{campaignId}",
    "/v1/campaigns/{campaignId}/audience",
    "/v1/campaigns/{campaignId}/audience/people",
    "/v1/campaigns/{campaignId}/deliveries",
    "/v1/campaigns/{campaignId}/deliveries/unreached",
    "/v1/campaigns/{campaignId}/invitations",
    "/v1/campaigns/{campaignId}/participation",
    "/v1/campaigns/{campaignId}/privacy-statement",
    "/v1/campaigns/{campaignId}/releases",
    "/v1/campaigns/{campaignId}/releases/latest",
    "/v1/campaigns/{campaignId}/wording",
    "/v1/channels",
    "/v1/channels/{channelKind}",
    "/v1/evidence",
    "/v1/instruments",
    "/v1/instruments/{key}/{version}",
    "/v1/jobs/{jobId}",
    "/v1/keys",
    "/v1/keys/{keyId}",
    "/v1/operating-models",
    "/v1/organisation",
    "/v1/releases/{releaseId}",
    "/v1/releases/{releaseId}/drift",
    "/v1/releases/{releaseId}/drivers",
    "/v1/releases/{releaseId}/portfolio",
    "/v1/releases/{releaseId}/sponsorship",
    "/v1/use-cases/ranking",
)

Transaction = list[str]


@pytest.fixture(scope="module")
async def addresses(database: str) -> dict[str, str]:
    """Make one of everything that can be read; give what fills the holes in a path."""
    organisation = await make_organisation()
    opened = await open_standard_campaign(organisation, now=NOW)
    board = await make_principal(organisation)
    codes = [f"U{number}" for number in range(40)]
    release = await make_release(
        organisation,
        unit("C"),
        *(unit(code, "C", recommendation=recommendation()) for code in codes),
    )
    await decide(release, "U1", Choice(verdict="accepted"), seen=0, by=board, now=NOW)
    job = await start_closing(organisation, opened.campaign, by=COMMAND_LINE, now=NOW)
    made = await create_use_case(UseCasePlan(title="Sort invoices"), by=board, now=NOW)
    return {
        "organisation": str(organisation),
        "campaignId": str(opened.campaign),
        "releaseId": str(release),
        "unit": "U1",
        "externalId": "P0001",
        "key": "ai-scaling-conditions",
        "version": "1",
        "useCaseId": str(made.id),
        "jobId": str(job.id),
        "keyId": str(board.key),
        "channelKind": "email",
    }


@pytest.fixture
def transactions(monkeypatch: pytest.MonkeyPatch) -> list[Transaction]:
    """Note the statements of every transaction from now on, one list for each."""
    found: list[Transaction] = []
    notes: list[Callable[[Any], None]] = []
    connect = SafeTransaction._connect

    async def noted(self: SafeTransaction) -> Any:
        connection = await connect(self)
        for note in notes:
            connection.remove_query_logger(note)
        statements = Transaction()
        notes.append(lambda logged: statements.append(logged.query))
        connection.add_query_logger(notes[-1])
        found.append(statements)
        return connection

    monkeypatch.setattr(SafeTransaction, "_connect", noted)
    return found


async def reads(
    caller: httpx.AsyncClient, address: str, transactions: list[Transaction]
) -> list[Transaction]:
    transactions.clear()
    answer = await caller.get(address)
    await asyncio.sleep(0)  # the driver notes a statement in the next round of the loop
    assert answer.status_code in {200, 404}, answer.text
    return [
        one
        for one in transactions
        if not any(word in query for query in one for word in AUTHENTICATION)
    ]


@pytest.fixture
async def whole(app: Application, addresses: dict[str, str]) -> AsyncIterator[Caller]:
    """Call with a key that sees the whole organisation."""
    key = await make_key(UUID(addresses["organisation"]))
    async with Caller(app, headers=as_key(key)) as caller:
        yield caller


@pytest.fixture
async def restricted(app: Application, addresses: dict[str, str]) -> AsyncIterator[Caller]:
    """Call with a key that is restricted to one unit."""
    key = await make_key(UUID(addresses["organisation"]), unit="U1")
    async with Caller(app, headers=as_key(key)) as caller:
        yield caller


def test_every_read_of_the_api_is_counted(app: Application) -> None:
    paths = {path for path, methods in description(app)["paths"].items() if "get" in methods}

    assert {path for path in paths if path.startswith("/v1/")} == {
        *READS,
        FORM,
        *EXPORTS_OF_LINKS,
    }


@pytest.mark.parametrize("path", READS)
async def test_a_read_takes_one_transaction_of_few_statements(
    whole: Caller, addresses: dict[str, str], path: str, transactions: list[Transaction]
) -> None:
    (statements,) = await reads(whole, path.format_map(addresses), transactions)

    assert len(statements) <= MOST_STATEMENTS, statements


@pytest.mark.parametrize("path", READS_OF_A_PART)
async def test_a_reader_restricted_to_a_unit_costs_no_more(
    restricted: Caller, addresses: dict[str, str], path: str, transactions: list[Transaction]
) -> None:
    (statements,) = await reads(restricted, path.format_map(addresses), transactions)

    assert len(statements) <= MOST_STATEMENTS, statements


@pytest.mark.parametrize("path", READS_OF_A_PART)
async def test_the_tree_is_walked_only_for_readers_restricted_to_a_part(
    whole: Caller,
    restricted: Caller,
    addresses: dict[str, str],
    path: str,
    transactions: list[Transaction],
) -> None:
    walks = []
    for caller in (whole, restricted):
        (statements,) = await reads(caller, path.format_map(addresses), transactions)
        walks.append(any(statement.startswith("\nWITH RECURSIVE") for statement in statements))

    assert walks == [False, True]
