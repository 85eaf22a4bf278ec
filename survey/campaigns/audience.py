"""Whom a campaign invites: everybody, part of the company, a list, or a sample of each unit.

A sample is drawn within each unit, by lots that depend on the person and on a seed alone. So a
draw can be repeated, a wider sample contains a narrower one, and whoever joins or leaves
changes nobody else's lot. Pure.
"""

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from statistics import NormalDist
from typing import Annotated, NamedTuple
from uuid import UUID

import msgspec

from models.edges import GREATEST_INTEGER, MAX_EXTERNAL_ID, Code
from survey.campaigns.errors import (
    AudienceRolesNotAsked,
    AudienceTooSmall,
    AudienceUnitsUnknown,
    NobodyToInvite,
)
from survey.directory.sight import subtree
from survey.errors import FieldInvalid
from survey.files.kinds import Function
from survey.instruments.parts import Role

__all__ = [
    "Audience",
    "AudienceView",
    "Candidate",
    "Chosen",
    "Sample",
    "UnitChoice",
    "choose",
    "is_everybody",
    "joiners",
    "kept",
    "margin_of_error",
    "require_audience",
    "sample_size",
]

MOST_PEOPLE = 50_000
"""People on a list."""
_Z = NormalDist().inv_cdf(0.975)
_ROUNDING = 1e-9

ExternalId = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_EXTERNAL_ID)]
Some = msgspec.Meta(min_length=1, max_length=1_000)


class UnitChoice(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True
):
    """A unit whose people are invited."""

    unit: Code
    """Code of the unit."""
    below: bool = True
    """Whether the units below it are meant, too."""


class Sample(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True
):
    """How many people of each unit are drawn."""

    margin: Annotated[float, msgspec.Meta(ge=0.01, le=0.5)]
    """Half the width of the 95 % interval of a share in each unit, 0.01 to 0.5: 0.05 is 5
    points of 100."""
    expected_rate: Annotated[float, msgspec.Meta(ge=0.05, le=1)] = 1.0
    """Share of those invited who are expected to answer, 0.05 to 1; the fewer, the more are
    drawn."""


class _Parts(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True
):
    """What an audience is made of, whoever reads or writes it."""

    units: Annotated[tuple[UnitChoice, ...], Some] | None = None
    """Only people of these units; None is all units."""
    roles: Annotated[tuple[Role, ...], Some] | None = None
    """Only people with these roles; None is every role that the instrument asks."""
    functions: Annotated[tuple[Function, ...], Some] | None = None
    """Only people with these functions, ``business``, ``it``, ``data``, ``risk`` or ``other``;
    None is all, and those without one."""
    sample: Sample | None = None
    """Draw some of the managers and contributors of each unit; None is all. Sponsors are always
    invited, since they are few and on the record."""


class Audience(_Parts, frozen=True, kw_only=True):
    """Whom to invite. Units, roles, functions and sample narrow it; a list stands alone."""

    people: (
        Annotated[tuple[ExternalId, ...], msgspec.Meta(min_length=1, max_length=MOST_PEOPLE)]
        | None
    ) = None
    """External ids of the people to invite, and nobody else; None is no list."""


class AudienceView(_Parts, frozen=True, kw_only=True):
    """Whom a campaign invites. A list is shown by its length: it names people."""

    people: int | None = None
    """How many people are on the list; None if there is none."""
    seed: Annotated[int, msgspec.Meta(ge=0, le=GREATEST_INTEGER)]
    """Seed of the draw: with the same people it draws the same ones."""


class Candidate(NamedTuple):
    """Somebody who is active and has a role that the instrument asks."""

    id: UUID
    unit: str
    """Code of their unit."""
    role: str
    function: str | None


class Chosen(NamedTuple):
    """Who is invited, and whom they stand for."""

    invited: frozenset[UUID]
    """Ids of people."""
    population: Mapping[str, Counter[str]]
    """By code of the unit, people of each role whom the campaign is about: those who are
    invited, and those whom a sample left out."""

    def of(self, unit: str, role: str) -> int:
        """Return how many people of a unit and role the campaign is about."""
        return self.population[unit][role] if unit in self.population else 0


def is_everybody(audience: Audience | None) -> bool:
    """Tell whether an audience leaves nobody out."""
    return audience is None or audience == Audience()


def require_audience(audience: Audience) -> None:
    """Check that a list of people stands alone.

    Raises
    ------
    FieldInvalid
        A list comes with units, roles, functions or a sample.
    """
    rest = msgspec.structs.replace(audience, people=None)
    if audience.people is not None and not is_everybody(rest):
        others = [name for name, value in msgspec.structs.asdict(rest).items() if value]
        raise FieldInvalid(
            "audience/people", None, expected=f"the only condition, without {', '.join(others)}"
        )


def kept(audience: Audience, *, listed: int | None, seed: int) -> AudienceView:
    """Return an audience as it is kept with its campaign.

    Parameters
    ----------
    listed : int or None
        People on its list.
    seed : int
        Seed of the draw.
    """
    return AudienceView(
        units=audience.units,
        roles=audience.roles,
        functions=audience.functions,
        sample=audience.sample,
        people=listed,
        seed=seed,
    )


