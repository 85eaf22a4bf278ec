"""The report in the terminal: what names and figures look like, whatever they hold."""

import io

import msgspec
import pytest

from analytics.results import (
    Gap,
    Sponsorship,
    UnitResult,
)
from api.terminal.report import print_analysis
from tests.api.terminal.test_recommendation import LEANING
from tests.factories.releases import analysis

CLAIMED_TOO_MUCH = Sponsorship(
    status="reported", gap=Gap(estimate=20.0, low=5.0, high=35.0, adjusted_p=0.01)
)


def report(*units: UnitResult, names: dict[str, str], details: tuple[str, ...] = ()) -> str:
    file = io.StringIO()
    print_analysis(analysis(*units), names, file=file, details=details)
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


def test_a_gap_that_the_number_of_units_explains_is_not_pressed_on_anybody() -> None:
    uncertain = msgspec.structs.replace(
        CLAIMED_TOO_MUCH, gap=Gap(estimate=20.0, low=5.0, high=35.0, adjusted_p=0.2)
    )
    shown = UnitResult(unit="A", status="reported", respondents=9, sponsorship=uncertain)

    assert "claimed beyond" not in report(shown, names={})


def test_only_the_units_asked_for_are_shown_in_detail() -> None:
    units = [
        UnitResult(unit=code, status="reported", respondents=9, recommendation=LEANING)
        for code in "AB"
    ]

    shown = report(*units, names={"A": "Sales", "B": "Legal"}, details=("B",))

    assert "Legal in detail" in shown
    assert "Sales in detail" not in shown
