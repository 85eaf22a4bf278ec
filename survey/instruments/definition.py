"""Everything about one version of an instrument, wording included, as it is stored in JSON.

What makes a definition fit for publishing is checked in ``survey.instruments.checks``.
"""

import hashlib
from typing import Annotated

import msgspec

from analytics.instrument import Construct, Instrument, Item
from models.edges import Version, Word
from survey.instruments.parts import (
    MANY,
    BlockDefinition,
    CommentDefinition,
    Consent,
    ConstructDefinition,
    ItemDefinition,
    Mode,
    Privacy,
    Role,
    Scale,
    Texts,
    Wording,
)

__all__ = ["InstrumentDefinition", "canonical", "checksum"]


class InstrumentDefinition(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True
):
    """One version of an instrument.

    Attributes
    ----------
    key, version
        Name and number of the version; together unique in an organisation.
    locales
        Languages (BCP 47) in which every text exists. The first is the default.
    title, introduction
        What the form shows first.
    blocks, constructs
        Pages of the form and what they measure, in the order shown.
    items
        In the order shown, which is the order of the stored answers and of ``constructs``.
    comments
        Open comments, after the items.
    consent
        What sponsors are asked before their first answer.
    privacy
        What each mode of a campaign promises.
    """

    key: Word
    version: Version
    locales: Annotated[tuple[Word, ...], MANY]
    title: Texts
    introduction: Wording
    scale: Scale
    """The answers that items take."""
    blocks: Annotated[tuple[BlockDefinition, ...], MANY]
    constructs: Annotated[tuple[ConstructDefinition, ...], MANY]
    items: Annotated[tuple[ItemDefinition, ...], MANY]
    comments: Annotated[tuple[CommentDefinition, ...], MANY] = ()
    consent: Consent
    privacy: Privacy

    @property
    def item_keys(self) -> tuple[str, ...]:
        """Return the keys of all items, in the order of the stored answers."""
        return tuple(item.key for item in self.items)

    @property
    def asked(self) -> tuple[ItemDefinition | CommentDefinition, ...]:
        """Return the items, then the open comments."""
        return (*self.items, *self.comments)

    def items_for(self, role: Role) -> tuple[ItemDefinition, ...]:
        """Return the items that a role is asked, in the order shown."""
        return tuple(item for item in self.items if role in item.audiences)

    def comments_for(self, role: Role) -> tuple[CommentDefinition, ...]:
        """Return the open comments that a role is asked for, in the order shown."""
        return tuple(comment for comment in self.comments if role in comment.audiences)

    def locale_for(self, wanted: str | None) -> str:
        """Return the locale of this instrument nearest to the one wanted.

        Parameters
        ----------
        wanted : str or None
            BCP 47; ``de-AT`` finds ``de`` if there is nothing nearer. ``None`` and languages
            that the instrument does not have find its default.
        """
        if wanted in self.locales:
            return wanted
        by_name = {locale.lower(): locale for locale in self.locales}
        subtags = (wanted or "").lower().split("-")
        for length in range(len(subtags), 0, -1):
            if (name := "-".join(subtags[:length])) in by_name:
                return by_name[name]
        return self.locales[0]

    def privacy_text(
        self,
        *,
        mode: Mode,
        role: Role,
        locale: str,
        min_group: int,
        min_comments: int,
    ) -> str:
        """Return what this respondent is promised, with the thresholds of the campaign.

        Parameters
        ----------
        mode
            Mode of the campaign. Sponsors answer on the record in either.
        min_group, min_comments : int
            Respondents behind any figure, and of a unit whose comments are shown.
        """
        promises = self.privacy.anonymous if mode == "anonymous" else self.privacy.confidential
        text = (self.privacy.on_record if role == "sponsor" else promises)[locale]
        return text.replace("{minGroup}", str(min_group)).replace(
            "{minComments}", str(min_comments)
        )

    def measures(self) -> Instrument:
        """Return what the statistics need: constructs, items and direction, without words."""
        return Instrument(
            key=self.key,
            version=self.version,
            low=self.scale.low,
            high=self.scale.high,
            constructs=tuple(
                Construct(
                    key=construct.key,
                    block=construct.block,
                    items=self._measured(construct.key),
                )
                for construct in self.constructs
            ),
        )

    def _measured(self, construct: str) -> tuple[Item, ...]:
        return tuple(
            Item(key=item.key, reversed=item.reversed, component=item.component)
            for item in self.items
            if item.construct == construct
        )


def canonical(definition: InstrumentDefinition) -> bytes:
    """Return the definition as JSON with sorted keys: equal definitions give equal bytes."""
    return msgspec.json.encode(definition, order="sorted")


def checksum(definition: InstrumentDefinition) -> str:
    """Return the SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(definition)).hexdigest()
