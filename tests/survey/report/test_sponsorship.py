"""What a director reads of sponsorship."""

from typing import Any

import pytest

from analytics.results import Gap, Sponsorship
from analytics.results.sponsorship import (
    Cascade,
    CompanySponsorship,
    ResponseSurface,
    Start,
    Surface,
)
from seed.content import vocabulary
from survey.report.document import Count, Hidden, Intervals, Points, Table, UnitName
from survey.report.sponsorship import sponsorship_section
from tests.survey.report.findings import unit
from tests.survey.report.reading import keys, part_of, said, spoken

GAP = Gap(estimate=17.0, low=12.0, high=22.0, adjusted_p=0.001)
STEP = Gap(estimate=10.0, low=2.0, high=18.0)
FLAT, UP = Surface(estimate=0.1, low=-0.2, high=0.4), Surface(estimate=0.5, low=0.2, high=0.8)


def company(**changes: Any) -> CompanySponsorship:
    facts: dict[str, Any] = {"gap": GAP, "units": 3, "selected": 1}
    return CompanySponsorship(status="reported", **(facts | changes))


def shown(estimate: float = 20.0, *, p: float = 0.01, **changes: Any) -> Sponsorship:
    gap = Gap(estimate=estimate, low=estimate - 10, high=estimate + 10, adjusted_p=p)
    return Sponsorship(status="reported", **({"gap": gap, "sponsors": 2} | changes))


def section(found: CompanySponsorship, **units: Sponsorship) -> Any:
    listed = [unit(code, sponsorship=one) for code, one in units.items()]
    return sponsorship_section(found, listed, vocabulary())


def start(status: Any, *behaviours: str) -> Start:
    chances = {"speaks": 0.85, "uses": 0.05, "protects": 0.05, "removes": 0.05}
    return Start(status=status, basis="gap", behaviours=behaviours, probabilities=chances)


@pytest.mark.parametrize(
    ("status", "key"),
    [("no_sponsor", "sponsorship.no_sponsor"), ("suppressed", "sponsorship.too_few")],
)
def test_where_nothing_is_shown_one_sentence_says_why(status: Any, key: str) -> None:
    found = section(CompanySponsorship(status=status), A=shown())

    assert keys(found) == {"sponsorship.title", key}


def test_the_companys_gap_has_a_side_a_size_and_an_interval() -> None:
    assert spoken(section(company())).startswith(
        "Sponsors rate their own sponsorship 17 points of 100 higher than their people do "
        "(12 to 22)."
    )


def test_modest_sponsors_rate_themselves_lower() -> None:
    modest = Gap(estimate=-17.0, low=-22.0, high=-12.0, adjusted_p=0.001)

    assert "17 points of 100 lower than their people do (12 to 22)" in spoken(
        section(company(gap=modest))
    )


def test_a_gap_that_may_be_chance_is_not_claimed() -> None:
    chance = Gap(estimate=3.0, low=-2.0, high=8.0, adjusted_p=0.2)

    assert "sponsorship.no_gap" in keys(section(company(gap=chance)))


def test_only_units_whose_gap_is_certain_are_named_for_it() -> None:
    figures = said(
        section(company(), A=shown(24.0), B=shown(9.0, p=0.4)), "sponsorship.certain"
    )

    assert figures["count"] == Count(1)
    assert [one.arguments["name"] for one in figures["units"].items] == [UnitName("A")]


def test_units_are_put_in_order_only_where_gaps_are_reliable() -> None:
    units = {"A": shown(11.0), "B": shown(32.0)}

    ranked = section(company(selected=2, ranks_units=True), **units)
    unranked = section(company(selected=2), **units)

    assert [
        one.arguments["figure"].value
        for one in said(ranked, "sponsorship.certain.ranked")["units"].items
    ] == [32.0, 11.0]
    assert "too unreliable to rank" in spoken(unranked)


def test_the_typical_gap_is_a_second_zero_line() -> None:
    typical = Gap(estimate=15.0, low=11.0, high=19.0)
    found = section(company(typical=typical), A=shown())

    assert "The gap of a typical unit here is +15 (+11 to +19)" in spoken(found)
    assert part_of(found, Intervals).reference == 15.0


def test_undecided_units_are_not_called_aligned() -> None:
    found = section(company(), A=shown(alignment="inconclusive"), B=shown(alignment="aligned"))

    assert said(found, "sponsorship.aligned")["units"].items == (UnitName("B"),)
    assert said(found, "sponsorship.open")["count"] == Count(1)


