"""Changes, drift and kept recommendations in the terminal."""

import io

import pytest
from rich.console import Console

from analytics.results.waves import (
    Change,
    CompanyChange,
    Drift,
    KeptRecommendation,
    RoleSplit,
    UnitChange,
    VerdictCount,
)
from api.terminal.waves import print_changes, print_drift, print_kept

NAMES = {"a": "Sales", "b": "Works"}
ROSE = Change(
    verdict="changed", estimate=12.0, low=8.0, high=16.0, adjusted_p=0.001, test="welch"
)
COMPANY = CompanyChange(
    constructs={"governance": Change(verdict="no_change", estimate=-0.01, low=-3.0, high=3.0)},
    people_matched=False,
    units_compared=2,
    units={"governance": VerdictCount(rose=1, fell=0, no_change=3, inconclusive=0)},
)


def console() -> tuple[Console, io.StringIO]:
    file = io.StringIO()
    return Console(file=file, width=150, highlight=False), file


def told(company: CompanyChange = COMPANY, **units: Change) -> str:
    screen, file = console()
    found = {code: UnitChange(constructs={"governance": one}) for code, one in units.items()}
    print_changes(screen, company, found, NAMES)
    return file.getvalue()


def test_nothing_reads_as_minus_zero() -> None:
    assert "+0.0 [-3.0, +3.0]" in told()


def test_a_change_of_a_unit_is_told_with_its_interval() -> None:
    assert "Sales, Governance: ▲ rose +12.0 [+8.0, +16.0]" in told(a=ROSE)


def test_a_band_is_told_without_a_figure() -> None:
    assert "Sales, Governance: higher (figures would" in told(a=Change(band="higher"))


def test_a_change_through_another_mix_of_roles_is_told() -> None:
    split = RoleSplit(composition=4.0, within_roles=8.0)
    change = Change(verdict="changed", estimate=12.0, low=8.0, high=16.0, split=split)

    assert "+4.0 of it from another mix of roles" in told(a=change)


def test_the_unit_at_the_top_is_not_told_twice() -> None:
    company = CompanyChange(
        constructs={"governance": ROSE},
        people_matched=True,
        units_compared=1,
        units=COMPANY.units,
    )

    assert "Sales, Governance" not in told(company, a=ROSE)


def test_a_construct_asked_otherwise_is_named() -> None:
    company = CompanyChange(
        constructs={},
        people_matched=True,
        units_compared=0,
        units={},
        not_comparable=("data_readiness",),
    )

    assert "not compared: Data readiness" in told(company)


def test_drift_without_alerts_says_so() -> None:
    screen, file = console()
    print_drift(screen, Drift(status="stable", constructs={}))

    assert "spread as in the last wave" in " ".join(file.getvalue().split())


def test_every_alert_is_printed() -> None:
    screen, file = console()
    print_drift(screen, Drift(status="alert", constructs={}, alerts=("Scores moved.",)))

    assert "• Scores moved." in file.getvalue()


@pytest.mark.parametrize(
    ("kept", "line"),
    [
        (KeptRecommendation(outcome="changed", displayed="coe"), "Sales: now Centre of"),
        (
            KeptRecommendation(
                outcome="kept", displayed="coe", moved_towards="federated", shift=0.25
            ),
            "evidence moving towards Federated (+25 percentage points)",
        ),
        (
            KeptRecommendation(
                outcome="kept", displayed="coe", moved_towards="federated", shift=-0.25
            ),
            "evidence moving towards Federated\n",
        ),
    ],
)
def test_a_recommendation_over_the_waves_is_one_line(
    kept: KeptRecommendation, line: str
) -> None:
    screen, file = console()
    print_kept(screen, {"a": kept}, NAMES)

    assert line in file.getvalue()


def test_confirmed_recommendations_are_not_listed() -> None:
    screen, file = console()
    print_kept(screen, {"a": KeptRecommendation(outcome="confirmed", displayed="coe")}, NAMES)

    assert file.getvalue() == ""
