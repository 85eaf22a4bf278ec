"""Doubts stand beside a recommendation wherever one is told, whichever sentence tells it."""

from collections.abc import Iterator
from string import Formatter
from typing import Any

import msgspec
import pytest
from babel.messages.catalog import Message

from analytics.portfolio import portfolio
from analytics.results import Analysis, UnitResult
from analytics.results.waves import KeptRecommendation
from seed.content import vocabulary
from survey.report.document import Choice, Document, Sentence, Shares, Term, UnitName
from survey.report.phrases import MARKS
from survey.report.report import summary, unit_report, whole_report
from survey.report.wording import catalog
from tests.analytics.studies import unit_tree
from tests.survey.report.findings import LEANING, analysis, unit
from tests.survey.report.reading import sentences, spoken

TELL_A_RECOMMENDATION = {
    "kept.changed",
    "kept.kept",
    "kept.kept_by",
    "next.leaning",
    "next.pair",
    "next.undecided",
    "portfolio.leaning",
    "portfolio.shared",
}
"""Messages about the models of the units that they name: each unit has its doubts beside it."""

PHRASES = {
    "cell.chance",
    "drift.index",
    "named.about",
    "named.condition",
    "named.figure",
    "named.level",
    "named.marked",
    "named.number",
    "named.quoted",
    "pattern.cell",
    "why.high",
    "why.low",
}
"""Phrases about any name: the sentence around them decides."""

SAY_SOMETHING_ELSE = {
    "change_over.band",
    "change_over.fell",
    "change_over.rose",
    "mark.at",
    "needs.units",
    "next.conditions",
    "next.gaps",
    "next.more_answers",
    "participation.low",
    "participation.no_headcount",
    "participation.outdated",
    "participation.totals",
    "quality.view",
    "quality.views",
    "sponsorship.aligned",
    "sponsorship.blind_spots",
    "sponsorship.certain",
    "sponsorship.certain.ranked",
    "sponsorship.start",
    "unit.report",
    "unit.title",
    "unit.title.people",
    "units.hidden",
    "unnamed",
}
"""Messages that name units for another reason, or right above the recommendation."""

KEPT = (
    KeptRecommendation(outcome="changed", displayed="coe"),
    KeptRecommendation(outcome="kept", displayed="coe", moved_towards="federated", shift=0.2),
    KeptRecommendation(outcome="kept", displayed="coe", moved_towards="federated"),
)
DOUBTFUL = msgspec.structs.replace(LEANING, reason_codes=tuple(MARKS))


def doubtful_company() -> Analysis:
    """Return a company whose recommendations have every mark and are told in every way."""
    firm = msgspec.structs.replace(DOUBTFUL, status="firm")
    open_ = msgspec.structs.replace(
        DOUBTFUL, status="no_clear_model", between=("coe", "hybrid_squad"), more_answers=7
    )
    kept = [msgspec.structs.replace(firm, since_last_wave=one) for one in KEPT]
    given = {f"U{place}": one for place, one in enumerate([DOUBTFUL, open_, firm, *kept])}
    units = [unit(code, recommendation=one) for code, one in given.items()]
    return analysis(*units, portfolio=portfolio(given, unit_tree(dict.fromkeys(given)), seed=0))


@pytest.fixture(scope="module")
def documents() -> tuple[Document, ...]:
    found = doubtful_company()
    whole = whole_report(found, vocabulary())
    return summary(found), whole, unit_report(found, "U0", vocabulary())


def names_in(part: Any, *, marked: bool = False) -> Iterator[tuple[str, bool]]:
    """Yield every unit named in a part, and whether its marks stand beside it."""
    if isinstance(part, UnitName):
        yield part.code, marked
    elif isinstance(part, Sentence):
        for argument in part.arguments.values():
            yield from names_in(argument, marked=marked or part.key == "named.marked")
    elif isinstance(part, msgspec.Struct):
        for name in part.__struct_fields__:
            yield from names_in(getattr(part, name), marked=marked)
    elif isinstance(part, tuple | list):
        for each in part:
            yield from names_in(each, marked=marked)


def structs(part: Any) -> Iterator[Any]:
    """Yield everything that a part consists of."""
    if isinstance(part, dict):
        part = tuple(part.values())
    if isinstance(part, tuple):
        for each in part:
            yield from structs(each)
    elif isinstance(part, msgspec.Struct):
        yield part
        for name in part.__struct_fields__:
            yield from structs(getattr(part, name))


def placeholders(message: Message) -> set[str]:
    forms = [message.string] if isinstance(message.string, str) else list(message.string)
    return {str(name) for form in forms for _, name, _, _ in Formatter().parse(form) if name}


def test_every_message_that_names_units_is_known_to_tell_their_models_or_not() -> None:
    """A new message has to be put into one of the sets, by whoever writes it."""
    naming = {
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalog("en")
        if message.id and placeholders(message) & {"unit", "units", "name"}
    }

    assert naming - PHRASES - SAY_SOMETHING_ELSE == TELL_A_RECOMMENDATION


def test_every_unit_has_its_doubts_beside_it_if_its_model_is_told(
    documents: tuple[Document, ...],
) -> None:
    told = [one for one in sentences(documents) if one.key in TELL_A_RECOMMENDATION]

    assert {one.key for one in told} == TELL_A_RECOMMENDATION
    assert [one.key for one in told for _, marked in names_in(one) if not marked] == []


def test_no_other_sentence_names_a_unit_beside_a_model(documents: tuple[Document, ...]) -> None:
    beside = {
        one.key
        for one in sentences(documents)
        if any(not marked for _, marked in names_in(one))
        and any(isinstance(each, Term) and "model" in each.kind for each in structs(one))
    }

    assert beside <= SAY_SOMETHING_ELSE


def test_doubts_stand_in_every_table_and_figure_of_models(
    documents: tuple[Document, ...],
) -> None:
    found = tuple(structs(documents))
    choices = [one for one in found if isinstance(one, Choice)]
    names = [name for one in found if isinstance(one, Shares) for name, _ in one.rows]

    assert choices
    assert all(choice.marks == tuple(MARKS) for choice in choices)
    assert names
    assert all(marked for name in names for _, marked in names_in(name))


def test_the_doubts_of_a_unit_follow_its_recommendation_at_once(
    documents: tuple[Document, ...],
) -> None:
    first, *marks = spoken(documents[2].sections[0]).split("\n")[: 1 + len(MARKS)]

    assert first.startswith("Leaning towards a model")
    assert [line[0] for line in marks] == [sign for sign, _ in MARKS.values()]


def test_a_marked_unit_is_written_with_its_signs(documents: tuple[Document, ...]) -> None:
    assert "U0 ≠ ‖ ? ≈" in spoken(documents[0])


def test_a_unit_without_doubts_is_written_by_its_name_alone() -> None:
    calm = [UnitResult(unit="A", status="reported", recommendation=LEANING)]

    assert "named.marked" not in {one.key for one in sentences(summary(analysis(*calm)))}
