"""The cells of items: which are answers, and what others most likely are."""

from collections.abc import Sequence

import polars as pl

from survey.files.kinds import Cause, Kind, translated

__all__ = ["answer"]

_FORMULA = "^="
_NUMBER = r"^-?[0-9]{1,9}([.,][0-9]{1,9})?$"
_ANYTHING = ""
_NUMBER_WITH_LABEL = (
    r"^[(\[]?\d+\s*[-\u2010-\u2015:.=)\]|/,;]*\s*\p{L}{2}|\p{L}{2}.*[(\[]\d+[)\]]\s*$"
)
_ZEROS = r"[.,]0{1,9}$"
_WORDS = r"\p{L}{2}"

_CODES_FOR_NOTHING = frozenset({6, 7, 8, 9, 66, 77, 88, 97, 98, 99, 777, 888, 997, 998, 999})
"""What survey tools export for "don't know", "refused" and "not asked"."""
_FEW = 3


def answer(low: int, high: int) -> Kind:
    """Return the kind of an answer on a scale: ``4`` or ``4.0``, as Int8."""
    written = {f"{level}{zero}": level for level in range(low, high + 1) for zero in ("", ".0")}
    scale = f"{low} to {high}"
    return Kind(
        translated(written, pl.Int8()),
        f"a whole number from {low} to {high}, or an empty cell",
        pl.Int8(),
        causes=(
            Cause(_FORMULA, "These cells hold formulas: save the file with their values."),
            Cause(
                _NUMBER_WITH_LABEL,
                f"These cells hold a number and its label: keep the number, {scale}, alone.",
            ),
            Cause(
                _WORDS,
                f"These cells hold words instead of {scale}: export the values of the answers "
                f"(numbers, codes), not their labels; {high} is the strongest agreement.",
            ),
            Cause(_NUMBER, lambda found: _other_scale(found, low, high)),
            Cause(_ANYTHING, f"Write answers with the digits {scale}."),
        ),
        other_value=lambda text: translated(written, pl.Int8())(text.str.replace(_ZEROS, "")),
    )


def _other_scale(found: Sequence[str], low: int, high: int) -> str:
    """Tell what numbers that are not on the scale may mean."""
    numbers = sorted({float(one.replace(",", ".")) for one in found})
    if any(not number.is_integer() for number in numbers):
        return "Give what each respondent chose, no averages: one column per item."
    outside = [int(number) for number in numbers]
    if all(number < 0 or number in _CODES_FOR_NOTHING for number in outside):
        named = ", ".join(map(str, outside[:_FEW]))
        return f"If {named} stands for no answer, leave these cells empty."
    if outside == [low - 1]:
        return (
            f"If the scale of the export begins at {low - 1}, add 1 to every answer; if "
            f"{low - 1} stands for no answer, leave these cells empty."
        )
    return (
        f"If the scale of the export is not {low} to {high}, convert all answers to this one."
    )
