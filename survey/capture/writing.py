"""One transaction of capture: lock, judge, spend tokens, store responses; all or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid4

from models.engine import connection, reading, transaction
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

__all__ = ["Entry", "organisations_of", "write_group"]

_OWNERS = "SELECT token_hash, organisation FROM token_index WHERE token_hash = ANY($1)"

# The campaign is locked before its invitations, as closing does: neither waits for the other.
_LOCK = """
WITH open AS MATERIALIZED (
    SELECT c.id, c.state, c.mode, c.instrument, c.closes_at FROM campaign c
    WHERE c.id IN (SELECT campaign FROM invitation WHERE token_hash = ANY($1))
    ORDER BY c.id FOR SHARE)
SELECT i.token_hash, i.id, i.campaign, o.instrument, i.unit_code, i.role, i.function, i.locale,
       i.person, i.completed, i.fingerprint, o.state, o.mode, o.closes_at
FROM open o JOIN invitation i ON i.campaign = o.id
WHERE i.token_hash = ANY($1) ORDER BY i.token_hash FOR UPDATE OF i
"""

# Responses go in at random, so that their order tells nothing about who came first.
_SPEND_AND_STORE = """
WITH given AS (
    SELECT * FROM unnest($2::uuid[], $3::bytea[], $4::uuid[], $5::text[], $6::text[],
                         $7::text[], $8::text[], $9::int[], $10::bool[], $11::uuid[],
                         $12::uuid[], $13::text[])
    AS given(invitation, fingerprint, campaign, unit_code, role, function, locale, duration_s,
             consent, person, id, answers)),
spent AS (
    UPDATE invitation i
    SET completed = true, started = true, fingerprint = g.fingerprint, draft = NULL
    FROM given g WHERE i.id = g.invitation AND NOT i.completed
    RETURNING i.id)
INSERT INTO response (id, organisation, campaign, unit_code, role, function, locale,
                      submitted_on, duration_s, consent, person, answers)
SELECT g.id, $1, g.campaign, g.unit_code, g.role, g.function, g.locale, $14, g.duration_s,
       g.consent, g.person, g.answers::smallint[]
