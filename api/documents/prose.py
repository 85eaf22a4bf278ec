"""A document of sentences and tables as Markdown, or as one HTML file that prints well."""

import re
from functools import cache
from importlib import resources

from jinja2 import Environment, Template

import api.documents
from survey.report.document import (
    Argument,
    Cell,
    Choice,
    Document,
    Hidden,
    Needs,
    Part,
    Section,
    Statement,
    Table,
)
from survey.report.wording import Wording

__all__ = ["as_html", "as_markdown"]

_MARKUP = re.compile(r"([\\`*_\[\]<>|#&~])")


def as_markdown(document: Document, wording: Wording) -> str:
    """Return a document in GitHub's Markdown; what it holds is never read as markup.

    Parameters
    ----------
    document : Document
        Of statements and of tables whose cells are sentences.
    wording : Wording
        Says it in one language.

    Raises
    ------
    TypeError
        A part is neither a statement nor a table, or a cell is no sentence and no figure.
    """
    parts = [f"# {_plain(document.title, wording)}", _plain(document.about, wording)]
    for section in document.sections:
        parts.append(f"## {_plain(section.title, wording)}")
        parts.extend(_markdown(part, wording) for part in section.parts)
    return "\n\n".join(parts) + "\n"


def as_html(document: Document, wording: Wording) -> str:
    """Return a document as a whole HTML file without scripts or anything from elsewhere.

    Parameters
    ----------
    document, wording
        As in ``as_markdown``.

    Raises
    ------
    TypeError
        As in ``as_markdown``.
    """
    return _template().render(
        locale=wording.locale,
        title=wording.text(document.title),
        about=wording.text(document.about),
        sections=[_section(section, wording) for section in document.sections],
    )


def _plain(sentence: Argument, wording: Wording) -> str:
    return _MARKUP.sub(r"\\\1", wording.text(sentence))


def _markdown(part: Part, wording: Wording) -> str:
    if isinstance(part, Statement):
        return " ".join(_plain(one, wording) for one in part.sentences)
    headings, *rows = _lines(part)
    written = [[_plain(cell, wording) for cell in line] for line in (headings, *rows)]
    written.insert(1, ["---"] * len(headings))
    return "\n".join(f"| {' | '.join(line)} |" for line in written)


def _section(section: Section, wording: Wording) -> dict[str, object]:
    """Return a section as the template wants it: a paragraph is a text, a table its lines."""
    return {
        "title": wording.text(section.title),
        "parts": [
            wording.statement(part)
            if isinstance(part, Statement)
            else [[wording.text(cell) for cell in line] for line in _lines(part)]
            for part in section.parts
        ],
    }


def _lines(part: Part) -> list[list[Argument]]:
    """Return the headings of a table, then its rows."""
    if not isinstance(part, Table):
        msg = f"Prose holds statements and tables, not {type(part).__name__}."
        raise TypeError(msg)
    rows = [[_said(cell) for cell in row.cells] for row in part.rows]
    return [[column.heading for column in part.columns], *rows]


def _said(cell: Cell) -> Argument:
    if isinstance(cell, Choice | Needs | Hidden):
        msg = f"Prose holds cells of sentences and figures, not {type(cell).__name__}."
        raise TypeError(msg)
    return cell


@cache
def _template() -> Template:
    source = resources.files(api.documents).joinpath("prose.html").read_text("utf-8")
    return Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
        source
    )
