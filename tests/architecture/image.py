"""The container files as data; tests compare them with the code, without a container engine."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from tests.architecture.tracked import ROOT

__all__ = ["Instruction", "compose", "environment", "of_last_stage", "values"]


class Instruction(NamedTuple):
    """One instruction of the Dockerfile."""

    name: str
    words: str
    """The arguments, joined to one line."""

    @property
    def listed(self) -> list[str]:
        """The JSON list of a command in exec form."""
        listed: list[str] = json.loads(self.words[self.words.index("[") :])
        return listed


def _instructions() -> list[Instruction]:
    """Read the Dockerfile: comments dropped, continued lines joined."""
    text = (ROOT / "Dockerfile").read_text()
    uncommented = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", " ", uncommented).splitlines()
    return [Instruction(*line.split(maxsplit=1)) for line in lines if line.strip()]


def of_last_stage() -> list[Instruction]:
    """Return the instructions of the last stage, which becomes the image."""
    found = _instructions()
    begins = max(place for place, one in enumerate(found) if one.name == "FROM")
    return found[begins:]


def values(name: str) -> list[str]:
    """Return the arguments of each instruction of that name, in all stages."""
    return [one.words for one in _instructions() if one.name == name]


def environment() -> dict[str, str]:
    """Return the variables that the image sets."""
    return dict(_assignments(of_last_stage()))


def _assignments(found: list[Instruction]) -> Iterator[tuple[str, str]]:
    for one in found:
        if one.name == "ENV":
            for word in one.words.split():
                name, _, value = word.partition("=")
                yield name, value


def compose() -> dict[str, Any]:
    """Read the compose file with its anchors resolved, but not its variables."""
    described: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return described
