"""Every disabled check gives its reason on the same line."""

import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tracked import ROOT, python_files, shown

IGNORE = re.compile(r"#\s*(?:noqa|type:\s*ignore)\b")
WITH_REASON = re.compile(
    r"(?:noqa: [A-Z]+[0-9]+(?:, [A-Z]+[0-9]+)*|type: ignore\[[\w\-, ]+\])[\s\-#]+\w.{3,}"
)


def ignores(file: Path) -> Iterator[tuple[int, str]]:
    with tokenize.open(file) as source:
        for token in tokenize.generate_tokens(source.readline):
            if token.type == tokenize.COMMENT and IGNORE.search(token.string):
                yield token.start[0], token.string


def test_every_ignore_names_its_rule_and_its_reason() -> None:
    without = [
        f"{shown(file)}:{line} {comment}"
        for file in python_files()
        for line, comment in ignores(file)
        if not WITH_REASON.search(comment)
    ]

    assert without == []


def test_every_ignore_of_the_settings_has_its_reason() -> None:
    settings = (ROOT / "pyproject.toml").read_text()
    rules = re.findall(r'^ {4}"[A-Z]+[0-9]*",.*$', settings, re.MULTILINE)
    # Lines with several codes list enabled families.
    switched_off = [rule for rule in rules if rule.count('"') == 2]

    assert [rule for rule in switched_off if "#" not in rule] == []


@pytest.mark.parametrize(
    "comment", ["# noqa", "# noqa: E501", "# type: ignore", "# type: ignore[arg-type]"]
)
def test_an_ignore_without_a_reason_is_recognised(comment: str) -> None:
    assert IGNORE.search(comment)
    assert not WITH_REASON.search(comment)
