"""Rooms that may not import each other agree on their words.

``models`` stores words of ``analytics`` as text and may not import it, so each of the two
defines them once. Records that cross the wire spell out the words that ``models`` keeps.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, get_args, get_type_hints

import pytest

from analytics import vocabulary
from analytics.results.constraint import ConstraintStatus
from analytics.results.recommendation import Band
from analytics.results.sponsorship import GapStatus
from models import enums
from models.release import FINDING_STATUSES
from survey.campaigns.invitations import Messages
from survey.campaigns.read import CampaignView
from survey.campaigns.sending import QueuedMessages
from survey.capture.forms import FormView
from survey.decisions.rules import Choice
from survey.decisions.store import DecisionView
from survey.use_cases.store import UseCaseView

SUPPRESSED = ("suppressed",)
UNSEEN = {enums.DeliveryState.SENDING, enums.DeliveryState.DROPPED}
"""Shown as queued and as sent: that a message was dropped would tell who has answered."""


@pytest.mark.parametrize(
    ("stored", "computed"),
    [
        (enums.Role, get_args(vocabulary.Role)),
        (enums.Cut, get_args(vocabulary.Cut)),
        (enums.ReportStatus, get_args(vocabulary.ReportStatus)),
        (FINDING_STATUSES[enums.FindingKind.CONSTRAINT], get_args(ConstraintStatus)),
        (FINDING_STATUSES[enums.FindingKind.RECOMMENDATION], get_args(Band)),
        (FINDING_STATUSES[enums.FindingKind.SPONSORSHIP] + SUPPRESSED, get_args(GapStatus)),
    ],
)
def test_the_database_keeps_the_words_that_an_analysis_computes(
    stored: Iterable[str], computed: tuple[str, ...]
) -> None:
    assert {str(word) for word in stored} == set(computed)


@pytest.mark.parametrize(
    ("stored", "record", "field"),
    [
        (enums.Mode, CampaignView, "mode"),
        (enums.Mode, FormView, "mode"),
        (enums.CampaignState, CampaignView, "state"),
        (enums.DeliveryKind, QueuedMessages, "kind"),
        (set(enums.DeliveryState) - UNSEEN, Messages, "state"),
        (enums.UseCaseState, UseCaseView, "state"),
        (enums.Verdict, DecisionView, "verdict"),
        (enums.Verdict, Choice, "verdict"),
    ],
)
def test_the_api_describes_the_words_that_the_database_keeps(
    stored: Iterable[StrEnum], record: type[Any], field: str
) -> None:
    assert {str(word) for word in stored} == set(get_args(get_type_hints(record)[field]))
