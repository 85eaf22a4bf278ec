"""What may be decided on a recommendation."""

import pytest

from survey.decisions.rules import Choice, recommended_model, settled_choice
from survey.errors import FieldInvalid

MODELS = ("coe", "federated", "hybrid_squad")


def settled(recommended: str | None, **choice: str | None) -> Choice:
    return settled_choice(
        Choice(**choice),  # type: ignore[arg-type]  # a verdict is always among them
        recommended=recommended,
        models=MODELS,
    )


@pytest.mark.parametrize(
    ("status", "model"), [("firm", "coe"), ("lean", "coe"), ("no_clear_model", None)]
)
def test_only_a_clear_model_is_recommended(status: str, model: str | None) -> None:
    assert recommended_model(status, "coe") == model


@pytest.mark.parametrize("named", ["coe", None])
def test_who_accepts_gets_the_recommended_model(named: str | None) -> None:
    assert settled("coe", verdict="accepted", model=named).model == "coe"


def test_that_no_model_is_clear_can_be_accepted() -> None:
    assert settled(None, verdict="accepted").model is None


@pytest.mark.parametrize("recommended", ["coe", None])
def test_who_accepts_names_no_other_model(recommended: str | None) -> None:
    with pytest.raises(FieldInvalid, match="model"):
        settled(recommended, verdict="accepted", model="federated")


def test_who_overrides_gets_the_model_named() -> None:
    chosen = settled("coe", verdict="overridden", model="federated", reason="Skills are local.")

    assert chosen.model == "federated"


def test_if_no_model_is_clear_any_of_them_overrides() -> None:
    for model in MODELS:
        assert (
            settled(None, verdict="overridden", model=model, reason="We know.").model == model
        )


@pytest.mark.parametrize("model", [None, "coe", "guild"])
def test_who_overrides_names_another_model_of_those_there_are(model: str | None) -> None:
    with pytest.raises(FieldInvalid, match="one of federated, hybrid_squad"):
        settled("coe", verdict="overridden", model=model, reason="We know.")


@pytest.mark.parametrize("reason", [None, "", " \n", "x" * 2_001, "a\0b"])
def test_who_overrides_says_why(reason: str | None) -> None:
    with pytest.raises(FieldInvalid, match="reason must be 1 to 2000 characters"):
        settled("coe", verdict="overridden", model="federated", reason=reason)


@pytest.mark.parametrize("length", [1, 2_000])
def test_a_reason_may_be_so_long(length: int) -> None:
    reason = "x" * length

    assert settled("coe", verdict="accepted", reason=reason).reason == reason


def test_a_reason_to_accept_is_no_blank() -> None:
    with pytest.raises(FieldInvalid, match="reason"):
        settled("coe", verdict="accepted", reason=" ")
