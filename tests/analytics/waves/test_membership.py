"""Who joined and left between waves, and which groups may show their change as a figure."""

import polars as pl
import pytest

from analytics.disclosure.plan import plan_disclosure
from analytics.earlier_wave import EarlierWave
from analytics.parts import Run
from analytics.parts import _since as kept_since
from analytics.results import Thresholds
from analytics.results.waves import Change
from analytics.study.tree import COMPANY, UnitTree
from analytics.theory import Theory
from analytics.waves import changes, drift
from analytics.waves.membership import HeadCounts, InvitedLists, figures_allowed
from tests.analytics.studies import K
from tests.analytics.waves.two_waves import compare, people, wave
from tests.factories.recommendations import with_probability

TREE = UnitTree(
    {"C": None, "D": "C", "A1": "D", "A2": "D", "A3": "D", "B": "C"},
    {"C": 8, "D": 0, "A1": 12, "A2": 12, "A3": 9, "B": 30},
)
EVERY = frozenset({COMPANY, *TREE.codes})
AFTER = [4, 3, 4, 4, 3, 3, 4, 4, 3, 5]
BEFORE = [2, 3, 2, 3, 1, 2, 3, 2, 2, 4]


def listed(*moves: tuple[str | None, str | None, int]) -> InvitedLists:
    """Return the lists of a company in which so many people went from one unit to another."""
    before = {
        f"{code}-{n}": code for code, size in TREE.headcounts.items() for n in range(size)
    }
    now = dict(before)
    for number, (source, target, size) in enumerate(moves):
        going = [one for one, at in now.items() if at == source and before[one] == at]
        for place in range(size):
            person = going[place] if source else f"new-{number}-{place}"
            now.pop(person, None)
            if target:
                now[person] = target
    return InvitedLists.of(frame(now), frame(before))


def frame(units: dict[str, str], role: str = "contributor") -> pl.DataFrame:
    rows = [(person, unit, role) for person, unit in units.items()]
    return pl.DataFrame(rows, schema=["person", "unit", "role"], orient="row")


def banded(*moves: tuple[str | None, str | None, int]) -> set[str]:
    return EVERY - figures_allowed(TREE, TREE, listed(*moves), k=K, among=EVERY)


def test_nobody_who_moved_hides_nothing() -> None:
    assert banded() == set()


@pytest.mark.parametrize("people", [1, 4])
def test_few_who_left_hide_the_change_of_all_groups_they_were_in(people: int) -> None:
    assert banded(("B", None, people)) >= {"B", "C", COMPANY}


def test_k_who_left_hide_nothing() -> None:
    assert banded(("B", None, K)) == set()


def test_those_who_joined_and_those_who_left_count_together() -> None:
    assert banded(("B", None, 3), (None, "B", 2)) == set()


def test_few_who_went_to_a_sister_unit_stay_in_the_unit_above() -> None:
    found = banded(("A1", "A2", 2))

    assert {"A1", "A2"} <= found
    assert not {"C", COMPANY} & found


def test_the_change_of_the_few_does_not_follow_from_the_unit_above() -> None:
    # D and B would give what is left of C: its own people, of whom two left.
    found = banded(("C", None, 2), ("B", None, 6))

    assert {"B", "D"} & found
    assert COMPANY not in found


def test_a_hidden_unit_is_not_the_sum_of_the_units_below_it() -> None:
    # Of D one person left, of its units fifteen: fourteen changed places among them.
    found = banded(("A1", "A2", 7), ("A2", "A3", 7), ("A1", None, 1))

    assert "D" in found
    assert {"A1", "A2", "A3"} & found


def test_units_that_exchanged_people_do_not_show_together_who_left() -> None:
    found = banded(("A1", "A2", 5), ("A1", None, 1))

    assert {"A1", "A2"} & found


def test_head_counts_tell_by_how_many_a_unit_grew() -> None:
    found = [
        figures_allowed(
            TREE,
            TREE,
            HeadCounts(TREE.headcounts | {"B": 30 + more}, TREE.headcounts),
            k=K,
            among=EVERY,
        )
        for more in (0, 1, K - 1, K)
    ]

    assert ["B" in shown for shown in found] == [True, False, False, True]


