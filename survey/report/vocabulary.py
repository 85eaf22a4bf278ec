"""What a report calls things: names from the organisation's instrument and catalogue."""

from collections.abc import Callable
from dataclasses import dataclass

from survey.catalogue.evidence import Evidence, Figure, MaturityLevels, SponsorBehaviours
from survey.catalogue.operating_models import OperatingModels, ShortNames
from survey.catalogue.phases import Phases
from survey.catalogue.yardsticks import Yardsticks
from survey.instruments.definition import InstrumentDefinition
from survey.instruments.parts import Texts
from survey.report.document import Term

__all__ = ["FALLBACK_LOCALE", "Vocabulary"]

FALLBACK_LOCALE = "en"


@dataclass(frozen=True)
class Vocabulary:
    """The content of the versions that a release was made with, for the words in it."""

    instrument: InstrumentDefinition
    models: OperatingModels
    phases: Phases
    yardsticks: Yardsticks
    evidence: Evidence
    behaviours: SponsorBehaviours
    levels: MaturityLevels
    short_names: ShortNames

    @property
    def model_keys(self) -> tuple[str, ...]:
        """Return the operating models, in the order of the catalogue."""
        return tuple(model.key for model in self.models.models)

    def figure(self, key: str) -> Figure:
        """Return a published figure.

        Raises
        ------
        KeyError
            The evidence holds none of this key.
        """
        return {figure.key: figure for figure in self.evidence.figures}[key]

    def name(self, term: Term, locale: str) -> str:
        """Return what a term is called in a language; in English if it has no name there.

        Raises
        ------
        KeyError
            Neither the instrument nor the catalogue knows it.
        """
        texts = self._texts(term.kind)[term.key]
        text = texts.get(locale) or texts.get(FALLBACK_LOCALE) or next(iter(texts.values()))
        return " ".join(text.split())

    def has(self, term: Term) -> bool:
        """Tell whether there is a text for it."""
        return term.key in self._texts(term.kind)

    def _texts(self, kind: str) -> dict[str, Texts]:
        return _TEXTS[kind](self)


def _components(known: Vocabulary) -> dict[str, Texts]:
    return {
        key: name
        for construct in known.instrument.constructs
        for key, name in construct.components.items()
    }


def _actions(known: Vocabulary) -> dict[str, Texts]:
    return {
        f"{one.key}.{place}": text
        for one in known.behaviours.behaviours
        for place, text in enumerate(one.looks_like)
    }


def _gates(known: Vocabulary) -> dict[str, Texts]:
    return {gate.key: gate.text for phase in known.phases.phases for gate in phase.gates}


def _evidence_to_bring(known: Vocabulary) -> dict[str, Texts]:
    gates = [gate for phase in known.phases.phases for gate in phase.gates]
    return {gate.key: gate.bring for gate in gates if gate.bring}


def _conditions(known: Vocabulary) -> dict[str, Texts]:
    return {f"{one.model}.{one.construct}": one.reason for one in known.yardsticks.conditions}


def _statements(known: Vocabulary) -> dict[str, Texts]:
    """Return every published figure with the remark that qualifies it."""
    return {one.key: _with_note(one) for one in known.evidence.figures}


def _with_note(figure: Figure) -> Texts:
    statements = {FALLBACK_LOCALE: figure.statement, **figure.translations}
    notes = {FALLBACK_LOCALE: figure.note or "", **figure.notes}
    return {
        locale: f"{text} {notes.get(locale, notes[FALLBACK_LOCALE])}"
        for locale, text in statements.items()
    }


def _sources(known: Vocabulary) -> dict[str, Texts]:
    return {
        one.key: {FALLBACK_LOCALE: one.source, **one.sources} for one in known.evidence.figures
    }


_TEXTS: dict[str, Callable[[Vocabulary], dict[str, Texts]]] = {
    "construct": lambda known: {one.key: one.name for one in known.instrument.constructs},
    "component": _components,
    "model": lambda known: {one.key: one.name for one in known.models.models},
    "model_short": lambda known: {
        one.key: known.short_names.models.get(one.key, one.name) for one in known.models.models
    },
    "behaviour": lambda known: {one.key: one.name for one in known.behaviours.behaviours},
    "behaviour_action": _actions,
    "phase": lambda known: {one.key: one.name for one in known.phases.phases},
    "gate": _gates,
    "gate_bring": _evidence_to_bring,
    "standard": lambda known: {
        one.component: one.looks_like for one in known.yardsticks.governance
    },
    "condition": _conditions,
    "level": lambda known: {str(one.level): one.name for one in known.levels.levels},
    "evidence": _statements,
    "source": _sources,
}
