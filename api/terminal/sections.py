"""The sections of a report below its table: each heading with its lines, none without any."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from rich.console import Console

from analytics.results import Analysis, UnitResult, Unnamed
from analytics.results.diagnosis import Diagnosis
from api.terminal.diagnosis import Guide, diagnosis_lines
from api.terminal.drivers import drivers_lines
from api.terminal.footnotes import Footnotes
from api.terminal.participation import print_participation
from api.terminal.pattern import pattern_lines
from api.terminal.portfolio import portfolio_lines
from api.terminal.quality import quality_lines
from api.terminal.recommendation import recommendation_lines, unnamed_lines
from api.terminal.sponsorship import sponsorship_lines
from api.terminal.waves import print_changes, print_drift, print_kept
from seed.content import diagnosis, evidence, phases

__all__ = ["Sections"]


@dataclass(frozen=True)
class Sections:
    """Prints what an analysis says beyond its table.

    Attributes
    ----------
    console : Console
        Where to.
    analysis : Analysis
        What was found.
    names : mapping of str to str
        Names of units, ready for marked-up text.
    notes : Footnotes
        Numbers the published figures referred to on the way.
    """

    console: Console
    analysis: Analysis
    names: Mapping[str, str]
    notes: Footnotes

    @classmethod
    def of(cls, console: Console, analysis: Analysis, names: Mapping[str, str]) -> "Sections":
        """Start a report with no published figure referred to yet."""
        return cls(console, analysis, names, Footnotes(evidence()))

    def company(self) -> None:
        """Print what holds for the company as a whole."""
        found = self.analysis
        if found.constraint:
            lines = diagnosis_lines(
                Diagnosis(constraint=found.constraint), _guide(), self.notes
            )
            self._print("What holds the company back", lines, markup=False)
        self._print("The company's own pattern", pattern_lines(found.organisation))
        if isinstance(found.organisation.unnamed, Unnamed):
            lines = unnamed_lines(found.organisation.unnamed, self.names)
            self._print("A way of working that no model describes", lines)
        if found.portfolio:
            self._print("The models together", portfolio_lines(found.portfolio, self.names))
        if found.sponsorship:
            felt = {unit.unit: unit.sponsorship for unit in self._shown() if unit.sponsorship}
            lines = sponsorship_lines(found.sponsorship, felt, self.names)
            self._print("Sponsorship, claimed and felt", lines)
        if found.drivers:
            self._print("What goes together with value", drivers_lines(found.drivers))

    def measurement(self) -> None:
        """Print who answered and how far the scores can be trusted."""
        found = self.analysis
        if found.participation:
            answered = {
                unit.unit: unit.participation for unit in self._shown() if unit.participation
            }
            print_participation(self.console, found.participation, answered, self.names)
        if found.quality:
            trusted = {unit.unit: unit.quality for unit in self._shown() if unit.quality}
            k = found.lineage.thresholds.scores
            lines = quality_lines(found.quality, trusted, self.names, k=k)
            self._print("How well it was measured", lines)

    def waves(self) -> None:
        """Print what changed since the last wave, if there was one."""
        found = self.analysis
        if found.change:
            changed = {unit.unit: unit.change for unit in self._shown() if unit.change}
            print_changes(self.console, found.change, changed, self.names)
        kept = {
            unit.unit: unit.recommendation.since_last_wave
            for unit in self._shown()
            if unit.recommendation and unit.recommendation.since_last_wave
        }
        if kept:
            print_kept(self.console, kept, self.names)
        if found.drift:
            print_drift(self.console, found.drift)

    def details(self, codes: Collection[str]) -> None:
        """Print everything about the units named, as far as they are shown."""
        for unit in self._shown():
            if unit.unit in codes:
                self._detail(unit)

    def sources(self) -> None:
        """Print the published figures that were referred to."""
        self._print("Published figures", self.notes.lines(), markup=False, bullet="")

    def _shown(self) -> list[UnitResult]:
        return [unit for unit in self.analysis.units if unit.status == "reported"]

    def _detail(self, unit: UnitResult) -> None:
        found = unit.recommendation
        lines = recommendation_lines(found) if found else []
        self._print(f"{self.names[unit.unit]} in detail", lines)
        diagnosed = Diagnosis(
            constraint=unit.constraint,
            readiness=unit.readiness,
            governance_audit=unit.governance,
            practices=unit.practices,
            prerequisites=found.prerequisites if found else (),
        )
        lines = diagnosis_lines(diagnosed, _guide(), self.notes)
        self._print(None, lines, markup=False)

    def _print(
        self,
        heading: str | None,
        lines: Iterable[str],
        *,
        markup: bool = True,
        bullet: str = "• ",
    ) -> None:
        lines = list(lines)
        if not lines:
            return
        if heading is not None:
            self.console.print(f"[bold]{heading}[/]")
        for line in lines:
            # An indented line goes on about the one above.
            mark = " " * len(bullet) if line.startswith(" ") else bullet
            self.console.print(f"  {mark}{line}", markup=markup)
        self.console.print()


def _guide() -> Guide:
    return Guide(phases(), diagnosis())
