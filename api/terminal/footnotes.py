"""Published figures as numbered notes: source, year and standing beside each."""

from collections.abc import Iterable

from survey.catalogue.evidence import Evidence, Figure

__all__ = ["Footnotes"]


class Footnotes:
    """Numbers each figure once, in the order in which a report first refers to it."""

    def __init__(self, evidence: Evidence) -> None:
        self._figures = {figure.key: figure for figure in evidence.figures}
        self._numbers: dict[str, int] = {}

    def mark(self, keys: Iterable[str]) -> str:
        """Return the marks to set behind a finding, such as `` [1] [2]``; empty for no keys.

        Raises
        ------
        KeyError
            A key is not in the evidence.
        """
        marks = []
        for key in keys:
            figure = self._figures[key]
            number = self._numbers.setdefault(figure.key, len(self._numbers) + 1)
            marks.append(f" [{number}]")
        return "".join(marks)

    def stated(self, keys: Iterable[str]) -> str:
        """Return the figures' statements in full, each with its mark.

        Raises
        ------
        KeyError
            A key is not in the evidence.
        """
        return " ".join(f"{self._figures[key].statement}{self.mark((key,))}" for key in keys)

    def lines(self) -> list[str]:
        """Return the notes of all marks given out so far."""
        return [
            f"[{number}] {_note(self._figures[key])}" for key, number in self._numbers.items()
        ]


def _note(figure: Figure) -> str:
    dated = figure.source
    if figure.year is None:
        dated = f"{figure.source}, no year given"
    elif str(figure.year) not in figure.source:
        dated = f"{figure.source}, {figure.year}"
    remark = f" {figure.note}" if figure.note else ""
    return f"{figure.statement}{remark} ({dated}, {figure.standing})"
