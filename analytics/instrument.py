"""What the statistics need of an instrument: constructs, items, direction; no texts."""

from typing import Literal

import msgspec

__all__ = ["Block", "Construct", "Instrument", "Item"]

Block = Literal["root_cause", "practice", "context", "outcome"]
"""``root_cause``: what can hold scaling back; ``practice``: what high performers do;
``context``: the conditions that favour an operating model; ``outcome``: what has been
achieved."""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One statement, answered on the instrument's scale."""

    key: str
    reversed: bool = False
    """Agreeing means less of the construct."""
    component: str | None = None
    """Part of the construct that this item measures, such as a behaviour of sponsors."""


class Construct(msgspec.Struct, frozen=True, kw_only=True):
    """A construct, measured by a group of items."""

    key: str
    block: Block
    items: tuple[Item, ...]

    @property
    def components(self) -> tuple[str, ...]:
        """Return the parts of the construct in the order of their first item."""
        return tuple(dict.fromkeys(item.component for item in self.items if item.component))


class Instrument(msgspec.Struct, frozen=True, kw_only=True):
    """A versioned list of constructs whose answers lie on one scale."""

    key: str
    version: int
    constructs: tuple[Construct, ...]
    low: int = 1
    """The least answer, "strongly disagree"."""
    high: int = 5
    """The greatest answer, "strongly agree"."""

    @property
    def items(self) -> tuple[Item, ...]:
        """Return every item, in the order shown."""
        return tuple(item for construct in self.constructs for item in construct.items)

    @property
    def step(self) -> float:
        """Return the Likert points from one answer to the next: 1 on a scale of five."""
        return 4.0 / (self.high - self.low)

    def block(self, block: Block) -> tuple[Construct, ...]:
        """Return the constructs of one block, in order."""
        return tuple(construct for construct in self.constructs if construct.block == block)
