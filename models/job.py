"""Work that somebody has started and that takes longer than a request, as they see it."""

from piccolo.columns import (
    JSONB,
    UUID,
    DoublePrecision,
    ForeignKey,
    OnDelete,
    Timestamptz,
    Varchar,
)
from piccolo.constraints import Check
from piccolo.table import Table

from models.access import ApiKey
from models.constraints import one_of
from models.engine import DB
from models.enums import JobState
from models.identifiers import TimeOrderedId
from models.organisation import Organisation

__all__ = ["Job"]


class Job(Table, tablename="job", db=DB):
    """One piece of work; the queue decides when it is done, this row shows how far it is.

    An index of the migration keeps two unfinished jobs of one kind from the same subject.
    """

    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = ForeignKey(Organisation, null=False, on_delete=OnDelete.restrict)
    kind = Varchar(length=32, default=None, help_text="Name of the kind in the queue.")
    subject = Varchar(length=255, default=None, help_text="Address of what it works on.")
    scope = Varchar(length=64, default=None, help_text="What a key needs to start or see it.")
    started_by = ForeignKey(
        ApiKey,
        null=True,
        default=None,
        on_delete=OnDelete.restrict,
        help_text="The API key. Null: the operator.",
    )
    state = Varchar(length=16, default=JobState.QUEUED)
    progress = DoublePrecision(default=0.0, help_text="0 to 1.")
    result = Varchar(length=255, null=True, default=None, help_text="Address of what was made.")
    problem = JSONB(null=True, default=None, help_text="Why it failed: code, detail.")
    created_at = Timestamptz(default=None, help_text="UTC.")
    updated_at = Timestamptz(default=None, help_text="UTC.")

    job_state_is_known = one_of("state", JobState)
    job_progress_is_a_share = Check("progress BETWEEN 0 AND 1")
    job_succeeded_has_a_result = Check("(state = 'succeeded') = (result IS NOT NULL)")
    job_failed_has_a_problem = Check("(state = 'failed') = (problem IS NOT NULL)")
    job_problem_is_an_object = Check("jsonb_typeof(problem) = 'object'")
