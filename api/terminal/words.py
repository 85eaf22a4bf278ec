"""How keys and figures read in a report for people."""

from collections.abc import Iterable, Sequence

from rich.markup import escape

from analytics.results import Constraint, Recommendation, Sponsorship

__all__ = [
    "chance",
    "constraint_text",
    "first_few",
    "gap_text",
    "in_words",
    "label",
    "model_text",
    "percent",
    "plain",
    "printable",
    "runner_up_text",
    "short",
    "signed",
    "span",
    "units_text",
]

_NAMES = {
    "coe": "Centre of excellence",
    "hybrid_squad": "Hybrid product squad",
    "mlops_capability": "MLOps capability",
}
_SHORT = {"coe": "CoE", "hybrid_squad": "Hybrid squad", "executive_sponsorship": "Sponsorship"}
_NEARLY = 1e-9
_SIGNS = {"firm": "●", "lean": "◐", "no_clear_model": "○"}
_STYLES = {"firm": "bold green", "lean": "yellow", "no_clear_model": "dim"}
_QUADRANTS = {
    "blind_spot": "blind spot",
    "visible_sponsor": "visible sponsor",
    "acknowledged_gap": "acknowledged gap",
    "hidden_strength": "hidden strength",
    "too_close_to_call": "too close to call",
}


def printable(text: str) -> str:
    """Keep a name from steering the terminal."""
    return "".join(sign if sign.isprintable() else "�" for sign in text)


def plain(text: str) -> str:
    """Return a name as it stands in marked-up text: brackets in it are only brackets."""
    return escape(printable(text))


def label(key: str) -> str:
    """Return the name of a model or construct."""
    return _NAMES.get(key, key.replace("_", " ").capitalize())


def short(key: str) -> str:
    """Return the name of a model or construct as it stands in a table."""
    return _SHORT.get(key, label(key))


def percent(share: float) -> str:
    """Return a share of 0 to 1 in per cent; never a false certainty of 0 or 100."""
    if 0 < share < 0.01:
        return "<1%"
    if 0.99 < share < 1:
        return ">99%"
    return f"{share:.0%}"


def chance(share: float) -> str:
    """Return a probability in per cent; draws that all agree are no certainty either."""
    return percent(min(max(share, _NEARLY), 1.0 - _NEARLY))


def signed(number: float, digits: int = 0) -> str:
    """Return a number rounded, with its sign; nothing reads as minus zero."""
    return f"{round(number, digits) + 0.0:+.{digits}f}"


def span(low: float, high: float) -> str:
    """Return an interval in whole points."""
    return f"{round(low)} to {round(high)}"


def units_text(count: int) -> str:
    """Count units."""
    return "1 unit" if count == 1 else f"{count} units"


def in_words(names: Sequence[str]) -> str:
    """List all names, the last after an "and"."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def first_few(names: Iterable[str], most: int) -> str:
    """List the first names, and count the others."""
    known = list(names)
    more = len(known) - most
    listed = ", ".join(known[:most])
    return f"{listed} and {more:,} more" if more > 0 else listed


def model_text(found: Recommendation) -> str:
    """Say which model the evidence leans to, how probable it is and how far to trust it."""
    style, sign = _STYLES[found.status], _SIGNS[found.status]
    share = percent(found.probabilities[found.model])
    hedge = "unclear: " if found.status == "no_clear_model" else ""
    return f"[{style}]{sign} {hedge}{short(found.model)} {share}[/]"


def runner_up_text(found: Recommendation) -> str:
    """Say which model comes second, and how probable it is."""
    return f"{short(found.runner_up)} {percent(found.probabilities[found.runner_up])}"


def constraint_text(found: Constraint) -> str:
    """Say which root cause holds the unit back, or that the evidence does not tell."""
    if found.status == "insufficient_evidence":
        return "[dim]not certain yet[/]"
    shares = found.probabilities or {}
    share = chance(sum(shares.get(key, 0.0) for key in found.dimensions))
    names = " or ".join(short(key) for key in found.dimensions)
    return f"{names} {share}"


def gap_text(found: Sponsorship) -> str:
    """Say how far claimed sponsorship lies above what is felt, with its interval."""
    if found.status == "suppressed":
        return "[dim]hidden[/]"
    if found.status == "no_sponsor" or found.gap is None:
        return "[dim]no sponsor[/]"
    gap = found.gap
    text = f"{signed(gap.estimate)} [dim]\\[{signed(gap.low)}, {signed(gap.high)}][/]"
    if found.quadrant in {None, "too_close_to_call"}:
        return text
    return f"{text} {_QUADRANTS[str(found.quadrant)]}"
