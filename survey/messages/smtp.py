"""The line to a mail server: connected when the first message leaves, kept for the next ones.

It tells apart what is final, what is worth another attempt, and what is uncertain; and it says
of a server that cannot be used what is wrong and what to do about it.
"""

import asyncio
import errno
import ipaddress
import re
import socket
import ssl
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import aiosmtplib
import msgspec

from survey.errors import FieldInvalid
from survey.messages.message import Outcome

__all__ = [
    "MailServer",
    "Security",
    "SmtpLine",
    "Trouble",
    "is_fault_of_address",
    "redacted",
]

CONNECT_S = 15.0
REPLY_S = 60.0
"""How long to wait for a server: to connect, and for each of its replies."""
_SUBMISSION, _SMTPS = 587, 465
_ADDRESS_FAULT = re.compile(r"5\.(?:0\.\d+|1\.\d+|2\.1)")
"""Enhanced status codes (RFC 3463) that speak of the address; others speak of us."""
_NO_SUCH_MAILBOX = {"550", "551", "553"}
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_USER_INFO = re.compile(r"//[^/]*@")
_AUTH_MISSING = "AUTH"


class Security(StrEnum):
    """How the line is protected."""

    TLS = "tls"
    STARTTLS = "starttls"
    PLAIN = "plain"


class MailServer(msgspec.Struct, frozen=True, kw_only=True):
    """Where a mail server is, and who we are there."""

    host: str
    port: int
    security: Security
    user: str | None = None
    password: str | None = None

    def __repr__(self) -> str:
        return f"MailServer({self.host!r}, {self.port})"

    @property
    def place(self) -> str:
        """Return host and port, for sentences."""
        return f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """Return its address without the password."""
        scheme = "smtps" if self.security is Security.TLS else "smtp"
        user = "" if self.user is None else f"{_quoted(self.user)}@"
        host = f"[{self.host}]" if ":" in self.host else self.host
        query = "?starttls=1" if self.security is Security.STARTTLS else ""
        return f"{scheme}://{user}{host}:{self.port}{query}"

    @classmethod
    def at(cls, url: str, password: str | None = None) -> "MailServer":
        """Read an address.

        Parameters
        ----------
        url : str
            Such as ``smtp://user:password@host:587?starttls=1``.
        password : str, optional
            If it is not in the address.

        Raises
        ------
        FieldInvalid
            It is no such address, or would send mail through a net in plain text.
        """
        parts, port = _split(url)
        given = None if parts.password is None else unquote(parts.password)
        if given is not None and password is not None:
            raise FieldInvalid("password", "(not shown)", expected="given once: url has one")
        secret = given or password
        user = unquote(parts.username) if parts.username else None
        if (user is None) != (secret is None):
            missing = "a user before the @ of its host" if user is None else "with a password"
            raise FieldInvalid("url", redacted(url), expected=missing)
        return cls(
            host=str(parts.hostname),
            port=port or (_SMTPS if parts.scheme == "smtps" else _SUBMISSION),
            security=_security(url, parts),
            user=user,
            password=secret,
        )


def redacted(url: str) -> str:
    """Return an address without user and password."""
    return _USER_INFO.sub("//", url)


def _quoted(user: str) -> str:
    return "".join(f"%{ord(sign):02X}" if sign in "%:/?#[]@" else sign for sign in user)


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path.strip("/"):
        expected = "an address such as smtp://user@mail.example.com:587?starttls=1"
        raise FieldInvalid("url", redacted(url), expected=expected)
    return parts, port


def _security(url: str, parts: SplitResult) -> Security:
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if query.keys() - {"starttls"} or query.get("starttls", "1") not in {"0", "1"}:
        expected = "without parameters but starttls=1"
        raise FieldInvalid("url", redacted(url), expected=expected)
    if parts.scheme == "smtps":
        return Security.TLS
    if query.get("starttls") == "1":
        return Security.STARTTLS
    if not _is_loopback(str(parts.hostname)):
        expected = (
            "encrypted, because plain SMTP is for this machine alone: add ?starttls=1 to it, "
            "or use smtps://"
        )
        raise FieldInvalid("url", redacted(url), expected=expected)
    return Security.PLAIN


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Trouble(NamedTuple):
    """Why a server cannot be used: a code for the log of messages, a sentence for people."""

    code: str
    sentence: str


class SmtpLine:
    """One connection to a mail server, for one message at a time.

    Parameters
    ----------
    server : MailServer
        Where to connect, when the first message leaves.
    """

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._client: aiosmtplib.SMTP | None = None
        self._trouble: Trouble | None = None
        self._turn = asyncio.Lock()

    async def try_out(self) -> Trouble | None:
        """Connect, encrypt and log in; return what is in the way, None if nothing is."""
        async with self._turn:
            await self._connected()
            return self._trouble

    async def hand_over(self, sender: str, recipient: str, content: bytes) -> Outcome:
        """Give one message to the server.

        Parameters
        ----------
        sender, recipient : str
            Addresses of the envelope.
        content : bytes
            The message with its headers, in lines that end in CRLF.
        """
        async with self._turn:
            client = await self._connected()
            if client is None or self._trouble is not None:
                return Outcome.RETRY.because(self._trouble.code if self._trouble else "away")
            outcome = await _handed_over(client, sender, recipient, content)
            if outcome is not Outcome.SENT:
                await self._begin_anew(client)
            return outcome

    async def close(self) -> None:
        """Say goodbye, if there is somebody to say it to."""
        client, self._client = self._client, None
        if client is not None:
            await _leave(client)

    async def _connected(self) -> aiosmtplib.SMTP | None:
        """Return the connection; one that could not be made is not tried again."""
        if self._trouble is not None or (
            self._client is not None and self._client.is_connected
        ):
            return self._client
        client = _client(self._server)
        try:
            await client.connect()
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            self._trouble = _trouble(error, self._server)
            client.close()
            return None
        self._client = client
        return client

    async def _begin_anew(self, client: aiosmtplib.SMTP) -> None:
        """Leave the message that was refused; what it was says nothing of the next."""
        try:
            await client.rset()
        except (aiosmtplib.SMTPException, OSError):
            client.close()
            self._client = None


