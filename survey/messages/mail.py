"""A letter as a mail: text and HTML, and the headers that mail programs act on."""

import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from urllib.parse import urlsplit

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape

from survey.messages.message import Message
from survey.messages.wording import Letter, composed

__all__ = ["domain_of", "html_of", "mail_bytes", "message_id", "message_key", "text_of"]

_CRLF = b"\r\n"
_MESSAGE_ID = re.compile(r"<?([0-9A-Za-z.-]{1,64})@[^<>@\s]{1,255}>?")


def domain_of(address: str) -> str:
    """Return the part of a mail address behind the ``@``."""
    return address.rpartition("@")[2].lower()


def message_id(key: str, sender: str) -> str:
    """Return the ``Message-ID`` of a message: its key, at the domain of its sender."""
    return f"<{key}@{domain_of(sender)}>"


def message_key(given: str) -> str | None:
    """Return the key in a ``Message-ID``; None if it cannot be one of ours."""
    found = _MESSAGE_ID.fullmatch(given.strip())
    return found[1] if found else None


def mail_bytes(message: Message, *, name: str, sender: str, now: datetime) -> bytes:
    """Return a mail as it goes over the line, every line ending in CRLF.

    Parameters
    ----------
    message : Message
        It has an address.
    name, sender : str
        Who writes: a name, which may be empty, and an address.
    now : datetime
        Its date if the message bears none, UTC.

    Notes
    -----
    The package that encodes headers would fold long ones and encode their parts, in which no
    mail program recognises an address any more. What programs read is therefore written here,
    one header to a line, and is ASCII.
    """
    letter = composed(message)
    made = EmailMessage(policy=SMTP)
    made["From"] = _mailbox(name, sender)
    made["To"] = _mailbox(message.name or "", str(message.email))
    made["Subject"] = letter.subject
    # Quoted-printable keeps every line short and every byte in ASCII.
    made.set_content(text_of(letter), charset="utf-8", cte="quoted-printable")
    made.add_alternative(
        html_of(letter), subtype="html", charset="utf-8", cte="quoted-printable"
    )
    made.set_boundary(f"=_{message.key}")
    lines = [
        f"Message-ID: {message_id(message.key, sender)}",
        f"Date: {format_datetime(message.dated or now)}",
        "Auto-Submitted: auto-generated",
        *_unsubscribing(letter),
    ]
    return _CRLF.join([*(line.encode("ascii") for line in lines), made.as_bytes()])


def text_of(letter: Letter) -> str:
    """Return a letter as plain text; nothing in it is escaped."""
    return _template("mail.txt").render(letter=letter)


def html_of(letter: Letter) -> str:
    """Return a letter as HTML with its styles at each element, as mail programs want it."""
    return _inliner().inline(_template("mail.html").render(letter=letter))


def _mailbox(name: str, address: str) -> str:
    # Quotes and line ends of a name would end the header or begin another address.
    plain = " ".join(re.sub(r'[\\"\x00-\x1f\x7f]', " ", name).split())
    return f'"{plain}" <{address}>' if plain else address


def _unsubscribing(letter: Letter) -> list[str]:
    """Return the headers of RFC 2369 and, since it asks for https, of RFC 8058."""
    if letter.opt_out is None:
        return []
    one_click = urlsplit(letter.opt_out).scheme == "https"
    return [
        f"List-Unsubscribe: <{letter.opt_out}>",
        *(["List-Unsubscribe-Post: List-Unsubscribe=One-Click"] if one_click else []),
    ]


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False)


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=PackageLoader("survey.messages"),
        # HTML is escaped. Text is not: people would read the escapes.
        autoescape=select_autoescape(["html"], default=False),
        undefined=StrictUndefined,
        trim_blocks=False,
    )
    return environment.get_template(name)