def test_people_of_one_role_are_counted_by_themselves() -> None:
    before = {f"p{number}": "B" for number in range(9)}
    now = dict(list(before.items())[2:])
    lists = InvitedLists.of(frame(now, "manager"), frame(before, "manager"))

    assert [lists.moved({"B"}, {"B"}, role) for role in ("manager", "contributor", "")] == [
        2,
        0,
        2,
    ]


def test_people_without_a_key_left_and_joined() -> None:
    erased = frame({"p1": "B", "p2": "B"}).with_columns(person=pl.lit(None, dtype=pl.String))

    assert InvitedLists.of(erased, frame({"p1": "B", "p2": "B"})).moved({"B"}, {"B"}) == 4


# --- through whole studies


def compared(now: dict[str, str], before: dict[str, str], *, keyed: bool = False) -> Change:
    """Return the change of a unit in which other people were invited than answered."""
    keys = [f"k{number}" for number in range(20)]
    current = wave(people("a", AFTER, keys=keys[:10]), keyed=keyed)
    earlier = wave(people("a", BEFORE, keys=keys[2:12]), keyed=keyed)
    plans = [plan_disclosure(study, k=K) for study in (current, earlier)]
    lists = InvitedLists.of(frame(now), frame(before))
    found = changes(current, plans[0], earlier, plans[1], k=K, membership=lists)
    return found[1]["a"].constructs["trust"]


INVITED = {f"p{number}": "a" for number in range(30)}


def test_without_keys_few_who_joined_or_left_are_known_from_the_lists() -> None:
    assert compared(INVITED | {"new": "a"}, INVITED) == Change(band="higher")


@pytest.mark.parametrize("keyed", [True, False])
def test_who_answered_is_of_no_account_if_it_is_known_who_was_invited(keyed: bool) -> None:
    assert compared(INVITED, INVITED, keyed=keyed).estimate is not None


def test_the_figures_of_others_do_not_depend_on_one_that_is_banded() -> None:
    tree = {"top": (None, 0), "a": ("top", 40), "b": ("top", 20)}
    alike = people("b", [3, 4, 3, 4, 3, 4])

    def adjusted(hidden: list[int]) -> float | None:
        now = wave(people("a", hidden), people("b", [4, 4, 3, 4, 4, 5]), tree=tree, keyed=False)
        before = wave(people("a", BEFORE), alike, tree=tree | {"a": ("top", 42)}, keyed=False)
        plans = [plan_disclosure(study, k=K) for study in (now, before)]
        counts = HeadCounts(now.tree.headcounts, before.tree.headcounts)
        _, units = changes(now, plans[0], before, plans[1], k=K, membership=counts)
        assert units["a"].constructs["trust"].estimate is None
        return units["b"].constructs["trust"].adjusted_p

    assert adjusted(AFTER) == adjusted(BEFORE[::-1])


def test_drift_gives_no_figures_if_few_joined_or_left() -> None:
    study = wave(people("a", AFTER))
    other = wave(people("a", BEFORE))

    found = drift(study, other, {}, {}, k=K, figures=False)

    assert found.missing is not None
    assert (found.constructs["trust"].psi, found.constructs["trust"].chance) == (None, None)
    assert (found.missing.current, found.missing.difference) == (None, None)


@pytest.mark.parametrize(("headcount", "is_shown"), [(40, True), (41, False), (45, True)])
def test_how_far_evidence_moved_is_not_told_if_few_joined_or_left(
    headcount: int, *, is_shown: bool
) -> None:
    now, before = (
        wave(people("a", AFTER), tree={"a": (None, size)}, keyed=False)
        for size in (headcount, 40)
    )
    given = {"a": with_probability("coe")}
    run = Run(
        study=now,
        plan=plan_disclosure(now, k=K),
        scores={},
        theory=Theory(anchors=()),
        thresholds=Thresholds(),
        seed=0,
        earlier=EarlierWave(before, plan_disclosure(before, k=K), given, pattern=None),
        headcounts_by_role=None,
    )

    kept = kept_since(with_probability("federated", 0.5), run, "a")

    assert kept is not None
    assert (kept.shift is not None) is is_shown


def test_without_a_list_or_head_counts_nothing_is_known() -> None:
    now, before = wave(people("a", AFTER), keyed=False), wave(people("a", BEFORE), keyed=False)

    assert compare(now, before)[1]["a"].constructs["trust"].estimate is not None
