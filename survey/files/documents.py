"""Files of one thing, in TOML or JSON: an organisation, an instrument."""

import json
import math
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from survey.files.complaints import Complaints

__all__ = ["read_document"]

_Document = TypeVar("_Document")

_WHAT_AND_WHERE = re.compile(r"(?P<what>.*?)(?: - at `(?:key in )?\$?\.?(?P<where>.*)`)?")
_STRANGE = re.compile("[\0\ud800-\udfff]")
_TEXT = "text without NUL characters and lone surrogates"


class _TwiceError(ValueError):
    """An object of JSON has a member twice."""


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
    complaints = Complaints(name)
    value = _plain(file, complaints)
    for place, expected in _unheld(value):
        complaints.add(expected, column=place or None)
    complaints.raise_any()
    try:
        return msgspec.convert(value, kind, str_keys=True)
    except msgspec.ValidationError as error:
        found = _WHAT_AND_WHERE.fullmatch(str(error))
        where = None if found is None else found["where"]
        complaints.add(_expected(str(error) if found is None else found["what"]), column=where)
    complaints.raise_any()
    raise AssertionError  # one complaint was added


def _plain(file: Path, complaints: Complaints) -> Any:
    """Return what is in a file as plain values.

    Raises
    ------
    FileRejected
        It is not TOML or JSON.
    """
    is_json = file.suffix.lower() == ".json"
    what = "JSON" if is_json else "TOML"
    try:
        text = file.read_bytes().decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_members) if is_json else tomllib.loads(text)
    except UnicodeDecodeError as error:
        complaints.add(f"{what} in UTF-8; byte {error.start + 1} of the file is not")
    except (json.JSONDecodeError, tomllib.TOMLDecodeError, _TwiceError) as error:
        complaints.add(f"{what}; {error}")
    except RecursionError:
        complaints.add(f"{what} that is not nested so deeply")
    except ValueError:
        complaints.add(f"{what}; a number in the file has too many digits")
    complaints.raise_any()
    raise AssertionError  # one complaint was added


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        name = next(name for name in names if names.count(name) > 1)
        raise _TwiceError(f"an object has the member '{name}' twice")
    return members


def _unheld(value: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Yield the place of each value that no table holds, and what was expected there."""
    if isinstance(value, str) and _STRANGE.search(value):
        yield where, _TEXT
    elif isinstance(value, float) and not math.isfinite(value):
        yield where, "a finite number"
    elif isinstance(value, list):
        for place, entry in enumerate(value):
            yield from _unheld(entry, f"{where}[{place}]")
    elif isinstance(value, dict):
        for name, member in value.items():
            below = f"{where}.{name}" if where else name
            if _STRANGE.search(name):
                yield where, f"names that are {_TEXT}"
            else:
                yield from _unheld(member, below)


def _expected(said: str) -> str:
    """Turn what msgspec says into what was expected."""
    said = said.replace("`", "'")
    if said.startswith("Object missing required field "):
        return f"a field {said.removeprefix('Object missing required field ')}"
    if said.startswith("Object contains unknown field "):
        return f"no field {said.removeprefix('Object contains unknown field ')}"
    return said.removeprefix("Expected ").replace(", got ", " and not ")
