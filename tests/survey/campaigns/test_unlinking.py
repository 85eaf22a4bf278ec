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

    assert row == ("U1", "contributor", None, None, None, None)


def test_a_rare_function_goes_and_leaves_the_language_to_be_judged_anew() -> None:
    rows = traces(6, function="it") + traces(5, function="risk", locale="en")
    rows += traces(2, function="data", locale="en")

    kept = Counter(row[2:4] for row in blurred(rows, k=K))

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
    together = Counter(row[:2] for row in rows)

    found = Counter(blurred(rows, k=K))

    for kept, count in found.items():
        assert count >= min(K, together[kept[:2]])


@pytest.mark.parametrize("seed", range(5))
def test_nobodys_own_facts_lead_to_fewer_than_k(seed: int) -> None:
    # The attacker knows everything of one person but the answers, and which values are gone.
    rows = random_rows(seed)
    after = blurred(rows, k=K)
    together = Counter(row[:2] for row in rows)

    for known in rows:
        candidates = [
            row
            for row in after
            if row[:2] == known[:2]
            and all(kept in (None, fact) for kept, fact in zip(row[2:], known[2:], strict=True))
        ]
        assert len(candidates) >= min(K, together[known[:2]])


def test_the_language_of_a_comment_needs_company_too() -> None:
    def comment(locale: str) -> CommentTraces:
        return CommentTraces("U1", "comment_help", locale)

    rows = [comment("de") for _ in range(9)] + [comment("en") for _ in range(7)]
    rows += [comment("fr")]

    assert Counter(row.locale for row in blurred_comments(rows, k=K)) == {"de": 9, None: 8}
