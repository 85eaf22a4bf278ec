import pytest

from analytics.inference.naming import answer, most_probable


@pytest.mark.parametrize(
    ("probability", "expected"),
    [
        (1.0, "yes"),
        (0.8, "yes"),
        (0.799, "unsure"),
        (0.5, "unsure"),
        (0.201, "unsure"),
        (0.2, "no"),
        (0.0, "no"),
    ],
)
def test_a_yes_and_a_no_need_four_to_one(probability: float, expected: str) -> None:
    assert answer(probability) == expected


def test_the_complement_of_a_yes_is_a_no_whatever_the_rounding() -> None:
    assert answer(1.0 - 0.8) == "no"


@pytest.mark.parametrize(
    ("probabilities", "named"),
    [
        ({"a": 0.1, "b": 0.8, "c": 0.1}, ("b",)),
        ({"a": 0.4, "b": 0.45, "c": 0.15}, ("b", "a")),
        ({"a": 0.425, "b": 0.425, "c": 0.15}, ("a", "b")),
        ({"a": 0.42, "b": 0.42, "c": 0.16}, ()),
        ({"a": 0.5, "b": 0.5}, ()),
    ],
)
def test_one_is_named_from_four_to_one_and_two_if_hardly_a_third_remains(
    probabilities: dict[str, float], named: tuple[str, ...]
) -> None:
    assert most_probable(probabilities) == named


def test_a_rounding_error_leaves_no_candidate_unnamed() -> None:
    short = 0.3 + 0.55 - 1e-16

    assert most_probable({"a": 0.1 + 0.7, "b": 0.1, "c": 0.1}) == ("a",)
    assert most_probable({"a": 0.55, "b": short - 0.55, "c": 0.15}) == ("a", "b")


def test_only_eligible_candidates_are_named() -> None:
    probabilities = {"a": 0.5, "b": 0.3, "c": 0.2}

    assert most_probable(probabilities, among=["b", "c"]) == ()
    assert most_probable(probabilities | {"b": 0.36, "c": 0.14}, among=["b", "a"]) == ("a", "b")
