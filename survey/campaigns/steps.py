"""Progress of an open campaign in steps of k people, from which no fewer can be worked out.

Everybody invited belongs to one *block*: a unit that shows steps, with the units below it that
do not. Each block has counters of its own, and one moves only if at least k more people of the
block have completed since the number shown. A figure of a unit is the sum of the blocks that it
consists of. So whatever a reader adds and subtracts, over units and over time, is a sum of
moves, and each of them is at least k people. DECISIONS.md, 18, has the argument.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from survey.campaigns.head_counts import (
    Counts,
    FrozenUnit,
    UnitHeadCounts,
    safe_units,
    shows_invited,
    tree_of,
)

__all__ = ["Step", "Steps", "block_sizes", "next_steps", "visible_steps"]


class Step(msgspec.Struct, frozen=True):
    """How far a block has come, as it is shown: at least so many people."""

    started: int = 0
    completed: int = 0


Steps = Mapping[str, Step]
"""Code of a block to its step; a block that shows nothing yet may be absent."""


def next_steps(
    units: Sequence[FrozenUnit], own: Mapping[str, Counts], shown: Steps, *, k: int
) -> dict[str, Step]:
    """Move the counters of the blocks that may move.

    Parameters
    ----------
    units : sequence of FrozenUnit
        The whole frozen tree.
    own : mapping of code to Counts
        People of each unit alone as they are now.
    shown : mapping of code to Step
        What has been shown so far.
    k : int
        Smallest group of which anything is shown, or can be worked out.

    Returns
    -------
    dict of code to Step
        ``completed`` moves if at least k more have completed and at least k have not;
        ``started`` if at least k more have started, at least k have not, and at least k more
        have started than are shown to have completed.
    """
    counts: dict[str, Counts] = defaultdict(Counts)
    for code, block in _blocks(units, own, k=k).items():
        counts[block] = Counts(
            *map(sum, zip(counts[block], own.get(code, Counts()), strict=True))
        )
    return {block: _moved(one, shown.get(block, Step()), k=k) for block, one in counts.items()}


def visible_steps(
    units: Sequence[FrozenUnit], own: Mapping[str, Counts], shown: Steps, *, k: int
) -> tuple[UnitHeadCounts, ...]:
    """Add the steps up the tree.

    Returns
    -------
    tuple of UnitHeadCounts, in the order of the code
        Who is invited, as after close, and how far the blocks of a unit have come, together.
        ``started`` is absent unless it exceeds ``completed`` by k people in each of them.
    """
    if not units:
        return ()
    tree = tree_of(units)
    tellers = set(_blocks(units, own, k=k).values())
    return tuple(
        _with_steps(one, [shown.get(code, Step()) for code in tree.members(one.unit)], k=k)
        if one.unit in tellers
        else one
        for one in shows_invited(units, own, k=k)
    )


def block_sizes(
    units: Sequence[FrozenUnit], invited: Mapping[str, int], *, k: int
) -> dict[str, int]:
    """Return how many are invited in each block, by its code; `invited` is by unit alone."""
    sizes: dict[str, int] = defaultdict(int)
    own = {code: Counts(people) for code, people in invited.items()}
    for code, block in _blocks(units, own, k=k).items():
        sizes[block] += invited.get(code, 0)
    return dict(sizes)


def _blocks(
    units: Sequence[FrozenUnit], own: Mapping[str, Counts], *, k: int
) -> dict[str, str]:
    """Return the block of each unit; units that no block may cover have none.

    A block needs 2k people, for no number leaves k people on either side of it otherwise.
    """
    if not units:
        return {}
    tree = tree_of(units)
    invited = {code: own.get(code, Counts())[:1] for code in tree.codes}
    everyone = frozenset(tree.codes)
    tellers = safe_units(
        tree, invited, k=2 * k, among=safe_units(tree, invited, k=k, among=everyone)
    )
    found = {}
    for code in tree.codes:
        above = next((one for one in (code, *tree.ancestors(code)) if one in tellers), None)
        if above is not None:
            found[code] = above
    return found


def _moved(now: Counts, shown: Step, *, k: int) -> Step:
    started, completed = shown.started, shown.completed
    if now.completed >= completed + k and now.invited >= now.completed + k:
        completed = now.completed
    if now.started >= max(started, completed) + k and now.invited >= now.started + k:
        started = now.started
    return Step(started=started, completed=completed)


def _with_steps(one: UnitHeadCounts, steps: Sequence[Step], *, k: int) -> UnitHeadCounts:
    completed = sum(step.completed for step in steps)
    started = sum(step.started for step in steps)
    is_ahead = all(step.started >= step.completed + k for step in steps if step != Step())
    return msgspec.structs.replace(
        one,
        started=started if started and is_ahead else None,
        completed=completed or None,
        rate=completed / one.invited if completed and one.invited else None,
    )
