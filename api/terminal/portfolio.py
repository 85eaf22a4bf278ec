"""The portfolio view as sentences of a report; every number in them is one of its figures."""

from collections.abc import Callable, Mapping

from analytics.results.portfolio import Portfolio, Statement
from api.terminal.words import chance, label, percent

__all__ = ["portfolio_lines"]

_VERDICTS = {
    "right_nearly_everywhere": (
        "One model for all is defensible: {model} is right for at least four fifths of "
        "{whom} with a probability of {nearly_all}."
    ),
    "no_model_fits_nearly_all": (
        "One model for all is not defensible: the probability that {model}, which comes "
        "closest, is right for four fifths of {whom} is {nearly_all}."
    ),
    "too_few_units": "Whether one model could serve all is no question with a single unit.",
    "mostly_unclear": (
        "Whether one model could serve all cannot be told: only {clear} of {of} units have a "
        "recommendation of their own to compare it with."
    ),
    "in_between": (
        "Whether one model could serve all cannot be told: {model} is right for four fifths of "
        "{whom} with a probability of {nearly_all}, which neither carries the decision nor "
        "rules it out."
    ),
}


def portfolio_lines(found: Portfolio, names: Mapping[str, str]) -> list[str]:
    """Return what holds for the operating models of all units together.

    Parameters
    ----------
    found : Portfolio
        Its statements, each with its figures.
    names : mapping of str to str
        Names of units as they stand in marked-up text; a unit without one goes by its code.

    Returns
    -------
    list of str
        One sentence or two per line, the verdict first.
    """
    said = [(one.key, _SENTENCES[one.key](one, found, names)) for one in found.statements]
    verdict = [text for key, text in said if key == "verdict"]
    others = [text for key, text in said if key != "verdict"]
    return [*verdict, *others, _meaning(found)]


def _verdict(one: Statement, found: Portfolio, names: Mapping[str, str]) -> str:
    del names
    return _VERDICTS[found.because].format(
        model=label(one.model or ""),
        whom="the units and of the people" if _counts_people(found) else "the units",
        nearly_all=chance(one.figures["nearly_all"]),
        clear=found.clear_units,
        of=found.units,
    )


def _counts_people(found: Portfolio) -> bool:
    return any(model.right_people is not None for model in found.for_all)


def _shared(one: Statement, found: Portfolio, names: Mapping[str, str]) -> str:
    listed = next(use for use in found.uses if use.model == one.model)
    clear = ", ".join(names.get(unit, unit) for unit in listed.units)
    unclear = ", ".join(names.get(unit, unit) for unit in listed.unclear_units)
    also = f"; leaning there without a clear model: {unclear}" if unclear else ""
    return (
        f"{label(listed.model)}: {_count(one, 'clear')} of {_count(one, 'of')} units "
        f"({clear}){also}."
    )


def _coordination(one: Statement, found: Portfolio, names: Mapping[str, str]) -> str:
    del names
    verb = "has" if one.figures["models"] == 1 else "have"
    text = (
        f"Unit by unit, {_models(one)} {verb} to be run (as diverse as "
        f"{one.figures['effective']:.1f} equally common ones)"
    )
    if not one.figures["pairs"]:
        return f"{text}; no two units share a parent."
    within = "of one division" if len(found.divisions) > 1 else "of the company"
    share = percent(one.figures["split"] / one.figures["pairs"])
    return (
        f"{text}, and {_count(one, 'split')} of {_count(one, 'pairs')} pairs of units {within} "
        f"({share}) would work under different models and have to coordinate across them; "
        f"{percent(one.figures['low'])} to {percent(one.figures['high'])}, allowing for doubt "
        "about single units."
    )


def _most_mixed(one: Statement, found: Portfolio, names: Mapping[str, str]) -> str:
    del found
    return (
        f"Most mixed: {_division(one, names)}, where {percent(one.figures['split_share'])} of "
        f"the pairs of its {_count(one, 'units')} units would differ."
    )


def _most_alike(one: Statement, found: Portfolio, names: Mapping[str, str]) -> str:
    del found
    return (
        f"Most alike: {_division(one, names)}, {percent(one.figures['split_share'])} of the "
        f"pairs; {label(one.model or '')} alone would be right for "
        f"{percent(one.figures['right'])} of its {_count(one, 'units')} units."
    )


def _per_division(one: Statement, found: Portfolio, names: Mapping[str, str]) -> str:
    del found, names
    return (
        f"One model per division would leave no such pairs, and be right for "
        f"{percent(one.figures['right'])} of the units instead of "
        f"{percent(one.figures['instead_of'])}."
    )


def _for_all(one: Statement, found: Portfolio, names: Mapping[str, str]) -> str:
    del found, names
    figures = one.figures
    people = ""
    if "right_people" in figures:
        people = f" and {percent(figures['right_people'])} of the people"
    return (
        f"One model for all would at best be {label(one.model or '')}: right for "
        f"{percent(figures['right'])} of the units{people} "
        f"({percent(figures['low'])} to {percent(figures['high'])} of the units), and not even "
        f"plausible for {_count(one, 'excluded')} of {_count(one, 'of')}."
    )


def _meaning(found: Portfolio) -> str:
    return (
        f"“Right” is meant where one of the four models describes a unit at all, which is "
        f"expected of {percent(found.described)} of the units. Coordination is counted and not "
        "priced: every pair weighs the same."
    )


_SENTENCES: dict[str, Callable[[Statement, Portfolio, Mapping[str, str]], str]] = {
    "verdict": _verdict,
    "model_shared": _shared,
    "coordination": _coordination,
    "most_mixed_division": _most_mixed,
    "most_alike_division": _most_alike,
    "one_per_division": _per_division,
    "one_for_all": _for_all,
}


def _count(one: Statement, figure: str) -> str:
    return f"{one.figures[figure]:.0f}"


def _models(one: Statement) -> str:
    count = one.figures["models"]
    return "one model" if count == 1 else f"{count:.0f} models"


def _division(one: Statement, names: Mapping[str, str]) -> str:
    return "the top level" if one.unit is None else names.get(one.unit, one.unit)
