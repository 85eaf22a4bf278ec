"""The linking attacker: pairs people with their answers by every order and every shared value.

It knows the values that both sides store openly (unit, role, function, locale) and pairs only
within these cells. A random guess gets about one pair right per cell. The attacker has linked
something if one strategy does better than the best of all strategies would by chance.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.attackers.chance import expected_matches, largest_by_chance
from tests.attackers.database_dump import Dump
from tests.attackers.traces import (
    Thing,
    as_text,
    invited,
    order_key,
    shared_forms,
    trace,
    written,
)

__all__ = ["Linking", "link", "link_campaign"]

Pairs = list[tuple[Thing, Thing]]
Cell = tuple[list[Thing], list[Thing]]

_TAIL = 0.001
"""Probability of a false alarm over all strategies."""
_PARTITIONS = (("unit_code", "role", "function", "locale"), ("unit_code", "role"))


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
    """Number of distinct pairings tried."""

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
    """Return the things of both sides that agree on all keys that both sides store."""
    shared = [key for key in keys if all(key in thing.cell for thing in (*left, *right))]
    cells: dict[tuple[str | None, ...], Cell] = {}
    for side, things in enumerate((left, right)):
        for thing in things:
            place = tuple(thing.cell[key] for key in shared)
            cells.setdefault(place, ([], []))[side].append(thing)
    return [cell for cell in cells.values() if cell[0] and cell[1]]


def _varying(things: list[Thing]) -> list[str]:
    """Return the traits that differ between things."""
    names = dict.fromkeys(name for thing in things for name in thing.traits)
    return [name for name in names if len({order_key(t.traits.get(name)) for t in things}) > 1]


def _orders(cells: list[Cell], side: int, traits: list[str]) -> dict[str, list[list[Thing]]]:
    """Return each cell's things sorted by each trait, without repeated orders."""
    found: dict[tuple[int, ...], tuple[str, list[list[Thing]]]] = {}
    for trait in traits:
        order = [
            sorted(cell[side], key=lambda thing: order_key(thing.traits.get(trait)))
            for cell in cells
        ]
        found.setdefault(tuple(id(t) for things in order for t in things), (trait, order))
    return dict(found.values())


def _by_order(
    cells: list[Cell], left: list[str], right: list[str]
) -> Iterator[tuple[str, Pairs]]:
    """Yield a pairing for every pair of orders, forwards and backwards."""
    rights = _orders(cells, 1, right)
    for first, ours in _orders(cells, 0, left).items():
        for second, theirs in rights.items():
            for word, step in (("", 1), ("reversed ", -1)):
                pairs = [
                    pair
                    for mine, others in zip(ours, theirs, strict=True)
                    for pair in zip(mine, others[::step], strict=False)
                ]
                yield f"{first} ~ {word}{second}", pairs


def _equal_first(cell: Cell, left: str, right: str) -> Pairs:
    """Pair things with equal values, or the left one's hash; pair the rest in their order."""
    waiting: dict[str, list[Thing]] = {}
    for thing in cell[1]:
        waiting.setdefault(as_text(thing.traits.get(right)), []).append(thing)
    pairs: Pairs = []
    alone = []
    for thing in cell[0]:
        forms = shared_forms(thing.traits.get(left))
        partner = next((waiting[form].pop(0) for form in forms if waiting.get(form)), None)
        if partner is None:
            alone.append(thing)
        else:
            pairs.append((thing, partner))
    rest = [thing for things in waiting.values() for thing in things]
    return pairs + list(zip(alone, rest, strict=False))


def _by_value(
    cells: list[Cell], left: list[str], right: list[str]
) -> Iterator[tuple[str, Pairs]]:
    """Yield a pairing for every pair of traits that share a value or a value's hash."""
    ours = {trait: _forms(cells, trait) for trait in left}
    theirs = {
        trait: {as_text(t.traits.get(trait)) for cell in cells for t in cell[1]}
        for trait in right
    }
    for first, second in itertools.product(ours, theirs):
        if ours[first] & theirs[second]:
            pairs = [pair for cell in cells for pair in _equal_first(cell, first, second)]
            yield f"{first} = {second}", pairs


def _forms(cells: list[Cell], trait: str) -> set[str]:
    """Return all values of a left trait, and their hashes."""
    return {
        form
        for cell in cells
        for thing in cell[0]
        for form in shared_forms(thing.traits.get(trait))
    }


def _strategies(cells: list[Cell]) -> Iterator[tuple[str, Pairs]]:
    left = _varying([thing for cell in cells for thing in cell[0]])
    right = _varying([thing for cell in cells for thing in cell[1]])
    yield from _by_order(cells, left, right)
    yield from _by_value(cells, left, right)


def _attack(cells: list[Cell], people: int) -> Linking:
    """Try every strategy within one partition."""
    best, strategy = -1, "none"
    pairings: set[int] = set()
    for name, pairs in _strategies(cells):
        pairings.add(hash(tuple((id(a), id(b)) for a, b in pairs)))
        matched = sum(a.owner is not None and a.owner == b.owner for a, b in pairs)
        if matched > best:
            best, strategy = matched, name
    sizes = [(len(ours), len(theirs)) for ours, theirs in cells]
    tried = max(1, len(pairings))
    return Linking(
        strategy=strategy,
        matched=max(best, 0),
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
        "invitation": invited(dump, campaign),
        "response": written(dump, campaign, "response", "answers", _owners(answers)),
        "comment": written(dump, campaign, "comment", "text", _owners(comments or {})),
    }
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
