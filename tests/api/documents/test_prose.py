"""Prose is written as it stands: nothing in it becomes markup."""

from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from api.documents.prose import as_html, as_markdown
from survey.report.document import (
    Cell,
    Column,
    Document,
    Hidden,
    Part,
    Row,
    Section,
    Shares,
    Statement,
    Table,
    Verbatim,
    say,
)
from survey.report.wording import Wording

ENGLISH = Wording("en", None, {})
NASTY = "<script>alert(1)</script> *a* | [b](c) `d` # e & f_g_h"


def text(said: str) -> Verbatim:
    return Verbatim(said)


def document(*parts: Part, title: str = "Title") -> Document:
    said = say("text", text=text(title))
    return Document(said, said, (Section("s", said, parts),))


def table(cell: Cell) -> Table:
    columns = tuple(Column(say("text", text=text(name))) for name in ("What", "How many"))
    return Table("t", columns, (Row((cell, text("5"))),))


class Read(HTMLParser):
    """Collects the tags and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the parser's signature
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


PLAIN = Statement((say("text", text=text(NASTY)),))


@pytest.mark.parametrize("part", [PLAIN, table(text(NASTY))], ids=["sentence", "cell"])
def test_a_page_shows_what_looks_like_markup(part: Part) -> None:
    page = Read(as_html(document(part, title=NASTY), ENGLISH))

    assert "script" not in page.tags
    assert page.texts.count(NASTY) == 5  # title twice, about, heading, part


@pytest.mark.parametrize("part", [PLAIN, table(text(NASTY))], ids=["sentence", "cell"])
def test_markdown_shows_what_looks_like_markup(part: Part) -> None:
    written = as_markdown(document(part, title=NASTY), ENGLISH)

    page = Read(MarkdownIt("commonmark").enable("table").render(written))
    assert not {"script", "em", "a", "code"} & set(page.tags)
    assert "".join(page.texts).count(NASTY) == 4  # title, about, heading, part


def test_markdown_has_tables() -> None:
    written = as_markdown(document(table(text("Groups"))), ENGLISH)

    assert "| What | How many |\n| --- | --- |\n| Groups | 5 |" in written


def test_a_page_names_its_language() -> None:
    assert '<html lang="de">' in as_html(document(PLAIN), Wording("de", None, {}))


@pytest.mark.parametrize(
    "part", [Shares("s", ()), table(Hidden(say("text", text=Verbatim("few"))))]
)
def test_pictures_are_not_prose(part: Part) -> None:
    with pytest.raises(TypeError, match="Prose holds"):
        as_markdown(document(part), ENGLISH)
