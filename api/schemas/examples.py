"""One example of every record that crosses the wire as the use cases know it."""

from typing import Any

from api.schemas.audience_examples import examples_of_audience
from api.schemas.campaign_examples import CAMPAIGN, CAMPAIGN_EXAMPLES
from api.schemas.message_examples import MESSAGE_EXAMPLES, ORGANISATION
from api.schemas.problem import ProblemKind
from api.schemas.wire import CampaignOpen, Health
from survey.access.audit_reading import AuditEventView
from survey.access.keys import IssuedKey, KeyPlan, KeyView
from survey.access.revocation import Revocation
from survey.access.rotation import KeyRotation
from survey.capture.forms import FormView, SavedAnswers
from survey.capture.importing import ImportReport
from survey.capture.queue import Receipt
from survey.capture.submission import Submission
from survey.catalogue.evidence import Evidence
from survey.catalogue.operating_models import OperatingModels
from survey.database import Ready
from survey.decisions.rules import Choice
from survey.decisions.store import DecisionView
from survey.directory.organisations import OrganisationChange, OrganisationView
from survey.directory.people import PersonView
from survey.directory.sync import SyncReport
from survey.directory.units import UnitView
from survey.files.people import PersonRow
from survey.files.units import UnitRow
from survey.instruments.definition import InstrumentDefinition
from survey.instruments.store import InstrumentView
from survey.releases.pages import ScoreView
from survey.releases.store import ReleaseView
from survey.use_cases.ranking import UseCaseRanking
from survey.use_cases.rules import UseCaseChange, UseCasePlan
from survey.use_cases.store import UseCaseView

__all__ = ["CAMPAIGN", "ETAG", "EXAMPLES", "JOB", "KEY", "PARAMETERS", "RELEASE", "USE_CASE"]

KEY = "0193e4a0-7c1e-7d3a-9a44-3f0c5b2f8a01"
RELEASE = "0193e4a0-7c1e-7d3a-9a44-3f0c5b2f8a04"
USE_CASE = "0193e4a0-7c1e-7d3a-9a44-3f0c5b2f8a0b"
JOB = "0193e4a0-7c1e-7d3a-9a44-3f0c5b2f8a07"
ETAG = '"1"'

PARAMETERS: dict[str, Any] = {
    "campaignId": CAMPAIGN,
    "channelKind": "email",
    "code": "campaign-not-open",
    "externalId": "e-1042",
    "jobId": JOB,
    "key": "pulse",
    "keyId": KEY,
    "organisation": ORGANISATION,
    "releaseId": RELEASE,
    "state": "failed",
    "unit": "D01",
    "useCaseId": USE_CASE,
    "version": 1,
    "channel": "folder",
    "deactivateMissing": False,
    "dryRun": True,
    "expectDeactivated": 0,
    "limit": 100,
    "locale": "en",
    "outOfReach": False,
    "without": "email",
    "paper": "a4",
    "contact": "Ines Roth, extension 4711",
    "weight": ["data_accessible:2"],
    "action": "recommendation.overridden",
    "actor": KEY,
    "subject": f"/v1/releases/{RELEASE}",
    "since": "2026-11-01T00:00:00Z",
    "until": "2036-12-01T00:00:00Z",
    "Idempotency-Key": "9f2c1d7a-campaigns-1",
    "If-Match": ETAG,
    "If-None-Match": '"9f2c1d7a0b3e4c5d6e7f8091a2b3c4d5"',
}
"""One value of every parameter, by its name. A cursor has none: only a page before gives it."""

