"""The answers of the demo company's people: plausible, and the same every time."""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from seed.content import standard_instrument
from seed.demo.comments import written_comments
from seed.demo.people import DemoPerson
from seed.demo.sheets import blank_gaps, careless_sheets, item_difficulties, rated
from seed.demo.truth import UnitTruth, draw_truth, trait_of, traits
from survey.instruments.parts import ItemDefinition

__all__ = ["DemoAnswers", "demo_answers"]

SEED = 20_278
"""Chosen among forty because the company then shows every kind of finding; not evidence."""


class DemoAnswers(msgspec.Struct, frozen=True, kw_only=True):
    """The submission of one person.

    Attributes
    ----------
    external_id
        The person. Somebody who does not take part has no entry.
    answers
        Item key to answer as given, 1 to 5; unanswered items are absent.
    comments
        Comment key to text.
    duration_s
        Seconds from opening the form to submitting it.
    consent
        Whether a sponsor's self-rating may be attributed; none for other roles.
    """

    external_id: str
    answers: dict[str, int]
    comments: dict[str, str]
    duration_s: int
    consent: bool | None


def demo_answers(people: Sequence[DemoPerson]) -> tuple[DemoAnswers, ...]:
    """Return the answers of the participants, in the order of ``people``.

    Parameters
    ----------
    people
        Rows of ``demo_people()``.

    Notes
    -----
    The seed is fixed, so the same people always give the same answers.
    """
    rng = np.random.default_rng(SEED)
    truth = draw_truth(rng)
    participants = _draw_participants(people, rng)
    sponsors = [person for person in participants if person.role == "sponsor"]
    observers = [person for person in participants if person.role != "sponsor"]
    handed_in = {
        sheet.external_id: sheet
        for sheet in (
            *_observer_submissions(observers, truth, rng),
            *_sponsor_submissions(sponsors, truth, rng),
        )
    }
    return tuple(handed_in[person.external_id] for person in participants)


def _draw_participants(
    people: Sequence[DemoPerson], rng: np.random.Generator
) -> list[DemoPerson]:
    """Draw the participants: rates differ by unit, and are higher for managers and sponsors."""
    codes = sorted({person.unit_code for person in people})
    willing = dict(
        zip(codes, np.clip(rng.normal(0.78, 0.08, len(codes)), 0.5, 0.95), strict=True)
    )
    bonus = {"sponsor": 1.0, "manager": 0.05, "contributor": 0.0}
    return [
        person
        for person in people
        if rng.random() < min(willing[person.unit_code] + bonus[person.role], 0.96)
    ]


def _observer_submissions(
    people: Sequence[DemoPerson], truth: UnitTruth, rng: np.random.Generator
) -> list[DemoAnswers]:
    """Return the submissions of managers and contributors."""
    items = standard_instrument().items_for("contributor")
    views = _views(people, truth, rng)[:, _trait_columns(items)] + item_difficulties(items, rng)
    sheets, careless = careless_sheets(rated(views, items, noise=0.8, rng=rng), rng)
    sheets = blank_gaps(sheets, rng)
    seconds = np.where(careless, 1.4, np.exp(rng.normal(np.log(8.5), 0.35, len(people))))
    return [
        _submission(
            person,
            items,
            sheet,
            pace=float(pace),
            comments=written_comments(person, rng),
            consent=None,
        )
        for person, sheet, pace in zip(people, sheets, seconds, strict=True)
    ]


def _views(
    people: Sequence[DemoPerson], truth: UnitTruth, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return each person's view of each trait, shape (n_people, n_traits), in points."""
    units = np.array([truth.levels[person.unit_code] for person in people])
    manages = np.array([[person.role == "manager"] for person in people])
    claim = np.array([[truth.inflation[person.unit_code]] for person in people])
    behaviours = np.isin(traits(), [trait_of(item) for item in _sponsor_items()])
    leniency = manages * (0.15 + 0.35 * claim * behaviours)
    halo = rng.normal(0, 0.35, (len(people), 1))
    return np.asarray(units + leniency + halo + rng.normal(0, 0.6, units.shape))


def _sponsor_submissions(
    people: Sequence[DemoPerson], truth: UnitTruth, rng: np.random.Generator
) -> list[DemoAnswers]:
    """Return the sponsors' submissions: the truth about themselves plus their inflation."""
    items = _sponsor_items()
    units = np.array([truth.levels[person.unit_code] for person in people])
    claim = np.array([[truth.inflation[person.unit_code]] for person in people])
    views = (units + claim + rng.normal(0, 0.3, units.shape))[:, _trait_columns(items)]
    sheets = rated(views, items, noise=0.5, rng=rng)
    return [
        _submission(
            person,
            items,
            sheet,
            pace=float(rng.uniform(7, 15)),
            comments={},
            consent=bool(rng.random() < 0.85),
        )
        for person, sheet in zip(people, sheets, strict=True)
    ]


def _submission(
    person: DemoPerson,
    items: Sequence[ItemDefinition],
    sheet: NDArray[np.float64],
    *,
    pace: float,
    comments: dict[str, str],
    consent: bool | None,
) -> DemoAnswers:
    answers = {
        item.key: int(answer)
        for item, answer in zip(items, sheet, strict=True)
        if not np.isnan(answer)
    }
    return DemoAnswers(
        external_id=person.external_id,
        answers=answers,
        comments=comments,
        duration_s=round(pace * len(answers)),
        consent=consent,
    )


def _sponsor_items() -> tuple[ItemDefinition, ...]:
    return standard_instrument().items_for("sponsor")


def _trait_columns(items: Sequence[ItemDefinition]) -> list[int]:
    columns = {name: column for column, name in enumerate(traits())}
    return [columns[trait_of(item)] for item in items]
