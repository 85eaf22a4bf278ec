"""A recommendation in sentences: every status, caveat and turn has one."""

import msgspec
import pytest

from analytics.results import MoreAnswers, Move, Odds, Reason, Recommendation
from analytics.results.waves import KeptRecommendation
from api.terminal.recommendation import recommendation_lines

LEANING = Recommendation(
    status="lean",
    model="coe",
    runner_up="hybrid_squad",
    probabilities={
        "coe": 0.60,
        "federated": 0.02,
        "hybrid_squad": 0.22,
        "managed_service": 0.01,
        "none": 0.05,
        "between": 0.10,
    },
    conditional={
        "coe": 0.70,
        "federated": 0.03,
        "hybrid_squad": 0.26,
        "managed_service": 0.01,
    },
    set90=("coe", "hybrid_squad"),
    second_opinion="hybrid_squad",
    reason_codes=(),
    reasons=(
        Reason(construct="cross_function_breadth", weight=2.14),
        Reason(construct="production_stage", weight=-0.8),
    ),
    odds=Odds(constructs=1.34, company_pattern=0.2, spread=-0.1, total=1.44),
    would_change=(
        Move(
            construct="production_stage", from_=52.5, to=72.5, model="hybrid_squad",
            standard_errors=1.4,
        ),
    ),
    with_more_answers=MoreAnswers(twice=0.71, four_times=0.8),
    stability=0.93,
)  # fmt: skip


def said(**changes: object) -> str:
    return "\n".join(recommendation_lines(msgspec.structs.replace(LEANING, **changes)))


@pytest.mark.parametrize(
    ("status", "opening"),
    [
        ("firm", "Firm: Centre of excellence."),
        ("lean", "Leaning: Centre of excellence."),
        ("no_clear_model", "No clear model. The evidence leans to Centre of excellence"),
    ],
)
def test_the_first_line_says_how_far_to_trust_it(status: str, opening: str) -> None:
    assert said(status=status).startswith(opening)


def test_the_probability_stands_beside_the_runner_up_and_the_rest() -> None:
    assert "Probability 60%; next Hybrid product squad with 22%" in said()
    assert "none of the four, or half-way between two, 15%" in said()


@pytest.mark.parametrize(
    ("code", "sentence", "facts"),
    [
        (
            "BETWEEN",
            "between Centre of excellence and Federated",
            {"between": ("coe", "federated")},
        ),
        ("CENTRE", "No model fits better than the others", {}),
        ("FEW", "About 7 more answers would probably settle it", {"more_answers": 7}),
        ("UNLIKE", "unlike all four", {}),
        ("SPLIT", "Two camps", {}),
        ("SECOND", "names Hybrid product squad", {}),
        ("MIX", "how common the model is elsewhere", {}),
        ("FEW_UNITS", "too few units to learn this company's own pattern", {}),
    ],
)
def test_every_reason_code_has_a_sentence(
    code: str, sentence: str, facts: dict[str, object]
) -> None:
    assert sentence in said(reason_codes=(code,), **facts)
    assert sentence not in said(**facts)


def test_reasons_for_and_against_carry_their_weight() -> None:
    assert "speaks for CoE over Hybrid squad: Cross function breadth +2.1" in said()
    assert "speaks most against it: Production stage -0.8" in said()


def test_the_parts_of_the_odds_are_named_with_their_sum() -> None:
    assert "constructs +1.3, company pattern +0.2, spread -0.1, together +1.4" in said()


def test_a_move_within_chance_is_called_that() -> None:
    assert (
        "Production stage from 52 to 72 gives Hybrid squad (1.4 standard errors, within "
        in said()
    )


def test_a_move_of_a_mean_without_error_is_told_without_standard_errors() -> None:
    move = msgspec.structs.replace(LEANING.would_change[0], standard_errors=None)

    assert "from 52 to 72 gives Hybrid squad." in said(would_change=(move,))


def test_if_nothing_on_its_own_would_change_it_that_is_said() -> None:
    assert "No single condition" in said(would_change=())


def test_steadiness_is_not_sold_as_probability() -> None:
    assert "the same model in 93% of resamples. That is steadiness" in said()


@pytest.mark.parametrize(
    ("kept", "sentence"),
    [
        (
            KeptRecommendation(outcome="confirmed", displayed="coe"),
            "The last wave said the same.",
        ),
        (KeptRecommendation(outcome="changed", displayed="coe"), "Changed since the last wave"),
        (
            KeptRecommendation(outcome="kept", displayed="federated", moved_towards="coe"),
            "Recommendation kept from the last wave: Federated; evidence moving towards Centre",
        ),
    ],
)
def test_the_last_wave_is_remembered(kept: KeptRecommendation, sentence: str) -> None:
    assert sentence in said(since_last_wave=kept)
