import pytest

from analytics.inference.draws import answer


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
