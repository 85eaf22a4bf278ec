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


def test_no_hash_of_an_id_stands_beside_the_hash_of_its_sheet() -> None:
    rows = [row(f"{number}", number) for number in range(50)]

    respondents, sheets = after(*rows).stored()

    starts = range(0, len(respondents), 32)
    pairs = {(respondents[at : at + 32], sheets[at : at + 32]) for at in starts}
    together = {(KEY.of_respondent(str(one.respondent_id)), KEY.of_sheet(one)) for one in rows}
    assert len(pairs & together) <= 5  # two sorted lists of hashes meet by chance only


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


@pytest.mark.parametrize("before", [None, "0"], ids=["no id", "another id"])
def test_many_telling_sheets_under_new_ids_are_no_chance(before: str | None) -> None:
    came = after(*(telling(before and f"0{number}", number) for number in range(6)))

    found = recognised(*(telling(f"{number}", number) for number in range(6)), given=came)

    assert found.renamed == 6


def test_a_few_equal_sheets_may_be_chance() -> None:
    came = after(*(telling(f"0{number}", number) for number in range(4)))

    assert not recognised(*(telling(f"{n}", n) for n in range(4)), given=came).renamed


def test_equal_sheets_of_people_who_click_alike_are_chance() -> None:
    alike = [row(f"{number}", *[3] * 20) for number in range(20)]
    came = after(*(row(f"0{number}", *[3] * 20) for number in range(20)))

    assert not recognised(*alike, given=came).renamed


def test_equal_sheets_of_a_short_form_are_chance() -> None:
    short = [row(f"{number}", number, 1) for number in range(20)]

    assert not recognised(*short, given=after(*(row(f"0{n}", n, 1) for n in range(20)))).renamed


def test_a_key_does_not_show_itself() -> None:
    assert repr(KEY) == "ImportKey(...)"
