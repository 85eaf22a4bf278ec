"""What happens to a submission, given what is known of its invitation."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from survey.instruments.parts import Role

__all__ = ["InvitationFacts", "Outcome", "judge"]

Outcome = Literal["accept", "replay", "conflict"]


class InvitationFacts(NamedTuple):
    """An invitation as it was read, with the campaign it belongs to."""

    id: UUID
    organisation: UUID
    campaign: UUID
    instrument: UUID
    unit_code: str
    role: Role
    function: str | None
    locale: str | None
    person: UUID | None
    completed: bool
    fingerprint: bytes | None
    campaign_state: str
    mode: str
    closes_at: datetime | None

    def takes_answers(self, now: datetime) -> bool:
        """Tell whether the campaign is open at this moment."""
        return self.campaign_state == "open" and (
            self.closes_at is None or now < self.closes_at
        )


def judge(
    submissions: Iterable[tuple[bytes, bytes]], invitations: Mapping[bytes, InvitationFacts]
) -> list[Outcome]:
    """Decide on submissions that are written together, in the order they came.

    Parameters
    ----------
    submissions : iterable of (token hash, fingerprint)
        Every token hash is a key of ``invitations``.
    invitations : mapping of token hash to InvitationFacts
        All of campaigns that take answers.

    Returns
    -------
    list of outcome
        ``accept`` at most once per token; a repeat of what was accepted is a ``replay``,
        anything else on a spent token is a ``conflict``.
    """
    spent = {key: facts.fingerprint for key, facts in invitations.items() if facts.completed}
    outcomes: list[Outcome] = []
    for key, given in submissions:
        if key not in spent:
            spent[key] = given
            outcomes.append("accept")
        else:
            outcomes.append("replay" if spent[key] == given else "conflict")
    return outcomes
