"""What concerns the whole installation is told in the trail of each of its organisations."""

from models.engine import transaction
from models.enums import AuditAction
from survey.access.actors import COMMAND_LINE
from survey.access.audit import record_event
from survey.access.audit_chain import Facts
from survey.directory.organisations import list_organisations

__all__ = ["record_for_all"]


async def record_for_all(action: AuditAction, *, facts: Facts) -> None:
    """Write an entry for every organisation: what an operator does to the whole database.

    Parameters
    ----------
    action : AuditAction
        What was done.
    facts : mapping
        As for `record_event`.
    """
    for one in await list_organisations():
        async with transaction(one.id):
            await record_event(one.id, action, "/v1/organisation", facts=facts, by=COMMAND_LINE)
