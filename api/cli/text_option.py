"""Text on the command line, within the limits that the API sets to the same text."""

import click

from api.http.faults import strange_text

__all__ = ["Text"]


class Text(click.ParamType[str]):
    """A text that a column can hold.

    Parameters
    ----------
    most : int
        Characters that the column takes.
    """

    name = "text"

    def __init__(self, most: int) -> None:
        self._most = most

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Return the text, or say what is wrong with it."""
        if strange_text(value):
            self.fail("It is not text in the encoding of this terminal.", param, ctx)
        if not 1 <= len(value) <= self._most:
            self.fail(f"Give 1 to {self._most} characters; got {len(value)}.", param, ctx)
        return value
