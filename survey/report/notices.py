"""How the files were read, where that differs from what they literally say: one line each."""

from collections.abc import Iterable

import msgspec

from survey.files.notices import Notice, NoticeCode
from survey.report.document import Count, Listing, Section, Sentence, Verbatim, say
from survey.report.phrases import finding
from survey.report.wording import Wording

__all__ = ["NoticeLine", "notice_lines", "notices_section"]

_COLUMNS_NAMED = 6
"""So many columns are named in one line; the others are only counted."""

_ALL_NAMED: frozenset[NoticeCode] = frozenset({"turned"})
"""Codes whose columns are all named, because each has to be looked at."""

_KEYS: dict[NoticeCode, str] = {
    "days": "notice.days",
    "days_unused": "notice.days_unused",
    "identical": "notice.identical",
    "index": "notice.index",
    "milliseconds": "notice.milliseconds",
    "minutes": "notice.minutes",
    "names": "notice.names",
    "not_measured": "notice.not_measured",
    "nothing": "notice.nothing",
    "numbers": "notice.numbers",
    "renamed": "notice.renamed",
    "renamed_compared": "notice.renamed_compared",
    "spelling": "notice.spelling",
    "turned": "notice.turned",
    "words": "notice.words",
    "day_before_opening": "notice.day_before_opening",
    "day_in_future": "notice.day_in_future",
    "role_of_campaign": "notice.role_of_campaign",
    "answers_alike": "notice.answers_alike",
}


class NoticeLine(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One way in which a file was read differently from what it literally says."""

    code: NoticeCode
    """What was read differently; stable."""
    message: str
    """The same in words, in English."""


def notices_section(notices: Iterable[Notice]) -> Section | None:
    """Return one line for each notice; None if the files were read as they stand."""
    said = tuple(finding(_sentence(notice)) for notice in notices)
    return Section("notices", say("notices.title"), said) if said else None


def notice_lines(notices: Iterable[Notice]) -> tuple[NoticeLine, ...]:
    """Return each notice in English, for answers to programs."""
    english = Wording("en", None, {})
    return tuple(
        NoticeLine(code=notice.code, message=english.text(_sentence(notice)))
        for notice in notices
    )


def _sentence(notice: Notice) -> Sentence:
    most = None if notice.code in _ALL_NAMED else _COLUMNS_NAMED
    columns = Listing(tuple(map(Verbatim, notice.columns)), most=most)
    return say(
        _KEYS[notice.code],
        file=Verbatim(notice.file),
        columns=columns,
        count=Count(notice.count),
        examples=_listed("notice.example", notice),
        found=_listed("notice.found", notice),
        pairs=_listed("notice.pair", notice),
        renamings=_listed("notice.renaming", notice),
    )


def _listed(key: str, notice: Notice) -> Listing:
    """Return the examples of a notice, each in the words of a message."""
    return Listing(
        tuple(
            Sentence(key, {"found": Verbatim(one.found), "read_as": Verbatim(one.read_as)})
            for one in notice.examples
        ),
        joined="semicolon" if key in {"notice.pair", "notice.renaming"} else "comma",
    )
