"""Empty files to fill in, one for each kind of file that can be read."""

from collections.abc import Collection
from typing import Literal

from analytics.instrument import Instrument
from survey.files.people import PEOPLE_COLUMNS
from survey.files.respondents import FACTS
from survey.files.units import UNIT_COLUMNS

__all__ = ["FileKind", "blank_file"]

FileKind = Literal["respondents", "units", "people"]


def blank_file(
    kind: FileKind, instrument: Instrument, *, comment_keys: Collection[str] = ()
) -> str:
    """Return the header line of a CSV file that is accepted once it is filled in.

    Parameters
    ----------
    kind : {"respondents", "units", "people"}
        What the rows will be.
    instrument : Instrument
        Whose items are the columns of a file of respondents, in the order shown.
    comment_keys : collection of str
        The columns for comments, after the items.
    """
    items = [item.key for item in instrument.items]
    columns = {
        "respondents": [*FACTS, *items, *comment_keys],
        "units": [*UNIT_COLUMNS],
        "people": [*PEOPLE_COLUMNS],
    }
    return ",".join(columns[kind]) + "\n"
