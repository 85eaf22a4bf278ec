"""Files as other tools export them, each with the numbers and the words that are right."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from analytics.quality.turned_items import items_against_their_scale
from analytics.results import Thresholds, UnitResult
from seed.content import standard_instrument, theory
from survey.files.complaints import FileRejected
from survey.files.respondents import RespondentFile, read_respondents
from survey.releases.of_files import EarlierFiles, FileAnalysis, analyse_files
from survey.report.notices import notice_lines
from tests.data import DATA

CASES = DATA / "cases"
ANALYSIS = CASES / "analysis"
INSTRUMENT = standard_instrument()


def read(file: str) -> RespondentFile:
    return read_respondents(
        CASES / file,
        name=file,
        instrument=INSTRUMENT.measures(),
        comment_keys=[],
        unit_codes=None,
        today=date(2026, 11, 28),
    )


def analysed(
    responses: str, units: str | None = None, earlier: EarlierFiles | None = None
) -> FileAnalysis:
    return analyse_files(
        ANALYSIS / responses,
        ANALYSIS / units if units else None,
        instrument=INSTRUMENT,
        theory=theory(),
        thresholds=Thresholds(),
        seed=0,
        earlier=earlier,
    )


def unit(found: FileAnalysis, code: str) -> UnitResult:
    return {one.unit: one for one in found.findings.analysis.units}[code]


def lines(found: FileAnalysis | RespondentFile) -> list[str]:
    return [line.message for line in notice_lines(found.notices)]


def test_a_file_without_oddities_has_no_notice() -> None:
    assert read("analysis/base.csv").notices == ()


def test_units_in_several_spellings_are_four() -> None:
    file = read("analysis/unit_spellings.csv")

    assert set(file.frame["unit"]) == {"U001", "U013", "U017", "Z\u00fcrich"}
    assert "were read in another spelling" in lines(file)[0]


def test_a_duration_of_nought_is_not_measured() -> None:
    file = read("analysis/duration_zero.csv")

    assert file.frame["duration_s"].null_count() == 28
    assert lines(file) == [
        "analysis/duration_zero.csv: 28 durations are 0 and were read as not measured."
    ]


def test_sheets_that_were_doubled_are_named_by_their_lines() -> None:
    file = read("analysis/doubled_rows.csv")

    assert file.rows == 62
    assert "6 answer sheets are exactly the same as an earlier one" in lines(file)[0]
    assert "line 58 like line 30" in lines(file)[0]


def test_items_that_were_turned_before_the_export_are_all_named_and_not_repaired() -> None:
    instrument = INSTRUMENT.measures()
    before, after = read("analysis/base.csv").frame, read("analysis/already_reversed.csv").frame
    reversed_items = [item.key for item in instrument.items if item.reversed]

    assert items_against_their_scale(before, instrument) == ()
    assert items_against_their_scale(after, instrument) == tuple(reversed_items)
    assert after["data_readiness_4"].equals(6 - before["data_readiness_4"])


def test_the_report_asks_whether_items_were_turned() -> None:
    found = analysed("already_reversed.csv")

    (line,) = lines(found)
    assert "data_readiness_4" in line
    assert "Were they reversed before the export?" in line


def test_a_unit_without_a_head_count_leaves_numerator_and_denominator() -> None:
    found = analysed("base.csv", "units_zero_headcount.csv")

    assert unit(found, "U013").response_rate is None
    assert unit(found, "D02").response_rate == pytest.approx(14 / 20)
    assert unit(found, "C").response_rate == pytest.approx(42 / 60)


def test_parents_that_hold_the_sum_of_their_children_are_totals() -> None:
    found = analysed("base.csv", "units_totals_in_parents.csv")

    assert unit(found, "C").response_rate == pytest.approx(0.70)


def test_head_counts_below_the_answers_give_no_rate() -> None:
    found = analysed("headcount_below/responses.csv", "headcount_below/units.csv")

    assert unit(found, "C").response_rate is None


@pytest.mark.parametrize("same_units", [False, True])
def test_units_of_other_names_are_compared_only_if_told_to(*, same_units: bool) -> None:
    earlier = EarlierFiles(
        ANALYSIS / "earlier.csv", ANALYSIS / "earlier_units_other_names.csv", same_units
    )

    found = analysed("base.csv", "units.csv", earlier)

    changed = {code: unit(found, code).change is not None for code in ("U001", "U013")}
    assert changed["U001"] is same_units
    assert changed["U013"]
    assert "U001 Payroll, now Unit 001; U005 Fleet, now Unit 005" in lines(found)[0]


@pytest.mark.parametrize(("more", "banded"), [(0, False), (1, True), (4, True), (5, False)])
def test_a_unit_whose_head_count_differs_by_few_shows_a_band(
    tmp_path: Path, *, more: int, banded: bool
) -> None:
    then = pl.read_csv(ANALYSIS / "units.csv").with_columns(
        headcount=pl.col("headcount") - more * (pl.col("code") == "U013")
    )
    then.write_csv(tmp_path / "units.csv")

    found = analysed(
        "base.csv", "units.csv", EarlierFiles(ANALYSIS / "earlier.csv", tmp_path / "units.csv")
    )

    change = unit(found, "U013").change
    assert change is not None
    assert all((one.band is not None) is banded for one in change.constructs.values())


@pytest.mark.parametrize(
    ("file", "hint"),
    [
        ("text_labels.csv", "These cells hold words instead of 1 to 5"),
        ("number_and_label.csv", "These cells hold a number and its label"),
    ],
)
def test_labels_are_one_complaint_with_a_way_out(file: str, hint: str) -> None:
    with pytest.raises(FileRejected) as caught:
        read(f"files/{file}")

    (complaint,) = caught.value.complaints
    assert (complaint.count, len(complaint.columns)) == (2277, 60)
    assert (complaint.hint or "").startswith(hint)


def test_a_line_that_names_the_delimiter_changes_nothing_else() -> None:
    file = read("files/sep_line.csv")

    assert (file.rows, len(file.items), file.notices) == (38, 60, ())


def test_a_clean_file_is_read_as_it_stands() -> None:
    file = read("analysis/base.csv")

    raw = pl.read_csv(ANALYSIS / "base.csv")
    assert file.frame["duration_s"].to_list() == raw["duration_s"].to_list()
