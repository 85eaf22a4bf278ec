"""What a list of campaigns says of those that are scheduled."""

from datetime import UTC, datetime

import msgspec

from api.cli.campaign_command import schedule_words
from api.description.bodies import example_of
from survey.campaigns.read import CampaignProblem, CampaignView

DRAFT = msgspec.convert(example_of(CampaignView), CampaignView)
SCHEDULED = msgspec.structs.replace(
    DRAFT, state="scheduled", opens_at=datetime(2026, 12, 1, 9, tzinfo=UTC)
)


def test_a_scheduled_campaign_says_when_it_opens() -> None:
    assert schedule_words(SCHEDULED) == ", opens at 2026-12-01T09:00Z"


def test_one_that_has_not_opened_on_time_says_why() -> None:
    problem = CampaignProblem(code="nobody-to-invite", detail="Nobody is there to invite.")
    late = msgspec.structs.replace(SCHEDULED, problem=problem)

    assert schedule_words(late).endswith("Z; not open yet: Nobody is there to invite.")


def test_other_campaigns_say_nothing_of_it() -> None:
    assert schedule_words(DRAFT) == ""