_LATER = "2036-12-14T18:00:00Z"
"""So far away that what is sent is accepted for years."""
_DEFINITION = {
    "key": "pulse",
    "version": 1,
    "locales": ["en"],
    "title": {"en": "Pulse"},
    "introduction": {"texts": {"en": "Two minutes."}},
    "scale": {
        "low": 1,
        "high": 3,
        "labels": {"en": ["No", "Partly", "Yes"]},
        "cantSay": {"en": "Can't say"},
    },
    "blocks": [{"key": "root_cause", "title": {"en": "Data"}}],
    "constructs": [
        {
            "key": "data_readiness",
            "block": "root_cause",
            "name": {"en": "Data readiness"},
            "description": {"en": "Data is fit for use."},
        }
    ],
    "items": [
        {
            "key": "data_readiness_1",
            "construct": "data_readiness",
            "wording": {"texts": {"en": "We know where our data comes from."}},
        }
    ],
    "consent": {
        "text": {"en": "May your self-rating be shown?"},
        "agree": {"en": "Yes"},
        "decline": {"en": "No"},
    },
    "privacy": {
        "anonymous": {"en": "No figure of fewer than {minGroup} people is shown."},
        "confidential": {"en": "Your answers are linked to you."},
        "onRecord": {"en": "You answer on the record."},
    },
}
_SAVED: dict[str, Any] = {
    "answers": {"data_readiness_1": 4, "data_readiness_2": None},
    "comments": {"comment_help": "A shared catalogue of our data."},
}
_KEY = {
    "id": KEY,
    "name": "Strategy dashboard",
    "prefix": "omk_8c1f2a9e",
    "scopes": ["analytics:read", "recommendations:read"],
    "unit": None,
    "createdAt": "2026-11-23T09:00:00Z",
    "expiresAt": _LATER,
    "lastUsedOn": None,
    "revokedAt": None,
    "madeBy": "0193e4a0-7c1e-7d3a-9a44-3f0c5b2f8a10",
    "replaces": None,
}
_PROPOSAL = {
    "title": "Sort incoming invoices",
    "description": "Twelve people sort 4 000 invoices a day by hand.",
    "unit": "D01",
    "scores": {"alternative_cost_measurable": 4, "data_accessible": 3, "single_owner": None},
    "deferrals": {"new_data_infrastructure": False},
}
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
    "timeZone": "Europe/Berlin",
}

