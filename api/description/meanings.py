"""What the fields of records mean, read from the documentation that is written beside them.

A field is described by the string below it or by the class's section ``Attributes``, and by
what is written below the names in its annotation: a unit or a list of values that several
fields share is written once.
"""

import ast
import importlib.util
import inspect
import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, get_origin

from msgspec.inspect import StructType

__all__ = ["meanings_of", "summary_of"]

_LIMITS = "models.edges"
"""What is written there below words and numbers is about their limits, which schemas give."""
_OURS = ("analytics", "api", "models", "survey")
_ATTRIBUTES = re.compile(r"\n*^Attributes\n-+\n", re.MULTILINE)
_SCALAR = re.compile(r"Annotated\[(str|int|float|None|[ |])+,")
_QUOTED = re.compile(r"``(\w+)``")
_NONE = re.compile(r"\bNone\b")
_NONE_FIRST = re.compile(r"(?:^|(?<=\. ))None\b")
_ENTRY = re.compile(r"^(?P<names>\w[\w, ]*?)(?: : .*)?\n(?P<text>(?:(?: +.*)?(?:\n|$))+)", re.M)


def meanings_of(record: StructType) -> dict[str, str]:
    """Return what each member of a record means, by its name on the wire.

    Records speak of their fields and of ``None``; readers of JSON see members, which are null
    or absent. A field that nobody has described is absent.
    """
    plain = get_origin(record.cls) or record.cls
    written: dict[str, tuple[str, str]] = {}
    for cls in reversed(plain.__mro__):
        if cls.__module__.partition(".")[0] in _OURS:
            written |= _own_meanings(cls)
    names = {field.name: field.encode_name for field in record.fields}
    names |= {record.tag_field: record.tag_field} if record.tag_field else {}
    nothing = "absent" if plain.__struct_config__.omit_defaults else "null"
    return {
        names[field]: _plain_text(f"{_of_json(own, names, nothing)} {shared}")
        for field, (own, shared) in written.items()
        if field in names and own + shared
    }


def _of_json(text: str, names: Mapping[str, str], nothing: str) -> str:
    text = _QUOTED.sub(lambda found: f"``{names.get(found[1], found[1])}``", text)
    text = _NONE_FIRST.sub(nothing.capitalize(), text)
    return _NONE.sub(nothing, text)


def summary_of(record: StructType) -> str:
    """Return what a record is: its documentation without what it says of single fields."""
    doc = inspect.cleandoc((get_origin(record.cls) or record.cls).__doc__ or "")
    return _plain_text(_ATTRIBUTES.split(doc)[0])


def _plain_text(text: str) -> str:
    """Return documentation as Markdown, one line per paragraph."""
    paragraphs = inspect.cleandoc(text).replace("``", "`").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


@cache
def _own_meanings(cls: type) -> dict[str, tuple[str, str]]:
    """Return what is written of each field itself, and what it shares with others."""
    module = cls.__module__
    body = _class_body(module, cls.__name__)
    written = _listed(cls.__doc__ or "") | dict(_documented(body))
    shared = {
        ast.unparse(one.target): " ".join(_shared(module, one.annotation))
        for one in body
        if isinstance(one, ast.AnnAssign)
    }
    return {name: (written.get(name, ""), shared.get(name, "")) for name in written | shared}


def _listed(doc: str) -> dict[str, str]:
    """Read the section ``Attributes`` of a class."""
    _, *section = _ATTRIBUTES.split(inspect.cleandoc(doc))
    return {
        name.strip(): entry["text"]
        for entry in _ENTRY.finditer("".join(section))
        for name in entry["names"].split(",")
    }


def _documented(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    """Yield the names that a body assigns or annotates, each with the string below it."""
    for one, below in pairwise(body):
        if (
            isinstance(one, ast.AnnAssign | ast.Assign)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
        ):
            yield from ((name, str(below.value.value)) for name in _targets(one))


def _targets(assigned: ast.Assign | ast.AnnAssign) -> list[str]:
    targets = assigned.targets if isinstance(assigned, ast.Assign) else [assigned.target]
    return [ast.unparse(target) for target in targets]


def _shared(module: str, annotation: ast.expr) -> Iterator[str]:
    """Yield what is written below the names that an annotation consists of."""
    for node in ast.walk(annotation):
        # Constants in capitals limit values; what is written below them is not about the field.
        if isinstance(node, ast.Name) and not node.id.isupper():
            yield from _below(module, node.id)


@cache
def _below(module: str, name: str) -> tuple[str, ...]:
    """Return what is written below a name, where it is assigned, and below its own parts."""
    for one in _module_body(module):
        if isinstance(one, ast.ImportFrom) and name in {alias.name for alias in one.names}:
            origin = one.module or ""
            return _below(origin, name) if origin.partition(".")[0] in _OURS else ()
        if isinstance(one, ast.Assign | ast.AnnAssign) and one.value and name in _targets(one):
            if module == _LIMITS and _SCALAR.match(ast.unparse(one.value)):
                return ()
            own = dict(_documented(_module_body(module))).get(name)
            return (*([own] if own else []), *_shared(module, one.value))
    return ()


@cache
def _module_body(module: str) -> list[ast.stmt]:
    found = importlib.util.find_spec(module)
    source = Path(str(found and found.origin)).read_text(encoding="utf-8")
    return ast.parse(source).body


def _class_body(module: str, name: str) -> list[ast.stmt]:
    classes: dict[str, Any] = {
        one.name: one for one in _module_body(module) if isinstance(one, ast.ClassDef)
    }
    return list(classes[name].body) if name in classes else []
