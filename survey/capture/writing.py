"""One group of submissions: read the facts, judge, seal, store; all of it or nothing.

Two round trips a group: one statement reads what the tokens belong to, one call spends the
tokens and stores the envelope. If another process has spent one of them in between, the call
writes nothing, and the group is judged again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from models.engine import run_alone
from survey.capture.errors import (
    AlreadySubmitted,
    CampaignNotOpen,
    InvitationUnknown,
    SubmissionRejected,
)
from survey.capture.outcomes import InvitationFacts, Outcome, judge
from survey.capture.submission import AnswerSheet, Submission
from survey.errors import SurveyError
from survey.instruments.definition import InstrumentDefinition
from survey.instruments.store import definition_of
from survey.sealing.seal import Seal
from survey.sealing.seals import Seals
from survey.sealing.sheets import Comment, Sheet

__all__ = ["Entry", "facts_of", "write_group"]

_FACTS = "SELECT * FROM invitation_facts($1)"
_STORE = "SELECT store_envelope($1, $2, $3, $4, $5, $6, $7, $8)"


class Entry(NamedTuple):
    """One submission on its way into the database."""

    token: str
    token_hash: bytes
    body: bytes
    """The same for the same content."""
    submission: Submission


Results = dict[int, UUID | SurveyError]
"""By the place of the entry: the campaign that has stored it, or why none has."""


async def facts_of(hashes: Iterable[bytes]) -> dict[bytes, InvitationFacts]:
    """Return what each known token belongs to, whatever its organisation."""
    rows = await run_alone(_FACTS, list(set(hashes)))
    return {row[0]: InvitationFacts._make(row[1:]) for row in rows}


async def write_group(
    entries: Sequence[Entry], *, seals: Seals, now: datetime
) -> list[UUID | SurveyError]:
    """Store a group of submissions, one envelope for each campaign among them.

    Parameters
    ----------
    entries : sequence of Entry
        The group, in the order of arrival.
    seals : Seals
        Seal the answers.
    now : datetime
        The moment of writing, UTC.

    Returns
    -------
    list of campaign id or SurveyError, one per entry
        The campaign whose envelope is now committed, by this call or by the one it repeats;
        or why there is none. Errors are values here, so that they do not harm neighbours.

    Raises
    ------
    Exception
        Whatever the database raised. Nothing of the campaign that it struck is stored; of the
        others something may be, and a repeat finds out.
    """
    facts = await facts_of(entry.token_hash for entry in entries)
    places: dict[UUID | None, list[int]] = defaultdict(list)
    for place, entry in enumerate(entries):
        found = facts.get(entry.token_hash)
        places[found.campaign if found else None].append(place)
    results: Results = {place: InvitationUnknown() for place in places.pop(None, [])}
    for members in places.values():
        group = [entries[place] for place in members]
        written = await _write_campaign(group, facts, seals=seals, now=now)
        results |= zip(members, written, strict=True)
    return [results[place] for place in range(len(entries))]


async def _write_campaign(
    entries: Sequence[Entry],
    facts: Mapping[bytes, InvitationFacts],
    *,
    seals: Seals,
    now: datetime,
) -> list[UUID | SurveyError]:
    """Store submissions to one campaign; judge them again as long as others are faster."""
    one = facts[entries[0].token_hash]
    definition = await definition_of(one.organisation, one.instrument)
    while True:
        if not one.takes_answers(now):
            return [CampaignNotOpen.of(one.campaign, state=one.campaign_state)] * len(entries)
        try:
            seal = await seals.of(one.organisation, one.campaign)
        except SurveyError as refusal:
            return [refusal] * len(entries)
        results, accepted = _sort_out(entries, facts, definition, seal)
        if not accepted or await _store(accepted, definition, seal, now):
            return results
        facts = await facts_of(entry.token_hash for entry in entries)
        one = facts[entries[0].token_hash]


class _Accepted(NamedTuple):
    """A submission that is expected to win its token."""

    submission: Submission
    facts: InvitationFacts
    fingerprint: bytes


def _sort_out(
    entries: Sequence[Entry],
    facts: Mapping[bytes, InvitationFacts],
    definition: InstrumentDefinition,
    seal: Seal,
) -> tuple[list[UUID | SurveyError], list[_Accepted]]:
    """Divide the group into results for the callers and sheets for the envelope.

    What breaks the rules is sorted out before any token is spent, so that it spends none.
    """
    results: Results = {}
    judged = []
    for place, entry in enumerate(entries):
        if refusal := _refusal(entry, facts.get(entry.token_hash), definition):
            results[place] = refusal
        else:
            judged.append((place, seal.fingerprint(entry.token, entry.body)))
    verdicts = judge([(entries[place].token_hash, given) for place, given in judged], facts)
    accepted = []
    for (place, given), verdict in zip(judged, verdicts, strict=True):
        found = facts[entries[place].token_hash]
        results[place] = _result(verdict, found)
        if verdict == "accept":
            accepted.append(_Accepted(entries[place].submission, found, given))
    return [results[place] for place in range(len(entries))], accepted


def _refusal(
    entry: Entry, found: InvitationFacts | None, definition: InstrumentDefinition
) -> SurveyError | None:
    """Return why the entry cannot be considered at all; None if it can."""
    if found is None:
        return InvitationUnknown()
    if found.completed:
        return None
    problems = _sheet_of(found, definition).problems(entry.submission)
    return SubmissionRejected(problems) if problems else None


def _result(verdict: Outcome, facts: InvitationFacts) -> UUID | SurveyError:
    return AlreadySubmitted() if verdict == "conflict" else facts.campaign


_SHEETS: dict[tuple[UUID, str], AnswerSheet] = {}


def _sheet_of(facts: InvitationFacts, definition: InstrumentDefinition) -> AnswerSheet:
    """Return the sheet of a role; prepared once, since published instruments never change."""
    key = (facts.instrument, facts.role)
    if key not in _SHEETS:
        _SHEETS[key] = AnswerSheet.of(definition, facts.role)
    return _SHEETS[key]


async def _store(
    accepted: Sequence[_Accepted], definition: InstrumentDefinition, seal: Seal, now: datetime
) -> bool:
    """Spend the tokens and store the envelope; False if the facts have changed meanwhile."""
    today = now.date()
    sheets = [_sheet(one, definition, today) for one in accepted]
    comments = [comment for one in accepted for comment in _comments(one, definition)]
    envelope = seal.close(sheets, comments)
    ((outcome,),) = await run_alone(
        _STORE,
        seal.organisation,
        seal.campaign,
        now,
        [one.facts.id for one in accepted],
        [one.fingerprint for one in accepted],
        *envelope,
    )
    return bool(outcome == "stored")


def _sheet(one: _Accepted, definition: InstrumentDefinition, day: date) -> Sheet:
    facts, submission = one.facts, one.submission
    return Sheet(
        unit=facts.unit_code,
        role=facts.role,
        function=facts.function,
        locale=definition.locale_for(submission.locale or facts.locale),
        day=day,
        duration_s=submission.duration_s,
        consent=submission.consent,
        imported=False,
        person=facts.person if facts.mode == "confidential" else None,
        answers=_sheet_of(facts, definition).row(submission),
    )


def _comments(one: _Accepted, definition: InstrumentDefinition) -> list[Comment]:
    if not one.submission.comments:
        return []
    locale = definition.locale_for(one.submission.locale or one.facts.locale)
    return [
        Comment(one.facts.unit_code, key, locale, text)
        for key, text in one.submission.comments.items()
        if text.strip()
    ]
