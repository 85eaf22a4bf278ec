"""Rows are recognised by keyed hashes, which say nothing to whoever lacks the key."""

from datetime import date
from uuid import UUID

import pytest

from survey.capture.imported_rows import (
    ImportedRow,
    ImportKey,
    Recognised,
    Remembered,
    recognise,
)

CAMPAIGN = UUID(int=1)
KEY = ImportKey(b"the server's key", CAMPAIGN)
NOTHING = Remembered.of(b"", b"")


def row(respondent_id: str | None = None, *answers: int, **fields: object) -> ImportedRow:
    plain = ImportedRow(
        line=2,
        respondent_id=respondent_id,
        unit_code="U1",
        role="contributor",
        function=None,
        locale=None,
        submitted_on=None,
        duration_s=300,
        consent=None,
        answers=answers,
        comments=(),
    )
    return plain._replace(**fields)


def telling(respondent_id: str | None, number: int) -> ImportedRow:
    return row(respondent_id, *(1 + (number + place) % 5 for place in range(20)), number)


def after(*rows: ImportedRow) -> Remembered:
    return NOTHING.and_also(rows, KEY)


def recognised(*rows: ImportedRow, given: Remembered) -> Recognised:
    return recognise(rows, given, KEY)


def test_a_sheet_is_what_the_response_will_hold_and_nothing_else() -> None:
    given = row("a", 1, 2)

    same = given._replace(line=9, respondent_id="b", comments=(("why", "Time."),))

    assert KEY.of_sheet(same) == KEY.of_sheet(given)


@pytest.mark.parametrize(
    "other",
    [
        {"unit_code": "U2"},
        {"role": "manager"},
        {"function": "it"},
        {"locale": "de"},
        {"submitted_on": date(2026, 11, 2)},
        {"duration_s": 301},
        {"answers": (1, None)},
        {"answers": (2, 1)},
    ],
    ids=str,
)
def test_sheets_that_differ_in_anything_are_different(other: dict[str, object]) -> None:
    assert KEY.of_sheet(row("a", 1, 2, **other)) != KEY.of_sheet(row("a", 1, 2))


def test_hashes_mean_nothing_in_another_campaign_or_with_another_key() -> None:
    others = [ImportKey(b"the server's key", UUID(int=2)), ImportKey(b"another", CAMPAIGN)]

    hashes = {key.of_respondent("a") for key in (KEY, *others)}

    assert len(hashes) == 3


def test_an_id_and_a_file_of_the_same_bytes_have_different_hashes() -> None:
    assert KEY.of_file(b"a") != KEY.of_respondent("a").hex()


def test_what_is_remembered_does_not_depend_on_the_order_in_which_it_came() -> None:
    a, b, c = row("a", 1), row("b", 2), row("c", 1)

    assert after(a, b, c).stored() == after(c, b).and_also([a], KEY).stored()


def test_what_is_stored_is_read_back_as_it_was() -> None:
    given = after(row("a", 1), row("b", 1), row(None, 2))

    assert Remembered.of(*given.stored()) == given


def test_hashes_are_sorted_so_that_no_id_stands_where_its_sheet_does() -> None:
    rows = [row(f"{number}", number) for number in range(50)]

    respondents, sheets = after(*rows).stored()

    assert [respondents, sheets] == [
        b"".join(sorted(joined[start : start + 32] for start in range(0, len(joined), 32)))
        for joined in (respondents, sheets)
    ]


def test_known_ids_are_counted_and_those_that_changed() -> None:
    found = recognised(
        row("a", 1), row("b", 9), row("c", 3), given=after(row("a", 1), row("b", 2))
    )

    assert (found.known, found.changed, found.new) == (2, 1, (row("c", 3),))


def test_rows_without_ids_count_as_often_as_they_came() -> None:
    one = row(None, 1)

    assert recognised(one, one, one, given=after(one, one)).nameless == 2


def test_rows_without_ids_are_known_by_sheets_that_came_with_ids() -> None:
    assert recognised(row(None, 1), given=after(row("a", 1))).nameless == 1


@pytest.mark.parametrize("spelling", ["1", "01", "1.0", "0000001"])
def test_an_id_that_a_spreadsheet_changed_is_noticed_by_its_sheet(spelling: str) -> None:
    came = after(row("000001", 1), row("000002", 2))

    assert recognised(row(spelling, 1), given=came).respelled == 1
    assert recognised(row(spelling, 2), given=after(row("000001", 1))).respelled == 0


def test_ids_that_differ_in_more_than_zeros_are_not_respelled() -> None:
    assert recognised(row("R11", 1), given=after(row("R101", 1))).respelled == 0


def test_ids_in_another_case_are_respelled() -> None:
    assert recognised(row("r0001", 1), given=after(row("R0001", 1))).respelled == 1


def many(prefix: str | None) -> list[ImportedRow]:
    return [telling(prefix and f"{prefix}{number}", number) for number in range(6)]


def test_many_telling_sheets_that_came_without_ids_are_no_chance() -> None:
    found = recognised(*many("a"), given=after(*many(None)))

    assert (found.named_later, found.alike) == (6, 0)


def test_many_telling_sheets_that_came_under_other_ids_are_no_chance() -> None:
    found = recognised(*many("a"), given=after(*many("b")))

    assert (found.named_later, found.alike) == (0, 6)


@pytest.mark.parametrize("before", [None, "b"], ids=["no id", "another id"])
@pytest.mark.parametrize(
    "sheets",
    [
        [[1 + (number + place) % 5 for place in range(20)] + [number] for number in range(4)],
        [[3] * 20] * 20,
        [[number, 1] for number in range(20)],
    ],
    ids=["a few", "people who click alike", "a short form"],
)
def test_equal_sheets_may_be_chance(before: str | None, sheets: list[list[int]]) -> None:
    came = after(*(row(before and f"{before}{n}", *sheet) for n, sheet in enumerate(sheets)))

    found = recognised(*(row(f"a{n}", *sheet) for n, sheet in enumerate(sheets)), given=came)

    assert (found.named_later, found.alike, len(found.new)) == (0, 0, len(sheets))


def test_a_key_does_not_show_itself() -> None:
    assert repr(KEY) == "ImportKey(...)"
