"""The report in the terminal: how long, how wide, and readable without any colour."""

import io

import msgspec
import pytest

from analytics.results import UnitResult
from api.terminal.report import View, print_report
from seed.content import vocabulary
from survey.report.document import say
from survey.report.phrases import MARKS
from survey.report.wording import LOCALES
from tests.data.companies import COMPANIES, analysed
from tests.survey.report.findings import LEANING, SCORES, analysis, unit

TWO_SCREENS = 110
WIDTH = 100
SUMMARY = View()
HIDDEN = msgspec.structs.replace(unit("H"), status="suppressed", respondents=None)


def printed(
    *units: UnitResult, view: View = SUMMARY, names: dict[str, str] | None = None
) -> str:
    file = io.StringIO()
    print_report(analysis(*units), names or {}, vocabulary(), file=file, view=view)
    return file.getvalue()


def printed_company(company: str, view: View) -> str:
    found, file = analysed(company), io.StringIO()
    print_report(
        found.analysis,
        found.unit_names,
        vocabulary(),
        file=file,
        view=view,
        remarks=(say("remark.invented" if company == "demo" else "remark.consent"),),
    )
    return file.getvalue()


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("company", COMPANIES)
def test_a_director_reads_two_screens(company: str, locale: str) -> None:
    lines = printed_company(company, View(locale=locale)).splitlines()

    assert len(lines) <= TWO_SCREENS
    assert max(map(len, lines)) <= WIDTH


@pytest.mark.parametrize("company", COMPANIES)
def test_a_number_and_its_sign_stay_on_one_line(company: str) -> None:
    text = printed_company(company, View(full=True, locale="de"))

    assert "\N{NO-BREAK SPACE}%" in text
    assert [line for line in text.splitlines() if line.lstrip().startswith("%")] == []


@pytest.mark.parametrize("view", [SUMMARY, View(full=True), View(units=("U017",))])
def test_what_is_piped_carries_no_colour(view: View) -> None:
    text = printed_company("company-north", view)

    assert "\x1b" not in text
    assert "[/" not in text


def test_colour_is_never_the_only_sign_in_a_terminal_either(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")

    assert "\x1b[3" not in printed(unit("A", recommendation=LEANING))


def test_every_model_has_a_shape_of_its_own() -> None:
    legend = next(
        line for line in printed(unit("A", recommendation=LEANING)).splitlines() if "■" in line
    )

    assert [sign for sign in legend if sign in "●■▲◆"] == ["●", "■", "▲", "◆"]


@pytest.mark.parametrize("code", list(MARKS))
def test_a_doubt_stands_beside_the_recommendation(code: str) -> None:
    doubtful = msgspec.structs.replace(LEANING, reason_codes=(code,))

    text = printed(unit("A", recommendation=doubtful))

    assert f"● CoE 60%, leaning {MARKS[code][0]}" in text


@pytest.mark.parametrize("name", ["Sales [emea]", "Research [/]", "[bold]"])
def test_brackets_in_names_are_shown_as_they_are(name: str) -> None:
    text = printed(unit("A"), HIDDEN, names={"A": name, "H": name})

    assert text.count(name) == 2


def test_a_name_cannot_steer_the_terminal() -> None:
    assert "\x1b" not in printed(unit("A"), HIDDEN, names={"A": "\x1b[2J", "H": "\x1b[2J"})


def test_what_is_hidden_is_said_to_be_with_one_sentence_why() -> None:
    text = printed(unit("A"))

    assert text.count("Hidden: too few people answered") == 1
    assert "9  hidden" in text


@pytest.mark.parametrize("view", [SUMMARY, View(full=True)])
def test_the_summary_says_how_to_read_on_and_the_whole_report_need_not(view: View) -> None:
    assert ("--full" in printed(unit("A"), view=view)) == (not view.full)


def test_only_the_units_asked_for_are_printed() -> None:
    units = [unit(code, recommendation=LEANING, scores=SCORES) for code in "AB"]

    text = printed(*units, names={"A": "Sales", "B": "Legal"}, view=View(units=("B",)))

    assert "Which model fits Legal (9 people answered)" in text
    assert "Sales" not in text
    assert "What we found" not in text


def test_a_unit_is_drawn_with_its_probabilities_beside_the_bars() -> None:
    text = printed(unit("A", recommendation=LEANING), view=View(units=("A",)))

    assert "● CoE              ██████████████████ 60%" in text
    assert "○ none or mixed    █████ 15%" in text


def test_what_speaks_for_and_against_is_drawn_to_two_sides() -> None:
    text = printed(unit("A", recommendation=LEANING), view=View(units=("A",)))

    assert "Breadth across functions                 │████████████████" in text
    assert "Production stage                   ██████│" in text


def test_german_is_german_throughout() -> None:
    text = printed(unit("A", recommendation=LEANING), view=View(locale="de-AT"))

    assert "Welches Modell wo passt" in text
    assert "Which model" not in text


def test_a_language_without_a_report_finds_english_and_says_so() -> None:
    first, *others = printed(unit("A"), view=View(locale="fr")).splitlines()

    assert first == "There is no report in French yet; this one is in English."
    assert "What we found" in others


def test_published_figures_are_numbered_where_they_are_referred_to() -> None:
    text = printed_company("company-north", View(full=True))

    assert "that of the next cause (-2 to 6). [1] [2] [3] [4]" in text.replace("\n    ", " ")
    assert "[1] Firms with significant returns" in text


def test_a_parent_shows_how_many_of_its_units_need_which_model() -> None:
    open_ = msgspec.structs.replace(LEANING, status="no_clear_model")
    text = printed(
        unit("P", recommendation=LEANING),
        unit("A", parent="P", recommendation=LEANING),
        unit("B", parent="P", recommendation=open_),
    )

    (line,) = (line for line in text.splitlines() if line.startswith("P "))
    assert "● 1  ○ 1" in line
