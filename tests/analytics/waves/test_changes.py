"""Change between waves through whole studies: figures, verdicts, bands, who is compared."""

import msgspec
import numpy as np
import polars as pl
import pytest
from scipy import stats

from analytics.disclosure.plan import plan_disclosure
from analytics.errors import AnalyticsError
from analytics.results.waves import Change
from analytics.study.group_scores import group_scores
from analytics.study.study import Study
from analytics.waves import changes
from tests.analytics.studies import K, construct, instrument
from tests.analytics.waves.two_waves import INSTRUMENT, change_of, compare, people, wave

KEYS = [f"p{number:02d}" for number in range(40)]
BEFORE = [2, 3, 2, 3, 1, 2, 3, 2, 2, 4]
AFTER = [4, 3, 4, 4, 3, 3, 4, 4, 3, 5]
TREE = {"top": (None, 0), "a": ("top", 40), "b": ("top", 20)}
DECIDED = {"top": (None, 0), "a": ("top", 40)}


def ends(change: Change) -> tuple[float | None, float | None]:
    return change.low, change.high


def test_without_keys_the_interval_is_welchs() -> None:
    expected = stats.ttest_ind(AFTER, BEFORE, equal_var=False).confidence_interval(0.95)

    found = change_of(
        wave(people("a", AFTER), keyed=False), wave(people("a", BEFORE), keyed=False)
    )

    assert ends(found) == pytest.approx((25 * expected.low, 25 * expected.high))


def test_with_the_same_people_the_interval_is_that_of_the_paired_test() -> None:
    expected = stats.ttest_rel(AFTER, BEFORE).confidence_interval(0.95)

    found = change_of(
        wave(people("a", AFTER, keys=KEYS[:10])), wave(people("a", BEFORE, keys=KEYS[:10]))
    )

    assert ends(found) == pytest.approx((25 * expected.low, 25 * expected.high))


def test_with_some_of_the_same_people_it_lies_between() -> None:
    now, before = np.array(AFTER), np.array(BEFORE)
    error = now.var(ddof=1) / 10 + before.var(ddof=1) / 10
    # Persons 0 to 5 return: 6 of the 10.
    r = np.corrcoef(now[:6], before[:6])[0, 1]
    error -= 2 * r * now.std(ddof=1) * before.std(ddof=1) * 6 / 100
    welch = stats.ttest_ind(now, before, equal_var=False).df
    freedom = 5 + (welch - 5) * 8 / 20

    found = change_of(
        wave(people("a", AFTER, keys=KEYS[:10])),
        wave(people("a", BEFORE, keys=KEYS[:6] + KEYS[20:24])),
    )

    half = stats.t.ppf(0.975, freedom) * np.sqrt(error)
    assert found.high == pytest.approx(25 * (1.2 + 0.1 + half))


@pytest.mark.parametrize(
    ("returning", "test"), [(10, "paired"), (5, "partially_overlapping"), (0, "welch")]
)
def test_the_test_is_named(returning: int, test: str) -> None:
    before = KEYS[:returning] + KEYS[20 : 30 - returning]
    found = change_of(
        wave(people("a", AFTER, keys=KEYS[:10])), wave(people("a", BEFORE, keys=before))
    )

    assert found.test == test


def test_fewer_than_k_who_returned_are_compared_as_others() -> None:
    keyed = KEYS[:4] + KEYS[20:26]

    found = change_of(
        wave(people("a", AFTER, keys=KEYS[:10])), wave(people("a", BEFORE, keys=keyed))
    )

    assert found.test == "welch"


# --- what may be said


def test_a_clear_and_large_change_has_changed() -> None:
    assert change_of(wave(people("a", AFTER)), wave(people("a", BEFORE))).verdict == "changed"


def test_a_small_change_of_many_people_has_not_changed() -> None:
    same = people("a", [2, 3, 4] * 100)

    assert change_of(wave(same), wave(same)).verdict == "no_change"


