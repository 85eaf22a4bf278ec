"""One unit in sentences: every status, doubt and turn has one."""

from typing import Any

import msgspec
import pytest

from analytics.results import Gap, MoreAnswers, Sponsorship
from analytics.results.diagnosis import Prerequisite
from analytics.results.waves import KeptRecommendation
from seed.content import vocabulary
from survey.report.document import (
    Count,
    Diverging,
    Fold,
    Points,
    Probability,
    Shares,
    Term,
    Verbatim,
    say,
)
from survey.report.unit import recommendation_statements, unit_sections
from tests.survey.report.findings import LEANING, SCORES, unit
from tests.survey.report.reading import keys, part_of, said, spoken


def explained(**changes: Any) -> list[Any]:
    found = msgspec.structs.replace(LEANING, **changes)
    return list(recommendation_statements(found, SCORES))


@pytest.mark.parametrize(
    ("status", "key"),
    [
        ("firm", "recommendation.firm"),
        ("lean", "recommendation.lean"),
        ("no_clear_model", "recommendation.no_clear_model"),
    ],
)
def test_the_first_sentence_says_how_far_to_trust_it(status: str, key: str) -> None:
    first, *_ = explained(status=status)

    assert first.sentences[0].key == key


def test_no_single_model_comes_with_none_or_a_mix_and_the_two_nearest() -> None:
    first, *_ = explained(status="no_clear_model")

    assert spoken(first) == (
        "No single model. None of the four, or a mix: 15%. Nearest are centre of excellence "
        "(60%) and hybrid product squads (22%)."
    )


def test_what_speaks_for_each_of_the_two_nearest_is_said_with_its_level() -> None:
    text = spoken(explained(status="no_clear_model"))

    assert (
        "In favour of centre of excellence: breadth across functions (established, 72)." in text
    )
    assert "In favour of hybrid product squads: production stage (partial, 52)." in text


def test_the_probability_stands_beside_the_runner_up_and_the_rest() -> None:
    figures = said(explained(), "recommendation.chance")

    assert figures["chance"] == Probability(0.60)
    assert figures["second_chance"] == Probability(0.22)
    assert figures["rest"].share == pytest.approx(0.15)


def test_a_parent_is_told_what_its_units_need_before_a_model_for_all_of_them() -> None:
    below = [unit(code, parent="P", recommendation=LEANING) for code in "AB"]
    parent = unit("P", recommendation=LEANING)
    first, second, third, *_ = unit_sections(parent, vocabulary(), below=below)[0].parts

    assert spoken(first) == "What its 2 units need: CoE (2)."
    assert [*map(keys, (second, third))] == [
        {"needs.as_one"},
        {"recommendation.lean", "recommendation.chance"},
    ]


@pytest.mark.parametrize(
    ("code", "sign", "key"),
    [
        ("UNLIKE", "≠", "mark.unlike"),
        ("SPLIT", "‖", "mark.split"),
        ("SECOND", "?", "doubt.second"),
        ("UNRELIABLE", "≈", "doubt.unreliable"),
    ],
)
def test_a_marked_doubt_has_its_sign_and_its_sentence(code: str, sign: str, key: str) -> None:
    marked = said(explained(reason_codes=(code,)), "mark.said")

    assert marked["mark"] == Verbatim(sign)
    assert marked["meaning"].key == key
    assert "mark.said" not in keys(explained())


@pytest.mark.parametrize(
    ("code", "key", "facts"),
    [
        ("BETWEEN", "doubt.between", {"between": ("coe", "federated")}),
        ("CENTRE", "doubt.centre", {}),
        ("FEW", "doubt.few", {"more_answers": 7}),
        ("MIX", "doubt.mix", {}),
        ("UNNAMED", "doubt.unnamed", {}),
        ("FEW_UNITS", "doubt.few_units", {}),
    ],
)
def test_every_reason_code_has_a_sentence(code: str, key: str, facts: dict[str, Any]) -> None:
    assert key in keys(explained(reason_codes=(code,), **facts))
    assert key not in keys(explained(**facts))


def test_how_many_answers_would_settle_it_is_said() -> None:
    few = explained(reason_codes=("FEW",), more_answers=7)

    assert said(few, "doubt.few") == {"count": Count(7)}


def test_a_move_within_chance_is_called_that() -> None:
    assert said(explained(), "change.within_chance")["after"] == Points(72.5)


def test_a_move_of_a_mean_without_error_is_told_without_chance() -> None:
    move = msgspec.structs.replace(LEANING.would_change[0], standard_errors=None)

    assert "change.move" in keys(explained(would_change=(move,)))


