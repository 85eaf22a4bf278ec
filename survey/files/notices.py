"""How a file was read differently from what it literally says; as data, never as sentences.

``survey.report.notices`` puts a notice into words, one line each.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec
import polars as pl

from survey.files.keys import visible

__all__ = ["EXAMPLES", "Notice", "NoticeCode", "Notices", "Reading"]

EXAMPLES = 3
"""So many cells are shown with what they were read as."""

NoticeCode = Literal[
    "address",
    "address_removed",
    "answers_alike",
    "day_before_opening",
    "day_in_future",
    "days",
    "days_unused",
    "identical",
    "ignored_leavers",
    "inactive_unknown",
    "index",
    "many_deactivated",
    "milliseconds",
    "minutes",
    "names",
    "not_measured",
    "nothing",
    "numbers",
    "own_manager",
    "own_parent",
    "renamed",
    "renamed_compared",
    "role_of_campaign",
    "spelling",
    "turned",
    "words",
]
"""``address``: addresses were cleaned; ``address_removed``: people lost theirs; ``days``,
``numbers``, ``words``: cells in another notation; ``days_unused``: days on which nobody can
have answered; ``day_before_opening``, ``day_in_future``: the same for a campaign; ``minutes``,
``milliseconds``: what durations were read as; ``not_measured``: durations of 0; ``nothing``:
words for nothing were read as empty; ``names``: columns under other names; ``index``: columns
that only number the rows; ``spelling``: keys in another spelling; ``own_parent``,
``own_manager``: were read as having none; ``identical``: answer sheets that are the same beyond
chance; ``answers_alike``: answers that were imported before, with other ids; ``turned``: items
that run against their scale; ``renamed``, ``renamed_compared``: units with other names than in
the last wave, which are not or are compared; ``role_of_campaign``: rows with another role than
the person has; ``ignored_leavers``: an ignored column seems to mark who has left;
``inactive_unknown``: inactive and not known, so not created; ``many_deactivated``: so many only
if their number is stated."""


class Reading(msgspec.Struct, frozen=True):
    """What stands in a cell, and what it was read as; nothing hides in either."""

    found: str
    read_as: str


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """One way in which a file was read differently from what it literally says.

    A notice quotes the file: it is for the person who gave the file, never for a log.
    """

    code: NoticeCode
    file: str
    """The name under which the file was given."""
    columns: tuple[str, ...] = ()
    """The columns concerned, in the file's order."""
    count: int = 0
    """How many cells, rows or people it concerns; the code tells which."""
    examples: tuple[Reading, ...] = ()
    """The first few different cells."""
    keys: tuple[str, ...] = ()
    """The units or people concerned, if it is not about cells."""


class Notices:
    """Collects how one file was read.

    Parameters
    ----------
    file : str
        The name under which the file was given.
    """

    def __init__(self, file: str) -> None:
        self._file = visible(file)
        self._found: dict[NoticeCode, Notice] = {}

    def add(
        self,
        code: NoticeCode,
        *,
        columns: Iterable[str] = (),
        count: int = 0,
        examples: Iterable[Reading] = (),
        keys: Iterable[str] = (),
        most: int = EXAMPLES,
    ) -> None:
        """Note one way of reading; what is noted twice is one notice with both counts."""
        before = self._found.get(code) or Notice(code=code, file=self._file)
        self._found[code] = Notice(
            code=code,
            file=self._file,
            columns=tuple(dict.fromkeys((*before.columns, *columns))),
            count=before.count + count,
            examples=tuple(dict.fromkeys((*before.examples, *examples)))[
                : max(most, len(before.examples))
            ],
            keys=tuple(dict.fromkeys((*before.keys, *map(visible, keys)))),
        )

    def add_cells(
        self, code: NoticeCode, *, column: str, found: pl.Series, read_as: pl.Series
    ) -> None:
        """Note the cells of a column that were read as something else; there may be none.

        Parameters
        ----------
        found, read_as : polars.Series of String
            Only the cells concerned, in the file's order.
        """
        if not len(found):
            return
        pairs = pl.DataFrame({"found": found, "read_as": read_as.cast(pl.String)})
        first = pairs.unique(maintain_order=True).head(EXAMPLES).iter_rows()
        examples = [Reading(visible(one), visible(other or "")) for one, other in first]
        self.add(code, columns=[column], count=len(found), examples=examples)

    def add_names(self, names: Mapping[str, str]) -> None:
        """Note columns that were read as others, all of them: the file's name to ours."""
        if names:
            examples = [Reading(visible(name), ours) for name, ours in names.items()]
            known = len(self._found["names"].examples) if "names" in self._found else 0
            self.add(
                "names",
                columns=names.values(),
                count=len(names),
                examples=examples,
                most=known + len(names),
            )

    def all(self) -> tuple[Notice, ...]:
        """Return what was noted, in the order in which it was first noted."""
        return tuple(self._found.values())
