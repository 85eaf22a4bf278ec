"""The parts of an instrument definition: scale, blocks, constructs, items, comments, notices.

Field names are camelCase on the wire. Every text for people is kept per locale (BCP 47).
"""

from typing import Annotated, Literal

import msgspec

from analytics.instrument import Block
from analytics.vocabulary import RATERS, Role
from models.edges import MOST_LISTED, MOST_LOCALES, Integer, Prose, Texts, Word

__all__ = [
    "BlockDefinition",
    "CommentDefinition",
    "Consent",
    "ConstructDefinition",
    "ItemDefinition",
    "Mode",
    "Privacy",
    "Role",
    "Scale",
    "Texts",
    "Wording",
]

Mode = Literal["anonymous", "confidential"]
"""Whether an answer can be traced to a person once the campaign has closed: ``anonymous``, no;
``confidential``, yes."""

OBSERVERS: tuple[Role, ...] = RATERS
MANY = msgspec.Meta(max_length=MOST_LISTED)


class _Part(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True
):
    """A part on the wire: camelCase, a misspelt field is an error."""


class Wording(_Part, frozen=True, kw_only=True):
    """A text that may be worded differently for one audience."""

    texts: Texts
    """What everybody without a wording of their own reads."""
    overrides: Annotated[dict[Role, Texts], MANY] = {}
    """Another wording for a role, complete in every locale."""

    def text(self, *, role: Role, locale: str) -> str:
        """Return the text for a reader.

        Raises
        ------
        KeyError
            The wording does not exist in this locale.
        """
        return self.overrides.get(role, self.texts)[locale]


class Scale(_Part, frozen=True, kw_only=True):
    """The whole numbers an answer may take, and how each is labelled."""

    low: Integer = 1
    """The least answer."""
    high: Integer = 5
    """The greatest answer."""
    labels: Annotated[
        dict[Word, Annotated[tuple[Prose, ...], MANY]], msgspec.Meta(max_length=MOST_LOCALES)
    ]
    """Locale to one label per point, lowest first."""
    cant_say: Texts
    """Label of the answer that is stored as null."""


class BlockDefinition(_Part, frozen=True, kw_only=True):
    """A page of the form: the constructs of one kind."""

    key: Block
    """Which constructs it holds."""
    title: Texts
    """Title of the page."""


class ConstructDefinition(_Part, frozen=True, kw_only=True):
    """What a group of items measures together, named for readers of results."""

    key: Word
    """Key by which results refer to it."""
    block: Block
    """What kind of construct it is."""
    name: Texts
    """Its name."""
    description: Texts
    """What it measures."""
    introduction: Wording | None = None
    """Shown to respondents before the construct's first item."""
    components: Annotated[dict[Word, Texts], MANY] = {}
    """Name of each part of the construct, such as a sponsor's behaviour."""


class ItemDefinition(_Part, frozen=True, kw_only=True):
    """One statement, answered on the instrument's scale or with "can't say"."""

    key: Word
    """Key under which answers are sent."""
    construct: Word
    """Key of the construct that it measures."""
    component: Word | None = None
    """Key of the part of the construct that it measures; None if it has no parts."""
    reversed: bool = False
    """Whether agreement means less of the construct. Answers are stored as given."""
    required: bool = False
    """A final submission must answer it; "can't say" and empty are then refused."""
    audiences: Annotated[tuple[Role, ...], MANY] = OBSERVERS
    """Roles that are asked it."""
    wording: Wording
    """The statement."""


class CommentDefinition(_Part, frozen=True, kw_only=True):
    """An open comment, always optional."""

    key: Word
    """Key under which comments are sent."""
    audiences: Annotated[tuple[Role, ...], MANY] = OBSERVERS
    """Roles that are asked it."""
    wording: Wording
    """The question."""


class Consent(_Part, frozen=True, kw_only=True):
    """What a sponsor is asked before the first answer: whether a self-rating may be shown."""

    text: Texts
    """The question."""
    agree: Texts
    """Label of the answer that is sent as true."""
    decline: Texts
    """Label of the answer that is sent as false."""


class Privacy(_Part, frozen=True, kw_only=True):
    """What happens to the answers, in plain words, shown before the first item.

    ``{minGroup}`` and ``{minComments}`` stand for the thresholds of the campaign.
    """

    anonymous: Texts
    """Shown in anonymous campaigns."""
    confidential: Texts
    """Shown in confidential campaigns."""
    on_record: Texts
    """For sponsors, whatever the mode of the campaign."""