def test_a_significant_change_of_less_than_a_fifth_of_a_point_has_not_changed() -> None:
    before, after = [3] * 900 + [4] * 100, [3] * 800 + [4] * 200

    found = change_of(wave(people("a", after)), wave(people("a", before)))

    assert found.verdict == "no_change"


def test_few_answers_leave_it_open() -> None:
    few = people("a", [1, 2, 3, 4, 5])

    assert change_of(wave(few), wave(few)).verdict == "inconclusive"


def test_one_change_among_many_units_needs_more_evidence() -> None:
    # Alone p = .035 would do; among twelve units and two constructs it does not.
    now = [people("a", [3, 3, 4, 3, 4, 2])] + [
        people(f"u{number:02d}", [2, 3, 4, 3, 3, 3]) for number in range(11)
    ]
    before = [people("a", [2, 3, 2, 3, 2, 3]), *now[1:]]

    assert change_of(wave(*now), wave(*before)).verdict == "inconclusive"


def test_p_is_adjusted_over_all_groups_and_constructs_shown() -> None:
    now = wave(people("a", AFTER), people("b", [3, 4, 3, 4, 3, 4], speed=[1, 2, 3, 4, 5, 1]))
    before = wave(
        people("a", BEFORE), people("b", [3, 3, 3, 4, 2, 3], speed=[1, 2, 2, 4, 3, 1])
    )
    tests = [
        stats.ttest_ind(AFTER, BEFORE, equal_var=False).pvalue,
        1.0,
        stats.ttest_ind([3, 4, 3, 4, 3, 4], [3, 3, 3, 4, 2, 3], equal_var=False).pvalue,
        stats.ttest_ind([1, 2, 3, 4, 5, 1], [1, 2, 2, 4, 3, 1], equal_var=False).pvalue,
    ]

    _, units = compare(now, before)

    found = units["b"].constructs["speed"].adjusted_p
    assert found == pytest.approx(stats.false_discovery_control(tests)[3])


# --- what may be shown


def test_a_unit_hidden_in_the_last_wave_is_not_compared() -> None:
    now = wave(people("a", AFTER), people("b", AFTER))
    before = wave(people("a", BEFORE), people("b", [3, 3]), people("c", [3, 3, 3, 4]))

    assert "b" not in compare(now, before)[1]


@pytest.mark.parametrize("left", [1, 2, 3, 4])
def test_a_unit_that_changed_by_fewer_than_k_people_shows_a_band_alone(left: int) -> None:
    now = wave(people("a", AFTER[:10], keys=KEYS[:10]))
    before = wave(people("a", BEFORE + [2] * left, keys=KEYS[: 10 + left]))

    assert change_of(now, before) == Change(band="higher")


def test_a_unit_that_changed_by_k_people_shows_figures() -> None:
    now = wave(people("a", AFTER, keys=KEYS[:10]))
    before = wave(people("a", BEFORE + [2] * K, keys=KEYS[: 10 + K]))

    assert change_of(now, before).estimate is not None


def test_those_who_joined_count_like_those_who_left() -> None:
    now = wave(people("a", [*AFTER, 4, 4], keys=KEYS[:12]))
    before = wave(people("a", [*BEFORE, 2, 2], keys=KEYS[:10] + KEYS[20:22]))

    assert change_of(now, before).band == "higher"


def test_a_band_that_is_not_shown_to_differ_is_similar() -> None:
    now = wave(people("a", AFTER, keys=KEYS[:10]))
    before = wave(people("a", [*AFTER, 3], keys=KEYS[:11]))

    assert change_of(now, before) == Change(band="similar")


def test_a_unit_in_which_everybody_moved_alike_shows_a_band_alone() -> None:
    now = wave(people("a", [answer + 1 for answer in BEFORE], keys=KEYS[:10]))
    before = wave(people("a", BEFORE, keys=KEYS[:10]))

    assert change_of(now, before) == Change(band="higher")


