"""The group and the construct that every number in the JSON of an analysis describes.

The attacker treats every number about a group (a unit and all below it, in some roles) as the
sum over the group: a level, its interval, a share, a test, a derived probability. Numbers that
describe no group below the company are listed with the reason. A number in neither list is
unknown, and an unknown number is a failure.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, Literal

from msgspec import inspect

from tests.attackers.cells import (
    COMPONENTS,
    GOVERNANCE,
    RESPONDENTS,
    SPONSORSHIP,
)

__all__ = ["REASONS", "Account", "accounts", "numbers", "numbers_of", "unknown_numbers"]

Path = tuple[str, ...]
Who = Literal["all", "managers", "contributors", "perceivers"]
"""``perceivers``: the people with whom a sponsor is compared in this unit."""

_NAMES = ("unit", "gate", "construct", "phase", "key", "model")


@dataclass(frozen=True)
class Account:
    """A construct whose mean among some people of a unit a number reveals."""

    unit: str
    construct: str
    who: Who


_UNIT: dict[str, tuple[str, Who]] = {
    "respondents": (RESPONDENTS, "all"),
    "responseRate": (RESPONDENTS, "all"),
    "scores/<name>/*": ("<name>", "all"),
    "constraint/probabilities/<name>": ("<name>", "all"),
    "constraint/distance/*": ("<root causes>", "all"),
    "governance/components/<name>/*": ("<name>", "all"),
    "governance/distance/*": ("<governance>", "all"),
    "practices/practices/<name>/*": ("<name>", "all"),
    "quality/scores/<name>/*": ("<name>", "all"),
    "participation/everyone/*": (RESPONDENTS, "all"),
    "participation/managers/*": (RESPONDENTS, "managers"),
    "participation/contributors/*": (RESPONDENTS, "contributors"),
    "readiness/phases/*/gates/<name>/*": ("<name>", "all"),
    "readiness/phases/*/probability": ("<gates>", "all"),
    "recommendation/reasons/<name>/weight": ("<name>", "all"),
    "recommendation/wouldChange/<name>/*": ("<name>", "all"),
    "recommendation/prerequisites/<name>/*": ("<name>", "all"),
    "change/constructs/<name>/split/*": ("<name>", "managers"),
    "change/constructs/<name>/*": ("<name>", "all"),
    "sponsorship/managers": (SPONSORSHIP, "managers"),
    "sponsorship/contributors": (SPONSORSHIP, "contributors"),
    "sponsorship/perceived": (SPONSORSHIP, "all"),
    "sponsorship/cascade/*": (SPONSORSHIP, "managers"),
    "sponsorship/managersQuadrantProbabilities/*": (SPONSORSHIP, "managers"),
    "sponsorship/gap/*": (SPONSORSHIP, "perceivers"),
    "sponsorship/standardised/*": (SPONSORSHIP, "perceivers"),
    "sponsorship/dominance/*": (SPONSORSHIP, "perceivers"),
    "sponsorship/favourable/*": (SPONSORSHIP, "perceivers"),
    "sponsorship/quadrantProbabilities/*": (SPONSORSHIP, "perceivers"),
    "sponsorship/behaviours/<name>/managers": ("<name>", "managers"),
    "sponsorship/behaviours/<name>/sponsorsToManagers/*": ("<name>", "managers"),
    "sponsorship/behaviours/<name>/managersToContributors/*": ("<name>", "managers"),
    "sponsorship/behaviours/<name>/contributors": ("<name>", "contributors"),
    "sponsorship/behaviours/<name>/perceived": ("<name>", "all"),
    "sponsorship/behaviours/<name>/*": ("<name>", "perceivers"),
    "sponsorship/start/probabilities/<name>": ("<name>", "perceivers"),
}
"""Pattern of a path below a unit to construct and group. The first matching pattern counts."""

_MIXTURE = "from the mixture, which learns from everybody (method.md 7), and from nine means"
_SPONSOR = "a sponsor's own answer, shown by consent (privacy.md)"
_CONTENT = "content of the data files or the tree, independent of the answers"
_WEIGHTS = "from head-counts and groups that are shown (analytics/participation/cells.py)"

REASONS: dict[str, str] = {
    "lineage/thresholds/*": _CONTENT,
    "lineage/seed": _CONTENT,
    "lineage/responsesRead": "rows of the file, including sponsors and empty rows",
    "lineage/sponsors": "number of sponsors who consented; they belong to no cell",
    "lineage/responsesUsed": "see figures.py: without the sponsors it counts everybody",
    "organisation/*": _MIXTURE,
    "portfolio/*": "counts and chances of recommendations that units show",
    "constraint/*": "about everybody in the company; the company's totals are always shown",
    "change/*": "about everybody in the company in two waves, or counts of shown verdicts",
    "drift/*": "about everybody in the company in two waves, or counts of shown verdicts",
    "drivers/levels/*": "over the topmost shown units: a sum of groups that are shown",
    "drivers/within/*": "over people of units that show every construct, not per unit",
    "drivers/between/*": "over means of units that show every construct",
    "drivers/resamples": _CONTENT,
    "quality/scales/*/aggregation/*": "over means and spreads of shown units only",
    "quality/scales/*/reliability/*": "correlations among everybody in the company",
    "quality/screening/*": "over everybody in the company, k or more in both groups",
    "participation/everyone/*": "see figures.py: the count of everybody",
    "participation/unitsWithWarnings": "a count of shown units",
    "participation/weighted/*": _WEIGHTS,
    "sponsorship/*": "over the topmost shown units, or over units that show a gap",
    "units/*/constraint/importance/*": "repeats the company's drivers",
    "units/*/participation/weighted/*": _WEIGHTS,
    "units/*/recommendation/probabilities/*": _MIXTURE,
    "units/*/recommendation/conditional/*": _MIXTURE,
    "units/*/recommendation/odds/*": _MIXTURE,
    "units/*/recommendation/withMoreAnswers/*": _MIXTURE,
    "units/*/recommendation/moreAnswers": _MIXTURE,
    "units/*/recommendation/silhouette": _MIXTURE,
    "units/*/recommendation/stability": _MIXTURE,
    "units/*/recommendation/sinceLastWave/shift": _MIXTURE,
    "units/*/sponsorship/sponsors": _SPONSOR,
    "units/*/sponsorship/claimed": _SPONSOR,
    "units/*/readiness/threshold": _CONTENT,
    "units/*/readiness/phases/*/number": _CONTENT,
    "units/*/readiness/phases/*/firstWeek": _CONTENT,
    "units/*/readiness/phases/*/lastWeek": _CONTENT,
    "units/*/practices/threshold": _CONTENT,
}
"""Pattern of numbers that describe no group below the company, to the reason."""


def numbers(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the path of every number in a document."""
    if isinstance(value, dict):
        for key, held in value.items():
            yield from numbers(held, (*path, key))
    elif isinstance(value, list):
        for place, held in enumerate(value):
            yield from numbers(held, (*path, _name(held, place)))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path


