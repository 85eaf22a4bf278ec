"""Every member, parameter and header is described, with its unit and its values."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from analytics.results import Recommendation
from analytics.results.diagnosis import Prerequisite
from api.description.bodies import schemas_of
from api.http.application import Application
from api.schemas.releases import ConstraintRead
from api.schemas.wire import Page
from survey.access.keys import KeyView
from survey.campaigns.head_counts import UnitHeadCounts
from survey.instruments.definition import InstrumentDefinition
from survey.releases.pages import ScoreView
from tests.api.callers import description

UNIT = re.compile(
    r"points|share|0 to 1|-1 to 1|probability|log-odds|logarithm|p-value|index|correlation"
    r"|standard errors|1 is all the way|at most 1|without unit|number of|r_wg|R²|ICC"
    r"|on the scale|unit is that|same unit|that interval|upper end of it",
    re.IGNORECASE,
)
"""What says the unit of a figure."""


@pytest.fixture
def document(app: Application) -> dict[str, Any]:
    """Give the description."""
    return description(app)


def members(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every property of every schema, by a name that finds it."""
    for name, schema in document["components"]["schemas"].items():
        yield from within(name, schema)


def within(name: str, schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for member, found in schema.get("properties", {}).items():
        yield f"{name}.{member}", found
        yield from within(f"{name}.{member}", found)
    for part in ("items", "additionalProperties"):
        if isinstance(schema.get(part), dict):
            yield from within(name, schema[part])


def values(node: Any) -> Iterator[Any]:
    """Yield the words that a schema allows."""
    if isinstance(node, dict):
        yield from node.get("enum", ())
        for part in node.values():
            yield from values(part)
    elif isinstance(node, list):
        for part in node:
            yield from values(part)


def is_figure(node: Any) -> bool:
    return isinstance(node, dict) and (
        node.get("type") == "number"
        or any(map(is_figure, node.get("anyOf", ())))
        or any(is_figure(node.get(part)) for part in ("items", "additionalProperties"))
    )


def test_every_member_is_described(document: dict[str, Any]) -> None:
    silent = [name for name, member in members(document) if not member.get("description")]

    assert silent == [], "write a string below these fields"


def test_every_word_that_a_member_may_be_is_explained(document: dict[str, Any]) -> None:
    unexplained = [
        (name, word)
        for name, member in members(document)
        for word in values({key: part for key, part in member.items() if key != "properties"})
        if f"`{word}`" not in member["description"]
    ]

    assert unexplained == []


def test_every_figure_has_a_unit(document: dict[str, Any]) -> None:
    unitless = [
        (name, member["description"])
        for name, member in members(document)
        if is_figure(member) and not UNIT.search(member["description"])
    ]

    assert unitless == []


def test_a_description_speaks_of_json_and_not_of_python(document: dict[str, Any]) -> None:
    foreign = [
        (name, member["description"])
        for name, member in members(document)
        if re.search(r"\bNone\b|``", member["description"])
    ]

    assert foreign == []


def test_every_parameter_and_every_header_is_described(document: dict[str, Any]) -> None:
    parameters = [
        (operation["operationId"], one["name"])
        for methods in document["paths"].values()
        for operation in methods.values()
        for one in operation.get("parameters", ())
        if not one.get("description")
    ]
    headers = [
        name
        for name, header in document["components"]["headers"].items()
        if not header.get("description")
    ]

    assert (parameters, headers) == ([], [])


def told(kind: Any) -> dict[str, str]:
    """Return what the description says of the members of one record."""
    (schema,), components = schemas_of([kind])
    properties = components[schema["$ref"].rpartition("/")[2]]["properties"]
    return {name: one.get("description", "") for name, one in properties.items()}


def test_a_member_is_described_by_what_is_written_below_its_field() -> None:
    assert told(KeyView)["prefix"] == "The first characters of the key, to tell keys apart."


def test_a_member_is_described_by_the_section_of_its_class() -> None:
    together = "Name and number of the version; together unique in an organisation."

    assert told(InstrumentDefinition)["key"] == together
    assert told(InstrumentDefinition)["version"] == together


def test_a_member_is_described_by_what_is_written_below_its_type() -> None:
    created, cut = told(KeyView)["createdAt"], told(ScoreView)["cut"]

    assert created.startswith("When it was made. ")
    assert "UTC" in created
    assert "`all`" in cut


def test_members_that_are_inherited_or_generic_are_described() -> None:
    assert told(ConstraintRead)["unit"] == "Code of the unit."
    assert told(Page[KeyView])["items"] == "The entries of this page."


def test_nothing_is_null_or_absent_as_it_is_in_the_answer() -> None:
    assert "null for all" in told(KeyView)["unit"]
    assert "absent in older releases" in told(Recommendation)["odds"]


def test_a_field_goes_by_its_name_on_the_wire() -> None:
    assert "`completed`" in told(UnitHeadCounts)["started"]
    assert "_" not in told(Prerequisite)["status"].replace("must_come_first", "")


def test_the_tag_of_a_record_is_described() -> None:
    assert "`model`" in told(Recommendation)["basis"]
