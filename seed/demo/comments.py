"""The comments of the demo company's people."""

from functools import cache

import numpy as np

from seed.content import content_file
from seed.demo.organisation import leaf_profiles
from seed.demo.people import DemoPerson

__all__ = ["written_comments"]

SHARES = {"comment_hindrance": 0.08, "comment_help": 0.05}
"""Share of people who write each comment."""

_Bank = dict[str, dict[str, dict[str, tuple[str, ...]]]]
"""Comment key, root cause and locale to possible comments."""


def written_comments(person: DemoPerson, rng: np.random.Generator) -> dict[str, str]:
    """Draw a person's comments by comment key; most people write none.

    People write about a root cause that holds their unit back, or about any if none does.
    """
    written = {}
    for key, share in SHARES.items():
        causes = _hindrances()[person.unit_code] or tuple(_bank()[key])
        cause = causes[int(rng.integers(len(causes)))]
        options = _bank()[key][cause][person.locale]
        text = options[int(rng.integers(len(options)))]
        if rng.random() < share:
            written[key] = text
    return written


@cache
def _bank() -> _Bank:
    return content_file("demo", "comments.toml", kind=_Bank)


@cache
def _hindrances() -> dict[str, tuple[str, ...]]:
    return {unit.code: unit.hindrance for unit in leaf_profiles()}