def choose(
    candidates: Sequence[Candidate],
    audience: AudienceView | None,
    *,
    listed: Collection[UUID] = (),
    parents: Mapping[str, str | None],
    asked: Sequence[Role],
    k: int,
) -> Chosen:
    """Choose who is invited.

    Parameters
    ----------
    candidates : sequence of Candidate
        Everybody who is active and has a role that the instrument asks.
    audience : AudienceView or None
        None is everybody.
    listed : collection of UUID
        Ids of the people on the list, if the audience is one.
    parents : mapping of code to code or None
        The active units, each with the one above it.
    asked : sequence of Role
        Roles that the instrument asks.
    k : int
        The campaign's smallest group of people with a figure.

    Raises
    ------
    AudienceUnitsUnknown
        A unit does not exist or is inactive.
    AudienceRolesNotAsked
        The instrument asks a role nothing.
    NobodyToInvite
        Nobody is left.
    AudienceTooSmall
        Some managers and contributors are left, but fewer than k: nothing could be shown.
    """
    members = [] if audience is None else _members(candidates, audience, listed, parents, asked)
    if audience is None:
        members = list(candidates)
    if not members:
        raise NobodyToInvite(asked, narrowed=audience is not None)
    population: dict[str, Counter[str]] = defaultdict(Counter)
    for one in members:
        population[one.unit][one.role] += 1
    invited = _drawn(members, audience, k=k) if audience is not None else members
    raters = sum(one.role != "sponsor" for one in invited)
    if audience is not None and 0 < raters < k:
        raise AudienceTooSmall(raters, k)
    return Chosen(frozenset(one.id for one in invited), population)


def joiners(
    candidates: Sequence[Candidate],
    audience: AudienceView | None,
    *,
    parents: Mapping[str, str | None],
    asked: Sequence[Role],
) -> list[Candidate]:
    """Return who of those who came after the opening belongs to the audience.

    A list names nobody who comes later, and nobody but sponsors comes into a sample that has
    been drawn. The parameters are those of `choose`.
    """
    if audience is None:
        return list(candidates)
    if audience.people is not None:
        return []
    members = _members(candidates, audience, (), parents, asked)
    return [one for one in members if audience.sample is None or one.role == "sponsor"]


def sample_size(people: int, sample: Sample, *, k: int) -> int:
    """Return how many people of a unit are drawn.

    Parameters
    ----------
    people : int
        Managers and contributors of the unit whom the campaign is about, N.
    sample : Sample
        Margin e and expected rate r.
    k : int
        Fewest people behind a figure.

    Returns
    -------
    int
        max(n, k) / r, rounded up and at most N, with n = n0 / (1 + (n0 - 1) / N) and
        n0 = z² / (4 e²): a simple random sample without replacement, whose margin for a share
        of one half, the widest, is at most e if n people answer.

    References
    ----------
    .. [1] Cochran 1977, Sampling Techniques, 4.4, with the finite population correction of 2.6.
    """
    if not people:
        return 0
    endless = (_Z / (2 * sample.margin)) ** 2
    needed = math.ceil(endless / (1 + (endless - 1) / people) - _ROUNDING)
    wanted = math.ceil(max(needed, k) / sample.expected_rate - _ROUNDING)
    return min(people, wanted)


def margin_of_error(answering: int, people: int) -> float:
    """Return half the width of the 95 % interval of a share of one half.

    Parameters
    ----------
    answering : int
        People of a simple random sample who answer, at least 1.
    people : int
        People of whom they were drawn.

    Returns
    -------
    float
        z sqrt(1/4n (N - n) / (N - 1)), 0 if everybody answers.

    References
    ----------
    .. [1] Cochran 1977, Sampling Techniques, 3.2.
    """
    if answering >= people:
        return 0.0
    return _Z * math.sqrt((people - answering) / (4 * answering * (people - 1)))


def _members(
    candidates: Iterable[Candidate],
    audience: AudienceView,
    listed: Collection[UUID],
    parents: Mapping[str, str | None],
    asked: Sequence[Role],
) -> list[Candidate]:
    """Return the candidates whom the audience does not rule out, before any draw."""
    strange = [role for role in audience.roles or () if role not in asked]
    if strange:
        raise AudienceRolesNotAsked(strange, asked)
    units = None if audience.units is None else _units(audience.units, parents)
    named = None if audience.people is None else frozenset(listed)
    return [
        one
        for one in candidates
        if (units is None or one.unit in units)
        and (audience.roles is None or one.role in audience.roles)
        and (audience.functions is None or one.function in audience.functions)
        and (named is None or one.id in named)
    ]


def _units(choices: Iterable[UnitChoice], parents: Mapping[str, str | None]) -> frozenset[str]:
    """Return the codes of the chosen units, with those below them if they are meant."""
    choices = tuple(choices)
    unknown = [choice.unit for choice in choices if choice.unit not in parents]
    if unknown:
        raise AudienceUnitsUnknown(unknown)
    chosen = {choice.unit for choice in choices}
    for choice in choices:
        if choice.below:
            chosen |= subtree(parents, choice.unit)
    return frozenset(chosen)


def _drawn(members: Iterable[Candidate], audience: AudienceView, *, k: int) -> list[Candidate]:
    """Draw within each unit: all sponsors, and of the others those with the lowest lots."""
    sample = audience.sample
    if sample is None:
        return list(members)
    drawn: list[Candidate] = []
    urns: dict[str, list[Candidate]] = defaultdict(list)
    for one in members:
        (drawn if one.role == "sponsor" else urns[one.unit]).append(one)
    for urn in urns.values():
        urn.sort(key=lambda one: _lot(audience.seed, one.id))
        drawn += urn[: sample_size(len(urn), sample, k=k)]
    return drawn


def _lot(seed: int, person: UUID) -> bytes:
    """Return a person's lot: a number that nobody can foresee without the seed."""
    return hashlib.sha256(seed.to_bytes(4, "big") + person.bytes).digest()
