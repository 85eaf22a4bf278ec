from analytics.sponsorship.scope import Claims
from analytics.study.tree import UnitTree


def chain(units: int, *, sponsored: set[int]) -> Claims:
    """Return the claims of units that lie one below the other."""
    codes = [f"U{place:04}" for place in range(units)]
    parents: dict[str, str | None] = dict(zip(codes, [None, *codes], strict=False))
    return Claims(UnitTree(parents, {}), frozenset(codes[place] for place in sponsored))


def test_the_nearest_sponsors_above_speak_for_a_unit() -> None:
    claims = chain(5, sponsored={1, 3})

    assert claims.claimants("U0000") == {
        "U0001": "U0001",
        "U0002": "U0001",
        "U0003": "U0003",
        "U0004": "U0003",
    }


def test_a_group_covers_itself_if_all_of_its_units_are_ready() -> None:
    found = chain(4, sponsored=set()).cover("U0000", shown=lambda _: True, ready=lambda _: True)

    assert found == ("U0000",)


def test_the_largest_groups_below_a_unit_that_is_not_ready_are_covered() -> None:
    claims = chain(4, sponsored=set())

    found = claims.cover("U0000", shown=lambda _: True, ready=lambda unit: unit != "U0001")

    assert found == ("U0002",)


def test_a_unit_that_is_not_ready_leaves_no_group_above_it() -> None:
    claims = chain(4, sponsored=set())

    found = claims.cover("U0000", shown=lambda _: True, ready=lambda unit: unit != "U0003")

    assert found == ()


def test_a_chain_may_be_deeper_than_calls_may_nest() -> None:
    claims = chain(1200, sponsored={0})

    found = claims.cover("U0000", shown=lambda _: False, ready=lambda _: True)

    assert found == ()
    assert claims.claimants("U1199") == {"U1199": "U0000"}
