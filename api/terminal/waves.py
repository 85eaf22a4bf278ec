"""What changed since the last wave, and what drifts, as sections of the report."""

from collections.abc import Iterator, Mapping
from statistics import median

from rich.console import Console
from rich.table import Table

from analytics.results.waves import (
    Change,
    CompanyChange,
    Drift,
    KeptRecommendation,
    UnitChange,
    VerdictCount,
)
from api.terminal.words import label, signed

__all__ = ["print_changes", "print_drift", "print_kept"]

_SHOWN = 10
"""So many changes of units are listed; the others are only counted."""

_VERDICTS = {"no_change": "no change", "inconclusive": "open"}
_STATUS = {
    "stable": "[green]stable[/]",
    "watch": "[yellow]watch[/]",
    "alert": "[bold red]alert[/]",
}


def print_changes(
    console: Console,
    company: CompanyChange,
    units: Mapping[str, UnitChange],
    names: Mapping[str, str],
) -> None:
    """Print the changes of the company by construct, then the clearest ones of units.

    Parameters
    ----------
    console : Console
        Where to.
    company : CompanyChange
        The company as a whole.
    units : mapping of str to UnitChange
        The groups shown in both waves.
    names : mapping of str to str
        Names of units, ready for marked-up text.
    """
    console.print("[bold]Since the last wave[/]")
    console.print(_company_table(company))
    for line in (*_unit_lines(units, company, names), *_foot_lines(company, units)):
        console.print(f"  {line}", style=None if line.startswith("•") else "dim")
    console.print()


def print_drift(console: Console, found: Drift) -> None:
    """Print whether what goes in and what comes out is spread as in the last wave."""
    console.print(f"[bold]Drift[/] {_STATUS[found.status]}")
    if not found.alerts:
        console.print(
            "  Scores, missing and careless answers and recommendations are spread as in the "
            "last wave.",
            style="dim",
        )
    for sentence in found.alerts:
        console.print(f"  • {sentence}")
    console.print()


def print_kept(
    console: Console, kept: Mapping[str, KeptRecommendation], names: Mapping[str, str]
) -> None:
    """Print which displayed recommendations changed, and which are kept against the trend."""
    lines = [
        line
        for code, one in sorted(kept.items())
        if (line := _kept_line(names.get(code, code), one))
    ]
    if not lines:
        return
    console.print("[bold]Recommendations over the waves[/]")
    for line in lines:
        console.print(f"  • {line}")
    console.print()


def _company_table(company: CompanyChange) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Company", "Change", "", "Units up", "down", "same", "open"):
        right = heading not in {"Company", "Change", ""}
        table.add_column(heading, justify="right" if right else "left")
    for key, change in company.constructs.items():
        units = company.units[key]
        table.add_row(label(key), _figure(change), _verdict(change), *_counts(units))
    return table


def _counts(units: VerdictCount) -> tuple[str, ...]:
    counts = (units.rose, units.fell, units.no_change, units.inconclusive)
    return tuple(str(count) if count else "[dim]·[/]" for count in counts)


def _figure(change: Change) -> str:
    if change.estimate is None or change.low is None or change.high is None:
        return "[dim]hidden[/]"
    low, high = signed(change.low, 1), signed(change.high, 1)
    return f"{signed(change.estimate, 1)} [dim]\\[{low}, {high}][/]"


def _verdict(change: Change) -> str:
    up = (change.estimate or 0.0) > 0
    if change.band is not None:
        return {"higher": "▲ higher", "lower": "▼ lower"}.get(change.band, "[dim]similar[/]")
    if change.verdict == "changed":
        return "[bold]▲ rose[/]" if up else "[bold]▼ fell[/]"
    return f"[dim]{_VERDICTS[str(change.verdict)]}[/]"


def _unit_lines(
    units: Mapping[str, UnitChange], company: CompanyChange, names: Mapping[str, str]
) -> Iterator[str]:
    found = [
        (abs(change.estimate or 0.0), code, key, change)
        for code, unit in units.items()
        for key, change in unit.constructs.items()
        if (change.verdict == "changed" or change.band in {"higher", "lower"})
        and not _is_company(change, company.constructs.get(key))
    ]
    found.sort(key=lambda entry: (-entry[0], entry[1], entry[2]))
    for _, code, key, change in found[:_SHOWN]:
        yield f"• {names.get(code, code)}, {label(key)}: {_told(change)}"
    if len(found) > _SHOWN:
        yield f"• and {len(found) - _SHOWN} more changes of units"


def _is_company(change: Change, whole: Change | None) -> bool:
    """Tell the unit at the top by its figures: they are in the table already."""
    return whole is not None and (change.estimate, change.low) == (whole.estimate, whole.low)


def _told(change: Change) -> str:
    if change.band is not None:
        return f"{change.band} (figures would tell of single people)"
    told = f"{_verdict(change)} {_figure(change)}"
    if change.split is None:
        return told
    return f"{told}, {signed(change.split.composition, 1)} of it from another mix of roles"


def _foot_lines(company: CompanyChange, units: Mapping[str, UnitChange]) -> Iterator[str]:
    yield (
        "Points of 100 with their 95% interval. Rose or fell: by 5 or more, beyond chance over "
        "all units and constructs.\n  No change: surely less than 5. Open: the answers do not "
        "tell which."
    )
    seen = [
        change.detectable
        for unit in units.values()
        for change in unit.constructs.values()
        if change.detectable is not None
    ]
    if seen:
        yield (
            f"In a typical unit only changes of {median(seen):.0f} or more would probably be "
            "seen."
        )
    yield (
        "People were recognised in both waves."
        if company.people_matched
        else "People were not recognised: the waves are compared as if others had answered."
    )
    yield "Whether the items mean the same to people in both waves was not tested."
    if company.not_comparable:
        listed = ", ".join(label(key) for key in company.not_comparable)
        yield f"Asked otherwise than last time, so not compared: {listed}."


def _kept_line(name: str, one: KeptRecommendation) -> str | None:
    if one.outcome == "changed":
        return f"{name}: now {label(one.displayed)}"
    if one.outcome != "kept" or one.moved_towards is None:
        return None
    rise = ""
    if one.shift is not None and one.shift > 0:
        rise = f" (+{100 * one.shift:.0f} percentage points)"
    return (
        f"{name}: recommendation kept, {label(one.displayed)}; evidence moving towards "
        f"{label(one.moved_towards)}{rise}"
    )
