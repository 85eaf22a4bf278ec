"""What rests on a model says so: no probability reaches a reader without its basis."""

import ast
from collections.abc import Iterator
from typing import Any, get_args

import msgspec
import pytest

from analytics.results import Analysis
from analytics.results.constraint import Constraint
from analytics.results.record import ModelBased
from tests.architecture.tracked import ROOT

RESULTS = ROOT / "analytics" / "results"


def records_with_probabilities() -> set[str]:
    """Return the records that hold one, by what their fields are called or said to be."""
    return {
        node.name
        for file in RESULTS.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ClassDef) and "probabilit" in words_of(node)
    }


def words_of(record: ast.ClassDef) -> str:
    fields = [one.target.id for one in record.body if isinstance(one, ast.AnnAssign)]
    said = [
        str(one.value.value)
        for one in record.body
        if isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant)
    ]
    return " ".join([*fields, *said]).lower()


def paths(
    kind: type[Any], above: tuple[type[Any], ...] = ()
) -> Iterator[tuple[type[Any], ...]]:
    """Yield every record of a result below those that it stands in."""
    yield (*above, kind)
    for field in msgspec.structs.fields(kind):
        for part in structs_in(field.type):
            yield from paths(part, (*above, kind))


def structs_in(kind: Any) -> Iterator[type[Any]]:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield kind
    for part in getattr(kind, "__args__", ()):
        yield from structs_in(part)


def names_its_basis(record: type[Any]) -> bool:
    """Tell whether a record always has a basis, or has one whenever it has probabilities."""
    types = {field.name: field.type for field in msgspec.structs.fields(record)}
    return issubclass(record, ModelBased) or "model" in get_args_of_union(types.get("basis"))


def get_args_of_union(kind: Any) -> tuple[Any, ...]:
    return tuple(value for part in get_args(kind) for value in get_args(part))


PATHS = [path for path in paths(Analysis) if path[-1].__name__ in records_with_probabilities()]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: ".".join(x.__name__ for x in path))
def test_every_probability_stands_in_a_record_that_names_its_basis(
    path: tuple[type[Any], ...],
) -> None:
    assert any(map(names_its_basis, path))


def test_the_basis_is_on_the_wire() -> None:
    found = Constraint(status="insufficient_evidence", dimensions=())

    assert msgspec.to_builtins(found)["basis"] == "model"


def test_a_release_made_before_the_basis_was_named_is_read() -> None:
    stored = b'{"status": "insufficient_evidence", "dimensions": []}'

    assert msgspec.json.decode(stored, type=Constraint) == Constraint(
        status="insufficient_evidence", dimensions=()
    )
