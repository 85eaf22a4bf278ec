"""Files of one thing, in TOML or JSON: an organisation, an instrument."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from survey.files.complaints import Complaints

__all__ = ["read_document"]

_Document = TypeVar("_Document")

_WHAT_AND_WHERE = re.compile(r"(?P<what>.*?)(?: - at `(?:key in )?\$?\.?(?P<where>.*)`)?")


def read_document(file: Path, kind: type[_Document], *, name: str) -> _Document:
    """Read a file that describes one thing.

    Parameters
    ----------
    file : Path
        TOML, or JSON if the name ends in ``.json``. UTF-8.
    kind : type
        A struct: which fields there are, and what they hold.
    name : str
        What to call the file in complaints.

    Raises
    ------
    FileRejected
        It is not TOML or JSON, or not of that kind; the complaint names the field.
    OSError
        There is no such file, or it may not be read.
    """
    decode: Callable[..., _Document] = (
        msgspec.json.decode if file.suffix.lower() == ".json" else msgspec.toml.decode
    )
    complaints = Complaints(name)
    try:
        return decode(file.read_bytes(), type=kind)
    except msgspec.ValidationError as error:
        found = _WHAT_AND_WHERE.fullmatch(str(error))
        where = None if found is None else found["where"]
        complaints.add(_expected(str(error) if found is None else found["what"]), column=where)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        complaints.add(f"{'JSON' if decode is msgspec.json.decode else 'TOML'}; {error}")
    complaints.raise_any()
    raise AssertionError  # one complaint was added


def _expected(said: str) -> str:
    """Turn what msgspec says into what was expected."""
    said = said.replace("`", "'")
    if said.startswith("Object missing required field "):
        return f"a field {said.removeprefix('Object missing required field ')}"
    if said.startswith("Object contains unknown field "):
        return f"no field {said.removeprefix('Object contains unknown field ')}"
    return said.removeprefix("Expected ").replace(", got ", " and not ")
