import pytest

from analytics.diagnosis.phases import Gate, Phase, Phases
from analytics.errors import AnalyticsError


def phase(*gates: str) -> Phase:
    return Phase(key="p", number=1, first_week=1, gates=tuple(Gate(key=key) for key in gates))


def test_phases_without_a_phase_are_refused() -> None:
    with pytest.raises(AnalyticsError, match="no phase"):
        Phases(version="1", threshold=3.4, phases=())


def test_a_gate_named_in_two_phases_is_refused_by_name() -> None:
    with pytest.raises(AnalyticsError, match="'twice'"):
        Phases(version="1", threshold=3.4, phases=(phase("twice"), phase("once", "twice")))


@pytest.mark.parametrize("points", [0.9, 5.1, float("nan")])
def test_a_threshold_off_the_scale_is_refused(points: float) -> None:
    with pytest.raises(AnalyticsError, match="threshold must lie in 1 to 5"):
        Phases(version="1", threshold=points, phases=(phase("one"),))
