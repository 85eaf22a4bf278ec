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
from api.terminal.sponsorship import sponsorship_lines

GAP = Gap(estimate=17.0, low=12.0, high=22.0, adjusted_p=0.001)
STEP = Gap(estimate=10.0, low=2.0, high=18.0)
FLAT, UP = Surface(estimate=0.1, low=-0.2, high=0.4), Surface(estimate=0.5, low=0.2, high=0.8)


def company(**changes: Any) -> CompanySponsorship:
    facts: dict[str, Any] = {"gap": GAP, "units": 3, "selected": 1}
    return CompanySponsorship(status="reported", **(facts | changes))


def unit(estimate: float = 20.0, *, p: float = 0.01, **changes: Any) -> Sponsorship:
    gap = Gap(estimate=estimate, low=estimate - 10, high=estimate + 10, adjusted_p=p)
    return Sponsorship(status="reported", **({"gap": gap, "sponsors": 2} | changes))


def said(found: CompanySponsorship, **units: Sponsorship) -> str:
    return "\n".join(sponsorship_lines(found, units, {"A": "Sales"}))


def start(status: Any, *behaviours: str) -> Start:
    chances = {"speaks": 0.85, "uses": 0.05, "protects": 0.05, "removes": 0.05}
    return Start(status=status, basis="gap", behaviours=behaviours, probabilities=chances)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [("no_sponsor", "No sponsor agreed"), ("suppressed", "Too few people")],
)
def test_if_nothing_is_shown_one_sentence_says_why(status: Any, sentence: str) -> None:
    lines = sponsorship_lines(CompanySponsorship(status=status), {"A": unit()}, {})

    assert len(lines) == 1
    assert lines[0].startswith(sentence)


def test_the_companys_gap_has_a_side_a_size_and_an_interval() -> None:
    assert "rate themselves higher than their people do, by 17 points" in said(company())
    assert "12 to 22" in said(company())


def test_modest_sponsors_rate_themselves_lower() -> None:
    modest = Gap(estimate=-17.0, low=-22.0, high=-12.0, adjusted_p=0.001)

    assert "lower than their people do, by 17 points of 100 (95% interval 12 to 22)" in said(
        company(gap=modest)
    )


def test_a_gap_that_may_be_chance_is_not_claimed() -> None:
    chance = Gap(estimate=3.0, low=-2.0, high=8.0, adjusted_p=0.2)

    assert "no gap between claimed and felt sponsorship is shown" in said(company(gap=chance))


def test_only_units_that_stand_out_are_named_for_it() -> None:
    text = said(company(), A=unit(24.0), B=unit(9.0, p=0.4))

    assert "In 1 of 3 units the gap stands out" in text
    assert "Sales (+24)" in text
    assert "B (+9)" not in text


def test_units_are_put_in_order_only_if_gaps_are_reliable() -> None:
    units = {"A": unit(11.0), "B": unit(32.0)}

    ranked = said(company(selected=2, ranks_units=True), **units)
    unranked = said(company(selected=2), **units)

    assert "B (+32), Sales (+11)" in ranked
    assert "Sales (+11), B (+32). The gaps are not reliable enough" in unranked


def test_the_typical_gap_is_a_second_zero_line() -> None:
    typical = Gap(estimate=15.0, low=11.0, high=19.0)

    assert "The gap of a typical unit here is +15 (11 to 19)" in said(company(typical=typical))


def test_undecided_units_are_not_called_aligned() -> None:
    text = said(company(), A=unit(alignment="inconclusive"), B=unit(alignment="aligned"))

    assert "agree to within half a step of five: B." in text
    assert "For 1 unit neither a gap nor agreement is shown" in text


def test_a_blind_spot_is_named_with_its_probability() -> None:
    blind = unit(quadrant="blind_spot", quadrant_probabilities={"blind_spot": 0.83})

    assert "Sales (83%)" in said(company(), A=blind)


def test_steps_at_which_the_message_gets_lost_are_counted() -> None:
    cascade = Cascade(
        sponsors_to_managers=STEP,
        managers_to_contributors=STEP,
        first_is_larger=0.9,
        lost_between="sponsors_and_managers",
    )

    assert "between sponsors and managers in 1," in said(company(), A=unit(cascade=cascade))


def test_the_companys_larger_step_is_named_with_both_figures() -> None:
    lost = Cascade(
        sponsors_to_managers=STEP,
        managers_to_contributors=GAP,
        first_is_larger=0.1,
        lost_between="managers_and_contributors",
    )

    text = said(company(cascade=lost))

    assert "mostly between managers and contributors" in text
    assert "Sponsors to managers +10 (2 to 18), managers to contributors +17 (12 to 22)" in text


def test_one_persons_self_view_is_called_so() -> None:
    assert "In 1 unit the claim is one person's self-view" in said(
        company(), A=unit(sponsors=1)
    )


def test_a_behaviour_to_start_with_comes_with_what_it_looks_like() -> None:
    text = said(company(), A=unit(start=start("identified", "speaks")))

    assert 'Start with "Speaks for AI" in Sales (85%). Say in the unit\'s own meeting' in text


def test_units_if_it_cannot_be_told_are_counted() -> None:
    text = said(
        company(), A=unit(start=start("cannot_tell")), B=unit(start=start("tied", "uses"))
    )

    assert "For 2 units it cannot be told" in text


def test_a_surface_says_what_goes_together_and_never_why() -> None:
    surface = ResponseSurface(units=60, r_squared=0.3, a1=UP, a2=FLAT, a3=FLAT, a4=FLAT)

    text = said(company(surface=surface))

    assert "claimed and felt goes together with more value" in text
    assert "beyond what is felt" not in text
    assert "cause" not in text


def test_a_flat_surface_is_called_flat() -> None:
    surface = ResponseSurface(units=60, r_squared=0.01, a1=FLAT, a2=FLAT, a3=FLAT, a4=FLAT)

    assert "neither agreement nor a gap goes together with value" in said(
        company(surface=surface)
    )


def test_a_long_list_of_units_is_cut_short() -> None:
    units = {f"U{place}": unit() for place in range(8)}

    assert "and 3 more" in said(company(units=8, selected=8), **units)


def test_brackets_in_codes_are_only_brackets() -> None:
    lines = sponsorship_lines(company(), {"[bold]": unit()}, {})

    assert "\\[bold]" in "\n".join(lines)
