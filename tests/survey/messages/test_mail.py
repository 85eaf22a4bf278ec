"""Mails read well in every language, and mail programs understand their headers."""

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from string import Formatter
from typing import Any

import pytest

from survey.errors import FieldInvalid
from survey.messages.mail import html_of, mail_bytes, message_key, text_of
from survey.messages.message import Message, OwnWords
from survey.messages.wording import (
    LOCALES,
    catalog_of,
    composed,
    language_of,
    require_known_placeholders,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
STOP = "https://survey.example.com/o/" + "B" * 64


def message(**fields: Any) -> Message:
    given: dict[str, Any] = {
        "key": "0193e4a0-7c1e-7d3a-9a44-3f0c5b2f8a01",
        "kind": "invitation",
        "name": "Zoë O'Brien",
        "email": "zoe@example.com",
        "locale": "en",
        "title": "R&D <pulse>",
        "campaign": "AI at work",
        "closes_at": datetime(2026, 12, 14, 18, tzinfo=UTC),
        "link": "https://survey.example.com/f/" + "A" * 43,
        "opt_out": STOP,
        "dated": NOW,
    }
    return Message(**(given | fields))


def raw(one: Message, name: str = "Office") -> bytes:
    return mail_bytes(one, name=name, sender="office@Example.com", now=NOW)


def header_lines(mail: bytes) -> list[bytes]:
    return mail.partition(b"\r\n\r\n")[0].split(b"\r\n")


def test_the_address_to_unsubscribe_stands_whole_on_one_line() -> None:
    lines = header_lines(raw(message()))

    assert f"List-Unsubscribe: <{STOP}>".encode() in lines
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines


def test_one_click_is_only_promised_over_https() -> None:
    mail = raw(message(opt_out="http://localhost/o/x"))

    assert b"List-Unsubscribe: <http://localhost/o/x>" in header_lines(mail)
    assert b"List-Unsubscribe-Post" not in mail


def test_every_attempt_has_the_same_bytes() -> None:
    lines = header_lines(raw(message()))

    assert raw(message()) == raw(message())
    assert b"Message-ID: <0193e4a0-7c1e-7d3a-9a44-3f0c5b2f8a01@example.com>" in lines
    assert b"Date: Mon, 23 Nov 2026 09:00:00 +0000" in lines
    assert b"Auto-Submitted: auto-generated" in lines


def test_every_line_ends_as_mail_servers_want_it() -> None:
    mail = raw(message(name="Zoë " * 30, title="Ł" * 200))

    assert mail.count(b"\n") == mail.count(b"\r\n") == mail.count(b"\r")
    assert max(map(len, mail.split(b"\r\n"))) <= 998
    assert mail.isascii()


@pytest.mark.parametrize("name", ['Mallory" <a@b.c>, "x', "A\r\nBcc: all@example.com", "\\"])
def test_a_name_adds_neither_header_nor_address(name: str) -> None:
    read = message_from_bytes(raw(message(name=name), name), policy=default)

    assert [one.addr_spec for one in read["To"].addresses] == ["zoe@example.com"]
    assert [one.addr_spec for one in read["From"].addresses] == ["office@Example.com"]
    assert read["Bcc"] is None


def test_html_is_escaped_and_text_is_not() -> None:
    letter = composed(message())

    assert "R&D <pulse>" in letter.subject
    assert "Zoë O'Brien" in text_of(letter)
    assert "R&amp;D &lt;pulse&gt;" in html_of(letter)
    assert "<pulse>" not in html_of(letter)


def test_styles_stand_at_each_element_and_dark_ones_apart() -> None:
    html = html_of(composed(message()))

    assert re.search(r'<td class="button" style="[^"]*padding: 14px 24px', html)
    assert "prefers-color-scheme: dark" in html
    assert "<link" not in html
    assert "<img" not in html


def test_what_gmail_would_clip_is_far_away() -> None:
    own = OwnWords(subject="s", text="ü" * 10_000)

    assert len(raw(message(words=own)).partition(b"text/html")[2]) < 102_000


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_language_says_everything(locale: str) -> None:
    english, other = catalog_of("en"), catalog_of(locale)

    assert other.keys() == english.keys()
    for key, text in english.items():
        assert other[key].strip()
        assert fields(other[key]) == fields(text), key


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", ["invitation", "reminder"])
def test_a_mail_has_its_link_and_a_way_out_in_every_language(locale: str, kind: str) -> None:
    one = message(locale=locale, kind=kind, closes_at=None)
    letter = composed(one)

    for shown in (text_of(letter), html_of(letter)):
        assert one.link in shown
        assert STOP in shown
        assert "{" not in shown.partition("<body")[2]
    assert letter.locale == locale


@pytest.mark.parametrize(
    ("wanted", "found"), [("de-AT", "de"), ("fr_CA", "fr"), ("pt-BR", "en"), ("ES", "es")]
)
def test_a_region_finds_its_language_and_an_unknown_one_english(
    wanted: str, found: str
) -> None:
    assert language_of(wanted) == found


def test_sponsors_alone_are_told_that_they_are_on_the_record() -> None:
    sponsor, other = (composed(message(on_record=on)) for on in (True, False))

    assert "on the record" in text_of(sponsor)
    assert "on the record" not in text_of(other)


def test_own_words_keep_the_link_the_way_out_and_what_sponsors_must_know() -> None:
    words = OwnWords(subject="{title}, {name}", text="Dear {name},\n\nbraces: {{}} {closes}.")
    one = message(words=words, on_record=True, title="Pulse")
    text = text_of(composed(one))

    assert composed(one).subject == "Pulse, Zoë O'Brien"
    assert "braces: {} 14 December 2026, 18:00 UTC." in text
    assert all(part in text for part in (one.link, STOP, "on the record"))


@pytest.mark.parametrize(
    ("field", "words", "named"),
    [
        ("subject", OwnWords(subject="{nam}", text="x"), "{nam}"),
        ("text", OwnWords(subject="x", text="{name.__class__}"), "{name.__class__}"),
        ("text", OwnWords(subject="x", text="{name!r}"), "{name}"),
        ("text", OwnWords(subject="x", text="{0}"), "{0}"),
        ("text", OwnWords(subject="x", text="100 % {"), "brace"),
    ],
)
def test_a_placeholder_that_nobody_can_fill_is_named(
    field: str, words: OwnWords, named: str
) -> None:
    with pytest.raises(FieldInvalid) as refusal:
        require_known_placeholders(words)

    assert refusal.value.facts["field"] == field
    assert named in str(refusal.value)


def test_a_subject_is_one_line() -> None:
    words = OwnWords(subject="One\r\nBcc: all@example.com", text="x")

    read = message_from_bytes(raw(message(words=words)), policy=default)

    assert read["Bcc"] is None


@pytest.mark.parametrize(
    ("given", "key"),
    [("<a-1@example.com>", "a-1"), ("a-1@example.com", "a-1"), ("nobody", None), ("", None)],
)
def test_a_message_id_leads_back_to_the_key(given: str, key: str | None) -> None:
    assert message_key(given) == key
