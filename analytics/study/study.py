"""The material of one analysis, prepared once: screened and scored people, tree, weights."""

from dataclasses import dataclass
from functools import cached_property, reduce
from operator import add

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.errors import AnalyticsError
from analytics.instrument import Block, Construct, Instrument
from analytics.study.answer_sums import AnswerSums, sum_answers
from analytics.study.frames import IMPORTED, require_responses
from analytics.study.roll_up import unit_weights
from analytics.study.scoring import item_means, item_points, present_constructs, score_people
from analytics.study.screening import Screened, screen
from analytics.study.tree import UnitTree
from analytics.study.unit_means import Deviations, deviations_of

__all__ = ["SPONSORSHIP", "Study"]

SPONSORSHIP = "executive_sponsorship"
"""The construct that sponsors answer about themselves and others about them."""


@dataclass(frozen=True)
class Study:
    """Everything the parts of an analysis share.

    Attributes
    ----------
    constructs : tuple of Construct
        The constructs present in the responses, limited to the items present.
    people, sponsors : polars.DataFrame
        Person scores (``score_people``) of managers and contributors after screening, and of
        sponsors.
    instrument : Instrument
        What was asked.
    screened : Screened
        Everyone but sponsors who answered anything, with answers as given; those who are kept
        stand in the order of ``people``.
    item_means : dict of str to float
        Company means of the items among ``people``, points after reversal.
    """

    constructs: tuple[Construct, ...]
    people: pl.DataFrame
    sponsors: pl.DataFrame
    instrument: Instrument
    screened: Screened
    item_means: dict[str, float]
    tree: UnitTree

    @classmethod
    def of(
        cls, responses: pl.DataFrame, instrument: Instrument, units: pl.DataFrame | None
    ) -> "Study":
        """Check, screen and score the responses.

        Raises
        ------
        AnalyticsError
            See ``require_responses``; or a response names a unit that is not in the tree.
        """
        items = require_responses(responses, instrument)
        codes = responses["unit"].unique().to_list()
        tree = UnitTree.flat(codes) if units is None else UnitTree.of(units)
        strangers = sorted(set(codes) - set(tree.codes))
        if strangers:
            raise AnalyticsError(f"Responses name the unknown unit {strangers[0]!r}.")
        responses = _in_canonical_order(responses, items)
        is_sponsor = pl.col("role") == "sponsor"
        screened = screen(responses.filter(~is_sponsor), items, step=instrument.step)
        return cls(
            constructs=present_constructs(responses, instrument),
            people=score_people(screened.kept, instrument),
            sponsors=score_people(responses.filter(is_sponsor), instrument),
            instrument=instrument,
            screened=screened,
            item_means=item_means(screened.kept, instrument),
            tree=tree,
        )

    @cached_property
    def parts(self) -> tuple[NDArray[np.bool_], ...]:
        """Tell who of ``people`` was invited and who was imported, as two arrays (n_people,).

        One array of all people if only one of the two occurs, or if nobody knows.
        """
        kept = self.screened.kept
        if IMPORTED in kept.columns:
            imported = kept[IMPORTED].to_numpy()
            if imported.any() and not imported.all():
                return ~imported, imported
        return (np.ones(kept.height, dtype=np.bool_),)

    @cached_property
    def sums_by_part(self) -> tuple[AnswerSums, ...]:
        """Return the answers of each of ``parts``, added up per unit of the tree and role."""
        kept = self.screened.kept
        rows = [kept.filter(part) for part in self.parts] if len(self.parts) > 1 else [kept]
        return tuple(sum_answers(part, self.instrument, self.tree.codes) for part in rows)

    @cached_property
    def sums(self) -> AnswerSums:
        """Return the answers of those kept, added up per unit of the tree and role."""
        return reduce(add, self.sums_by_part)

    @cached_property
    def item_points(self) -> pl.DataFrame:
        """Return ``unit``, ``role`` and the items of those kept, in points 1 to 5, reversed."""
        return item_points(self.screened.kept, self.instrument)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Return the keys of the constructs present."""
        return tuple(construct.key for construct in self.constructs)

    @cached_property
    def behaviours(self) -> tuple[str, ...]:
        """Return the sponsors' behaviours that were asked about."""
        found = [
            construct.components
            for construct in self.constructs
            if construct.key == SPONSORSHIP
        ]
        return found[0] if found else ()

    @cached_property
    def weights(self) -> dict[str, float]:
        """Return the weight of each unit's own people in its parents' figures."""
        counts = self.people.group_by("unit").len().iter_rows()
        return unit_weights(self.tree, dict(counts))

    def block(self, block: Block) -> tuple[Construct, ...]:
        """Return the constructs of one block that are present."""
        return tuple(construct for construct in self.constructs if construct.block == block)

    def deviations(self, block: Block) -> Deviations:
        """Return how people differ from their own unit on the constructs of one block."""
        keys = [construct.key for construct in self.block(block)]
        return deviations_of(self.people, keys, self.tree.codes)


def _in_canonical_order(responses: pl.DataFrame, items: tuple[str, ...]) -> pl.DataFrame:
    """Sort by every column that is read, so that no digit depends on the order of rows."""
    read = ("duration_s", "too_fast", "person", IMPORTED)
    others = [name for name in read if name in responses.columns]
    return responses.sort("unit", "role", *items, *others).rechunk()
