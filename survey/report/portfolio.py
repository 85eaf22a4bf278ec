"""The models of all units together; every number in a sentence is one of its figures."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from analytics.results import UnitResult
from analytics.results.portfolio import Portfolio, Statement
from survey.report.document import (
    Argument,
    Count,
    Listing,
    Number,
    Section,
    Sentence,
    Share,
    UnitName,
    say,
)
from survey.report.phrases import UNITS_NAMED, finding, model, percents, recommended

__all__ = ["portfolio_section"]

_VERDICTS = {
    "right_nearly_everywhere": "portfolio.one_is_right",
    "no_model_fits_nearly_all": "portfolio.none_for_all",
    "too_few_units": "portfolio.one_unit",
    "mostly_unclear": "portfolio.mostly_unclear",
    "in_between": "portfolio.in_between",
}


_NAME_THE_BEST = {"right_nearly_everywhere", "no_model_fits_nearly_all", "in_between"}
"""Verdicts that name the best single model and the units for which it is not plausible."""


class _Known(NamedTuple):
    """The portfolio, and its units by name with the doubts beside their recommendations."""

    portfolio: Portfolio
    names: Mapping[str, Argument]

    def listed(self, codes: Iterable[str]) -> Listing:
        """Name the first few units, and count the others."""
        return Listing(tuple(self.names[code] for code in codes), most=UNITS_NAMED)


def portfolio_section(found: Portfolio, units: Sequence[UnitResult]) -> Section:
    """Return whether one model could serve all, what each is for, and what a mix costs.

    Parameters
    ----------
    found : Portfolio
        Its statements, each with its figures.
    units : sequence of UnitResult
        Those that are shown.
    """
    known = _Known(found, {unit.unit: recommended(unit) for unit in units})
    said = [(one.key, _SENTENCES[one.key](one, known)) for one in found.statements]
    verdict = [sentences for key, sentences in said if key == "verdict"]
    others = [sentences for key, sentences in said if key != "verdict" and sentences]
    meaning = (say("portfolio.meaning"),)
    return Section(
        "portfolio",
        say("portfolio.title"),
        tuple(finding(*sentences) for sentences in (*verdict, *others, meaning)),
    )


def _verdict(one: Statement, known: _Known) -> tuple[Sentence, ...]:
    return (
        say(
            _VERDICTS[known.portfolio.because],
            **({"model": model(one.model)} if one.model else {}),
            excluded=_count(one, "excluded"),
            clear=Count(known.portfolio.clear_units),
            of=Count(known.portfolio.units),
        ),
    )


def _shared(one: Statement, known: _Known) -> tuple[Sentence, ...]:
    use = next(use for use in known.portfolio.uses if use.model == one.model)
    shared = say(
        "portfolio.shared",
        model=model(use.model),
        count=_count(one, "clear"),
        of=_count(one, "of"),
        units=known.listed(use.units),
    )
    if not use.unclear_units:
        return (shared,)
    return (shared, say("portfolio.leaning", units=known.listed(use.unclear_units)))


def _coordination(one: Statement, known: _Known) -> tuple[Sentence, ...]:
    figures = one.figures
    run = say(
        "portfolio.models",
        count=_count(one, "models"),
        effective=Number(figures["effective"], digits=1),
    )
    if not figures["pairs"]:
        return (run, say("portfolio.no_pairs"))
    within = "portfolio.division" if len(known.portfolio.divisions) > 1 else "portfolio.company"
    return (
        run,
        say(
            "portfolio.pairs",
            count=_count(one, "split"),
            pairs=_count(one, "pairs"),
            within=say(within),
            share=Share(figures["split"] / figures["pairs"]),
            between=percents(figures["low"], figures["high"]),
        ),
    )


def _most_mixed(one: Statement, known: _Known) -> tuple[Sentence, ...]:
    del known
    return (
        say(
            "portfolio.most_mixed",
            division=_division(one),
            share=Share(one.figures["split_share"]),
            count=_count(one, "units"),
        ),
    )


def _most_alike(one: Statement, known: _Known) -> tuple[Sentence, ...]:
    del known
    return (
        say(
            "portfolio.most_alike",
            division=_division(one),
            share=Share(one.figures["split_share"]),
            model=model(one.model or ""),
            implausible=_count(one, "implausible"),
            count=_count(one, "units"),
        ),
    )


def _per_division(one: Statement, known: _Known) -> tuple[Sentence, ...]:
    del known
    implausible = _count(one, "implausible")
    return (say("portfolio.per_division", implausible=implausible, of=_count(one, "of")),)


def _for_all(one: Statement, known: _Known) -> tuple[Sentence, ...]:
    """Say how many units the best single model would not suit, unless the verdict says so."""
    if known.portfolio.because in _NAME_THE_BEST:
        return ()
    arguments: dict[str, Argument] = {
        "model": model(one.model or ""),
        "excluded": _count(one, "excluded"),
        "of": _count(one, "of"),
    }
    return (say("portfolio.for_all", **arguments),)


_SENTENCES: dict[str, Callable[[Statement, _Known], tuple[Sentence, ...]]] = {
    "verdict": _verdict,
    "model_shared": _shared,
    "coordination": _coordination,
    "most_mixed_division": _most_mixed,
    "most_alike_division": _most_alike,
    "one_per_division": _per_division,
    "one_for_all": _for_all,
}


def _count(one: Statement, figure: str) -> Count:
    return Count(round(one.figures[figure]))


def _division(one: Statement) -> Argument:
    return say("portfolio.top_level") if one.unit is None else UnitName(one.unit)
