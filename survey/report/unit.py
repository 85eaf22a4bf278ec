"""One unit: which model, why, how sure, what would change it, and what has to come first."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from analytics.results import Move, Odds, Recommendation, UnitResult
from analytics.results.diagnosis import Diagnosis, Prerequisite
from analytics.results.record import Score
from survey.report.constraint import constraint_statements
from survey.report.diagnosis import diagnosis_parts
from survey.report.document import (
    Argument,
    Count,
    Diverging,
    Fold,
    Listing,
    Needs,
    Number,
    Part,
    Points,
    Probability,
    Section,
    Sentence,
    Share,
    Shares,
    Statement,
    Term,
    UnitName,
    Verbatim,
    say,
)
from survey.report.maturity import levels
from survey.report.phrases import (
    MARKS,
    constructs,
    detail,
    finding,
    gap_of,
    marks_of,
    model,
    recommended,
)
from survey.report.units import needs_of, none_or_mixed
from survey.report.vocabulary import Vocabulary

__all__ = ["recommendation_statements", "unit_sections"]

_STATUS = {
    "firm": "recommendation.firm",
    "lean": "recommendation.lean",
    "no_clear_model": "recommendation.no_clear_model",
}
_KEPT = {
    "confirmed": "recommendation.confirmed",
    "changed": "recommendation.changed",
    "kept": "recommendation.kept",
}
_REASONS_SHOWN = 3
_NO_MODEL = say("hidden.few")
_MOVES_SHOWN = 2
_WITHIN_CHANCE = 2.0
_NOTABLE = 0.05
_STEADY = 0.90


def unit_sections(
    unit: UnitResult,
    vocabulary: Vocabulary,
    *,
    below: Sequence[UnitResult] = (),
    no_model: Sentence = _NO_MODEL,
    unreliable: Collection[str] = (),
) -> tuple[Section, ...]:
    """Return all that may be said of one unit; that it is hidden, if it is.

    Parameters
    ----------
    unit : UnitResult
        The unit, shown or hidden.
    vocabulary : Vocabulary
        Knows phases, gates, conditions and standards.
    below : sequence of UnitResult
        The shown units at the end of the tree below it: what they need comes first.
    no_model : Sentence
        Why it has no recommendation, if it has none.
    unreliable : collection of str
        Constructs measured too unreliably to decide on.
    """
    if unit.status == "suppressed":
        return (Section("unit", _title(unit), (finding(say("unit.hidden")),)),)
    made = (
        _section("unit", _title(unit), _recommended(unit, below, no_model)),
        _section(
            "unit.diagnosis",
            say("unit.diagnosis.title"),
            _diagnosed(unit, vocabulary, unreliable),
        ),
        _section("unit.sponsorship", say("sponsorship.title"), _sponsored(unit)),
        _section("unit.maturity", say("maturity.title"), _levels(unit, vocabulary)),
    )
    return tuple(section for section in made if section)


def _section(key: str, title: Sentence, parts: Iterator[Part]) -> Section | None:
    known = tuple(parts)
    return Section(key, title, known) if known else None


def _title(unit: UnitResult) -> Sentence:
    name = UnitName(unit.unit)
    if unit.respondents is None:
        return say("unit.title", unit=name)
    return say("unit.title.people", unit=name, count=Count(unit.respondents))


def _recommended(
    unit: UnitResult, below: Sequence[UnitResult], no_model: Sentence
) -> Iterator[Part]:
    found = unit.recommendation
    needs = needs_of(below)
    if needs:
        yield finding(say("needs.units", count=Count(len(below)), needs=_listed(needs)))
    if found and needs:
        yield finding(say("needs.as_one"))
    if found is None:
        yield from () if needs else (finding(no_model),)
        return
    yield from recommendation_statements(found, unit.scores or {})
    models = {key: found.probabilities[key] for key in found.conditional}
    five = models | {"none_or_mixed": none_or_mixed(found)}
    yield Shares("unit.shares", ((recommended(unit), five),))
    yield Diverging(
        "unit.reasons",
        towards=model(found.model),
        away=model(found.runner_up),
        rows=tuple((Term("construct", one.construct), one.weight) for one in found.reasons),
    )
    computed = tuple(_computed(found))
    if computed:
        yield Fold(say("fold.title"), computed)


def _listed(needs: Needs) -> Listing:
    counts: list[Argument] = [
        say("needs.model", model=Term("model_short", key), number=Count(number))
        for key, number in needs.models
    ]
    if needs.open:
        counts.append(say("needs.open", number=Count(needs.open)))
    return Listing(tuple(counts), joined="comma")


def recommendation_statements(
    found: Recommendation, scores: Mapping[str, Score]
) -> Iterator[Statement]:
    """Explain a recommendation: what, how sure, every doubt, why, what would change it.

    Parameters
    ----------
    found : Recommendation
        Of the unit.
    scores : mapping of str to Score
        Its scores, to be told beside the conditions that speak for a model.
    """
    yield finding(say(_STATUS[found.status], model=model(found.model)), _chance(found))
    yield from _marks(found)
    yield from _since_last_wave(found)
    yield from _doubts(found)
    yield from _reasons(found, scores)
    yield from _what_would_change(found)
    yield from _steadiness(found)


def _chance(found: Recommendation) -> Sentence:
    first, second = found.model, found.runner_up
    figures: dict[str, Argument] = {
        "model": model(first),
        "chance": Probability(found.probabilities[first]),
        "second": model(second),
        "second_chance": Probability(found.probabilities[second]),
        "rest": Probability(none_or_mixed(found)),
    }
    if found.status == "no_clear_model":
        return say("recommendation.nearest", **figures)
    return say("recommendation.chance", **figures)


def _since_last_wave(found: Recommendation) -> Iterator[Statement]:
    kept = found.since_last_wave
    if kept is None or kept.outcome not in _KEPT:
        return
    if kept.outcome == "kept":
        if kept.moved_towards is not None:
            yield finding(
                say(
                    _KEPT["kept"],
                    model=model(kept.displayed),
                    towards=model(kept.moved_towards),
                )
            )
        return
    yield finding(say(_KEPT[kept.outcome], model=model(kept.displayed)))


def _marks(found: Recommendation) -> Iterator[Statement]:
    """Say every doubt that has a mark, right below the recommendation."""
    for code in marks_of(found):
        sign, key = MARKS[code]
        meaning = _named_doubt(found, code) or say(key)
        yield finding(say("mark.said", mark=Verbatim(sign), meaning=meaning))


def _doubts(found: Recommendation) -> Iterator[Statement]:
    """Say every other reason code in a sentence of its own."""
    codes = set(found.reason_codes)
    if "BETWEEN" in codes and found.between:
        pair = Listing(tuple(map(model, found.between)), "and")
        yield finding(say("doubt.between", models=pair))
    if "FEW" in codes and found.more_answers:
        yield finding(say("doubt.few", count=Count(found.more_answers)))
    for code, key in _DOUBTS.items():
        if code in codes:
            yield finding(say(key))


_DOUBTS = {
    "CENTRE": "doubt.centre",
    "MIX": "doubt.mix",
    "UNNAMED": "doubt.unnamed",
    "FEW_UNITS": "doubt.few_units",
}


def _named_doubt(found: Recommendation, code: str) -> Sentence | None:
    """Say a mark with the model or the constructs it is about, if it is about some."""
    if code == "SECOND":
        return say("doubt.second", model=model(found.second_opinion))
    if code == "UNRELIABLE":
        return say("doubt.unreliable", constructs=constructs(found.unreliable))
    return None


def _reasons(found: Recommendation, scores: Mapping[str, Score]) -> Iterator[Statement]:
    """Name what speaks for the model and what for the runner-up, strongest first."""
    speaking = [one.construct for one in found.reasons if one.weight > 0]
    against = [one.construct for one in reversed(found.reasons) if one.weight <= -_NOTABLE]
    sides = ((found.model, speaking), (found.runner_up, against))
    for key, strongest in sides:
        if strongest:
            named = tuple(_condition(one, scores) for one in strongest[:_REASONS_SHOWN])
            yield finding(say("reasons", model=model(key), constructs=Listing(named)))


def _condition(construct: str, scores: Mapping[str, Score]) -> Argument:
    name = Term("construct", construct)
    if construct not in scores:
        return name
    score = scores[construct]
    level = Term("level", str(score.level))
    return say("named.condition", name=name, level=level, points=Points(score.mean))


def _what_would_change(found: Recommendation) -> Iterator[Statement]:
    moves = found.would_change
    if moves is None:
        return
    is_open = found.status == "no_clear_model"
    if not moves:
        key = "change.nothing_alone.nearest" if is_open else "change.nothing_alone"
        yield finding(say(key))
        return
    yield finding(say("change.title.nearest" if is_open else "change.title"))
    for move in moves[:_MOVES_SHOWN]:
        yield detail(_move(move))


def _move(move: Move) -> Sentence:
    named = {"construct": Term("construct", move.construct), "model": model(move.model)}
    if round(move.from_) == round(move.to):
        return say("change.slightest", **named)
    error = move.standard_errors
    within_chance = error is not None and error < _WITHIN_CHANCE
    return say(
        "change.within_chance" if within_chance else "change.move",
        before=Points(move.from_),
        after=Points(move.to),
        **named,
    )


def _steadiness(found: Recommendation) -> Iterator[Statement]:
    if found.stability is not None:
        yield finding(say(_steady(found, found.stability), share=Share(found.stability)))
    more = found.with_more_answers
    if more is None or found.status == "firm":
        return
    if max(more.twice, more.four_times) >= _NOTABLE:
        yield finding(
            say(
                "stability.more_answers",
                model=model(found.model),
                twice=Probability(more.twice),
                four_times=Probability(more.four_times),
            )
        )


def _steady(found: Recommendation, share: float) -> str:
    """Choose the message: if there is no single model, the nearest may be the same or not."""
    if found.status == "no_clear_model":
        return "stability.nearest"
    return "stability.steady" if share >= _STEADY else "stability.unsteady"


def _computed(found: Recommendation) -> Iterator[Statement]:
    if found.odds is not None:
        yield finding(_odds(found.odds))
    weights = tuple(
        say(
            "named.number",
            name=Term("construct", one.construct),
            number=Number(one.weight, digits=1, signed=True),
        )
        for one in found.reasons
    )
    if weights:
        models = {"model": model(found.model), "second": model(found.runner_up)}
        yield finding(say("fold.weights", weights=Listing(weights), **models))
    errors = tuple(
        say(
            "named.number",
            name=Term("construct", move.construct),
            number=Number(move.standard_errors, digits=1),
        )
        for move in (found.would_change or ())[:_MOVES_SHOWN]
        if move.standard_errors is not None
    )
    if errors:
        yield finding(say("fold.moves", moves=Listing(errors)))


def _odds(odds: Odds) -> Sentence:
    parts = {
        "constructs": odds.constructs,
        "pattern": odds.company_pattern,
        "spread": odds.spread,
        "total": odds.total,
    }
    return say(
        "fold.odds",
        **{name: Number(part, digits=1, signed=True) for name, part in parts.items()},
    )


def _diagnosed(
    unit: UnitResult, vocabulary: Vocabulary, unreliable: Collection[str]
) -> Iterator[Part]:
    if unit.constraint:
        yield from constraint_statements(
            unit.constraint, of_company=False, unreliable=unreliable
        )
    found = Diagnosis(
        readiness=unit.readiness,
        governance_audit=unit.governance,
        practices=unit.practices,
        prerequisites=_prerequisites(unit.recommendation),
    )
    yield from diagnosis_parts(found, vocabulary)


def _prerequisites(found: Recommendation | None) -> tuple[Prerequisite, ...]:
    """Return what the unit's model needs first; nothing if there is no single model."""
    if found is None or found.status == "no_clear_model":
        return ()
    return found.prerequisites


def _sponsored(unit: UnitResult) -> Iterator[Statement]:
    found = unit.sponsorship
    if found is None:
        return
    if found.status == "suppressed":
        yield finding(say("sponsorship.too_few"))
    elif found.gap is None:
        yield finding(say("unit.no_sponsor"))
    else:
        single = say("unit.single_sponsor") if found.sponsors == 1 else None
        yield finding(say("unit.gap", gap=gap_of(found.gap)), single)


def _levels(unit: UnitResult, vocabulary: Vocabulary) -> Iterator[Part]:
    if unit.scores:
        yield from levels(unit.scores, vocabulary)
