"""The linking attacker: pairs people with their answers by every order and every shared value.

It knows the values that both sides store openly (unit and role; or also what k people share)
and pairs only within these cells. A random guess gets about one pair right per cell. The
attacker has linked something if one strategy does better than the best of all strategies would
by chance.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from tests.attackers.chance import expected_matches, largest_by_chance
from tests.attackers.database_dump import Dump
from tests.attackers.traces import (
    Request,
    Thing,
    as_text,
    invited,
    order_key,
    shared_forms,
    trace,
    watch,
    written,
)

__all__ = ["Linking", "link", "link_campaign"]

Pairs = list[tuple[Thing, Thing]]
Cell = tuple[list[Thing], list[Thing]]

_TAIL = 0.001
"""Probability of a false alarm over all strategies."""
_GIVEN = ("unit_code", "role")
_KEPT = ("function", "locale", "submitted_on", "duration_class")
"""Kept on purpose if k people share it, so it pairs better than unit and role alone do. Whether
k people share it is for `tests.attackers.candidates` to judge."""
_PARTITIONS = (_GIVEN + _KEPT, _GIVEN)


@dataclass(frozen=True, kw_only=True)
class Linking:
    """The result of the best strategy."""

    strategy: str
    matched: int
    """Right pairs of the best strategy."""
    people: int
    """Things on the right side that have an owner."""
    chance: float
    """Expected right pairs of a random guess."""
    bound: int
    """Right pairs that the best of as many random guesses exceeds once in a thousand."""
    tried: int
    """Number of pairings tried."""

    @property
    def rate(self) -> float:
        """Return the share of things linked to their owner."""
        return self.matched / self.people if self.people else 0.0

    @property
    def chance_rate(self) -> float:
        """Return the share that a random guess would link."""
        return self.chance / self.people if self.people else 0.0

    @property
    def better_than_chance(self) -> bool:
        """Return whether the attacker has linked anything."""
        return self.matched > self.bound


def _cells(left: list[Thing], right: list[Thing], keys: Sequence[str]) -> list[Cell]:
    """Return the things of both sides that agree on all keys that both sides store.

    A value of the left side that the right side does not have there counts as missing: it was
    taken away.
    """
    shared = [key for key in keys if all(key in thing.cell for thing in (*left, *right))]
    known = {_prefix(thing, shared[:n]) for thing in right for n in range(len(shared) + 1)}
    cells: dict[tuple[Any, ...], Cell] = {}
    for thing in right:
        cells.setdefault(_prefix(thing, shared), ([], []))[1].append(thing)
    for thing in left:
        place: tuple[Any, ...] = ()
        for key in shared:
            step = (*place, thing.cell[key])
            place = step if step in known or key in _GIVEN else (*place, None)
        cells.setdefault(place, ([], []))[0].append(thing)
    return [cell for cell in cells.values() if cell[0] and cell[1]]


def _prefix(thing: Thing, keys: Sequence[str]) -> tuple[Any, ...]:
    return tuple(thing.cell[key] for key in keys)


def _varying(things: list[Thing]) -> list[str]:
    """Return the traits that differ between things."""
    names = dict.fromkeys(name for thing in things for name in thing.traits)
    return [name for name in names if len({order_key(t.traits.get(name)) for t in things}) > 1]


@dataclass(frozen=True)
class _Order:
    """One side in an order: the owners that are paired from the front, and from the back."""

    forwards: NDArray[np.int64]
    backwards: NDArray[np.int64]


def _orders(
    cells: list[Cell], side: int, traits: list[str], numbers: Mapping[UUID | None, int]
) -> dict[str, _Order]:
    """Return each cell's things sorted by each trait, without repeated orders."""
    found: dict[bytes, tuple[str, _Order]] = {}
    for trait in traits:
        forwards: list[int] = []
        backwards: list[int] = []
        for cell in cells:
            things = sorted(cell[side], key=lambda thing: order_key(thing.traits.get(trait)))
            owners = [numbers[thing.owner] for thing in things]
            fewer = min(map(len, cell))
            forwards += owners[:fewer]
            backwards += owners[::-1][:fewer]
        order = _Order(np.array(forwards), np.array(backwards))
        found.setdefault(order.forwards.tobytes(), (trait, order))
    return dict(found.values())


def _by_order(
    cells: list[Cell],
    left: list[str],
    right: list[str],
    numbers: Mapping[UUID | None, int],
) -> Iterator[tuple[str, int]]:
    """Yield the right pairs for every pair of orders, forwards and backwards."""
    rights = _orders(cells, 1, right, numbers)
    for first, ours in _orders(cells, 0, left, numbers).items():
        mine = ours.forwards
        for second, theirs in rights.items():
            for word, others in (("", theirs.forwards), ("reversed ", theirs.backwards)):
                matched = int(np.count_nonzero((mine == others) & (mine >= 0)))
                yield f"{first} ~ {word}{second}", matched


