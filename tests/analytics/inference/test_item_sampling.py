import numpy as np
import pytest

from analytics.inference.variance_components import item_sampling_variance


def test_averages_item_variances_weighted_by_items_less_one() -> None:
    two, three = [3.0, 3.4], [2.0, 2.5, 3.6]
    v = (1 * np.var(two, ddof=1) + 2 * np.var(three, ddof=1)) / 3

    result = item_sampling_variance({"a": two, "b": three})

    assert result == pytest.approx({"a": v / 2, "b": v / 3}, abs=1e-15)


def test_is_zero_when_items_do_not_differ() -> None:
    assert item_sampling_variance({"a": [3.0, 3.0], "b": [2.0, 2.0]}) == {"a": 0.0, "b": 0.0}


def test_single_items_count_as_items_of_typical_difficulty() -> None:
    assert item_sampling_variance({"a": [3.0], "b": [4.0]}) == pytest.approx(
        {"a": 0.04, "b": 0.04}
    )


def test_leaves_out_constructs_without_items() -> None:
    assert item_sampling_variance({"a": [], "b": [2.0, 2.0]}) == {"b": 0.0}


def test_does_not_depend_on_the_level_of_a_construct() -> None:
    low = item_sampling_variance({"a": [2.0, 2.5], "b": [3.0, 3.25]})

    high = item_sampling_variance({"a": [3.0, 3.5], "b": [3.0, 3.25]})

    assert high == pytest.approx(low)
