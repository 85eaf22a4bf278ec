"""What moved since the last wave, which recommendations are kept, and what drifts."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from statistics import median

from analytics.results import UnitResult
from analytics.results.waves import (
    Change,
    CompanyChange,
    DistributionShift,
    Drift,
    RecommenderDrift,
    ShareShift,
    UnitChange,
)
from survey.report.document import (
    Argument,
    Cell,
    Column,
    Count,
    Fold,
    Hidden,
    Intervals,
    Listing,
    Number,
    Part,
    Points,
    Range,
    Row,
    Section,
    Sentence,
    Share,
    Statement,
    Table,
    Term,
    UnitName,
    say,
)
from survey.report.phrases import (
    constructs,
    finding,
    model,
    note,
    points_between,
    recommended,
)

__all__ = ["change_section", "drift_section", "kept_section"]

_SHOWN = 10
"""So many changes of units are listed; the others are only counted."""

_VERDICTS = {"no_change": "verdict.no_change", "inconclusive": "verdict.open"}
_BANDS = {"higher": "band.higher", "lower": "band.lower", "similar": "band.similar"}


def change_section(company: CompanyChange, units: Sequence[UnitResult]) -> Section:
    """Return the changes of the company by construct, then the clearest ones of units.

    Parameters
    ----------
    company : CompanyChange
        The company as a whole.
    units : sequence of UnitResult
        Those that are shown; of these, the groups shown in both waves have a change.
    """
    changed = {unit.unit: unit.change for unit in units if unit.change}
    parts: list[Part] = [
        _table(company),
        *_figure(company),
        *_of_units(changed, company),
        *map(note, _remarks(company, changed)),
    ]
    return Section("change", say("change_over.title"), tuple(parts))


def drift_section(found: Drift) -> Section:
    """Return whether what goes in and what comes out is spread as in the last wave."""
    moved = {key: one for key, one in found.constructs.items() if one.status != "stable"}
    said = tuple(finding(one) for one in _drifting(found, moved))
    parts: list[Part] = [finding(say("drift.differs" if said else "drift.stable")), *said]
    indexes = tuple(
        say(
            "drift.index",
            name=Term("construct", key),
            psi=Number(shift.psi),
            chance=Number(shift.chance),
        )
        for key, shift in moved.items()
        if shift.psi is not None and shift.chance is not None
    )
    if indexes:
        computed = finding(say("drift.indexes", indexes=Listing(indexes)))
        parts.append(Fold(say("fold.title"), (computed,)))
    return Section("drift", say("drift.title"), tuple(parts))


def kept_section(units: Sequence[UnitResult]) -> Section | None:
    """Return which displayed recommendations changed, and which are kept against the trend.

    Parameters
    ----------
    units : sequence of UnitResult
        Those that are told a model of their own.
    """
    said = tuple(finding(one) for one in _kept(units))
    return Section("kept", say("kept.title"), said) if said else None


def _table(company: CompanyChange) -> Table:
    columns = (
        Column(say("column.construct")),
        Column(say("column.change"), kind="figure"),
        Column(say("column.interval"), kind="figure"),
        Column(say("column.verdict")),
        Column(say("column.units_up"), kind="figure"),
        Column(say("column.units_down"), kind="figure"),
        Column(say("column.units_same"), kind="figure"),
        Column(say("column.units_open"), kind="figure"),
    )
    rows = tuple(
        Row((Term("construct", key), *_figures(change), say(_verdict(change)), *counts))
        for key, change in company.constructs.items()
        if (counts := _counts(company, key))
    )
    return Table("change", columns, rows)


def _counts(company: CompanyChange, key: str) -> tuple[Cell, ...]:
    found = company.units[key]
    counts = (found.rose, found.fell, found.no_change, found.inconclusive)
    return tuple(map(Count, counts))


def _figures(change: Change) -> tuple[Cell, Cell]:
    if change.estimate is None or change.low is None or change.high is None:
        hidden = Hidden(say("hidden.few_moved"))
        return hidden, hidden
    estimate, low, high = (
        Points(figure, signed=True, digits=1)
        for figure in (change.estimate, change.low, change.high)
    )
    return estimate, Range(low, high)


def _verdict(change: Change) -> str:
    if change.band is not None:
        return _BANDS[change.band]
    if change.verdict == "changed":
        return "verdict.rose" if (change.estimate or 0.0) > 0 else "verdict.fell"
    return _VERDICTS[str(change.verdict)]


def _figure(company: CompanyChange) -> Iterator[Intervals]:
    rows = tuple(
        (Term("construct", key), change.estimate, change.low, change.high)
        for key, change in company.constructs.items()
        if change.estimate is not None and change.low is not None and change.high is not None
    )
    if rows:
        yield Intervals("change", rows, reference=0.0)


def _of_units(units: Mapping[str, UnitChange], company: CompanyChange) -> Iterator[Statement]:
    found = [
        (abs(change.estimate or 0.0), code, key, change)
        for code, unit in units.items()
        for key, change in unit.constructs.items()
        if (change.verdict == "changed" or change.band in {"higher", "lower"})
        and not _is_company(change, company.constructs.get(key))
    ]
    found.sort(key=lambda entry: (-entry[0], entry[1], entry[2]))
    for _, code, key, change in found[:_SHOWN]:
        yield finding(*_of_unit(UnitName(code), Term("construct", key), change))
    if len(found) > _SHOWN:
        yield finding(say("change_over.more", count=Count(len(found) - _SHOWN)))


def _is_company(change: Change, whole: Change | None) -> bool:
    """Tell the unit at the top by its figures: they are in the table already."""
    if whole is None or whole.estimate is None:
        return False
    return (change.estimate, change.low) == (whole.estimate, whole.low)


def _of_unit(unit: UnitName, construct: Term, change: Change) -> Iterator[Sentence]:
    named: dict[str, Argument] = {"unit": unit, "construct": construct}
    if change.estimate is None or change.low is None or change.high is None:
        yield say("change_over.band", verdict=say(_verdict(change)), **named)
        return
    low, high = sorted((abs(change.low), abs(change.high)))
    yield say(
        "change_over.rose" if change.estimate > 0 else "change_over.fell",
        points=Points(abs(change.estimate)),
        between=points_between(low, high),
        **named,
    )
    if change.split is not None:
        part = Points(change.split.composition, signed=True)
        yield say("change_over.mix", points=part)


def _remarks(company: CompanyChange, units: Mapping[str, UnitChange]) -> Iterator[Sentence]:
    yield say("change_over.meaning")
    seen = [
        change.detectable
        for unit in units.values()
        for change in unit.constructs.values()
        if change.detectable is not None
    ]
    if seen:
        yield say("change_over.detectable", points=Points(median(seen)))
    matched = company.people_matched
    yield say("change_over.matched" if matched else "change_over.not_matched")
    yield say("change_over.not_tested")
    if company.not_comparable:
        asked = constructs(company.not_comparable)
        yield say("change_over.not_comparable", constructs=asked)


def _kept(units: Sequence[UnitResult]) -> Iterator[Sentence]:
    for unit in units:
        kept = unit.recommendation.since_last_wave if unit.recommendation else None
        if kept is None:
            continue
        named: dict[str, Argument] = {
            "unit": recommended(unit),
            "model": model(kept.displayed),
        }
        if kept.outcome == "changed":
            yield say("kept.changed", **named)
        elif kept.outcome == "kept" and kept.moved_towards is not None:
            towards = model(kept.moved_towards)
            if kept.shift is not None and kept.shift > 0:
                by = Points(100 * kept.shift)
                yield say("kept.kept_by", towards=towards, points=by, **named)
            else:
                yield say("kept.kept", towards=towards, **named)


def _drifting(found: Drift, moved: Collection[str]) -> Iterator[Sentence]:
    """Yield one sentence for everything that is not stable."""
    if moved:
        yield say("drift.scores", constructs=constructs(moved))
    yield from _share_moved("drift.missing", found.missing)
    yield from _share_moved("drift.careless", found.flagged)
    if found.recommender is not None:
        yield from _recommender(found.recommender)


def _recommender(found: RecommenderDrift) -> Iterator[Sentence]:
    yield from _most_moved(found.bands, _BAND_NAMES)
    yield from _most_moved(found.models, None)
    yield from _share_moved("drift.confidence", found.confidence)
    if found.agreement_status != "stable" and found.agreement is not None:
        yield say("drift.agreement", share=Share(found.agreement), count=Count(found.units))


_BAND_NAMES = {
    "firm": "band.firm",
    "lean": "band.lean",
    "no_clear_model": "band.no_clear_model",
}


def _most_moved(
    shift: DistributionShift, names: Mapping[str, str] | None
) -> Iterator[Sentence]:
    """Name the verdict or model whose share of units moved most."""
    if shift.status == "stable" or not shift.current or not shift.earlier:
        return
    now, before = shift.current, shift.earlier
    most = max(sorted(now), key=lambda name: abs(now[name] - before[name]))
    given: Argument = model(most) if names is None else say(names[most])
    yield say(
        "drift.units_given", given=given, before=Share(before[most]), now=Share(now[most])
    )


def _share_moved(what: str, shift: ShareShift | None) -> Iterator[Sentence]:
    if shift is None or shift.status == "stable":
        return
    if shift.current is None or shift.earlier is None:
        yield say("drift.moved", what=say(what))
        return
    yield say(
        "drift.from_to", what=say(what), before=Share(shift.earlier), now=Share(shift.current)
    )
