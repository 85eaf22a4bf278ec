"""One example of every record that crosses the wire as the use cases know it."""

from typing import Any

from survey.directory.people import PersonView
from survey.directory.sync import SyncReport
from survey.directory.units import UnitView
from survey.files.people import PersonRow
from survey.files.units import UnitRow

__all__ = ["EXAMPLES"]

_UNIT = {"code": "D01", "name": "Operations", "parentCode": "C", "headcount": 12}
_PERSON = {
    "externalId": "e-1042",
    "email": "kim@example.com",
    "displayName": "Kim Example",
    "unitCode": "D01",
    "role": "contributor",
    "function": "business",
    "locale": "en",
    "managerExternalId": "e-0007",
}

EXAMPLES: dict[Any, dict[str, Any]] = {
    UnitRow: _UNIT,
    UnitView: {**_UNIT, "active": True},
    PersonRow: _PERSON,
    PersonView: {**_PERSON, "active": True},
    SyncReport: {
        "created": ["D01"],
        "changed": [],
        "missing": ["D07"],
        "deactivated": [],
        "unchanged": 28,
        "dryRun": True,
    },
}
"""A body as JSON, by its type; tests read each back, and the description shows it."""
