"""The content that comes with opmodel, read from data files."""

from functools import cache
from importlib import resources
from typing import TypeVar

import msgspec

import seed
from analytics.theory import Theory
from seed.instrument_files import assemble
from seed.instrument_schema import InstrumentStructure, InstrumentWords
from survey.catalogue.evidence import Evidence, MaturityLevels, SponsorBehaviours
from survey.catalogue.operating_models import OperatingModels, ShortNames
from survey.catalogue.phases import Phases
from survey.catalogue.use_case_criteria import UseCaseCriteria
from survey.catalogue.yardsticks import Yardsticks
from survey.instruments.definition import InstrumentDefinition
from survey.report.vocabulary import Vocabulary

__all__ = [
    "content_file",
    "diagnosis",
    "evidence",
    "maturity_levels",
    "operating_models",
    "phases",
    "short_names",
    "sponsor_behaviours",
    "standard_instrument",
    "theory",
    "use_case_criteria",
    "vocabulary",
]

_File = TypeVar("_File")

STANDARD_INSTRUMENT = "ai-scaling-conditions-1"


@cache
def standard_instrument() -> InstrumentDefinition:
    """Return ``ai-scaling-conditions``, version 1: 62 items and two comments."""
    folder = ("instruments", STANDARD_INSTRUMENT)
    structure = content_file(*folder, "structure.toml", kind=InstrumentStructure)
    words = {
        locale: content_file(*folder, f"{locale}.toml", kind=InstrumentWords)
        for locale in structure.locales
    }
    return assemble(structure, words)


@cache
def operating_models() -> OperatingModels:
    """Return the four operating models with their anchors."""
    return content_file("catalogue", "operating_models.toml", kind=OperatingModels)


@cache
def short_names() -> ShortNames:
    """Return what the four operating models are called in a table."""
    return content_file("catalogue", "short_names.toml", kind=ShortNames)


@cache
def maturity_levels() -> MaturityLevels:
    """Return the five maturity levels, lowest first."""
    return content_file("catalogue", "maturity_levels.toml", kind=MaturityLevels)


@cache
def phases() -> Phases:
    """Return the four phases of scaling with their gates and the items that measure them."""
    return content_file("catalogue", "phases.toml", kind=Phases)


@cache
def diagnosis() -> Yardsticks:
    """Return the yardsticks of findings: thresholds, standards, conditions, evidence."""
    return content_file("catalogue", "diagnosis.toml", kind=Yardsticks)


@cache
def theory() -> Theory:
    """Return profiles, phases and yardsticks in the form that an analysis takes."""
    return Theory(operating_models().anchors(), phases().measures(), diagnosis().measures())


@cache
def evidence() -> Evidence:
    """Return the published figures with their sources."""
    return content_file("catalogue", "evidence.toml", kind=Evidence)


@cache
def use_case_criteria() -> UseCaseCriteria:
    """Return the criteria for choosing use cases, with their default weights."""
    return content_file("catalogue", "use_case_criteria.toml", kind=UseCaseCriteria)


@cache
def sponsor_behaviours() -> SponsorBehaviours:
    """Return the four behaviours of a sponsor, with actions that show each of them."""
    return content_file("catalogue", "sponsor_behaviours.toml", kind=SponsorBehaviours)


@cache
def vocabulary() -> Vocabulary:
    """Return what reports call things under the standard instrument and catalogue."""
    return Vocabulary(
        instrument=standard_instrument(),
        models=operating_models(),
        phases=phases(),
        yardsticks=diagnosis(),
        evidence=evidence(),
        behaviours=sponsor_behaviours(),
        levels=maturity_levels(),
        short_names=short_names(),
    )


def content_file(*path: str, kind: type[_File]) -> _File:
    """Read one content file of the installed package.

    Parameters
    ----------
    *path : str
        Folders below ``seed``, then the name of the file.
    kind
        Type of the file's content.

    Raises
    ------
    msgspec.DecodeError
        The file does not have this type; the error names the field and the file.
    """
    file = resources.files(seed).joinpath(*path)
    try:
        return msgspec.toml.decode(file.read_bytes(), type=kind)
    except msgspec.DecodeError as error:
        error.add_note(f"in {'/'.join(path)}")
        raise
