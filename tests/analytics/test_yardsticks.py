import pytest

from analytics.errors import AnalyticsError
from analytics.yardsticks import Condition, EvidenceLinks, Yardsticks


@pytest.mark.parametrize("points", [0.9, 5.1, float("nan")])
def test_a_practice_threshold_off_the_scale_is_refused(points: float) -> None:
    with pytest.raises(AnalyticsError, match="in_place must lie in 1 to 5"):
        Yardsticks(version="1", in_place=points, conditions={})


def test_a_condition_off_the_scale_is_refused_by_name() -> None:
    condition = Condition(construct="governance", needed=38.0)

    with pytest.raises(AnalyticsError, match=r"federated\.governance must lie in 1 to 5"):
        Yardsticks(version="1", in_place=3.4, conditions={"federated": (condition,)})


def test_the_figures_of_links_are_those_of_every_family_once() -> None:
    links = EvidenceLinks(
        root_causes={"governance": ("b", "a")},
        practices={"data_first": ("c",)},
        phases={"foundation": ("a",)},
        models={"coe": ("e",)},
        findings={"plan": ("d", "c")},
    )

    assert links.figures == ("a", "b", "c", "d", "e")
