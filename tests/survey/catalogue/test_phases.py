"""Phases as content, and as the diagnosis gets them."""

from typing import Any

import msgspec
import pytest

from survey.catalogue.phases import Gate, Phases

TEXT = {"en": "Something is true."}
TIE = {"item": "governance_1", "reason": {"en": "It asks for it."}}


def gate(**fields: Any) -> Gate:
    return msgspec.convert({"key": "one", "text": TEXT} | fields, Gate)


def test_a_measured_gate_needs_a_tie() -> None:
    with pytest.raises(
        msgspec.ValidationError, match="'one' is measured = True and needs a tie"
    ):
        gate()


def test_a_gate_with_ties_cannot_call_itself_unmeasured() -> None:
    with pytest.raises(msgspec.ValidationError, match="measured = False and has ties"):
        gate(measured=False, ties=[TIE], bring=TEXT)


def test_an_unmeasured_gate_says_what_to_bring_instead() -> None:
    with pytest.raises(msgspec.ValidationError, match="names no evidence"):
        gate(measured=False)


def test_a_misspelt_field_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="tyes"):
        gate(ties=[TIE], tyes=[])


def test_the_diagnosis_gets_items_weeks_and_threshold() -> None:
    content = msgspec.convert(
        {
            "version": "7",
            "threshold": {"points": 3.4, "reason": TEXT},
            "phases": [
                {
                    "key": "p",
                    "number": 1,
                    "name": TEXT,
                    "weeks": {"first": 3},
                    "gates": [
                        {"key": "one", "text": TEXT, "ties": [TIE]},
                        {"key": "two", "text": TEXT, "measured": False, "bring": TEXT},
                    ],
                }
            ],
        },
        Phases,
    )

    bare = content.measures()

    assert (bare.version, bare.threshold) == ("7", 3.4)
    assert (bare.phases[0].first_week, bare.phases[0].last_week) == (3, None)
    assert [(one.key, one.items) for one in bare.gates] == [
        ("one", ("governance_1",)),
        ("two", ()),
    ]
