"""Exchanging hidden people, or changing their answers, leaves no trace in the results.

Two people with the same weight in two hidden groups are exchanged: no sum over both groups
changes, so no published value may change, including squares, ranks and tests. Then hidden
people reverse their answers: only sums over everybody may change.

The mixture of the recommender is always excepted, because it learns from everybody (method.md
7) and its probabilities use leave-one-out fits of all units.
"""

import pytest

from tests.attackers.awkward_company import BARELY_ANSWERED, FEW, HIDDEN, LONE, Awkward
from tests.attackers.awkward_findings import BEFORE, NOW, analysed, as_earlier, current_findings
from tests.attackers.published import Path, moved, published


def of_mixture(path: Path) -> bool:
    of_unit = path[0] == "units" and path[2] == "recommendation"
    in_drift = path[:2] in {("drift", "recommender"), ("drift", "alerts"), ("drift", "status")}
    return of_unit or in_drift or path[0] in {"organisation", "portfolio"}


def traces(now: Awkward, before: Awkward) -> set[Path]:
    """Return the paths of published values that change, except those of the mixture."""
    changed = analysed(now, as_earlier(before))
    paths = moved(published(current_findings()), published(changed))
    return {path for path in paths if not of_mixture(path)}


def test_the_company_has_everything_that_can_be_published() -> None:
    analysis = current_findings().analysis

    parts = (analysis.drivers, analysis.sponsorship, analysis.change, analysis.drift)
    assert None not in parts
    assert [unit.unit for unit in analysis.units if unit.status == "suppressed"] == [*HIDDEN]
    assert [current_findings().plan.roles(code, "governance") for code in LONE] == [
        "all"
    ] * len(LONE)
    assert not any(current_findings().plan.shows(code, FEW) for code in BARELY_ANSWERED)


def test_exchanging_people_of_two_hidden_units_leaves_no_trace() -> None:
    pairs = list(zip(NOW.of("H1")[:2], NOW.of("H2")[1:], strict=False))

    assert (
        traces(*(wave.with_places_changed("unit", *pairs) for wave in (NOW, BEFORE))) == set()
    )


def test_exchanging_the_only_manager_leaves_no_trace() -> None:
    """In two units, the manager has the same answers as a contributor of the other unit."""
    pairs = [(NOW.of(unit, "manager")[0], NOW.of(unit)[0]) for unit in LONE[:2]]

    assert (
        traces(*(wave.with_places_changed("role", *pairs) for wave in (NOW, BEFORE))) == set()
    )


def test_exchanging_the_few_who_answered_a_construct_leaves_no_trace() -> None:
    few = [NOW.of(unit)[:3] for unit in BARELY_ANSWERED]
    pairs = list(zip(few[0][:2], few[1][:2], strict=True))
    waves = (
        wave.with_places_changed(f"{FEW}_1", *pairs).with_places_changed(f"{FEW}_2", *pairs)
        for wave in (NOW, BEFORE)
    )

    assert traces(*waves) == set()


def is_sum_over_everybody(path: Path) -> bool:
    """Return whether a value may change with hidden answers, because it covers a whole parent.

    - the figures of the parents C, D1 and D2, of the company, and their changes: sums over at
      least k hidden people in two groups, as suppression allows;
    - reliability of scales and distributions of person scores: everybody in the company;
    - probabilities and intervals that allow for the choice of items: they use the average
      spread between items over everybody in the company; so do the verdicts on practices,
      which follow from such a probability alone;
    - p-values adjusted over all compared groups, including parents.
    """
    if path[0] == "units":
        above = {"C", "D1", "D2"}
        by_items = {"probability", "probabilities", "probabilityWeakest", "distance"}
        verdict = path[2] == "practices" and path[-1] == "status"
        allowed = verdict or bool(by_items & set(path)) or path[-1] == "adjustedP"
        return path[1] in above or allowed
    if path[0] == "cuts":
        return path[1] in {"C", "D1", "D2"}
    if path[0] == "quality":
        return "reliability" in path or path[1] == "screening"
    return path[0] in {"constraint", "change", "drift"} or path[:2] == ("drivers", "levels")


def test_hidden_answers_change_only_sums_over_everybody() -> None:
    waves = (
        wave.with_opposite_answers(HIDDEN).with_opposite_answers(BARELY_ANSWERED, FEW)
        for wave in (NOW, BEFORE)
    )

    found = traces(*waves)

    assert found
    assert {path for path in found if not is_sum_over_everybody(path)} == set()


def test_hidden_units_would_show_if_their_spread_were_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("analytics.analysis.open_cells", lambda *_: None)
    before = published(analysed(NOW))
    pairs = list(zip(NOW.of("H1")[:2], NOW.of("H2")[1:], strict=False))

    after = published(analysed(NOW.with_places_changed("unit", *pairs)))

    assert ("cuts", "D2", "governance", "all", "high") in moved(before, after)
