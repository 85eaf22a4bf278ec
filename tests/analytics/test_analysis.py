"""The whole analysis, on a company drawn before the project began."""

import json
from typing import Any

import msgspec
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from threadpoolctl import threadpool_info, threadpool_limits

from analytics.analysis import Findings, analyse
from analytics.errors import AnalyticsError, SchemaError
from analytics.results import Thresholds
from seed.content import standard_instrument, theory
from tests.data import DATA

COMPANY = DATA / "company-north"
RESPONSES = pl.read_csv(COMPANY / "responses.csv")
UNITS = pl.read_csv(COMPANY / "units.csv")
INSTRUMENT = standard_instrument().measures()
THEORY = theory()
MODELS = {"coe", "federated", "hybrid_squad", "managed_service"}


def run(responses: pl.DataFrame = RESPONSES, **options: Any) -> Findings:
    options = {"units": UNITS} | options
    return analyse(responses, INSTRUMENT, THEORY, **options)


@pytest.fixture(scope="module")
def findings() -> Findings:
    return run()


@pytest.fixture(scope="module")
def document(findings: Findings) -> dict[str, Any]:
    return json.loads(msgspec.json.encode(findings.analysis))


@pytest.fixture(scope="module")
def units(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {unit["unit"]: unit for unit in document["units"]}


def test_units_of_every_level_appear_in_the_order_of_their_code(
    document: dict[str, Any],
) -> None:
    assert [unit["unit"] for unit in document["units"]] == sorted(UNITS["code"])


def test_lineage_accounts_for_every_response(document: dict[str, Any]) -> None:
    lineage = document["lineage"]

    assert lineage["responsesRead"] == RESPONSES.height
    assert lineage["sponsors"] == 32
    assert lineage["responsesUsed"] < lineage["responsesRead"]


def test_sponsors_are_never_respondents(document: dict[str, Any], units: Any) -> None:
    lineage = document["lineage"]

    assert units["C"]["respondents"] == lineage["responsesUsed"] - lineage["sponsors"]


def test_a_parent_holds_the_people_of_its_units(units: Any) -> None:
    below = [unit["respondents"] for unit in units.values() if unit.get("parent") == "D01"]

    assert units["D01"]["respondents"] == sum(below)


def test_the_response_rate_counts_the_heads_below(units: Any) -> None:
    heads = UNITS.filter(pl.col("parent_code") == "D01")["headcount"].sum()

    assert units["D01"]["responseRate"] == units["D01"]["respondents"] / heads


def test_an_outdated_head_count_gives_no_response_rate_anywhere() -> None:
    shrunk = UNITS.with_columns(headcount=pl.col("headcount").clip(upper_bound=3))

    units = run(units=shrunk).analysis.units

    assert {(unit.response_rate, unit.participation.everyone) for unit in units} == {
        (None, None)
    }


def test_the_gap_and_the_hidden_constraint_are_linked_to_published_figures(
    findings: Findings,
) -> None:
    links = THEORY.yardsticks.evidence.findings
    company = findings.analysis

    assert company.sponsorship.evidence == links["sponsorship_gap"]
    assert set(company.constraint.evidence) >= set(links["stalled"])


def test_every_recommendation_is_a_distribution(units: Any) -> None:
    for unit in units.values():
        found = unit["recommendation"]
        assert sum(found["probabilities"].values()) == pytest.approx(1.0)
        assert set(found["conditional"]) == MODELS
        assert sum(found["conditional"].values()) == pytest.approx(1.0)


def test_reasons_come_largest_first(units: Any) -> None:
    weights = [reason["weight"] for reason in units["U001"]["recommendation"]["reasons"]]

    assert len(weights) == 9
    assert weights == sorted(weights, reverse=True)


def test_the_distance_to_the_next_root_cause_is_that_of_the_scores(units: Any) -> None:
    for unit in units.values():
        found = unit["constraint"]
        lowest, next_lowest = sorted(
            unit["scores"][key]["mean"] for key in found["probabilities"]
        )[:2]
        assert found["distance"]["estimate"] == pytest.approx(next_lowest - lowest)


def test_claimed_less_perceived_is_the_gap(units: Any) -> None:
    for unit in units.values():
        for behaviour in unit["sponsorship"]["behaviours"].values():
            felt = behaviour.get("contributors", behaviour.get("perceived"))
            assert behaviour["gap"] == pytest.approx(behaviour["claimed"] - felt)


def test_a_suppressed_unit_carries_its_name_place_and_status_alone() -> None:
    few = pl.concat(
        [
            RESPONSES.filter(pl.col("unit") != "U016"),
            RESPONSES.filter(pl.col("unit") == "U016").head(3),
        ]
    )

    found = json.loads(msgspec.json.encode(run(few).analysis))

    row = next(unit for unit in found["units"] if unit["unit"] == "U016")
    assert row == {"unit": "U016", "parent": "D04", "status": "suppressed"}


def test_the_order_of_rows_changes_nothing(findings: Findings) -> None:
    shuffled = run(RESPONSES.sample(fraction=1, shuffle=True, seed=3), units=UNITS.reverse())

    assert_frame_equal(shuffled.cuts, findings.cuts, check_exact=True)
    assert msgspec.json.encode(shuffled.analysis) == msgspec.json.encode(findings.analysis)


def test_linear_algebra_keeps_to_one_thread_so_that_digits_do_not_depend_on_cores() -> None:
    threadpool_limits(limits=2)

    run()

    assert {library["num_threads"] for library in threadpool_info()} == {1}


def test_without_a_unit_file_units_stand_side_by_side() -> None:
    found = json.loads(msgspec.json.encode(run(units=None).analysis))

    assert len(found["units"]) == 24
    assert not any({"parent", "responseRate"} & set(unit) for unit in found["units"])


def test_a_construct_that_nobody_was_asked_about_is_absent() -> None:
    fewer = RESPONSES.drop([f"governance_{number}" for number in range(1, 9)])

    found = run(fewer).analysis.units[0]

    assert "governance" not in found.scores
    assert "governance" not in found.constraint.probabilities


@pytest.mark.parametrize("construct", ["cross_function_breadth", "business_pain", "governance"])
def test_a_file_of_one_construct_is_analysed(construct: str) -> None:
    asked = [name for name in RESPONSES.columns if name.rsplit("_", 1)[0] == construct]

    found = run(RESPONSES.select("unit", "role", "duration_s", *asked)).analysis

    assert set(found.units[0].scores) == {construct}


def test_answers_to_context_items_alone_give_recommendations() -> None:
    keys = [item.key for construct in INSTRUMENT.block("context") for item in construct.items]

    found = run(RESPONSES.select("unit", "role", *keys)).analysis.units[0]

    assert found.recommendation is not None
    assert found.constraint is None
    assert found.sponsorship is None


def test_without_context_items_there_is_no_recommendation() -> None:
    keys = [
        item.key for construct in INSTRUMENT.block("root_cause") for item in construct.items
    ]

    found = run(RESPONSES.select("unit", "role", *keys)).analysis

    assert all(unit.recommendation is None for unit in found.units)
    assert found.organisation.structure == "cannot_tell"


def test_a_file_without_sponsors_says_so_everywhere() -> None:
    found = run(RESPONSES.filter(pl.col("role") != "sponsor")).analysis

    assert {unit.sponsorship.status for unit in found.units} == {"no_sponsor"}


def test_a_company_below_the_threshold_shows_nothing() -> None:
    four = RESPONSES.filter(pl.col("role") == "contributor").head(4)

    found = run(four).analysis

    assert {unit.status for unit in found.units} == {"suppressed"}


@pytest.mark.parametrize(("invited", "left_out"), [(4, 4), (5, 0)])
def test_fewer_than_k_invited_people_in_the_whole_company_are_left_out(
    invited: int, left_out: int
) -> None:
    people = RESPONSES.filter(pl.col("role") == "contributor")
    imported = people.with_columns(imported=pl.int_range(pl.len()) >= invited)

    lineage = run(imported).analysis.lineage

    assert lineage.responses_used == run(people).analysis.lineage.responses_used - left_out


def test_a_higher_threshold_hides_more() -> None:
    found = run(thresholds=Thresholds(scores=20)).analysis

    reported = [unit for unit in found.units if unit.status == "reported"]
    assert all(unit.respondents >= 20 for unit in reported)


def test_the_table_of_cuts_holds_no_figure_if_suppressed(findings: Findings) -> None:
    hidden = findings.cuts.filter(pl.col("status") == "suppressed")

    assert hidden.height > 0
    assert (
        hidden.select("n", "mean", "low", "high", "level").null_count().row(0)
        == (hidden.height,) * 5
    )


@pytest.mark.parametrize(
    ("responses", "error", "message"),
    [
        (RESPONSES.drop("unit"), SchemaError, "unit"),
        (RESPONSES.select("unit", "role"), SchemaError, "no column of an item"),
        (RESPONSES.head(0), AnalyticsError, "no response"),
        (RESPONSES.with_columns(role=pl.lit("boss")), AnalyticsError, "boss"),
        (RESPONSES.with_columns(governance_1=pl.lit(7)), AnalyticsError, "governance_1: 7"),
        (RESPONSES.with_columns(governance_1=pl.lit("x")), SchemaError, "governance_1"),
        (RESPONSES.with_columns(unit=pl.lit("U999")), AnalyticsError, "U999"),
        (RESPONSES.with_columns(imported=pl.lit(1)), SchemaError, "imported: expected true or"),
        (
            RESPONSES.with_columns(imported=pl.lit(None, dtype=pl.Boolean)),
            SchemaError,
            f"found {RESPONSES.height} without either",
        ),
    ],
)
def test_refuses_what_it_cannot_analyse(
    responses: pl.DataFrame, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        run(responses)
