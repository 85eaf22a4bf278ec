"""A mail server on loopback: STARTTLS with a certificate of its own, a login, and a memory."""

import asyncio
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

__all__ = ["PASSWORD", "USER", "Certificate", "MailServer", "mail_server"]

USER, PASSWORD = "office", "a pass/word:with@signs"


@dataclass(frozen=True)
class Certificate:
    """A certificate that signs itself, and its key, as files."""

    certificate: Path
    key: Path

    @classmethod
    def made(cls, folder: Path, *names: str) -> "Certificate":
        """Make one for these hosts."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        now = datetime.now(UTC)
        built = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([_named(one) for one in names]), False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
            .sign(key, SHA256())
        )
        files = cls(folder / "certificate.pem", folder / "key.pem")
        files.certificate.write_bytes(built.public_bytes(Encoding.PEM))
        files.key.write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
        return files

    def context(self) -> ssl.SSLContext:
        """Return what a server needs to use it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


def _named(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


@dataclass
class MailServer:
    """What a mail server was given, and how it answers.

    Attributes
    ----------
    refusals : dict of str to str
        Recipient to the reply that it gets, such as ``550 5.1.1 unknown``.
    after_data : list of str
        Replies to the next messages; empty closes the line without one.
    """

    port: int = 0
    mails: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    sessions: int = 0
    refusals: dict[str, str] = field(default_factory=dict)
    after_data: list[str] = field(default_factory=list)
    sender_reply: str = "250 OK"

    @property
    def url(self) -> str:
        """Return its address with user and password."""
        password = PASSWORD.replace("/", "%2F").replace(":", "%3A").replace("@", "%40")
        password = password.replace(" ", "%20")
        return f"smtp://{USER}:{password}@localhost:{self.port}?starttls=1"

    def read(self) -> list[EmailMessage]:
        """Return the mails as a mail program reads them."""
        return [
            cast(EmailMessage, message_from_bytes(one, policy=default)) for one in self.mails
        ]

    # The server calls these by their names.
    async def handle_MAIL(self, *given: Any) -> str:  # noqa: N802 - as above
        _, _, envelope, address, _ = given
        envelope.mail_from = address
        return self.sender_reply

    async def handle_RCPT(self, *given: Any) -> str:  # noqa: N802 - as above
        _, _, envelope, address, _ = given
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, *given: Any) -> str:  # noqa: N802 - as above
        server, _, envelope = given
        self.mails.append(envelope.original_content)
        self.recipients.extend(envelope.rcpt_tos)
        reply = self.after_data.pop(0) if self.after_data else "250 OK"
        if not reply:
            server.transport.abort()
        return reply or "421 gone"


def _authenticated(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
) -> AuthResult:
    good = isinstance(data, LoginPassword) and (
        data.login == USER.encode() and data.password == PASSWORD.encode()
    )
    # Without handled=False the server would answer as it likes.
    return AuthResult(success=good, handled=good)


@contextmanager
def mail_server(
    certificate: Certificate | None = None, *, login: bool = True, tls: bool = False
) -> Iterator[MailServer]:
    """Run a mail server in a thread of its own.

    With a certificate it asks for STARTTLS, or speaks TLS from the start.
    """
    memory, loop = MailServer(), asyncio.new_event_loop()
    context = None if certificate is None else certificate.context()

    def session() -> SMTP:
        memory.sessions += 1
        return SMTP(
            memory,
            loop=loop,
            hostname="localhost",
            tls_context=None if tls else context,
            require_starttls=context is not None and not tls,
            authenticator=_authenticated if login else None,
            auth_required=login,
            auth_require_tls=context is not None and not tls,
        )

    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    begun = loop.create_server(session, "127.0.0.1", 0, ssl=context if tls else None)
    server = asyncio.run_coroutine_threadsafe(begun, loop).result()
    memory.port = server.sockets[0].getsockname()[1]
    try:
        yield memory
    finally:
        asyncio.run_coroutine_threadsafe(_ended(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _ended(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
