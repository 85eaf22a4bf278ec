"""From delimited text to records with their physical lines; strict about quotes."""

import csv
import io
from collections.abc import Iterator

from survey.files.complaints import Complaints

__all__ = ["Records"]

DELIMITERS = (",", ";", "\t")

_FAULTS = {
    "unexpected end of data": "a closing quote for the quoted cell that begins in this row",
    "expected after": "quoted cells that end at the delimiter; a quote within one is doubled",
    "field larger than": "cells of at most 131072 characters; is a closing quote missing?",
}


class Records:
    """The records of delimited text, one after the other.

    Parameters
    ----------
    text : str
        The whole file; its delimiter is the one that the header has most of.
    """

    def __init__(self, text: str) -> None:
        first = next((line for line in io.StringIO(text, newline="") if line.strip()), "")
        # newline="" keeps line ends within quotes as they are, and counts each as one
        self._reader = csv.reader(
            io.StringIO(text, newline=""),
            delimiter=max(DELIMITERS, key=first.count),
            strict=True,
        )

    def header(self, complaints: Complaints) -> tuple[int, list[str]]:
        """Return the first record that is not empty, and its line.

        Raises
        ------
        FileRejected
            There is none that can be read.
        """
        for line, row in self.rows(complaints):
            if any(map(str.strip, row)):
                return line, row
        if not complaints.total:
            complaints.add("a header with the names of the columns")
        complaints.raise_any()
        raise AssertionError("a complaint was added")

    def rows(self, complaints: Complaints) -> Iterator[tuple[int, list[str]]]:
        """Yield the line on which each further record begins, and its cells.

        A fault in the quotes is noted and ends the records: what follows cannot be trusted.
        """
        line = self._reader.line_num + 1
        try:
            for row in self._reader:
                yield line, row
                line = self._reader.line_num + 1
        except csv.Error as error:
            complaints.add(_fault(str(error)), line=line)


def _fault(message: str) -> str:
    return next(
        (fault for sign, fault in _FAULTS.items() if sign in message), f"strict CSV ({message})"
    )
