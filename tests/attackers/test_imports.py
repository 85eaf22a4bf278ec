"""The attacker who imports rows and subtracts them: only the invited people are unknown."""

from functools import cache

import numpy as np
import polars as pl
import pytest

from analytics.analysis import Findings, analyse
from analytics.results import Thresholds
from analytics.study.study import Study
from seed.content import standard_instrument, theory
from tests.attackers.awkward_findings import NOW, K
from tests.attackers.cells import people_unknown
from tests.attackers.differencing import Exposure, exposures
from tests.attackers.published import as_json, moved, published
from tests.benchmarks.simulator import SCENARIOS, simulate
from tests.data import DATA

INSTRUMENT = standard_instrument().measures()
Company = tuple[pl.DataFrame, pl.DataFrame]
"""Responses with the column ``imported``, and units."""


@cache
def company(name: str) -> Company:
    if name == "awkward":
        return NOW.responses.drop("submitted_on"), NOW.units
    units = pl.read_csv(DATA / name / "units.csv").select("code", "parent_code", "headcount")
    return pl.read_csv(DATA / name / "responses.csv"), units


def mixed(name: str, share: float = 0.4) -> Company:
    """Return a company of which some people were imported, by lot."""
    people, units = company(name)
    drawn = np.random.default_rng(5).random(people.height) < share
    return people.with_columns(imported=pl.Series(drawn)), units


def one_among_invented_rows(name: str) -> tuple[Company, str]:
    """Return a company with one invited person beside four invented rows, and their unit."""
    people, units = company(name)
    parents = set(units["parent_code"])
    unit = max(code for code in people["unit"] if code not in parents)
    place = pl.int_range(pl.len()).over("unit", "role")
    staff = pl.col("role") == "contributor"
    stays = (pl.col("unit") != unit) | (staff & (place < 5))
    invented = (pl.col("unit") == unit) & (place > 0)
    return (people.filter(stays).with_columns(imported=invented), units), unit


def analysed(of: Company, k: int = K) -> Findings:
    people, units = of
    return analyse(people, INSTRUMENT, theory(), units=units, thresholds=Thresholds(scores=k))


def attacked(of: Company, *, imported: bool = False, k: int = K) -> list[Exposure]:
    """Attack the invited people, or the imported ones, of whom the attacker knows nothing."""
    findings = analysed(of, k)
    unknown = people_unknown(of[0], imported=imported)
    return exposures(as_json(findings), unknown, k=k, cuts=findings.cuts)


def without_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    everyone = property(lambda study: (np.ones(study.people.height, dtype=np.bool_),))
    monkeypatch.setattr(Study, "parts", everyone)


@pytest.mark.parametrize("name", ["awkward", "company-north", "company-south"])
def test_four_invented_rows_do_not_expose_one_invited_person(name: str) -> None:
    of, _ = one_among_invented_rows(name)

    assert attacked(of) == []


@pytest.mark.parametrize("name", ["awkward", "company-north"])
def test_they_do_if_only_the_total_counts(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    of, unit = one_among_invented_rows(name)
    without_parts(monkeypatch)

    found = attacked(of)

    exposed = {each.construct for each in found if each.cells == ((unit, "contributor"),)}
    assert len(exposed) > 9
    assert {each.people for each in found if each.cells == ((unit, "contributor"),)} == {1}


@pytest.mark.parametrize("imported", [False, True])
@pytest.mark.parametrize("name", ["awkward", "company-north", "company-south"])
def test_neither_part_of_a_mixed_company_follows(name: str, imported: bool) -> None:
    assert attacked(mixed(name), imported=imported) == []


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ["tiny_units", "long_tail"])
def test_neither_part_of_a_simulated_company_follows(
    scenario: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp(scenario)
    simulate(SCENARIOS[scenario], units=24, seed=106).write(path)
    people = pl.read_csv(path / "responses.csv", infer_schema_length=None)
    units = pl.read_csv(path / "units.csv").select("code", "parent_code", "headcount")
    drawn = np.random.default_rng(6).random(people.height) < 0.5

    of = people.with_columns(imported=pl.Series(drawn)), units

    assert [attacked(of, imported=part) for part in (False, True)] == [[], []]


@pytest.mark.parametrize("name", ["awkward", "company-north"])
def test_parts_of_a_mixed_company_follow_if_only_the_total_counts(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_parts(monkeypatch)

    assert attacked(mixed(name, 0.15), imported=True)


def test_an_imported_part_of_the_whole_company_is_shown_in_full() -> None:
    people, units = company("company-north")

    of_file = analysed((people, units))
    imported = analysed((people.with_columns(imported=pl.lit(value=True)), units))

    assert published(imported) == published(of_file)


def few_among_imported(answer: int) -> Company:
    """Return a company of imported rows and two invited people who always answer the same."""
    people, units = company("awkward")
    invited = (pl.col("unit") == "D2U1") & (pl.int_range(pl.len()).over("unit") < 2)
    items = [name for name in people.columns if name in set(standard_instrument().item_keys)]
    place = {name: (number + answer) % 5 + 1 for number, name in enumerate(items)}
    said = [pl.when(invited).then(place[n]).otherwise(n).alias(n) for n in items]
    return people.with_columns(*said, imported=~invited), units


def test_the_answers_of_two_invited_people_among_imported_rows_leave_no_trace() -> None:
    found = [published(analysed(few_among_imported(answer))) for answer in (0, 2)]

    assert moved(*found) == set()


def test_they_would_if_only_the_total_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    without_parts(monkeypatch)

    found = [published(analysed(few_among_imported(answer))) for answer in (0, 2)]

    reliability = {path for path in moved(*found) if "reliability" in path}
    assert reliability
