"""What a mail server answers is told apart, and what is wrong with it is said in words."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from survey.errors import FieldInvalid
from survey.messages.message import Outcome
from survey.messages.smtp import MailServer, Security, SmtpLine
from tests.factories import mail_server as other_side
from tests.factories.mail_server import Certificate, mail_server

CONTENT = b"Subject: x\r\n\r\nx\r\n"
SENDER = "office@example.com"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate.made(tmp_path_factory.mktemp("certificate"), "localhost")


@pytest.fixture
def trusted(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> Certificate:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.certificate))
    return certificate


@pytest.fixture
def far(trusted: Certificate) -> Iterator[other_side.MailServer]:
    with mail_server(trusted) as running:
        yield running


async def sent(line: SmtpLine, *recipients: str) -> list[Outcome]:
    outcomes = [await line.hand_over(SENDER, one, CONTENT) for one in recipients]
    await line.close()
    return outcomes


async def test_one_refusal_ends_neither_the_line_nor_the_others(
    far: other_side.MailServer,
) -> None:
    far.refusals["b@x.example"] = "550 5.1.1 <b@x.example>: unknown"
    far.refusals["c@x.example"] = "451 4.7.1 greylisted"

    outcomes = await sent(
        SmtpLine(MailServer.at(far.url)),
        "a@x.example",
        "b@x.example",
        "c@x.example",
        "d@x.example",
    )

    assert outcomes == [
        Outcome.SENT,
        Outcome.BAD_ADDRESS.because("5.1.1"),
        Outcome.RETRY.because("4.7.1"),
        Outcome.SENT,
    ]
    assert (far.recipients, far.sessions) == (["a@x.example", "d@x.example"], 1)


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("550 no such user", Outcome.BAD_ADDRESS.because("550")),
        ("550 5.7.1 relaying denied", Outcome.GIVE_UP.because("5.7.1")),
        ("552 5.2.2 mailbox full", Outcome.GIVE_UP.because("5.2.2")),
        ("450 busy", Outcome.RETRY.because("450")),
    ],
)
async def test_only_what_speaks_of_the_address_blames_the_address(
    far: other_side.MailServer, reply: str, outcome: Outcome
) -> None:
    far.refusals["a@x.example"] = reply

    assert await sent(SmtpLine(MailServer.at(far.url)), "a@x.example") == [outcome]


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("554 5.6.0 content refused", Outcome.GIVE_UP.because("5.6.0")),
        ("451 4.3.0 try later", Outcome.RETRY.because("4.3.0")),
        ("", Outcome.UNCERTAIN),
    ],
)
async def test_a_line_that_breaks_after_the_message_leaves_it_uncertain(
    far: other_side.MailServer, reply: str, outcome: Outcome
) -> None:
    far.after_data.append(reply)

    outcomes = await sent(SmtpLine(MailServer.at(far.url)), "a@x.example", "b@x.example")

    assert outcomes == [outcome, Outcome.SENT]


async def test_a_sender_that_is_refused_is_no_fault_of_the_message(
    far: other_side.MailServer,
) -> None:
    far.sender_reply = "553 5.7.1 not owned by user"

    outcomes = await sent(SmtpLine(MailServer.at(far.url)), "a@x.example")

    assert outcomes == [Outcome.RETRY.because("sender-refused")]


async def trouble(url: str) -> tuple[str, str]:
    line = SmtpLine(MailServer.at(url))
    found = await line.try_out()
    await line.close()
    assert found is not None
    return found.code, found.sentence


async def test_a_server_that_works_has_no_trouble_and_gets_nothing(
    far: other_side.MailServer,
) -> None:
    line = SmtpLine(MailServer.at(far.url))

    assert await line.try_out() is None
    await line.close()
    assert far.mails == []


async def test_a_wrong_password_is_said(far: other_side.MailServer) -> None:
    url = f"smtp://office:wrong@localhost:{far.port}?starttls=1"

    code, sentence = await trouble(url)

    assert code == "login-refused"
    assert "refuses the user or the password (reply 535)" in sentence
    assert "wrong" not in sentence


async def test_a_certificate_that_nobody_vouches_for_is_said(certificate: Certificate) -> None:
    with mail_server(certificate) as far:
        code, sentence = await trouble(far.url)

    assert code == "certificate-refused"
    assert "SSL_CERT_FILE" in sentence


async def test_a_certificate_for_another_host_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Certificate.made(tmp_path, "elsewhere.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(other.certificate))

    with mail_server(other) as far:
        code, _ = await trouble(far.url)

    assert code == "certificate-refused"


async def test_a_server_without_starttls_gets_no_password() -> None:
    with mail_server(login=False) as far:
        code, sentence = await trouble(far.url)

    assert code == "no-starttls"
    assert "smtps://" in sentence


async def test_tls_where_the_server_speaks_plainly_is_said() -> None:
    with mail_server(login=False) as far:
        code, sentence = await trouble(f"smtps://u:p@localhost:{far.port}")

    assert code == "tls-refused"
    assert "?starttls=1" in sentence


async def test_tls_from_the_start_works(trusted: Certificate) -> None:
    with mail_server(trusted, login=False, tls=True) as far:
        line = SmtpLine(MailServer.at(f"smtps://localhost:{far.port}"))

        assert await sent(line, "a@x.example") == [Outcome.SENT]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("smtp://nowhere.invalid:587?starttls=1", "host-unknown"),
        ("smtp://127.0.0.1:1", "connection-refused"),
    ],
)
async def test_a_server_that_is_not_there_is_said(url: str, code: str) -> None:
    found, sentence = await trouble(url)

    assert found == code
    assert "Check" in sentence


async def test_after_one_failed_connection_the_others_do_not_wait_for_theirs() -> None:
    line = SmtpLine(MailServer.at("smtp://127.0.0.1:1"))

    assert (
        await sent(line, "a@x.example", "b@x.example")
        == [Outcome.RETRY.because("connection-refused")] * 2
    )


def test_an_address_is_read_and_written_without_the_password() -> None:
    server = MailServer.at("smtp://of%40fice:p%3Aw@mail.example.com:2525?starttls=1")

    assert (server.user, server.password) == ("of@fice", "p:w")
    assert server.url == "smtp://of%40fice@mail.example.com:2525?starttls=1"
    assert MailServer.at(server.url, "p:w") == server
    assert "p:w" not in repr(server)


@pytest.mark.parametrize(
    ("url", "port", "security"),
    [
        ("smtp://mail.example.com?starttls=1", 587, Security.STARTTLS),
        ("smtps://mail.example.com", 465, Security.TLS),
        ("smtp://localhost:25", 25, Security.PLAIN),
        ("smtp://[::1]:25?starttls=0", 25, Security.PLAIN),
    ],
)
def test_an_address_says_how_the_line_is_protected(
    url: str, port: int, security: Security
) -> None:
    server = MailServer.at(url)

    assert (server.port, server.security) == (port, security)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("smtp://u:secret@mail.example.com:587", "add ?starttls=1"),
        ("smtp://u:secret@mail.example.com?starttls=0", "add ?starttls=1"),
        ("smtp://mail.example.com?startls=1", "starttls=1"),
        ("http://u:secret@mail.example.com", "such as smtp://"),
        ("smtp://u:secret@:587", "such as smtp://"),
        ("smtp://u:secret@mail.example.com:port", "such as smtp://"),
        ("smtp://user@mail.example.com?starttls=1", "password"),
    ],
)
def test_an_address_that_will_not_do_is_refused_without_its_password(
    url: str, told: str
) -> None:
    with pytest.raises(FieldInvalid) as refusal:
        MailServer.at(url)

    assert told in str(refusal.value)
    assert "secret" not in str(refusal.value)
    assert "secret" not in str(refusal.value.facts)


def test_a_password_is_given_once() -> None:
    with pytest.raises(FieldInvalid, match="given once") as refusal:
        MailServer.at("smtps://u:secret@mail.example.com", "other")

    assert "secret" not in str(refusal.value)
