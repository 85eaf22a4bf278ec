"""Every published number is accounted for, and the attacker uses all of them."""

from dataclasses import replace
from functools import cache
from typing import Any

import polars as pl
import pytest
from msgspec import inspect

from analytics.disclosure.suppression import _ShownNodes
from analytics.results import Analysis
from tests.attackers.accounts import REASONS, accounts, numbers, numbers_of, unknown_numbers
from tests.attackers.awkward_findings import (
    BEFORE,
    NOW,
    K,
    analysed,
    current_findings,
    earlier_findings,
    earlier_wave,
)
from tests.attackers.cells import people_behind
from tests.attackers.differencing import exposures
from tests.attackers.face_value import disagreements, slips
from tests.attackers.published import as_json


@cache
def document() -> dict[str, Any]:
    return as_json(current_findings())


def test_every_number_in_the_json_is_accounted_for() -> None:
    assert unknown_numbers(numbers(document())) == []


def test_every_number_that_a_record_could_hold_is_accounted_for() -> None:
    assert unknown_numbers(numbers_of(inspect.type_info(Analysis))) == []


def test_an_unknown_number_is_found() -> None:
    units = [{"unit": "A", "status": "reported", "mood": {"mean": 61.0}}]

    assert unknown_numbers(numbers({"units": units})) == [("units", "A", "mood", "mean")]


def test_every_reason_is_used() -> None:
    paths = list(numbers_of(inspect.type_info(Analysis)))

    unneeded = [
        pattern
        for pattern in REASONS
        if len(unknown_numbers(paths, REASONS.keys() - {pattern})) == 0
    ]
    assert unneeded == []


def test_gates_components_and_behaviours_are_accounted_for() -> None:
    told = {account.construct for account in accounts(document())}

    assert told >= {"usable_data", "audit", "speaks", "data_first", "respondents"}


def test_no_group_below_k_follows_from_a_company_with_everything() -> None:
    found = exposures(
        document(), people_behind(NOW.responses), k=K, cuts=current_findings().cuts
    )

    assert found == []


def test_no_group_below_four_follows_if_four_people_are_enough() -> None:
    findings = analysed(NOW, k=4)

    assert (
        exposures(as_json(findings), people_behind(NOW.responses), k=4, cuts=findings.cuts)
        == []
    )


def test_no_group_below_k_follows_from_the_wave_before() -> None:
    cells = people_behind(BEFORE.responses)

    assert (
        exposures(as_json(earlier_findings()), cells, k=K, cuts=earlier_findings().cuts) == []
    )


def test_a_unit_that_shrank_below_k_is_hidden_in_the_new_wave() -> None:
    """Its figures in the last wave and its division's figures now reveal nobody."""
    place = pl.int_range(pl.len()).over("unit")
    stays = (pl.col("unit") != "D3U7") | (place < 3)
    shrunk = replace(NOW, responses=NOW.responses.filter(stays))
    findings = analysed(shrunk, earlier_wave())

    found = exposures(
        as_json(findings), people_behind(shrunk.responses), k=K, cuts=findings.cuts
    )
    told = {account.unit for account in accounts(as_json(findings))}
    assert earlier_wave().plan.reports("D3U7")
    assert (found, "D3U7" in told) == ([], False)


def test_no_row_of_the_awkward_company_breaks_a_rule() -> None:
    assert slips(document(), k=5) == []


def test_its_published_counts_are_those_of_the_people_behind_them() -> None:
    assert disagreements(document(), people_behind(NOW.responses)) == []


def test_a_change_is_told_only_if_both_waves_show_the_figure() -> None:
    plans = (current_findings().plan, earlier_wave().plan)
    told = {
        (unit.unit, construct)
        for unit in current_findings().analysis.units
        if unit.change
        for construct in unit.change.constructs
    }

    assert told
    assert all(plan.shows(*place) for place in told for plan in plans)


def test_without_secondary_suppression_gates_and_components_follow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_ShownNodes, "solve", lambda self: self.shown)
    alone = replace(NOW, responses=NOW.responses.filter(pl.col("unit") != "H2"))

    found = exposures(as_json(analysed(alone)), people_behind(alone.responses), k=K)

    assert {"usable_data", "audit", "governance"} <= {each.construct for each in found}
