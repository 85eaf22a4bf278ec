"""Candidate AI use cases, as people propose and rate them."""

from piccolo.columns import (
    JSONB,
    UUID,
    ForeignKey,
    Integer,
    OnDelete,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.constraints import Check
from piccolo.table import Table

from models.constraints import one_of
from models.engine import DB
from models.enums import UseCaseState
from models.identifiers import TimeOrderedId
from models.organisation import BusinessUnit, Organisation

__all__ = ["UseCase"]


class UseCase(Table, tablename="use_case", db=DB):
    """One candidate; its scores contain only the criteria that somebody has rated."""

    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = ForeignKey(Organisation, null=False, on_delete=OnDelete.restrict)
    unit = ForeignKey(BusinessUnit, null=True, default=None, on_delete=OnDelete.restrict)
    title = Varchar(length=200, default=None)
    description = Text(default=None, help_text="May be empty.")
    scores = JSONB(default="{}", help_text="Score of each rated criterion, 0 to 4.")
    deferrals = JSONB(default="{}", help_text="Whether each ground for deferral applies.")
    state = Varchar(length=16, default=UseCaseState.CANDIDATE)
    revision = Integer(default=1)
    created_at = Timestamptz(default=None, help_text="UTC.")
    changed_at = Timestamptz(default=None, help_text="UTC.")

    use_case_state_is_known = one_of("state", UseCaseState)
    use_case_title_not_empty = Check("title ~ '\\S'")
    use_case_description_fits = Check("length(description) <= 5000")
    use_case_scores_are_an_object = Check("jsonb_typeof(scores) = 'object'")
    use_case_scores_on_their_scale = Check(
        "NOT jsonb_path_exists(scores, "
        "'$.* ? (@.type() != \"number\" || @ < 0 || @ > 4 || @ != @.floor())')"
    )
    use_case_deferrals_are_an_object = Check("jsonb_typeof(deferrals) = 'object'")
    use_case_deferrals_hold_or_not = Check(
        "NOT jsonb_path_exists(deferrals, '$.* ? (@.type() != \"boolean\")')"
    )
    use_case_counts_changes_from_one = Check("revision >= 1")
