"""Mail goes out by the organisation's own server, encrypted and logged in."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from survey.campaigns.open import open_campaign
from survey.jobs.worker import drain_queue
from survey.messages.delivery import delivering
from survey.messages.kind import ChannelPlan
from survey.messages.setting_up import set_channel
from tests.factories.campaigns import make_draft, rows_of
from tests.factories.directory import load_company
from tests.factories.mail_server import Certificate, MailServer, mail_server
from tests.factories.server import CHANNELS, KEYS, NOW, SERVER_KEY

SENDER = "Transformation office <office@example.com>"
URL = "https://survey.example.com"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate.made(tmp_path_factory.mktemp("certificate"), "localhost", "127.0.0.1")


@pytest.fixture
def mail(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """Run a mail server whose certificate this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.certificate))
    with mail_server(certificate) as running:
        yield running


async def test_a_campaign_that_opens_by_mail_reaches_everybody(
    organisation: UUID, mail: MailServer
) -> None:
    await load_company(organisation, {"U1": 7})
    draft = await make_draft(organisation)
    plan = ChannelPlan(url=mail.url, sender=SENDER)
    await set_channel(organisation, "email", plan, server_key=SERVER_KEY, now=NOW)

    await open_campaign(
        organisation,
        draft.id,
        server_key=SERVER_KEY,
        keys=KEYS,
        channel="email",
        channels=CHANNELS,
        now=NOW,
    )
    work = delivering(server_key=SERVER_KEY, channels=CHANNELS, form_url=URL, clock=lambda: NOW)
    await drain_queue([work])

    assert sorted(mail.recipients) == [f"U1-{number}@example.com" for number in range(7)]
    states = await rows_of(organisation, "SELECT DISTINCT state, reason FROM delivery")
    assert states == [{"state": "sent", "reason": None}]