def _equal_first(cell: Cell, forms: Mapping[int, list[str]], right: str) -> Pairs:
    """Pair things with equal values, or the left one's hash; pair the rest in their order."""
    waiting: dict[str, list[Thing]] = {}
    for thing in cell[1]:
        waiting.setdefault(as_text(thing.traits.get(right)), []).append(thing)
    pairs: Pairs = []
    alone = []
    for thing in cell[0]:
        equal = (form for form in forms[id(thing)] if waiting.get(form))
        partner = next((waiting[form].pop(0) for form in equal), None)
        if partner is None:
            alone.append(thing)
        else:
            pairs.append((thing, partner))
    rest = [thing for things in waiting.values() for thing in things]
    return pairs + list(zip(alone, rest, strict=False))


def _by_value(
    cells: list[Cell], left: list[str], right: list[str]
) -> Iterator[tuple[str, int]]:
    """Yield the right pairs for every two traits that share a value or a value's hash."""
    theirs = {
        trait: {as_text(t.traits.get(trait)) for cell in cells for t in cell[1]}
        for trait in right
    }
    for first in left:
        forms = {
            id(thing): shared_forms(thing.traits.get(first))
            for cell in cells
            for thing in cell[0]
        }
        ours = {form for some in forms.values() for form in some}
        for second, values in theirs.items():
            if ours & values:
                pairs = [pair for cell in cells for pair in _equal_first(cell, forms, second)]
                matched = sum(a.owner is not None and a.owner == b.owner for a, b in pairs)
                yield f"{first} = {second}", matched


def _strategies(cells: list[Cell]) -> Iterator[tuple[str, int]]:
    left = _varying([thing for cell in cells for thing in cell[0]])
    right = [
        name
        for name in _varying([thing for cell in cells for thing in cell[1]])
        if name.removesuffix(" (last)").partition(".")[2] not in (*_KEPT, "too_fast")
    ]
    owners = {thing.owner for cell in cells for side in cell for thing in side} - {None}
    numbers: dict[UUID | None, int] = {owner: place for place, owner in enumerate(owners)}
    yield from _by_order(cells, left, right, numbers | {None: -1})
    yield from _by_value(cells, left, right)


def _attack(cells: list[Cell], people: int) -> Linking:
    """Try every strategy within one partition."""
    best, strategy, tried = 0, "none", 1
    for tried, (name, matched) in enumerate(_strategies(cells), start=1):  # noqa: B007 - the last is the number of all
        if matched > best:
            best, strategy = matched, name
    sizes = [(len(ours), len(theirs)) for ours, theirs in cells]
    return Linking(
        strategy=strategy,
        matched=best,
        people=people,
        chance=expected_matches(sizes),
        bound=largest_by_chance(sizes, tail=_TAIL / tried / len(_PARTITIONS)),
        tried=tried,
    )


def link(left: list[Thing], right: list[Thing]) -> Linking:
    """Pair two sides and return the strategy that exceeds its bound by most.

    Parameters
    ----------
    left, right
        Things with their traits traced; a pair is right if both have the same owner.
    """
    people = sum(thing.owner is not None for thing in right)
    tries = [_attack(_cells(left, right, keys), people) for keys in _PARTITIONS]
    return max(tries, key=lambda found: (found.matched - found.bound, found.matched))


def link_campaign(
    dump: Dump,
    campaign: UUID,
    *,
    answers: Mapping[UUID, tuple[int | None, ...]],
    comments: Mapping[UUID, str] | None = None,
    requests: Iterable[Request] = (),
    server_key: bytes | None = None,
) -> dict[str, Linking]:
    """Attack a closed campaign.

    Parameters
    ----------
    dump
        Everything that a superuser can SELECT, and the logs.
    campaign
        The campaign whose completed invitations are paired with its responses.
    answers
        Person to stored answers, different for every person. Draw them independently of the
        order of people, or the attacker will find that order.
    comments
        Person to comment; at most one each, all different.
    requests
        What a proxy has seen, at most one per person.
    server_key
        From which tokens are derived, if the attacker holds it.

    Returns
    -------
    dict
        ``responses``: people to responses; with comments also ``comments``: people to
        comments, and ``responses to comments``.

    Raises
    ------
    ValueError
        Two people have the same answers or comment, so a link could not be judged.
    """
    sides = {
        "invitation": invited(dump, campaign, server_key),
        "response": written(dump, campaign, "response", "answers", _owners(answers)),
        "comment": written(dump, campaign, "comment", "text", _owners(comments or {})),
    }
    watch(sides["invitation"], requests)
    trace(dump, [thing for things in sides.values() for thing in things])
    found = {"responses": link(sides["invitation"], sides["response"])}
    if comments:
        found["comments"] = link(sides["invitation"], sides["comment"])
        found["responses to comments"] = link(sides["response"], sides["comment"])
    return found


def _owners(said: Mapping[UUID, Any]) -> dict[Any, UUID]:
    owners = {what: person for person, what in said.items()}
    if len(owners) < len(said):
        msg = "two people have the same answers or comment, so a link could not be judged"
        raise ValueError(msg)
    return owners
