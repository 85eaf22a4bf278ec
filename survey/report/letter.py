"""A letter that brings one person their link: on paper, for people whom no message reaches."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from analytics.vocabulary import Role
from survey.instruments.parts import Mode
from survey.report.document import Count, Sentence, Verbatim, say
from survey.report.wording import Wording

__all__ = ["Letter", "LetterFacts", "letter"]


@dataclass(frozen=True, kw_only=True)
class LetterFacts:
    """What every letter of a campaign says.

    Attributes
    ----------
    organisation : str
        Its name.
    mode : {"anonymous", "confidential"}
        What happens to the answers of managers and contributors.
    closes_at : datetime, or None
        When the campaign closes, in the organisation's time zone; None if it is closed by hand.
    min_group : int
        Respondents behind any figure.
    contact : str, or None
        Whom people may ask; None names the office of the organisation.
    """

    organisation: str
    mode: Mode
    closes_at: datetime | None
    min_group: int
    contact: str | None


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """The sentences of one letter in the reader's language, without markup."""

    greeting: str
    invitation: str
    """What this is, and by when."""
    way: str
    """How to get to the form."""
    yours: str
    heading: str
    """Of what follows: privacy, in three sentences."""
    privacy: str
    questions: str
    code: str
    """What the code shows, for those who do not see it."""


def letter(facts: LetterFacts, wording: Wording, *, name: str | None, role: Role) -> Letter:
    """Return the letter to one person.

    Parameters
    ----------
    wording : Wording
        Of the topic ``letter``, in the person's language.
    name : str, or None
        What the person is called; None if it cannot be printed.
    role : Role
        As whom the person is asked.
    """
    by_whom = {"organisation": Verbatim(facts.organisation)}
    invited = "letter.sponsor" if role == "sponsor" else "letter.invited"
    greeting = say("letter.dear", name=Verbatim(name)) if name else say("letter.dear.nameless")
    return Letter(
        greeting=wording.text(greeting),
        invitation=" ".join(
            map(wording.text, (say(invited, **by_whom), _until(facts, wording)))
        ),
        way=wording.text(say("letter.how")),
        yours=wording.text(say("letter.yours")),
        heading=wording.text(say("letter.privacy")),
        privacy=" ".join(map(wording.text, _privacy(facts, role))),
        questions=wording.text(
            say("letter.questions", contact=Verbatim(facts.contact))
            if facts.contact
            else say("letter.questions.office", **by_whom)
        ),
        code=wording.text(say("letter.code")),
    )


def _until(facts: LetterFacts, wording: Wording) -> Sentence:
    if facts.closes_at is None:
        return say("letter.open_ended")
    return say("letter.until", moment=Verbatim(wording.moment(facts.closes_at)))


def _privacy(facts: LetterFacts, role: Role) -> tuple[Sentence, Sentence]:
    promises = {
        "anonymous": "letter.privacy.anonymous",
        "confidential": "letter.privacy.confidential",
    }
    key = "letter.privacy.sponsor" if role == "sponsor" else promises[facts.mode]
    return say(key, k=Count(facts.min_group)), say("letter.handed_out")