EXAMPLES: dict[Any, Any] = {
    **CAMPAIGN_EXAMPLES,
    **MESSAGE_EXAMPLES,
    AuditEventView: {
        "id": "0193e4a0-7c1e-7d3a-9a44-3f0c5b2f8a09",
        "at": "2026-12-18T10:00:00Z",
        "number": 42,
        "actor": {
            "kind": "key",
            "key": KEY,
            "name": "Strategy office",
            "address": "192.0.2.17",
        },
        "action": "recommendation.overridden",
        "subjects": [
            f"/v1/releases/{RELEASE}/recommendations/D01/decision",
            f"/v1/releases/{RELEASE}",
            f"/v1/campaigns/{CAMPAIGN}",
        ],
        "facts": {"revision": 2, "model": "federated", "recommended": "coe"},
        "mac": "9f2c1d7a0b3e4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5",
    },
    CampaignOpen: {"channel": "folder"},
    Health: {"status": "alive"},
    Ready: {"ready": True, "database": True, "migrations": True},
    ProblemKind: {
        "type": "/problems/campaign-not-open",
        "title": "Campaign not open",
        "status": 409,
        "description": "The campaign takes no answers.",
    },
    OrganisationView: {
        "id": "0193e4a0-7c1e-7d3a-9a44-3f0c5b2f8a00",
        "key": "example",
        "name": "Example Group",
        "defaultLocale": "en",
        "minGroup": 5,
        "embedOrigins": ["https://intranet:8443"],
        "timeZone": "Europe/Berlin",
        "createdAt": "2026-11-23T09:00:00Z",
    },
    OrganisationChange: {"minGroup": 8, "embedOrigins": ["https://intranet:8443"]},
    OperatingModels: {
        "version": "example-1",
        "models": [
            {
                "key": "coe",
                "name": {"en": "Centralised centre of excellence"},
                "strength": {
                    "en": "Consistent governance, shared tooling, reusable components"
                },
                "conditions": {"en": ["Several use cases are being scaled across functions."]},
                "anchors": {
                    "cross_function_breadth": {
                        "value": 4.5,
                        "defining": True,
                        "reason": "It pays where use cases are scaled across functions.",
                    }
                },
            },
            {
                "key": "federated",
                "name": {"en": "Federated"},
                "strength": {"en": "Fast experiments close to the business"},
                "conditions": {"en": ["Use cases belong to one domain each."]},
                "anchors": {
                    "cross_function_breadth": {
                        "value": 2.0,
                        "defining": False,
                        "reason": "It needs no breadth.",
                    }
                },
            },
        ],
    },
    Evidence: {
        "version": "1",
        "quoted": "Practitioner article (2026)",
        "figures": [
            {
                "key": "use_in_one_function",
                "topic": "scaling",
                "statement": "88 % of organisations use AI in at least one function.",
                "source": "McKinsey, State of AI, November 2025",
                "year": 2025,
                "standing": "secondary",
                "note": None,
            }
        ],
    },
    SavedAnswers: _SAVED,
    Submission: {**_SAVED, "durationS": 540, "locale": "en"},
    FormView: {
        "campaign": CAMPAIGN,
        "campaignName": "AI at work",
        "state": "open",
        "mode": "anonymous",
        "role": "contributor",
        "closesAt": "2026-12-14T18:00:00Z",
        "padTo": 10240,
        "text": {
            "instrument": "ai-scaling-conditions@1",
            "locale": "en",
            "locales": ["en", "de"],
            "title": "AI in your business unit",
            "introduction": "About ten minutes.",
            "privacy": "Nobody can see what you answered.",
            "scale": {
                "low": 1,
                "high": 5,
                "labels": [
                    "Strongly disagree",
                    "Disagree",
                    "Neither",
                    "Agree",
                    "Strongly agree",
                ],
                "cantSay": "Can't say",
            },
            "sections": [
                {
                    "title": "Data",
                    "items": [
                        {"key": "data_readiness_1", "text": "We know where our data is from."}
                    ],
                }
            ],
            "comments": [{"key": "comment_help", "text": "What would help most?"}],
        },
        "saved": {"answers": {"data_readiness_1": 4}, "comments": {}, "consent": None},
    },
    Receipt: {"campaign": CAMPAIGN, "status": "stored"},
    KeyPlan: {
        "name": "Strategy dashboard",
        "scopes": ["analytics:read", "recommendations:read"],
        "expiresAt": _LATER,
    },
    KeyView: _KEY,
    IssuedKey: {**_KEY, "key": "omk_8c1f2a9e_Yp3l0mB2y0Qk9oQ4H5mVb1cJrS7dXw8uTfZ6gKaNE0I"},
    KeyRotation: {"overlapHours": 72},
    Revocation: {
        "revoked": [{"id": KEY, "name": "Strategy dashboard", "prefix": "omk_8c1f2a9e"}]
    },
    UnitRow: _UNIT,
    list[UnitRow]: [
        {"code": "C", "name": "Example Group", "parentCode": None, "headcount": 0},
        _UNIT,
    ],
    UnitView: {**_UNIT, "active": True},
    PersonRow: _PERSON,
    list[PersonRow]: [
        {
            **_PERSON,
            "externalId": "e-0007",
            "email": "robin@example.com",
            "displayName": "Robin Example",
            "role": "manager",
            "managerExternalId": None,
        },
        _PERSON,
    ],
    PersonView: {**_PERSON, "active": True},
    InstrumentDefinition: _DEFINITION,
    InstrumentView: {
        "id": "0193e4a0-7c1e-7d3a-9a44-3f0c5b2f8a03",
        "key": "pulse",
        "version": 1,
        "state": "draft",
        "checksum": "9f2c1d7a0b3e4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5",
        "publishedAt": None,
    },
    **examples_of_audience(CAMPAIGN),
    ImportReport: {
        "rows": 805,
        "responses": 405,
        "known": 400,
        "changed": 0,
        "comments": 311,
        "sha256": "9f2c1d7a0b3e4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5",
        "notices": [
            {
                "code": "day_in_future",
                "message": "week2.csv: 2 days in submitted_on are in the future, so they are "
                "not used.",
            }
        ],
    },
    SyncReport: {
        "created": ["D01"],
        "changed": [],
        "missing": ["D07"],
        "deactivated": [],
        "unchanged": 28,
        "dryRun": True,
    },
    Choice: {
        "verdict": "overridden",
        "model": "federated",
        "reason": "The unit moves to a market of its own in spring.",
    },
    DecisionView: {
        "release": RELEASE,
        "unit": "D01",
        "revision": 2,
        "verdict": "overridden",
        "model": "federated",
        "recommended": "coe",
        "reason": "The unit moves to a market of its own in spring.",
        "decidedAt": "2026-12-18T10:00:00Z",
        "decidedBy": KEY,
        "decidedByName": "Strategy office",
    },
    ReleaseView: {
        "id": RELEASE,
        "campaign": CAMPAIGN,
        "computedAt": "2026-12-15T08:00:00Z",
        "lineage": {
            "instrument": "ai-scaling-conditions@1",
            "method": "1",
            "anchors": "1",
            "seed": 0,
            "thresholds": {"scores": 5, "comments": 10, "drivers": 100},
            "responsesRead": 805,
            "responsesUsed": 790,
            "sponsors": 32,
        },
        "organisation": {
            "structure": "clear",
            "reach": 0.61,
            "mix": {"coe": 0.3, "federated": 0.2, "hybrid_squad": 0.3, "managed_service": 0.2},
        },
    },
    ScoreView: {
        "unit": "D01",
        "construct": "data_readiness",
        "cut": "all",
        "status": "reported",
        "n": 57,
        "mean": 47.1,
        "low": 43.0,
        "high": 51.2,
        "level": 3,
    },
    UseCasePlan: _PROPOSAL,
    UseCaseChange: {"scores": {"single_owner": 2}, "state": "chosen"},
    UseCaseView: {
        **_PROPOSAL,
        "id": USE_CASE,
        "scores": {"alternative_cost_measurable": 4, "data_accessible": 3},
        "state": "candidate",
        "revision": 1,
        "createdAt": "2026-12-18T10:00:00Z",
        "changedAt": "2026-12-18T10:00:00Z",
    },
    UseCaseRanking: {
        "release": RELEASE,
        "titles": {USE_CASE: "Sort incoming invoices"},
        "ranking": {
            "criteria": "1",
            "weights": {"alternative_cost_measurable": 0.5, "data_accessible": 0.5},
            "candidates": [
                {
                    "key": USE_CASE,
                    "unit": "D01",
                    "status": "ranked",
                    "rank": 1,
                    "bestRank": 1,
                    "worstRank": 1,
                    "total": 87.5,
                    "low": 87.5,
                    "high": 87.5,
                    "contributions": [
                        {
                            "criterion": "alternative_cost_measurable",
                            "score": 4,
                            "points": 50.0,
                            "lift": 0.0,
                        }
                    ],
                    "unknown": [],
                    "deferredBy": [],
                    "dominatedBy": [],
                    "readiness": "shown",
                    "cautions": [
                        {
                            "criterion": "data_accessible",
                            "construct": "data_readiness",
                            "mean": 38.0,
                            "low": 33.0,
                            "high": 43.0,
                            "sure": True,
                            "contradicts": True,
                        }
                    ],
                }
            ],
            "weightRanges": [],
        },
    },
}
"""A body as JSON, by its type; tests read each back, and the description shows it."""