FROM given g JOIN spent s ON s.id = g.invitation ORDER BY random()
"""

_COMMENTS = """
INSERT INTO comment (id, organisation, campaign, unit_code, item, locale, text)
SELECT id, $1, campaign, unit_code, item, locale, text
FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[])
AS given(id, campaign, unit_code, item, locale, text) ORDER BY random()
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One submission on its way into the database."""

    token_hash: bytes
    fingerprint: bytes
    submission: Submission


async def organisations_of(hashes: set[bytes]) -> dict[bytes, UUID]:
    """Return to which organisation each known token belongs."""
    async with reading(None):
        rows = await connection().fetch(_OWNERS, list(hashes))
    return {row["token_hash"]: row["organisation"] for row in rows}


async def write_group(
    organisation: UUID | None, entries: Sequence[Entry], *, now: datetime
) -> list[UUID | SurveyError]:
    """Write a group of submissions of one organisation in one transaction.

    Parameters
    ----------
    organisation : UUID or None
        Whose tokens they are; None if no organisation knows them.
    entries : sequence of Entry
        The group, in the order of arrival.
    now : datetime
        The moment of writing, UTC.

    Returns
    -------
    list of campaign id or SurveyError, one per entry
        The campaign whose response is now committed, by this call or by the one it repeats;
        or why there is none. Errors are values here, so that they do not harm neighbours.
    """
    if organisation is None:
        return [InvitationUnknown() for _ in entries]
    async with transaction(organisation):
        facts = await _locked_invitations([entry.token_hash for entry in entries])
        definitions = {
            found.instrument: await definition_of(organisation, found.instrument)
            for found in facts.values()
        }
        results, accepted = _sort_out(entries, facts, definitions, now)
        if accepted:
            await _store(organisation, accepted, now)
    return results


@dataclass(frozen=True, slots=True)
class _Accepted:
    """A submission that spends its token."""

    entry: Entry
    facts: InvitationFacts
    sheet: AnswerSheet
    locale: str


async def _locked_invitations(hashes: list[bytes]) -> dict[bytes, InvitationFacts]:
    """Lock what the tokens belong to, campaigns first.

    Closing rewrites the invitations. A statement that has waited for it sees the campaign as it
    is now, but the invitations as they were, which are gone. So a second one looks again.
    """
    rows = await connection().fetch(_LOCK, hashes)
    if len(rows) < len(set(hashes)):
        rows = await connection().fetch(_LOCK, hashes)
    return {row[0]: InvitationFacts(*tuple(row)[1:]) for row in rows}


def _sort_out(
    entries: Sequence[Entry],
    facts: Mapping[bytes, InvitationFacts],
    definitions: Mapping[UUID, InstrumentDefinition],
    now: datetime,
) -> tuple[list[UUID | SurveyError], list[_Accepted]]:
    """Divide the group into results for the callers and rows for the database.

    What breaks the rules is sorted out before any token is spent, so that it spends none.
    """
    rejected = {
        place: refusal
        for place, entry in enumerate(entries)
        if (refusal := _refusal(entry, facts, definitions, now))
    }
    judged = [place for place in range(len(entries)) if place not in rejected]
    verdicts = judge(
        [(entries[place].token_hash, entries[place].fingerprint) for place in judged],
        facts,
        now=now,
    )
    results: dict[int, UUID | SurveyError] = dict(rejected)
    accepted = []
    for place, verdict in zip(judged, verdicts, strict=True):
        found = facts[entries[place].token_hash]
        results[place] = _result(verdict, found)
        if verdict == "accept":
            definition = definitions[found.instrument]
            wanted = entries[place].submission.locale or found.locale
            sheet = _sheet(found, definition)
            accepted.append(
                _Accepted(entries[place], found, sheet, definition.locale_for(wanted))
            )
    return [results[place] for place in range(len(entries))], accepted


def _refusal(
    entry: Entry,
    facts: Mapping[bytes, InvitationFacts],
    definitions: Mapping[UUID, InstrumentDefinition],
    now: datetime,
) -> SurveyError | None:
    """Return why the entry cannot be considered at all; None if it can."""
    found = facts.get(entry.token_hash)
    if found is None:
        return InvitationUnknown()
    if found.completed or not found.takes_answers(now):
        return None
    problems = _sheet(found, definitions[found.instrument]).problems(entry.submission)
    return SubmissionRejected(problems) if problems else None


def _result(verdict: Outcome, facts: InvitationFacts) -> UUID | SurveyError:
    if verdict == "not_open":
        return CampaignNotOpen.of(facts.campaign, state=facts.campaign_state)
    if verdict == "conflict":
        return AlreadySubmitted()
    return facts.campaign


_SHEETS: dict[tuple[UUID, str], AnswerSheet] = {}


def _sheet(facts: InvitationFacts, definition: InstrumentDefinition) -> AnswerSheet:
    """Return the sheet of a role; prepared once, since published instruments never change."""
    key = (facts.instrument, facts.role)
    if key not in _SHEETS:
        _SHEETS[key] = AnswerSheet.of(definition, facts.role)
    return _SHEETS[key]


async def _store(organisation: UUID, accepted: Sequence[_Accepted], now: datetime) -> None:
    """Spend the tokens and insert responses and comments."""
    columns = zip(*map(_response_columns, accepted), strict=True)
    status = await connection().execute(
        _SPEND_AND_STORE, organisation, *map(list, columns), now.date()
    )
    if status != f"INSERT 0 {len(accepted)}":
        msg = f"Expected {len(accepted)} stored responses, got {status}."
        raise RuntimeError(msg)
    comments = [row for one in accepted for row in _comment_rows(one)]
    if comments:
        await connection().execute(
            _COMMENTS, organisation, *map(list, zip(*comments, strict=True))
        )


def _response_columns(one: _Accepted) -> tuple[object, ...]:
    facts, submission = one.facts, one.entry.submission
    answers = ",".join("NULL" if a is None else str(a) for a in one.sheet.row(submission))
    return (
        facts.id,
        one.entry.fingerprint,
        facts.campaign,
        facts.unit_code,
        facts.role,
        facts.function,
        one.locale,
        submission.duration_s,
        submission.consent,
        facts.person if facts.mode == "confidential" else None,
        uuid4(),
        f"{{{answers}}}",
    )


def _comment_rows(one: _Accepted) -> list[tuple[object, ...]]:
    """Return one row per comment, with an id that has nothing to do with the response's."""
    return [
        (uuid4(), one.facts.campaign, one.facts.unit_code, key, one.locale, text)
        for key, text in one.entry.submission.comments.items()
        if text.strip()
    ]
