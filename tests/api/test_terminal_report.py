"""The report in the terminal: what names and figures look like, whatever they hold."""

import io

import pytest

from analytics.results import (
    Analysis,
    Gap,
    Lineage,
    Organisation,
    Sponsorship,
    Thresholds,
    UnitResult,
)
from api.terminal.report import print_analysis

CLAIMED_TOO_MUCH = Sponsorship(status="reported", gap=Gap(estimate=20.0, low=5.0, high=35.0))


def report(*units: UnitResult, names: dict[str, str]) -> str:
    analysis = Analysis(
        lineage=Lineage(
            instrument="test@1",
            method="test",
            anchors="1",
            seed=0,
            thresholds=Thresholds(),
            responses_read=9,
            responses_used=9,
            sponsors=1,
        ),
        organisation=Organisation(structure="cannot_tell", reach=None, mix={"coe": 1.0}),
        units=units,
    )
    file = io.StringIO()
    print_analysis(analysis, names, file=file)
    return file.getvalue()


@pytest.mark.parametrize("name", ["Sales [emea]", "Research [/]", "[bold]"])
def test_brackets_in_names_are_shown_as_they_are(name: str) -> None:
    shown = UnitResult(unit="A", status="reported", respondents=9, sponsorship=CLAIMED_TOO_MUCH)
    hidden = UnitResult(unit="B", status="suppressed")

    assert report(shown, hidden, names={"A": name, "B": name}).count(name) == 3


def test_brackets_in_codes_are_shown_as_they_are() -> None:
    assert "A [/x]" in report(UnitResult(unit="A [/x]", status="suppressed"), names={})


def test_a_name_cannot_steer_the_terminal() -> None:
    hidden = UnitResult(unit="A", status="suppressed")

    assert "\x1b" not in report(hidden, names={"A": "\x1b[2J"})


def test_one_unit_is_not_called_units() -> None:
    shown = UnitResult(unit="A", status="reported", respondents=9, sponsorship=CLAIMED_TOO_MUCH)

    assert "In 1 unit sponsorship" in report(shown, names={})
