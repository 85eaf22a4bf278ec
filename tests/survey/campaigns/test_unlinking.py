"""What an anonymous response may keep."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest

from survey.campaigns.unlinking import (
    CommentTraces,
    Traces,
    blurred,
    blurred_comments,
    rare_values,
    shared_speed,
)

K = 5


def cells(**counts: int) -> list[tuple[str, str | None]]:
    """Return rows of one group: so many per value, ``none`` without one."""
    return [
        ("g", None if value == "none" else value)
        for value, count in counts.items()
        for _ in range(count)
    ]


@pytest.mark.parametrize(
    ("counts", "gone"),
    [
        ({"a": 5}, set()),
        ({"a": 4}, {"a"}),
        ({"a": 5, "b": 5}, set()),
        ({"a": 20, "b": 5, "c": 2, "d": 3}, {"c", "d"}),
        ({"a": 20, "b": 6, "c": 2}, {"c", "b"}),
        ({"a": 20, "none": 3}, {"a"}),
        ({"a": 20, "none": 5}, set()),
        ({"a": 20, "b": 2, "none": 3}, {"b"}),
        ({"a": 2, "b": 2}, {"a", "b"}),
        ({"none": 2}, set()),
        ({}, set()),
    ],
)
def test_neither_a_value_nor_its_absence_singles_out_a_few(
    counts: dict[str, int], gone: set[str]
) -> None:
    assert {value for _, value in rare_values(cells(**counts), k=K)} == gone


def test_groups_are_judged_apart() -> None:
    rows = [("large", "a")] * 5 + [("small", "a")] * 4

    assert rare_values(rows, k=K) == {("small", "a")}


def traces(count: int, **fields: object) -> list[Traces]:
    row = {
        "unit_code": "U1",
        "role": "contributor",
        "imported": False,
        "too_fast": False,
        "function": "it",
        "locale": "de",
        "submitted_on": date(2026, 11, 23),
        "duration_class": 1,
    } | fields
    return [Traces(**row) for _ in range(count)]  # type: ignore[arg-type]  # test data


def test_what_many_share_is_kept() -> None:
    rows = traces(5) + traces(6, submitted_on=date(2026, 11, 24))

    assert blurred(rows, k=K) == rows


def test_a_small_unit_keeps_unit_and_role_alone() -> None:
    (row, *_) = blurred(traces(4), k=K)

    assert row == ("U1", "contributor", False, False, None, None, None, None)


def test_a_rare_function_goes_and_leaves_the_language_to_be_judged_anew() -> None:
    rows = traces(6, function="it") + traces(5, function="risk", locale="en")
    rows += traces(2, function="data", locale="en")

    kept = Counter(row[4:6] for row in blurred(rows, k=K))

    assert kept == {("it", "de"): 6, (None, "en"): 7}


def test_a_rare_day_goes_and_takes_the_next_rarest_with_it() -> None:
    rows = traces(9) + traces(6, submitted_on=date(2026, 11, 24))
    rows += traces(1, submitted_on=date(2026, 11, 25))

    days = Counter(row.submitted_on for row in blurred(rows, k=K))

    assert days == {date(2026, 11, 23): 9, None: 7}


def test_a_duration_that_few_share_goes() -> None:
    rows = traces(9) + traces(6, duration_class=2) + traces(1, duration_class=0)

    classes = Counter(row.duration_class for row in blurred(rows, k=K))

    assert classes == {1: 9, None: 7}


def test_rows_keep_their_order() -> None:
    rows = traces(6, unit_code="U1") + traces(7, unit_code="U2")

    assert [row.unit_code for row in blurred(rows, k=K)] == ["U1"] * 6 + ["U2"] * 7


def random_rows(seed: int) -> list[Traces]:
    random = Random(seed)
    start = date(2026, 11, 23)
    return [
        Traces(
            unit_code=random.choice(["U1", "U2", "U3"]),
            role=random.choices(["contributor", "manager"], [9, 1])[0],
            imported=random.random() < 0.2,
            too_fast=random.random() < 0.05,
            function=random.choice(["it", "risk", "business", None]),
            locale=random.choices(["de", "en", "fr"], [6, 3, 1])[0],
            submitted_on=start
            + timedelta(days=min(random.randrange(12), random.randrange(12))),
            duration_class=random.choices([0, 1, 2, None], [1, 5, 3, 1])[0],
        )
        for _ in range(400)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_nobody_is_among_fewer_than_k_unless_the_unit_and_role_are(seed: int) -> None:
    rows = random_rows(seed)
    together = Counter(row[:3] for row in rows)

    found = Counter(row for row in blurred(shared_speed(rows, k=K), k=K) if not row.too_fast)

    for kept, count in found.items():
        assert count >= min(K, together[kept[:3]])


@pytest.mark.parametrize("seed", range(5))
def test_nobodys_own_facts_lead_to_fewer_than_k(seed: int) -> None:
    # The attacker knows everything of one person but the answers, and which values are gone.
    rows = shared_speed(random_rows(seed), k=K)
    after = blurred(rows, k=K)
    together = Counter(row[:3] for row in rows)

    for known in rows:
        candidates = [row for row in after if could_hold_the_answers(row, known)]
        assert len(candidates) >= min(K, together[known[:3]])


def could_hold_the_answers(row: Traces, known: Traces) -> bool:
    if known.too_fast:
        return row.too_fast is True and row[1:3] == known[1:3]
    return row[:3] == known[:3] and all(
        kept in (None, fact) for kept, fact in zip(row[3:], known[3:], strict=True)
    )


def test_invited_people_do_not_hide_among_imported_rows() -> None:
    rows = traces(9) + traces(8, function="risk", imported=True)
    rows += traces(2, function="risk")

    kept = Counter((row.imported, row.function) for row in blurred(rows, k=K))

    assert kept == {(False, None): 11, (True, "risk"): 8}


def test_imported_rows_in_haste_hide_nobody_who_was_invited() -> None:
    rows = traces(30) + traces(4, too_fast=True) + traces(9, too_fast=True, imported=True)

    kept = Counter(row.imported for row in shared_speed(rows, k=K) if row.too_fast)

    assert kept == {True: 9}


def marks(rows: list[Traces]) -> list[tuple[str, bool | None]]:
    return [(row.unit_code, row.too_fast) for row in shared_speed(rows, k=K)]


def test_those_in_haste_keep_the_mark_if_k_of_the_role_share_it() -> None:
    rows = [
        one
        for unit in ("U1", "U2", "U3", "U4", "U5")
        for one in (*traces(9, unit_code=unit), *traces(1, unit_code=unit, too_fast=True))
    ]

    assert marks(rows) == [(row.unit_code, row.too_fast) for row in rows]


def test_a_mark_that_few_of_the_company_share_goes() -> None:
    rows = traces(30) + traces(4, too_fast=True)

    assert {mark for _, mark in marks(rows)} == {False}


def test_a_mark_goes_if_few_of_the_unit_would_be_without_it() -> None:
    rows = traces(3) + traces(2, too_fast=True)
    rows += traces(9, unit_code="U2") + traces(5, unit_code="U2", too_fast=True)

    assert Counter(marks(rows)) == {("U1", False): 5, ("U2", False): 9, ("U2", True): 5}


def test_roles_share_no_mark() -> None:
    rows = traces(30) + traces(5, too_fast=True)
    rows += traces(30, role="manager") + traces(4, role="manager", too_fast=True)

    kept = Counter(row.role for row in shared_speed(rows, k=K) if row.too_fast)

    assert kept == {"contributor": 5}


def test_the_language_of_a_comment_needs_company_too() -> None:
    def comment(locale: str) -> CommentTraces:
        return CommentTraces("U1", "comment_help", locale)

    rows = [comment("de") for _ in range(9)] + [comment("en") for _ in range(7)]
    rows += [comment("fr")]

    assert Counter(row.locale for row in blurred_comments(rows, k=K)) == {"de": 9, None: 8}