def test_without_keys_nobody_knows_who_left_and_both_figures_stand_alone() -> None:
    now = wave(people("a", AFTER), keyed=False)
    before = wave(people("a", [*BEFORE, 2]), keyed=False)

    assert change_of(now, before).band is None


def test_a_key_that_comes_twice_is_refused() -> None:
    twice = wave(people("a", AFTER, keys=[*KEYS[:9], KEYS[0]]))

    with pytest.raises(AnalyticsError, match="twice"):
        change_of(twice, twice)


def test_nothing_asked_on_another_scale_is_compared() -> None:
    wider = msgspec.structs.replace(INSTRUMENT, high=7)
    company, units = compare(wave(people("a", AFTER), asked=wider), wave(people("a", BEFORE)))

    assert (company.not_comparable, company.constructs, units) == (("trust", "speed"), {}, {})


def test_constructs_asked_with_other_items_are_not_compared() -> None:
    asked = instrument(construct("trust", 1, reversed_items=1), construct("speed", 1))
    company, _ = compare(wave(people("a", AFTER)), wave(people("a", BEFORE), asked=asked))

    assert company.not_comparable == ("trust",)


@pytest.mark.parametrize("answers", [[1, 1, 1, 1, 1, 2], [5, 1, 5, 1, 5, 1]])
def test_the_answers_of_people_who_are_hidden_move_no_figure_of_another_unit(
    answers: list[int],
) -> None:
    def found(hidden: list[int]) -> Change:
        small = people("b", hidden[:3]), people("c", hidden[3:])
        return change_of(wave(people("a", AFTER), *small), wave(people("a", BEFORE), *small))

    one, other = found([3, 3, 3, 3, 3, 2]), found(answers)

    assert (one.estimate, *ends(one), one.detectable) == (
        other.estimate,
        *ends(other),
        other.detectable,
    )


# --- parents and the company


def published(study: Study, unit: str) -> float:
    scores = group_scores(study.people, study.keys, study.tree, study.weights)["all"]
    return float(scores.mean[study.tree.codes.index(unit), 0])


def test_a_parent_changes_by_the_difference_of_its_published_figures() -> None:
    now = wave(people("a", AFTER), people("b", [5, 4, 4, 5, 4, 5]), tree=TREE)
    before = wave(people("a", BEFORE), people("b", [3, 4, 4, 3, 4, 5]), tree=TREE)

    found = change_of(now, before, "top").estimate

    assert found == pytest.approx(25 * (published(now, "top") - published(before, "top")))


def test_the_company_changes_like_the_unit_at_the_top() -> None:
    now = wave(people("a", AFTER), people("b", [5, 4, 4, 5, 4, 5]), tree=TREE)
    before = wave(people("a", BEFORE), people("b", [3, 4, 4, 3, 4, 5]), tree=TREE)
    company, units = compare(now, before)

    assert ends(company.constructs["trust"]) == ends(units["top"].constructs["trust"])


def test_a_parent_of_the_same_people_adds_up_independent_units() -> None:
    # Stratified by hand: (2/3)² var(d_a) / 10 + (1/3)² var(d_b) / 10 has r = correlation within
    # units, which is the same in both units here.
    now = wave(
        people("a", AFTER, keys=KEYS[:10]), people("b", AFTER, keys=KEYS[10:20]), tree=TREE
    )
    before = wave(
        people("a", BEFORE, keys=KEYS[:10]), people("b", BEFORE, keys=KEYS[10:20]), tree=TREE
    )
    spread = np.var(np.array(AFTER) - np.array(BEFORE), ddof=1) / 10
    half = stats.t.ppf(0.975, 18) * np.sqrt((4 / 9 + 1 / 9) * spread)

    assert change_of(now, before, "top").high == pytest.approx(25 * (1.0 + 0.3 + half))


SWAPPED = KEYS[5:10]
"""People of a in the last wave and of b in this one; as many went the other way."""


