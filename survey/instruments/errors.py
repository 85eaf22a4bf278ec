"""Why an instrument is not found or stays as it is; part of the tree in survey.errors.

SurveyError
├── NotFound
│   └── InstrumentNotFound     no instrument has this key and version, or this id
├── Conflict
│   └── InstrumentPublished    a published version never changes
└── Invalid
    └── InstrumentIncomplete   the definition is not fit to be published
"""

from collections.abc import Sequence

from survey.errors import Conflict, Invalid, NotFound

__all__ = [
    "InstrumentIncomplete",
    "InstrumentNotFound",
    "InstrumentPublished",
]


class InstrumentNotFound(NotFound):
    """No instrument has this key and version, or this id."""

    code = "instrument-not-found"

    def __init__(self, instrument: str) -> None:
        super().__init__(f"There is no instrument {instrument}.", instrument=instrument)


class InstrumentPublished(Conflict):
    """A published version never changes; a change is a new version."""

    code = "instrument-published"

    def __init__(self, key: str, version: int) -> None:
        super().__init__(
            f"{key} version {version} is published and never changes. Give the next version.",
            key=key,
            version=version,
        )


class InstrumentIncomplete(Invalid):
    """The definition is not fit to be published; each problem names its part."""

    code = "instrument-incomplete"

    def __init__(self, key: str, version: int, problems: Sequence[str]) -> None:
        more = "" if len(problems) == 1 else f" (and {len(problems) - 1} more)"
        super().__init__(
            f"{key} version {version} cannot be published: {problems[0]}{more}",
            key=key,
            version=version,
            problems=list(problems),
        )
