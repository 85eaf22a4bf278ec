"""Who is invited, as an operator reads it."""

from typing import Any

import msgspec

from api.description.bodies import example_of
from api.terminal.audience import audience_lines, invitee_lines
from survey.campaigns.invitees import AudiencePlan, Invitee
from survey.campaigns.read import CampaignView

CAMPAIGN = msgspec.convert(example_of(CampaignView), CampaignView)


def said(**fields: Any) -> str:
    plan = msgspec.convert(example_of(AudiencePlan) | fields, AudiencePlan)
    return "\n".join(audience_lines(CAMPAIGN, plan))


def test_it_says_who_would_be_invited_and_whom_they_stand_for() -> None:
    assert said().splitlines() == [
        "AI at work, wave 1 (draft)",
        "294 of 412 people would be invited by folder.",
        "Units: D01 and below.",
        "Roles: manager, contributor.",
        "A sample of each unit, to within 5 points of 100 if 70% answer (seed 1804289383).",
        "Out of reach: 3.",
        "",
        "Unit  Role         About  Invited  Out of reach",
        "D01   manager         12       12             0",
        "D01   contributor    400      282             3",
    ]


def test_units_without_figures_are_named() -> None:
    assert said(tooSmall=["D02"]).endswith(
        "Fewer than 5 people are invited, so they get no figures of their own: D02."
    )


def test_an_open_campaign_without_an_audience_says_less() -> None:
    lines = said(
        state="open", audience=None, population=9, invited=9, channel=None, outOfReach=None
    ).splitlines()

    assert lines[:3] == ["AI at work, wave 1 (open)", "9 people are invited.", ""]


def test_a_list_and_functions_are_said() -> None:
    kept = {"seed": 1}

    assert "A list of 7 people." in said(audience=kept | {"people": 7})
    assert "Functions: it, data." in said(audience=kept | {"functions": ["it", "data"]})


def test_a_person_out_of_reach_has_a_reason() -> None:
    person = msgspec.convert(example_of(Invitee) | {"outOfReach": "no_address"}, Invitee)

    assert list(invitee_lines([person])) == ["e-1042  D01  contributor  folder: no address"]


def test_names_do_not_steer_the_terminal() -> None:
    person = msgspec.convert(example_of(Invitee) | {"externalId": "e\x1b[2J"}, Invitee)

    assert "\x1b" not in "".join(invitee_lines([person]))