def swapped() -> tuple[Study, Study]:
    now = wave(
        people("a", AFTER, keys=KEYS[:5] + KEYS[15:20]),
        people("b", AFTER, keys=SWAPPED + KEYS[10:15]),
        tree=TREE,
    )
    before = wave(
        people("a", BEFORE, keys=KEYS[:10]), people("b", BEFORE, keys=KEYS[10:20]), tree=TREE
    )
    return now, before


def test_whoever_moves_to_a_sister_unit_returns_to_the_parent() -> None:
    assert change_of(*swapped(), "top").test == "paired"


def test_whoever_moves_to_a_sister_unit_has_left_the_unit() -> None:
    assert change_of(*swapped(), "a").test == "partially_overlapping"


def test_the_error_of_a_parent_is_that_of_weighted_people() -> None:
    # Person by person: a's weigh 2/3 / 10, b's 1/3 / 10 in either wave, and a pair's covariance
    # is the product of both weights and standard deviations with their correlation.
    now, before = np.array(AFTER, dtype=float), np.array(BEFORE, dtype=float)
    weight = {"a": 2 / 30, "b": 1 / 30}
    place = {"a": KEYS[:5] + KEYS[15:20], "b": SWAPPED + KEYS[10:15]}
    pairs = []
    for unit, keys in place.items():
        for index, key in enumerate(keys):
            earlier = "a" if key in KEYS[:10] else "b"
            pairs.append((unit, earlier, now[index], before[int(key[1:]) % 10]))
    deviations = [(x - now.mean(), y - before.mean()) for _, _, x, y in pairs]
    r = sum(x * y for x, y in deviations) / np.sqrt(
        sum(x * x for x, _ in deviations) * sum(y * y for _, y in deviations)
    )
    spread = now.std(ddof=1) * before.std(ddof=1)
    variance = sum(
        weight[unit] ** 2 * now.var(ddof=1) + weight[earlier] ** 2 * before.var(ddof=1)
        for unit, earlier, _, _ in pairs
    ) - 2 * r * spread * sum(weight[unit] * weight[earlier] for unit, earlier, _, _ in pairs)

    found = change_of(*swapped(), "top")

    half = stats.t.ppf(0.975, 18) * np.sqrt(variance)
    assert found.high == pytest.approx(25 * (1.3 + half))


def test_a_parent_of_other_units_than_before_says_so() -> None:
    now = wave(people("a", AFTER), people("b", AFTER), tree=TREE)
    before = wave(people("a", BEFORE), tree=DECIDED)

    assert compare(now, before)[1]["top"].restructured


def test_verdicts_of_units_are_counted() -> None:
    now = wave(people("a", AFTER), people("b", BEFORE), tree=TREE)
    before = wave(people("a", BEFORE), people("b", AFTER), tree=TREE)
    company, _ = compare(now, before)

    assert (company.units["trust"].rose, company.units["trust"].fell) == (1, 1)


def test_fewer_than_k_people_give_no_company_figure() -> None:
    company, _ = compare(wave(people("a", AFTER)), wave(people("a", [3, 3, 3, 3])))

    assert company.constructs == {}


def test_the_order_of_rows_changes_nothing() -> None:
    now = people("a", AFTER, keys=KEYS[:10]) + people("b", BEFORE, keys=KEYS[10:20])
    before = people("a", BEFORE, keys=KEYS[:10]) + people("b", AFTER, keys=KEYS[15:25])

    turned = compare(wave(now[::-1], tree=TREE), wave(before[::-1], tree=TREE))

    assert turned == compare(wave(now, tree=TREE), wave(before, tree=TREE))


def test_a_wave_without_shared_constructs_compares_nothing() -> None:
    other = Study.of(
        pl.DataFrame({"unit": ["a"] * 6, "role": ["contributor"] * 6, "other_1": [3] * 6}),
        instrument(construct("other", 1)),
        None,
    )
    study = wave(people("a", AFTER))
    plans = [plan_disclosure(one, k=K) for one in (study, other)]

    assert changes(study, plans[0], other, plans[1], k=K)[1] == {}