def _name(held: Any, place: int) -> str:
    if isinstance(held, dict):
        return next((str(held[name]) for name in _NAMES if name in held), str(place))
    return str(place)


def _fits(path: Sequence[str], pattern: str) -> bool:
    """Return whether a path matches a pattern; a final star matches any number of steps."""
    steps = pattern.replace("<name>", "*").split("/")
    if steps[-1] == "*" and len(path) > len(steps):
        path = path[: len(steps)]
    return len(path) == len(steps) and all(map(fnmatchcase, path, steps))


def accounts(result: dict[str, Any]) -> set[Account]:
    """Return everything that the numbers of a document reveal about units."""
    rows = {row["unit"]: row for row in result["units"]}
    found: set[Account] = set()
    for path in numbers(result):
        if path[0] == "units":
            found |= _accounts_of(path[2:], rows[path[1]])
    return found


@cache
def _pattern(path: Path) -> str | None:
    """Return the first pattern that matches a path below a unit."""
    return next((pattern for pattern in _UNIT if _fits(path, pattern)), None)


def _accounts_of(path: Path, row: dict[str, Any]) -> set[Account]:
    pattern = _pattern(path)
    if pattern is None:
        return set()
    construct, who = _UNIT[pattern]
    named = _constructs(construct, path, pattern, row)
    return {Account(row["unit"], name, who) for name in named}


def _constructs(construct: str, path: Path, pattern: str, row: dict[str, Any]) -> set[str]:
    """Return the construct named on the path, or all constructs of a comparison."""
    if construct == "<name>":
        return {path[pattern.split("/").index("<name>")]}
    if construct == "<root causes>":
        return set(row["constraint"].get("probabilities", ()))
    if construct == "<governance>":
        return {GOVERNANCE, *COMPONENTS}
    if construct == "<gates>":
        return {
            gate["gate"]
            for phase in row["readiness"]["phases"]
            for gate in phase["gates"]
            if "mean" in gate
        }
    return {construct}


def numbers_of(shape: inspect.Type, path: Path = ()) -> Iterator[Path]:
    """Yield the path of every number in a type of record; a star is any key or position."""
    if isinstance(shape, inspect.IntType | inspect.FloatType):
        yield path
    elif isinstance(shape, inspect.StructType):
        for field in shape.fields:
            yield from numbers_of(field.type, (*path, field.encode_name))
    elif isinstance(shape, inspect.UnionType):
        for one in shape.types:
            yield from numbers_of(one, path)
    elif isinstance(shape, inspect.DictType):
        yield from numbers_of(shape.value_type, (*path, "*"))
    elif isinstance(shape, inspect.VarTupleType):
        yield from numbers_of(shape.item_type, (*path, "*"))


def unknown_numbers(
    paths: Iterable[Path], reasons: Collection[str] = REASONS.keys()
) -> list[Path]:
    """Return the numbers that match neither a pattern of a unit nor a reason."""
    return [
        path
        for path in paths
        if not any(_fits(path, pattern) for pattern in reasons)
        and not (path[0] == "units" and _pattern(path[2:]))
    ]