def _client(server: MailServer) -> aiosmtplib.SMTP:
    encrypted = server.security is not Security.PLAIN
    return aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        username=server.user,
        password=server.password,
        timeout=CONNECT_S,
        use_tls=server.security is Security.TLS,
        start_tls=server.security is Security.STARTTLS,
        tls_context=ssl.create_default_context() if encrypted else None,
    )


async def _leave(client: aiosmtplib.SMTP) -> None:
    try:
        await client.quit(timeout=CONNECT_S)
    except (aiosmtplib.SMTPException, OSError):
        client.close()


async def _handed_over(
    client: aiosmtplib.SMTP, sender: str, recipient: str, content: bytes
) -> Outcome:
    if not recipient.isascii():
        return Outcome.GIVE_UP.because("address-not-ascii")
    try:
        await client.mail(sender, timeout=REPLY_S)
        await client.rcpt(recipient, timeout=REPLY_S)
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        return _before_data(error)
    try:
        await client.data(content, timeout=REPLY_S)
    except aiosmtplib.SMTPResponseException as refusal:
        return _refused(refusal, of_address=False)
    except (aiosmtplib.SMTPException, OSError):
        # It may have the whole message: sent again, it might come twice.
        return Outcome.UNCERTAIN
    return Outcome.SENT


def _before_data(error: Exception) -> Outcome:
    """Return what became of a message of which the server has seen the envelope alone."""
    match error:
        case aiosmtplib.SMTPSenderRefused():
            return Outcome.RETRY.because("sender-refused")
        case aiosmtplib.SMTPRecipientRefused():
            return _refused(error, of_address=True)
        case aiosmtplib.SMTPResponseException():
            return Outcome.RETRY.because(_reason(error))
    return Outcome.RETRY.because("connection-lost")


def _refused(refusal: aiosmtplib.SMTPResponseException, *, of_address: bool) -> Outcome:
    reason = _reason(refusal)
    if refusal.code < 500:
        return Outcome.RETRY.because(reason)
    if of_address and is_fault_of_address(reason):
        return Outcome.BAD_ADDRESS.because(reason)
    return Outcome.GIVE_UP.because(reason)


def is_fault_of_address(status: str) -> bool:
    """Tell whether a status says that nobody can be reached at an address.

    Parameters
    ----------
    status : str
        An enhanced status code (RFC 3463), or a reply code (RFC 5321).
    """
    return _ADDRESS_FAULT.fullmatch(status) is not None or status in _NO_SUCH_MAILBOX


def _reason(refusal: aiosmtplib.SMTPResponseException) -> str:
    """Return the status of a refusal, never its words: they may quote the address."""
    found = _STATUS.match(refusal.message.lstrip())
    return found[1] if found else str(refusal.code)


def _trouble(error: Exception, server: MailServer) -> Trouble:
    cause = error.__cause__ or error
    match cause:
        case socket.gaierror():
            return Trouble(
                "host-unknown",
                f"The host {server.host} is not known. Check its name in the address of the "
                "channel, and the name server of this machine.",
            )
        case ssl.SSLCertVerificationError():
            return Trouble(
                "certificate-refused",
                f"The certificate of {server.place} is not trusted: "
                f"{cause.verify_message}. Name the host as its certificate does; if your own "
                "authority has signed it, name the authority's file in SSL_CERT_FILE.",
            )
        case ssl.SSLError():
            return Trouble(
                "tls-refused",
                f"{server.place} does not speak TLS as the address of the channel says. Use "
                "smtps:// for port 465, and smtp:// with ?starttls=1 for port 587.",
            )
        case aiosmtplib.SMTPAuthenticationError():
            return Trouble(
                "login-refused",
                f"{server.place} refuses the user or the password (reply {cause.code}). Check "
                "both, and set the channel again.",
            )
    return _other_trouble(cause, server)


def _other_trouble(cause: BaseException, server: MailServer) -> Trouble:
    match cause:
        case OSError() if f"[Errno {errno.ECONNREFUSED}]" in str(cause):
            return Trouble(
                "connection-refused",
                f"Nothing answers at {server.place}. Check host and port, and that the mail "
                "server runs.",
            )
        case TimeoutError():
            return Trouble(
                "no-answer",
                f"{server.place} does not answer within {CONNECT_S:.0f} seconds. Check host "
                "and port, and that a firewall lets this machine through.",
            )
        case aiosmtplib.SMTPResponseException():
            return Trouble(
                "refused",
                f"{server.place} refuses to talk to this machine (reply {cause.code}). Ask "
                "whoever runs it.",
            )
        case aiosmtplib.SMTPException(message=said) if "STARTTLS" in said.upper():
            return Trouble(
                "no-starttls",
                f"{server.place} offers no STARTTLS. Use another port, or smtps:// if it "
                "speaks TLS from the start.",
            )
        case aiosmtplib.SMTPException(message=said) if _AUTH_MISSING in said.upper():
            return Trouble(
                "no-login",
                f"{server.place} offers no login that we know. Leave user and password out, "
                "or use the port for submission, mostly 587.",
            )
    return Trouble(
        "connection-lost",
        f"The connection to {server.place} failed ({type(cause).__name__}). Check host and "
        "port, and whether it expects smtps:// or ?starttls=1.",
    )
