"""Drift of whole waves: what raises a watch or an alert, and what is not published."""

import polars as pl
import pytest

from analytics.results import Recommendation
from analytics.results.recommendation import Band
from analytics.results.waves import Drift
from analytics.study.study import Study
from analytics.waves import drift
from tests.analytics.studies import K, construct, instrument
from tests.analytics.waves.two_waves import people, wave
from tests.factories.recommendations import with_probability

LOW, HIGH = [1, 2, 2, 3] * 30, [3, 4, 4, 5] * 30
LONG = instrument(construct("long", 12))


def between(
    current: Study,
    earlier: Study,
    now: dict[str, Recommendation] | None = None,
    before: dict[str, Recommendation] | None = None,
) -> Drift:
    return drift(current, earlier, now or {}, before or {}, k=K)


def sheets(careful: int, careless: int = 0, blank: int = 0) -> Study:
    """Return a wave of long sheets: spread answers, one answer throughout, some left blank."""
    spread: list[int | None] = [1, 2, 3, 4, 5, 4, 3, 2, 1, 2, 3, 4]
    partly = [*spread[:6], *[None] * 6]
    rows = [spread] * careful + [[3] * 12] * careless + [partly] * blank
    items = {f"long_{number + 1}": [row[number] for row in rows] for number in range(12)}
    frame = pl.DataFrame(
        {"unit": ["a"] * len(rows), "role": ["contributor"] * len(rows), **items}
    )
    return Study.of(frame, LONG, None)


def test_a_wave_compared_with_itself_is_stable() -> None:
    study = wave(people("a", LOW))

    assert between(study, study).status == "stable"


def test_constructs_asked_otherwise_are_not_said_to_drift() -> None:
    asked = instrument(construct("trust", 1, reversed_items=1), construct("speed", 1))

    found = between(wave(people("a", HIGH), asked=asked), wave(people("a", HIGH)))

    assert set(found.constructs) == {"speed"}


def test_scores_that_moved_are_an_alert() -> None:
    found = between(wave(people("a", HIGH)), wave(people("a", LOW)))

    assert found.constructs["trust"].status == "alert"


def test_scores_that_stayed_are_none() -> None:
    found = between(wave(people("a", HIGH)), wave(people("a", LOW)))

    assert found.constructs["speed"].status == "stable"


def test_every_alert_has_a_sentence() -> None:
    found = between(wave(people("a", HIGH)), wave(people("a", LOW)))

    assert [sentence.split(" are ")[0] for sentence in found.alerts] == ["The scores of trust"]


def test_fewer_than_k_scores_are_not_compared() -> None:
    few = wave(people("a", [3, 3, 4, 4]))

    assert between(few, wave(people("a", LOW))).constructs == {}


def test_more_unanswered_items_are_an_alert() -> None:
    assert between(sheets(60, blank=60), sheets(110, blank=10)).missing.status == "alert"


def test_the_share_of_unanswered_items_is_taken_over_all_of_them() -> None:
    assert between(sheets(60, blank=60), sheets(120)).missing.current == pytest.approx(0.25)


def test_unanswered_items_of_a_few_people_are_not_many_observations() -> None:
    # Half of all items is missing from 2 of 10 people against none: 60 answers, two people.
    assert between(sheets(8, blank=2), sheets(10)).missing.status == "stable"


def test_more_careless_answers_are_an_alert() -> None:
    assert between(sheets(80, careless=40), sheets(110, careless=10)).flagged.status == "alert"


def test_the_share_of_careless_answers_is_shown_if_both_sides_hold_k() -> None:
    found = between(sheets(80, careless=40), sheets(110, careless=10))

    assert found.flagged.current == pytest.approx(40 / 120)


def test_fewer_than_k_careless_people_are_not_counted_out() -> None:
    found = between(sheets(80, careless=40), sheets(116, careless=4))

    assert (found.flagged.status, found.flagged.current) == ("alert", None)


def test_an_alert_without_figures_says_why() -> None:
    found = between(sheets(80, careless=40), sheets(116, careless=4))

    assert found.alerts[-1].endswith("too few people stand behind it to give figures.")


# --- the recommender's own outputs

UNITS = [f"u{number:02d}" for number in range(20)]
STUDY = wave(*[people(code, [3] * 5) for code in UNITS])


def all_units(
    model: str, probability: float = 0.8, *, status: Band = "firm"
) -> dict[str, Recommendation]:
    return {code: with_probability(model, probability, status=status) for code in UNITS}


def recommended(now: dict[str, Recommendation], before: dict[str, Recommendation]) -> Drift:
    return between(STUDY, STUDY, now, before)


def test_the_same_recommendations_are_stable() -> None:
    assert recommended(all_units("coe"), all_units("coe")).recommender.status == "stable"


def test_another_model_for_every_unit_is_an_alert() -> None:
    found = recommended(all_units("federated"), all_units("coe"))

    assert found.recommender.models.status == "alert"


def test_no_unit_keeping_its_model_is_no_agreement() -> None:
    assert recommended(all_units("federated"), all_units("coe")).recommender.agreement == 0.0


@pytest.mark.parametrize(
    ("kept", "status"), [(15, "stable"), (14, "watch"), (12, "watch"), (11, "alert")]
)
def test_agreement_has_two_bounds(kept: int, status: str) -> None:
    before = all_units("coe")
    now = {code: before[code] for code in UNITS[:kept]}
    now |= {code: with_probability("federated") for code in UNITS[kept:]}

    assert recommended(now, before).recommender.agreement_status == status


def test_seven_units_are_too_few_to_judge_agreement() -> None:
    now = {code: with_probability("federated") for code in UNITS[:7]}
    before = {code: with_probability("coe") for code in UNITS[:7]}

    assert recommended(now, before).recommender.agreement_status == "stable"


def test_bands_that_moved_are_an_alert() -> None:
    found = recommended(all_units("coe", status="no_clear_model"), all_units("coe"))

    assert found.recommender.bands.status == "alert"


def test_an_alert_names_the_verdict_that_moved_most() -> None:
    found = recommended(all_units("coe", status="no_clear_model"), all_units("coe"))

    assert found.alerts[0].startswith("The share of units given firm fell from 100% to 0%")


def test_shares_of_units_are_told_for_both_waves() -> None:
    now = all_units("coe") | {code: with_probability("federated") for code in UNITS[:5]}

    assert recommended(now, all_units("coe")).recommender.models.current == {
        "coe": 0.75,
        "federated": 0.25,
    }


def test_confidence_that_fell_by_a_tenth_is_an_alert() -> None:
    now = {
        code: with_probability("coe", 0.60 + 0.001 * place) for place, code in enumerate(UNITS)
    }

    assert recommended(now, all_units("coe")).recommender.confidence.status == "alert"


def test_parents_are_not_counted() -> None:
    tree = {"top": (None, 0), "a": ("top", 9)}
    study = wave(people("a", [3] * 6), tree=tree)
    found = {"top": with_probability(), "a": with_probability()}

    assert between(study, study, found, found).recommender.units == 1


def test_a_wave_that_recommends_nothing_is_not_compared() -> None:
    assert recommended({}, all_units("coe")).recommender is None