def test_a_blind_spot_is_named_with_its_probability() -> None:
    blind = shown(quadrant="blind_spot", quadrant_probabilities={"blind_spot": 0.83})

    assert "Sales (83%)" in spoken(section(company(), A=blind))


def test_steps_at_which_it_gets_lost_are_counted() -> None:
    cascade = Cascade(
        sponsors_to_managers=STEP,
        managers_to_contributors=STEP,
        first_is_larger=0.9,
        lost_between="sponsors_and_managers",
    )

    figures = said(section(company(), A=shown(cascade=cascade)), "sponsorship.lost_in_units")

    assert (figures["above"], figures["below"], figures["rest"]) == (
        Count(1),
        Count(0),
        Count(0),
    )


def test_the_companys_larger_step_is_named_with_both_figures() -> None:
    lost = Cascade(
        sponsors_to_managers=STEP,
        managers_to_contributors=GAP,
        first_is_larger=0.1,
        lost_between="managers_and_contributors",
    )

    assert (
        "Most of it gets lost between managers and contributors: +17 (+12 to +22), against "
        "+10 (+2 to +18) between sponsors and managers."
    ) in spoken(section(company(cascade=lost)))


def test_one_persons_view_is_called_so() -> None:
    assert said(section(company(), A=shown(sponsors=1)), "sponsorship.single") == {
        "count": Count(1)
    }


def test_a_behaviour_to_start_with_comes_with_what_it_looks_like() -> None:
    text = spoken(section(company(), A=shown(start=start("identified", "speaks"))))

    assert "Start with “Speaks for AI” in Sales (85%).\nSay in the unit's own meeting" in text


def test_units_where_it_cannot_be_told_are_counted() -> None:
    found = section(
        company(), A=shown(start=start("cannot_tell")), B=shown(start=start("tied", "uses"))
    )

    assert said(found, "sponsorship.start_open")["count"] == Count(2)


def test_a_surface_says_what_goes_together_and_never_why() -> None:
    surface = ResponseSurface(units=60, r_squared=0.3, a1=UP, a2=FLAT, a3=FLAT, a4=FLAT)
    found = section(company(surface=surface))

    assert said(found, "surface")["told"].items[0].key == "surface.agreement.more"
    assert "cause" not in spoken(found)


def test_a_flat_surface_is_called_flat() -> None:
    surface = ResponseSurface(units=60, r_squared=0.01, a1=FLAT, a2=FLAT, a3=FLAT, a4=FLAT)

    assert "surface.neither" in keys(section(company(surface=surface)))


def test_a_long_list_of_units_is_cut_short() -> None:
    units = {f"U{place}": shown() for place in range(8)}

    assert "and 2 more" in spoken(section(company(units=8, selected=8), **units))


def test_every_gap_is_in_the_table_with_its_interval() -> None:
    (row,) = part_of(section(company(), A=shown(quadrant="visible_sponsor")), Table).rows

    assert row.cells[:2] == (UnitName("A"), Points(20.0, signed=True))
    assert row.cells[3].key == "quadrant.visible_sponsor"


def test_a_quadrant_that_is_not_shown_is_hidden_and_not_empty() -> None:
    (row,) = part_of(section(company(), A=shown()), Table).rows

    assert isinstance(row.cells[3], Hidden)


def test_a_typical_gap_below_zero_is_not_explained_by_people_who_rate_themselves_higher() -> (
    None
):
    above, below = (Gap(estimate=one, low=one - 9, high=one + 9) for one in (15.0, -7.0))

    assert "sponsorship.typical.higher" in keys(section(company(typical=above)))
    assert "sponsorship.typical" in keys(section(company(typical=below)))


def test_units_are_counted_without_the_parents_above_them() -> None:
    """Otherwise 26 of 20 units would lack a gap."""
    open_ = shown(alignment="inconclusive", sponsors=1, start=start("tied"))
    parent = unit("P", sponsorship=open_)
    child = unit("A", parent="P", sponsorship=open_)
    found = sponsorship_section(company(), [parent, child], vocabulary())

    counted = ("sponsorship.open", "sponsorship.single", "sponsorship.start_open")
    assert [said(found, key)["count"] for key in counted] == [Count(1)] * 3


def test_a_parent_is_not_listed_among_the_units_that_have_a_start() -> None:
    known = shown(start=start("identified", "speaks"))
    listed = [unit("P", sponsorship=known), unit("A", parent="P", sponsorship=known)]
    found = sponsorship_section(company(), listed, vocabulary())

    (named,) = said(found, "sponsorship.start")["units"].items
    assert named.arguments["name"] == UnitName("A")