def test_a_move_of_less_than_a_point_is_told_without_figures() -> None:
    move = msgspec.structs.replace(LEANING.would_change[0], to=52.4)

    assert (
        "The slightest move of production stage would make it hybrid product squads"
        in spoken(explained(would_change=(move,)))
    )


def test_more_answers_that_would_change_next_to_nothing_are_not_spoken_of() -> None:
    assert "stability.more_answers" in keys(explained())
    assert "stability.more_answers" not in keys(
        explained(with_more_answers=MoreAnswers(twice=0.01, four_times=0.02))
    )


def test_where_nothing_alone_would_change_it_that_is_said() -> None:
    assert "change.nothing_alone" in keys(explained(would_change=()))


def test_steadiness_is_not_sold_as_probability() -> None:
    assert "93% of the time. That is steadiness, not probability." in spoken(explained())
    assert "stability.unsteady" in keys(explained(stability=0.6))


@pytest.mark.parametrize(
    ("kept", "key"),
    [
        (KeptRecommendation(outcome="confirmed", displayed="coe"), "recommendation.confirmed"),
        (KeptRecommendation(outcome="changed", displayed="coe"), "recommendation.changed"),
        (
            KeptRecommendation(outcome="kept", displayed="federated", moved_towards="coe"),
            "recommendation.kept",
        ),
    ],
)
def test_the_last_wave_is_remembered(kept: KeptRecommendation, key: str) -> None:
    assert key in keys(explained(since_last_wave=kept))


def test_log_odds_are_told_in_the_fold_and_nowhere_else() -> None:
    sections = unit_sections(unit("A", recommendation=LEANING), vocabulary())
    fold = part_of(sections[0], Fold)

    assert "Log-odds of the model against the next: topics +1.3" in spoken(fold)
    assert "Log-odds" not in spoken(explained())


def test_five_probabilities_and_the_reasons_are_described_as_figures() -> None:
    section, *_ = unit_sections(unit("A", recommendation=LEANING), vocabulary())
    ((_, shares),) = part_of(section, Shares).rows
    reasons = part_of(section, Diverging)

    assert sum(shares.values()) == pytest.approx(1.0)
    assert list(shares)[-1] == "none_or_mixed"
    assert reasons.rows[1] == (Term("construct", "production_stage"), -0.8)


def test_a_hidden_unit_says_why_and_nothing_else() -> None:
    hidden = msgspec.structs.replace(unit("A"), status="suppressed", respondents=None)

    sections = unit_sections(hidden, vocabulary())

    assert keys(sections) == {"unit.title", "unit.hidden"}


def test_a_gap_of_one_sponsor_is_called_one_persons_view() -> None:
    gap = Gap(estimate=20.0, low=5.0, high=35.0)
    alone = unit("A", sponsorship=Sponsorship(status="reported", sponsors=1, gap=gap))

    sections = unit_sections(alone, vocabulary())

    assert "is +20 (+5 to +35) points of 100. The claim is one person's view" in spoken(
        sections
    )


@pytest.mark.parametrize(
    ("status", "key"),
    [("suppressed", "sponsorship.too_few"), ("no_sponsor", "unit.no_sponsor")],
)
def test_why_a_unit_has_no_gap_is_said(status: Any, key: str) -> None:
    without = unit("A", sponsorship=Sponsorship(status=status))

    assert key in keys(unit_sections(without, vocabulary()))


def test_a_unit_without_a_recommendation_is_told_why() -> None:
    reason = say("hidden.no_choice", because=say("no_choice.unreliable"))
    first, *_ = unit_sections(unit("A", scores=SCORES), vocabulary(), no_model=reason)

    assert spoken(first) == (
        "No model: too few of the conditions that choose one were measured reliably."
    )


@pytest.mark.parametrize(("status", "told"), [("firm", True), ("no_clear_model", False)])
def test_what_a_model_needs_first_is_told_only_if_there_is_a_model(
    status: Any, told: bool
) -> None:
    lacking = Prerequisite(
        model="coe",
        construct="governance",
        status="must_come_first",
        score=30.0,
        needed=60.0,
        below=0.99,
    )
    found = msgspec.structs.replace(LEANING, status=status, prerequisites=(lacking,))
    sections = unit_sections(unit("A", recommendation=found), vocabulary())

    assert ("condition.first" in keys(sections)) == told


def test_what_has_no_single_model_has_none_that_could_stay_or_change() -> None:
    """Only the nearest can; otherwise the sentences contradict the first one."""
    moving = explained(status="no_clear_model", stability=0.42)
    fixed = explained(status="no_clear_model", would_change=())

    assert {"change.title.nearest", "stability.nearest"} <= keys(moving)
    assert keys(moving).isdisjoint({"change.title", "stability.steady", "stability.unsteady"})
    assert "change.nothing_alone.nearest" in keys(fixed)
