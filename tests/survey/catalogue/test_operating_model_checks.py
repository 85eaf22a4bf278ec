"""What operating models must be to be used."""

from typing import Any

import msgspec
import pytest

from seed.content import operating_models
from survey.catalogue.loading import operating_model_problems
from survey.catalogue.operating_models import OperatingModels

CONTEXT = tuple(operating_models().models[0].anchors)


def problems(version: str = "acme-1", *, model: int = 0, **fields: Any) -> list[str]:
    """Return what is wrong once some fields of one model are replaced."""
    standard = list(operating_models().models)
    standard[model] = msgspec.structs.replace(standard[model], **fields)
    own = OperatingModels(version=version, models=tuple(standard))
    return operating_model_problems(own, context=CONTEXT)


def anchors(**fields: Any) -> dict[str, Any]:
    """Return the anchors of the first model, with some fields of its first cell replaced."""
    found = dict(operating_models().models[0].anchors)
    found[CONTEXT[0]] = msgspec.structs.replace(found[CONTEXT[0]], **fields)
    return found


def test_the_standard_models_under_a_name_can_be_used() -> None:
    assert problems() == []


@pytest.mark.parametrize("version", ["", " ", "2"])
def test_a_version_of_ones_own_has_a_name(version: str) -> None:
    assert len(problems(version)) == 1


@pytest.mark.parametrize("reason", ["", " \n"])
def test_every_cell_has_a_reason(reason: str) -> None:
    assert problems(anchors=anchors(reason=reason)) == [
        f"coe, {CONTEXT[0]}: there is no reason for the value."
    ]


@pytest.mark.parametrize("value", [0.9, 5.1, float("nan"), float("inf")])
def test_a_value_lies_on_the_scale(value: float) -> None:
    (problem,) = problems(anchors=anchors(value=value))

    assert problem.startswith(f"coe, {CONTEXT[0]}: the value must lie between 1 and 5")


def test_a_missing_cell_is_named() -> None:
    fewer = {key: cell for key, cell in anchors().items() if key != CONTEXT[0]}

    assert problems(anchors=fewer) == [f"coe has no anchor for {CONTEXT[0]}."]


def test_a_construct_that_nothing_asks_about_is_named() -> None:
    more = anchors() | {"data_litracy": anchors()[CONTEXT[0]]}

    assert "Nothing asks about data_litracy." in problems(anchors=more)


@pytest.mark.parametrize("key", ["", "Centre", "none", "between", "x" * 65])
def test_a_key_that_cannot_be_is_named(key: str) -> None:
    (problem,) = problems(key=key)

    assert problem.startswith(f"The key {key!r} is not")


def test_a_key_is_given_once() -> None:
    assert problems(model=1, key="coe") == ["The key 'coe' is given to two models."] * 2


@pytest.mark.parametrize("name", [{}, {"en": " "}])
def test_a_model_has_a_name(name: dict[str, str]) -> None:
    assert problems(name=name) == ["coe has no name."]


def test_two_models_differ() -> None:
    assert problems(model=1, anchors=anchors()) == ["coe and federated have the same anchors."]


def test_one_model_is_no_choice() -> None:
    one = OperatingModels(version="acme-1", models=operating_models().models[:1])

    assert operating_model_problems(one, context=CONTEXT) == [
        "There must be at least two models to choose between."
    ]
