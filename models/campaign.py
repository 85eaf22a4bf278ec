"""Campaigns, each with a copy of the unit tree from the moment it opened."""

from piccolo.columns import (
    JSONB,
    UUID,
    Array,
    Boolean,
    Bytea,
    ForeignKey,
    Integer,
    OnDelete,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from models.constraints import one_of
from models.engine import DB
from models.enums import CampaignState, DeliveryKind, Mode
from models.identifiers import TimeOrderedId
from models.instrument import Instrument
from models.organisation import Organisation

__all__ = ["Campaign", "CampaignUnit", "CampaignWording", "ParticipationSteps"]


class Campaign(Table, tablename="campaign", db=DB):
    """One wave of one instrument. Mode, instrument and thresholds are locked once it opens.

    Its state only moves forward, but for a scheduled campaign that becomes a draft again; a
    trigger of the migration refuses anything else.
    """

    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = ForeignKey(Organisation, null=False, on_delete=OnDelete.restrict)
    name = Varchar(length=200, default=None)
    wave = SmallInt(default=1, help_text="1 for the baseline, then 2, 3, ...")
    instrument = ForeignKey(Instrument, null=False, index=True, on_delete=OnDelete.restrict)
    mode = Varchar(length=16, default=Mode.ANONYMOUS)
    state = Varchar(length=16, default=CampaignState.DRAFT)
    min_group = SmallInt(default=5, help_text="k: fewest respondents behind a figure; 4 to 50.")
    min_comments = SmallInt(default=10, help_text="Fewest respondents of a unit with comments.")
    min_drivers = SmallInt(default=100, help_text="Fewest respondents behind an impact claim.")
    opens_at = Timestamptz(null=True, default=None, help_text="UTC. Null: opened manually.")
    channel = Varchar(
        length=32, null=True, default=None, help_text="Brings the messages. Null in a draft."
    )
    problem = JSONB(
        null=True, default=None, help_text="Why it has not opened on time: code, detail."
    )
    sending_window = JSONB(
        null=True, default=None, help_text="Local hours and days of messages. Null: always."
    )
    reminders = Array(
        base_column=SmallInt(default=None),
        default=list,
        help_text="Days from a person's invitation to each reminder, ascending.",
    )
    reminder_hour = SmallInt(
        null=True, default=None, help_text="Local hour of reminders, 0 to 23. Null: derived."
    )
    invite_joiners = Boolean(
        default=False, help_text="Invite people who come while it is open."
    )
    next_reminder_at = Timestamptz(
        null=True, default=None, help_text="UTC, whoever has answered. Null: none is to come."
    )
    reminder_chain = UUID(
        null=True, default=None, help_text="The one chain of jobs that queues its reminders."
    )
    closes_at = Timestamptz(null=True, default=None, help_text="UTC. Null: closed manually.")
    opened_at = Timestamptz(null=True, default=None, help_text="UTC. Null before it opens.")
    closed_at = Timestamptz(null=True, default=None, help_text="UTC. Null before it closes.")
    public_key = Bytea(
        null=True, default=None, help_text="Seals the answers; null unless answers are taken."
    )
    public_key_mark = Bytea(
        null=True,
        default=None,
        help_text="HMAC of the public key under the campaign's secret, which is not here.",
    )
    keys_exported_at = Array(
        base_column=Timestamptz(default=None),
        default=list,
        help_text="UTC. When its keys left the key folder, in backups.",
    )
    audience = JSONB(
        null=True, default=None, help_text="Whom it invites, with a seed; null is everybody."
    )
    audience_people = Array(
        base_column=UUID(default=None),
        default=list,
        help_text="People on the list of a draft; empty once invitations say who is invited.",
    )
    revision = Integer(default=1, help_text="Rises with every edit; the ETag.")
    created_at = Timestamptz(default=None, help_text="UTC.")

    campaign_wave_once = Unique(["organisation", "name", "wave"])
    campaign_name_not_empty = Check("name <> ''")
    campaign_wave_is_positive = Check("wave >= 1")
    campaign_mode_is_known = one_of("mode", Mode)
    campaign_state_is_known = one_of("state", CampaignState)
    campaign_min_group_in_range = Check("min_group BETWEEN 4 AND 50")
    campaign_min_comments_covers_group = Check("min_comments >= min_group")
    campaign_min_drivers_covers_group = Check("min_drivers >= min_group")
    campaign_closes_after_it_opens = Check("closes_at > opens_at")
    campaign_opened_has_a_time = Check(
        "(state IN ('draft', 'scheduled')) = (opened_at IS NULL)"
    )
    campaign_closed_has_a_time = Check(
        "(state IN ('closed', 'abandoned')) = (closed_at IS NOT NULL)"
    )
    campaign_answers_are_sealed = Check(
        "(state IN ('open', 'closing')) = (num_nonnulls(public_key, public_key_mark) = 2)"
    )
    campaign_scheduled_has_a_time = Check(
        "state <> 'scheduled' OR num_nonnulls(opens_at, channel) = 2"
    )
    campaign_problem_only_when_scheduled = Check("problem IS NULL OR state = 'scheduled'")
    campaign_problem_is_an_object = Check("jsonb_typeof(problem) = 'object'")
    campaign_sending_window_is_an_object = Check("jsonb_typeof(sending_window) = 'object'")
    campaign_reminders_are_few = Check("cardinality(reminders) <= 5")
    campaign_reminder_hour_in_range = Check("reminder_hour BETWEEN 0 AND 23")


class CampaignUnit(Table, tablename="campaign_unit", db=DB):
    """A business unit as it stood when the campaign opened; never changed afterwards."""

    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = UUID(default=None)
    campaign = ForeignKey(Campaign, null=False, on_delete=OnDelete.restrict)
    code = Varchar(length=64, default=None)
    name = Varchar(length=200, default=None)
    parent_code = Varchar(length=64, null=True, default=None, help_text="Null for the company.")
    headcount = Integer(default=0, help_text="People of the unit itself, not of units below.")
    managers = Integer(
        null=True,
        default=None,
        help_text="Its own whom the campaign is about; null if that is everybody.",
    )
    contributors = Integer(
        null=True,
        default=None,
        help_text="Its own whom the campaign is about; null if that is everybody.",
    )

    campaign_unit_code_once = Unique(["campaign", "code"])
    campaign_unit_headcount_not_negative = Check("headcount >= 0")
    campaign_unit_population_is_known_or_not = Check(
        "num_nonnulls(managers, contributors) IN (0, 2)"
    )
    campaign_unit_population_not_negative = Check("managers >= 0 AND contributors >= 0")
    campaign_unit_not_its_own_parent = Check("parent_code <> code")


class ParticipationSteps(Table, tablename="participation_steps", db=DB):
    """How far a campaign is shown to have come while it is open; it moves in steps."""

    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = UUID(default=None)
    campaign = ForeignKey(Campaign, null=False, unique=True, on_delete=OnDelete.restrict)
    as_of = Timestamptz(default=None, help_text="UTC. When the steps were last looked at.")
    steps = JSONB(default=None, help_text="Code of a block of units to started and completed.")
    shown = JSONB(
        default="[]",
        help_text="Every number of the company that was shown, with its moment, in order.",
    )


class CampaignWording(Table, tablename="campaign_wording", db=DB):
    """An office's own words for the messages of one campaign; it goes with a deleted draft."""

    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = UUID(default=None)
    campaign = ForeignKey(Campaign, null=False, on_delete=OnDelete.cascade)
    kind = Varchar(length=16, default=None)
    locale = Varchar(length=35, default=None, help_text="BCP 47.")
    subject = Varchar(length=200, default=None)
    text = Text(default=None, help_text="Paragraphs, with placeholders in braces.")

    campaign_wording_once = Unique(["campaign", "kind", "locale"])
    campaign_wording_kind_is_known = one_of("kind", DeliveryKind)
