"""Groups of k to 2k - 1 people who agree wholly on a construct."""

from functools import cache
from typing import Any

import polars as pl
import pytest

from analytics.analysis import Findings, analyse
from analytics.disclosure import suppression
from analytics.quality import unit_agreement
from analytics.results import Thresholds
from seed.content import standard_instrument, theory
from tests.attackers.alike import agreeing_groups, declared_equal
from tests.attackers.awkward_company import HIDDEN
from tests.attackers.awkward_findings import NOW, K
from tests.attackers.published import as_json
from tests.data import DATA

INSTRUMENT = standard_instrument().measures()
SMALL = "small"
"""A unit of seven people in each company."""


@cache
def company(name: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return responses and units; one unit of seven people is added below the first parent."""
    if name == "awkward":
        people, units = NOW.responses, NOW.units
    else:
        people = pl.read_csv(DATA / name / "responses.csv")
        units = pl.read_csv(DATA / name / "units.csv").select(
            "code", "parent_code", "headcount"
        )
    parent = units.filter(pl.col("parent_code").is_not_null())["parent_code"].sort()[0]
    added = people.filter(pl.col("role") == "contributor").head(7)
    row = pl.DataFrame([(SMALL, parent, 12)], schema=units.schema, orient="row")
    return people.vstack(added.with_columns(unit=pl.lit(SMALL))), units.vstack(row)


def alike(people: pl.DataFrame, chosen: pl.Expr, *prefixes: str) -> pl.DataFrame:
    """Give chosen people the same answers to the items of some constructs."""
    items = [name for name in people.columns if name.startswith(prefixes)]
    return people.with_columns(
        pl.when(chosen).then(pl.lit(4).cast(people[name].dtype)).otherwise(name).alias(name)
        for name in items
    )


def analysed(people: pl.DataFrame, units: pl.DataFrame) -> Findings:
    return analyse(people, INSTRUMENT, theory(), units=units, thresholds=Thresholds(scores=K))


def attacked(people: pl.DataFrame, units: pl.DataFrame) -> list[tuple[str, frozenset[str]]]:
    """Return construct and units of each group that agrees wholly and follows."""
    findings = analysed(people, units)
    found = agreeing_groups(as_json(findings), people, k=K, cuts=findings.cuts)
    return [(each.construct, frozenset(unit for unit, _ in each.cells)) for each in found]


def without_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suppression, "agree_wholly", lambda people, **_: people[..., 0] < 0)


IN_SMALL = pl.col("unit") == SMALL


@pytest.mark.parametrize("name", ["awkward", "company-north", "company-south"])
def test_a_unit_that_agrees_wholly_does_not_follow(name: str) -> None:
    people, units = company(name)

    assert attacked(alike(people, IN_SMALL, "governance", "value_realised"), units) == []


@pytest.mark.parametrize("name", ["awkward", "company-north"])
def test_without_the_rule_it_does(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    people, units = company(name)
    without_the_rule(monkeypatch)

    found = attacked(alike(people, IN_SMALL, "governance", "value_realised"), units)

    assert {construct for construct, _ in found} >= {"governance", "audit"}


def test_managers_who_agree_wholly_follow_without_the_rule_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people, units = company("awkward")
    managers = (pl.col("unit") == "V1") & (pl.col("role") == "manager")
    agreed = alike(people, managers, "executive_sponsorship")

    safe = attacked(agreed, units)
    without_the_rule(monkeypatch)
    unsafe = attacked(agreed, units)

    assert safe == []
    assert ("executive_sponsorship", frozenset({"V1"})) in unsafe


def test_two_hidden_units_that_agree_wholly_follow_without_the_rule_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Seven people are what a division has less its shown units."""
    people, units = company("awkward")
    agreed = alike(people, pl.col("unit").is_in(HIDDEN), "governance")

    safe = attacked(agreed, units)
    without_the_rule(monkeypatch)
    unsafe = attacked(agreed, units)

    assert safe == []
    assert ("governance", frozenset(HIDDEN)) in unsafe


def some_incomplete() -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return a company in which only those agree who answered every item, and these people."""
    people, units = company("awkward")
    agreed = alike(people, IN_SMALL, "data_readiness")
    place = pl.int_range(pl.len()).over("unit")
    agreed = agreed.with_columns(
        data_readiness_1=pl.when(IN_SMALL & (place < 2))
        .then(None)
        .otherwise("data_readiness_1"),
        data_readiness_2=pl.when(IN_SMALL & (place < 2)).then(1).otherwise("data_readiness_2"),
    )
    complete = pl.DataFrame({"unit": [SMALL], "construct": ["data_readiness"], "n": [5]})
    return agreed, units, complete


def declared(people: pl.DataFrame, units: pl.DataFrame, complete: pl.DataFrame) -> list[str]:
    document: dict[str, Any] = as_json(analysed(people, units))
    small = [row for row in document["units"] if row["unit"] == SMALL]
    scores = {
        key: s for key, s in small[0]["quality"]["scores"].items() if key == "data_readiness"
    }
    small[0]["quality"]["scores"] = scores
    return declared_equal({"units": small}, complete, k=K)


def test_no_statistic_declares_a_few_people_equal() -> None:
    assert declared(*some_incomplete()) == []


def test_agreement_would(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        unit_agreement, "_tells_nobody", lambda counts, **_: counts[:, 0].sum(axis=-1) >= 0
    )

    assert declared(*some_incomplete()) == [f"{SMALL} data_readiness: full agreement"]
