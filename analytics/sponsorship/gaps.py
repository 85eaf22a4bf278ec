"""The sponsorship gap of every unit and parent; it shows no group that suppression hides."""

from collections.abc import Mapping, Sequence

import polars as pl

from analytics.results import Sponsorship
from analytics.roll_up import unit_weights
from analytics.scoring import component_column
from analytics.sponsorship.claims import Claims
from analytics.sponsorship.measure import Measure
from analytics.sponsorship.quadrant import Posteriors
from analytics.sponsorship.reading import Company, Disclosure, read_group
from analytics.tree import UnitTree

__all__ = ["sponsorship_gaps"]


def sponsorship_gaps(
    people: pl.DataFrame,
    sponsors: pl.DataFrame,
    tree: UnitTree,
    disclosure: Mapping[str, Disclosure],
    *,
    construct: str = "executive_sponsorship",
    components: Sequence[str],
    min_group: int,
) -> dict[str, Sponsorship]:
    """Compare what sponsors say of themselves with what their people perceive.

    Parameters
    ----------
    people : polars.DataFrame
        Managers and contributors, one row each: ``unit``, ``role``, person scores in points
        of the construct and of each component (``construct.component``), null where the
        person answered too little.
    sponsors : polars.DataFrame
        The same of the sponsors who consented to attribution; it may be empty.
    tree : UnitTree
        Units to report on and how they belong together.
    disclosure : mapping of str to {"roles", "all", "hidden"}
        What suppression allows for each code, solved for the composite and all behaviours
        together: contributors and managers apart, both merged, or nothing. A code that is
        absent is hidden.
    construct : str, default="executive_sponsorship"
        The composite.
    components : sequence of str
        The behaviours.
    min_group : int
        People behind any perceived figure; checked once more here.

    Returns
    -------
    dict of str to Sponsorship, one entry per code of the tree
        Empty when the file does not ask about the construct. Figures from 0 to 100 with
        gap = claimed - perceived throughout; a behaviour that the sponsors or too many
        people left out is absent.

    Notes
    -----
    A unit without sponsors of its own is held against those of its nearest ancestor. A
    parent with sponsors of its own compares them with the head-count-weighted mean of its
    units; without, it shows the head-count-weighted mean of its units' gaps, each unit seen
    in the parent's own cut (a unit that is hidden or merged by itself included), so that
    what the parent perceives is exactly the figure that suppression passed for it. Where
    for some units nobody speaks at all, see ``Claims.cover``. A sponsor who answered fewer
    than half of the composite's items counts as none.

    References
    ----------
    .. [1] method.md 2; instrument.md, "How to read and compute it"; privacy.md.
    """
    if construct not in people.columns:
        return {}
    if construct in sponsors.columns:
        sponsors = sponsors.filter(pl.col(construct).is_not_null())
    composite = Measure.of(people, sponsors, construct)
    columns = {key: component_column(construct, key) for key in components}
    respondents = dict(people.group_by("unit").len().iter_rows())
    company = Company(
        claims=Claims(tree, frozenset(composite.sponsors)),
        composite=composite,
        behaviours={
            key: Measure.of(people, sponsors, column) for key, column in columns.items()
        },
        posteriors=Posteriors.of(composite),
        disclosure=disclosure,
        weights=unit_weights(tree, respondents),
        min_group=min_group,
    )
    return {code: read_group(company, code) for code in tree.codes}
