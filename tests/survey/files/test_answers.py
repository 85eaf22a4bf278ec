"""What is no answer is complained about once per cause, with the way to mend it."""

import pytest

from survey.files.complaints import FileRejected
from tests.survey.files.sheets import hints, respondents, sheet

HEADER = "unit,role,data_first_1,governance_1"


@pytest.mark.parametrize(
    ("cells", "hint"),
    [
        (("Agree", "Strongly disagree"), "These cells hold words instead of 1 to 5"),
        (("Stimme zu", "Teils/teils"), "These cells hold words instead of 1 to 5"),
        (("TRUE", "FALSE"), "These cells hold words instead of 1 to 5"),
        (("5 - Strongly agree", "4. Agree"), "These cells hold a number and its label"),
        (("(4) Agree", "2 \u2013 Disagree"), "These cells hold a number and its label"),
        (("Agree (4)", "Disagree [2]"), "These cells hold a number and its label"),
        (("=4", "=B2"), "These cells hold formulas"),
        (("4.5", "2.5"), "Give what each respondent chose, no averages"),
        (("0", "0"), "If the scale of the export begins at 0, add 1 to every answer"),
        (("99", "-9"), "If -9, 99 stands for no answer, leave these cells empty"),
        (("0", "100"), "If the scale of the export is not 1 to 5, convert all answers"),
        (("\uff14", "\uff15"), "Write answers with the digits 1 to 5"),
        (("\u2605\u2605", "\u2605"), "Write answers with the digits 1 to 5"),
    ],
)
def test_a_cause_in_two_columns_is_one_complaint(cells: tuple[str, str], hint: str) -> None:
    with pytest.raises(FileRejected) as caught:
        respondents(sheet(HEADER, f"U1,manager,{cells[0]},{cells[1]}"))

    (complaint,) = caught.value.complaints
    assert (complaint.line, complaint.count) == (2, 2)
    assert complaint.columns == ("data_first_1", "governance_1")
    assert (hints(caught)[0] or "").startswith(hint)


def test_two_causes_are_two_complaints() -> None:
    with pytest.raises(FileRejected) as caught:
        respondents(sheet(HEADER, "U1,manager,Agree,7"))

    assert len(caught.value.complaints) == 2


def test_what_a_sponsor_filled_beyond_sponsorship_is_one_complaint() -> None:
    with pytest.raises(FileRejected) as caught:
        respondents(sheet(HEADER, "U1,sponsor,4,5", "U2,sponsor,3,3"))

    (complaint,) = caught.value.complaints
    assert complaint.count == 4
