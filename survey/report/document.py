"""The vocabulary of a report: sections of statements, tables and figures, without markup.

A document names nothing in words. A sentence is the key of a message and its arguments; an
argument is a typed figure or a name to look up. ``survey.report.wording`` puts both into the
reader's language. Renderers decide how a part looks, never what it says.
"""

from typing import Literal, TypeAlias

import msgspec

__all__ = [
    "Argument",
    "Cell",
    "Choice",
    "Column",
    "Count",
    "Diverging",
    "Document",
    "Figure",
    "Fold",
    "Hidden",
    "Intervals",
    "Listing",
    "Needs",
    "Number",
    "Part",
    "Points",
    "Probability",
    "Range",
    "Role",
    "Row",
    "Section",
    "Sentence",
    "Share",
    "Shares",
    "Statement",
    "Table",
    "Term",
    "UnitName",
    "Verbatim",
    "say",
    "sources_of",
]

Role = Literal["finding", "detail", "note"]
"""A finding stands alone, a detail continues the statement above it, a note is a remark."""


class _Part(msgspec.Struct, frozen=True, tag=True):
    """A part of a document; it can be written as JSON, where its type is named."""


class Probability(_Part, frozen=True):
    """A probability, 0 to 1, of something the theory or draws say; never a false certainty."""

    share: float


class Share(_Part, frozen=True):
    """A counted share, 0 to 1."""

    share: float


class Points(_Part, frozen=True):
    """Points of 100."""

    value: float
    signed: bool = False
    digits: int = 0


class Number(_Part, frozen=True):
    """A number without a unit, rounded to so many digits."""

    value: float
    digits: int = 2
    signed: bool = False


class Count(_Part, frozen=True):
    """How many; an argument named ``count`` chooses the plural of its message."""

    count: int


class Range(_Part, frozen=True):
    """An interval between two figures of the same kind."""

    low: "Points | Number | Share | Probability"
    high: "Points | Number | Share | Probability"


class Term(_Part, frozen=True):
    """The name of something in the catalogue or the instrument, by kind and key."""

    kind: Literal[
        "construct",
        "component",
        "model",
        "model_short",
        "behaviour",
        "behaviour_action",
        "phase",
        "gate",
        "gate_bring",
        "standard",
        "condition",
        "level",
        "evidence",
        "source",
    ]
    key: str


class UnitName(_Part, frozen=True):
    """The name of a unit, by its code."""

    code: str


class Verbatim(_Part, frozen=True):
    """A text in no language: a code, a version, the name of a company."""

    text: str


class Listing(_Part, frozen=True):
    """Several arguments in a row; those beyond ``most`` are only counted."""

    items: "tuple[Argument, ...]"
    joined: Literal["and", "or", "comma", "semicolon"] = "comma"
    most: int | None = None


class Sentence(_Part, frozen=True):
    """The key of a message, and what stands in it; also a phrase within another sentence."""

    key: str
    arguments: "dict[str, Argument]" = {}


Argument: TypeAlias = (
    Probability
    | Share
    | Points
    | Number
    | Count
    | Range
    | Term
    | UnitName
    | Verbatim
    | Listing
    | Sentence
)


class Statement(_Part, frozen=True):
    """Sentences that belong together, with the published figures they rest on."""

    sentences: tuple[Sentence, ...]
    role: Role = "finding"
    sources: tuple[str, ...] = ()
    """Keys of published figures."""


class Hidden(_Part, frozen=True):
    """A cell that may not or cannot be shown, and why."""

    reason: Sentence


class Choice(_Part, frozen=True):
    """The operating model of one unit: what is recommended, how sure, with which doubts."""

    status: Literal["firm", "lean", "no_clear_model"]
    model: str
    probability: float
    runner_up: str
    runner_up_probability: float
    none_or_mixed: float
    """Probability of none of the four, or of a mix of two."""
    marks: tuple[str, ...] = ()
    """Reason codes that have to stand beside the recommendation wherever it is shown."""


class Needs(_Part, frozen=True):
    """What the units below a parent need: how many by model, and how many are open."""

    models: tuple[tuple[str, int], ...]
    """Model and number of units, the most frequent first."""
    open: int


Cell: TypeAlias = Argument | Choice | Needs | Hidden


class Column(_Part, frozen=True):
    """The heading of a column and what its cells are."""

    heading: Sentence
    kind: Literal["text", "figure"] = "text"

    @property
    def align(self) -> Literal["left", "right"]:
        """Figures stand to the right."""
        return "right" if self.kind == "figure" else "left"


class Row(_Part, frozen=True):
    """One cell per column, none empty; ``depth`` in the tree counts from 0."""

    cells: tuple[Cell, ...]
    depth: int = 0


class Table(_Part, frozen=True):
    """Rows of typed cells."""

    key: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


class Shares(_Part, frozen=True):
    """Per row, probabilities that sum to 1: the four models, and ``none_or_mixed``."""

    key: str
    rows: "tuple[tuple[Argument, dict[str, float]], ...]"
    """Units by name, with the doubts that stand beside it."""


class Diverging(_Part, frozen=True):
    """What speaks for one thing (above 0) and for another (below 0), by construct."""

    key: str
    towards: Term
    away: Term
    rows: tuple[tuple[Term, float], ...]


class Intervals(_Part, frozen=True):
    """Per row an estimate, its low and its high, points of 100; ``reference`` is a line."""

    key: str
    rows: tuple[tuple[Argument, float, float, float], ...]
    reference: float | None = None


Figure: TypeAlias = Shares | Diverging | Intervals


class Fold(_Part, frozen=True):
    """What a first reading does without: how figures were computed."""

    title: Sentence
    statements: tuple[Statement, ...]


Part: TypeAlias = Statement | Table | Shares | Diverging | Intervals | Fold


class Section(_Part, frozen=True):
    """One question: its heading, and what answers it."""

    key: str
    title: Sentence
    parts: tuple[Part, ...]


class Document(_Part, frozen=True):
    """A whole report."""

    title: Sentence
    about: Sentence
    """What it rests on, in one line."""
    sections: tuple[Section, ...]
    sources: tuple[str, ...] = ()
    """Keys of the published figures that statements refer to; the first is number 1."""


def say(key: str, **arguments: Argument) -> Sentence:
    """Return the sentence of this key with these arguments."""
    return Sentence(key, arguments)


def sources_of(sections: tuple[Section, ...]) -> tuple[str, ...]:
    """Return the published figures that statements rest on, in the order of first mention."""
    statements = [
        statement
        for section in sections
        for part in section.parts
        for statement in (part.statements if isinstance(part, Fold) else (part,))
        if isinstance(statement, Statement)
    ]
    return tuple(dict.fromkeys(key for one in statements for key in one.sources))
