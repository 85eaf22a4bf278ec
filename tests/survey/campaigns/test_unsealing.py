"""Sheets that were filled in too fast exchange their answers when a campaign closes."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from survey.campaigns.unsealing import response_rows
from survey.sealing.sheets import Layout, Sheet

K = 5
UNITS = tuple(f"U{number:02}" for number in range(20))
LAYOUT = Layout(units=UNITS, items=("a", "b", "c"), questions=(), low=1)


def sheet(unit: str, number: int, *, hasty: bool) -> Sheet:
    return Sheet(
        unit=unit,
        role="contributor",
        function=None,
        locale=None,
        day=date(2026, 11, 23),
        duration_s=1 if hasty else 400,
        consent=None,
        imported=False,
        person=None,
        answers=(1 + number % 5, 1 + number // 5 % 5, 1 + number // 25),
    )


def rows(sheets: list[Sheet], *, anonymous: bool = True) -> list[tuple[str, bool, list[int]]]:
    packed = LAYOUT.unpack(LAYOUT.pack(sheets, ())).sheets
    frame: pl.DataFrame = response_rows(packed, LAYOUT, anonymous=anonymous, k=K)
    return list(frame.select("unit_code", "too_fast", "answers").sort(pl.all()).iter_rows())


def company() -> list[Sheet]:
    """Return twenty units of six people, one of whom was in haste."""
    return [
        sheet(unit, 6 * place + number, hasty=number == 0)
        for place, unit in enumerate(UNITS)
        for number in range(6)
    ]


def given(sheets: list[Sheet]) -> list[tuple[str, bool, list[int]]]:
    return sorted(
        (one.unit, one.duration_s == 1, [*map(int, map(str, one.answers))]) for one in sheets
    )


def test_those_in_haste_exchange_their_answers_over_all_units() -> None:
    sheets = company()

    after, before = rows(sheets), given(sheets)

    assert [row for row in after if not row[1]] == [row for row in before if not row[1]]
    hasty, sent = ([row for row in some if row[1]] for some in (after, before))
    assert [row[0] for row in hasty] == list(UNITS)
    assert sorted(row[2] for row in hasty) == sorted(row[2] for row in sent)
    assert (
        sum(mine == theirs for mine, theirs in zip(hasty, sent, strict=True)) < len(UNITS) / 2
    )


def test_a_confidential_campaign_exchanges_nothing() -> None:
    sheets = company()

    assert rows(sheets, anonymous=False) == given(sheets)


@pytest.mark.parametrize("apart", [{"role": "manager"}, {"imported": True}])
def test_neither_roles_nor_origins_exchange_answers(apart: dict[str, Any]) -> None:
    sheets = company()
    others = [
        sheet(unit, 5 * place, hasty=place < K)._replace(**apart)
        for place, unit in enumerate(UNITS)
        for _ in range(6)
    ]

    packed = LAYOUT.unpack(LAYOUT.pack(sheets + others, ())).sheets
    frame = response_rows(packed, LAYOUT, anonymous=True, k=K).filter("too_fast")

    (column,) = apart
    sent = sorted(one.answers for one in others if one.duration_s == 1)
    kept = frame.filter(pl.col(column) == apart[column])["answers"]
    assert sorted(map(tuple, kept.to_list())) == sent
