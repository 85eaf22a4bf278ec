"""Mail goes out by the organisation's own server, encrypted and logged in."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from models.engine import connection, transaction
from survey.campaigns.open import open_campaign
from survey.campaigns.read import CampaignView
from survey.messages.channels import ChannelNotWorking
from survey.messages.claims import DeliveryReport
from survey.messages.delivery import deliver
from survey.messages.kind import ChannelPlan
from survey.messages.setting_up import remove_channel, set_channel
from tests.factories.campaigns import jobs_of, make_draft, rows_of
from tests.factories.directory import load_company
from tests.factories.mail_server import Certificate, MailServer, mail_server
from tests.factories.server import CHANNELS, KEYS, NOW, SERVER_KEY

SENDER = "Transformation office <office@example.com>"
URL = "https://survey.example.com"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate.made(tmp_path_factory.mktemp("certificate"), "localhost", "127.0.0.1")


@pytest.fixture
def far(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """Run a mail server whose certificate this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.certificate))
    with mail_server(certificate) as running:
        yield running


async def opened(organisation: UUID, url: str, **options: Any) -> CampaignView:
    """Open a campaign by mail for seven people."""
    await load_company(organisation, {"U1": 7})
    draft = await make_draft(organisation)
    plan = ChannelPlan(url=url, sender=SENDER, rate_per_minute=100_000)
    await set_channel(organisation, "email", plan, server_key=SERVER_KEY, now=NOW)
    return await open_campaign(
        organisation,
        draft.id,
        server_key=SERVER_KEY,
        keys=KEYS,
        channel="email",
        channels=CHANNELS,
        now=NOW,
        **options,
    )


async def send(organisation: UUID, **options: Any) -> list[DeliveryReport]:
    """Do the jobs of an organisation; those of other tests wait in the same queue."""
    return [
        await deliver(
            job,
            server_key=SERVER_KEY,
            channels=CHANNELS,
            form_url=URL,
            clock=lambda: NOW,
            **options,
        )
        for job in await jobs_of(organisation)
    ]


async def test_a_campaign_that_opens_by_mail_reaches_everybody(
    organisation: UUID, far: MailServer
) -> None:
    await opened(organisation, far.url)
    sessions = far.sessions

    reports = await send(organisation)

    assert reports == [DeliveryReport(sent=7)]
    assert sorted(far.recipients) == [f"U1-{number}@example.com" for number in range(7)]
    assert len({mail["Message-ID"] for mail in far.read()}) == 7
    # One line for all, begun anew once it is encrypted.
    assert far.sessions == sessions + 1


async def test_opening_logs_in_and_sends_nothing(organisation: UUID, far: MailServer) -> None:
    await opened(organisation, far.url)

    assert far.sessions > 0
    assert far.mails == []


async def test_a_campaign_whose_mail_server_refuses_the_login_does_not_open(
    organisation: UUID, far: MailServer
) -> None:
    url = f"smtp://office:wrong@localhost:{far.port}?starttls=1"

    with pytest.raises(ChannelNotWorking, match="refuses the user or the password"):
        await opened(organisation, url)

    assert await rows_of(organisation, "SELECT state FROM campaign") == [{"state": "draft"}]


async def test_force_opens_it_nevertheless(organisation: UUID, far: MailServer) -> None:
    url = f"smtp://office:wrong@localhost:{far.port}?starttls=1"

    campaign = await opened(organisation, url, force=True)
    reports = await send(organisation)

    assert campaign.state == "open"
    assert reports == [DeliveryReport(queued=7)]


async def test_a_server_that_is_away_costs_one_attempt_of_a_few(
    organisation: UUID, far: MailServer
) -> None:
    await opened(organisation, far.url)
    plan = ChannelPlan(url="smtp://127.0.0.1:1", sender=SENDER)
    await set_channel(organisation, "email", plan, server_key=SERVER_KEY, now=NOW)

    await send(organisation)

    tried = await rows_of(organisation, "SELECT reason FROM delivery WHERE attempts > 0")
    assert tried == [{"reason": "connection-refused"}] * 5


async def test_a_removed_channel_leaves_its_messages_waiting(
    organisation: UUID, far: MailServer
) -> None:
    await opened(organisation, far.url)
    await remove_channel(organisation, "email")

    assert await send(organisation) == [DeliveryReport(queued=7)]


async def test_an_unknown_mailbox_is_remembered_with_its_reason(
    organisation: UUID, far: MailServer
) -> None:
    far.refusals["U1-3@example.com"] = "550 5.1.1 unknown"
    await opened(organisation, far.url)

    assert await send(organisation) == [DeliveryReport(sent=6, failed=1)]
    async with transaction(organisation):
        faults = await connection().fetch(
            "SELECT external_id, email_fault FROM person WHERE email_fault IS NOT NULL"
        )
    assert [tuple(row) for row in faults] == [("U1-3", "5.1.1")]
