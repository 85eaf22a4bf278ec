"""Answers saved and not submitted: how changes meet in them, and who can read them.

A form may be open in two tabs or on two devices, and a save may arrive late. So every question
keeps which save changed it last, and a save says what its page had seen: it never overwrites an
answer that its page did not know.
"""

import secrets

import msgspec
from cryptography.fernet import Fernet, InvalidToken

from survey.capture.submission import Answers, Comments
from survey.sealing.seal import Seal

__all__ = [
    "Change",
    "Draft",
    "Keeper",
    "decrypt_draft",
    "encrypt_draft",
    "merged",
    "new_resume_code",
    "normal_resume_code",
    "replaced",
]

_LEAST_DRAFT = 8_192  # bytes
_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without those that are taken for one another."""
_CODE_LENGTH = 12  # 59 bits; every guess is a request that is counted against the link
_CODE_GROUP = 4

Mark = tuple[int, str, int]
"""The revision that a save made, the page it came from, and its number on that page."""


class Draft(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Answers that were saved and not submitted."""

    answers: Answers = {}
    comments: Comments = {}
    consent: bool | None = None
    seconds: int = 0
    """How long the respondent has been at it."""
    revision: int = 0
    """Grows with every save that changes something."""
    marks: dict[str, Mark] = {}
    """Question to the save that changed it last."""
    device: str = ""
    """The resume code of the device that began it; empty if it was begun by a program."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What one page saves: the questions that it shows and that have an answer."""

    answers: Answers = {}
    comments: Comments = {}
    """An empty comment removes the one before."""
    consent: bool | None = None
    seen: int
    """The revision that the page has seen."""
    page: str
    """Chosen by the page: the same for all saves of one page."""
    number: int
    """Of the save on that page: the later one counts, in whatever order they arrive."""
    seconds: int = 0
    """How long the respondent has been at it."""

    def values(self) -> dict[str, object]:
        """Return what is to become of each question."""
        found: dict[str, object] = {
            f"answers/{key}": answer for key, answer in self.answers.items()
        }
        found |= {f"comments/{key}": text for key, text in self.comments.items()}
        return found if self.consent is None else found | {"consent": self.consent}


def merged(draft: Draft, change: Change) -> tuple[Draft, tuple[str, ...]]:
    """Return the draft after a change, and the questions that have newer answers elsewhere.

    A question stays as it is if it was changed after the page had read it, unless by an earlier
    save of the same page. A save that arrives after a later one of its page changes nothing.
    """
    before = _values(draft)
    taken: dict[str, object] = {}
    newer: list[str] = []
    for question, value in change.values().items():
        if _same(before, question, value):
            continue
        revision, page, number = draft.marks.get(question, (0, "", 0))
        if page == change.page:
            if change.number >= number:
                taken[question] = value
        elif revision <= change.seen:
            taken[question] = value
        else:
            newer.append(question)
    return _with(draft, taken, change), tuple(newer)


def _values(draft: Draft) -> dict[str, object]:
    whole = Change(
        answers=draft.answers,
        comments=draft.comments,
        consent=draft.consent,
        seen=0,
        page="",
        number=0,
    )
    return whole.values()


def _same(before: dict[str, object], question: str, value: object) -> bool:
    if question.startswith("comments/"):
        return before.get(question, "") == value
    return question in before and before[question] == value


def _with(draft: Draft, taken: dict[str, object], change: Change) -> Draft:
    seconds = max(draft.seconds, change.seconds)
    if not taken:
        return msgspec.structs.replace(draft, seconds=seconds)
    revision = draft.revision + 1
    mark = (revision, change.page, change.number)
    comments = draft.comments | _under("comments/", taken)
    return msgspec.structs.replace(
        draft,
        answers=draft.answers | _under("answers/", taken),
        comments={key: text for key, text in comments.items() if text},
        consent=taken.get("consent", draft.consent),
        seconds=seconds,
        revision=revision,
        marks=draft.marks | dict.fromkeys(taken, mark),
    )


def _under(prefix: str, taken: dict[str, object]) -> dict[str, object]:
    return {
        question.removeprefix(prefix): value
        for question, value in taken.items()
        if question.startswith(prefix)
    }


def replaced(
    draft: Draft, *, answers: Answers, comments: Comments, consent: bool | None
) -> Draft:
    """Return the draft after a program has saved the whole form anew."""
    revision = draft.revision + 1
    after = msgspec.structs.replace(
        draft, answers=answers, comments=comments, consent=consent, revision=revision
    )
    before, now = _values(draft), _values(after)
    differing = (one for one in before | now if before.get(one, ...) != now.get(one, ...))
    marks = draft.marks | dict.fromkeys(differing, (revision, "", 0))
    return msgspec.structs.replace(after, marks=marks)


class Keeper(msgspec.Struct, frozen=True, kw_only=True):
    """Reads and writes the draft of one link for one device.

    Whoever was handed the link could use it. A draft of such a link is therefore encrypted with
    the resume code of the device that began it, and one that was begun before is given to that
    device alone.
    """

    seal: Seal
    token: str
    device: str
    """Resume code of the device that asks; empty if it has none."""
    link_exported: bool

    def read(self, ciphertext: bytes | None) -> Draft | None:
        """Return the draft, empty if there is none; None if it belongs to another device."""
        if not ciphertext:
            return Draft(device=self.device)
        own = self.seal.draft_key(self.token, self.device)
        if self.device and (draft := decrypt_draft(ciphertext, own)) is not None:
            return draft
        shared = decrypt_draft(ciphertext, self.seal.draft_key(self.token))
        if not self.link_exported:
            return shared or Draft(device=self.device)
        if shared is None or not self.device or shared.device != self.device:
            return None
        return shared

    def write(self, draft: Draft) -> bytes:
        """Return the draft as it is stored."""
        device = self.device if self.link_exported else ""
        return encrypt_draft(draft, self.seal.draft_key(self.token, device))


def encrypt_draft(draft: Draft, key: bytes) -> bytes:
    """Return the saved answers as ciphertext; authenticated, with a fresh nonce each time.

    Before that they are padded to a power of two, which is the same for all who write no long
    comments: old drafts stay in the files of the database, and their length would tell how
    many answers are missing.
    """
    plain = msgspec.json.encode(draft)
    room = max(_LEAST_DRAFT, 1 << (len(plain) - 1).bit_length())
    return Fernet(key).encrypt_at_time(plain.ljust(room), 0)


def decrypt_draft(ciphertext: bytes, key: bytes) -> Draft | None:
    """Return the saved answers; None if they cannot be read with this key.

    The ciphertext carries no time: a draft must not tell when somebody answered.
    """
    try:
        plain = Fernet(key).decrypt(ciphertext)
    except InvalidToken:
        return None
    return msgspec.json.decode(plain, type=Draft)


def new_resume_code() -> str:
    """Return a code such as ``K7QF-2M9X-4TRB`` that nobody can guess."""
    return _grouped("".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH)))


def normal_resume_code(written: str) -> str:
    """Return a code as it was given, however somebody has typed it; empty if it is none."""
    letters = "".join(letter for letter in written.upper() if letter.isalnum())
    fits = len(letters) == _CODE_LENGTH and set(letters) <= set(_CODE_LETTERS)
    return _grouped(letters) if fits else ""


def _grouped(letters: str) -> str:
    places = range(0, len(letters), _CODE_GROUP)
    return "-".join(letters[place : place + _CODE_GROUP] for place in places)
