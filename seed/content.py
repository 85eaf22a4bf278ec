"""The content that opmodel brings along, read from its data files; never written."""

from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TypeVar

import msgspec

import seed
from seed.instrument_files import assemble
from seed.instrument_schema import InstrumentStructure, InstrumentWords
from seed.schema import Evidence, MaturityLevels, OperatingModels, Phases
from survey.rules.instrument import InstrumentDefinition

__all__ = [
    "evidence",
    "maturity_levels",
    "operating_models",
    "phases",
    "standard_instrument",
]

_File = TypeVar("_File")

STANDARD_INSTRUMENT = "ai-scaling-conditions-1"


@cache
def standard_instrument() -> InstrumentDefinition:
    """Return ``ai-scaling-conditions``, version 1: 62 items and two comments."""
    folder = _content() / "instruments" / STANDARD_INSTRUMENT
    structure = _read(folder / "structure.toml", InstrumentStructure)
    words = {
        locale: _read(folder / f"{locale}.toml", InstrumentWords)
        for locale in structure.locales
    }
    return assemble(structure, words)


@cache
def operating_models() -> OperatingModels:
    """Return the four operating models with their anchors."""
    return _read(_content() / "catalogue" / "operating_models.toml", OperatingModels)


@cache
def maturity_levels() -> MaturityLevels:
    """Return the five maturity levels, lowest first."""
    return _read(_content() / "catalogue" / "maturity_levels.toml", MaturityLevels)


@cache
def phases() -> Phases:
    """Return the four phases of scaling with their gates."""
    return _read(_content() / "catalogue" / "phases.toml", Phases)


@cache
def evidence() -> Evidence:
    """Return the published figures with their sources."""
    return _read(_content() / "catalogue" / "evidence.toml", Evidence)


def _content() -> Traversable:
    return resources.files(seed)


def _read(file: Traversable, kind: type[_File]) -> _File:
    try:
        return msgspec.toml.decode(file.read_bytes(), type=kind)
    except msgspec.DecodeError as error:
        error.add_note(f"in {file.name}")
        raise
