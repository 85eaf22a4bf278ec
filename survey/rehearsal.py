"""Doing something for its report alone: all checks, all writing, and then back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from models.engine import transaction

__all__ = ["rehearsed"]


@asynccontextmanager
async def rehearsed(organisation: UUID, *, dry_run: bool) -> AsyncIterator[None]:
    """Put the use cases of the block into one transaction, which a dry run undoes.

    Parameters
    ----------
    organisation : UUID
        Whose rows they change.
    dry_run
        Whether to undo what they have done; otherwise all of it is kept, or nothing.
    """
    async with transaction(organisation) as work:
        yield
        if dry_run:
            await work.rollback()  # type: ignore[no-untyped-call]  # Piccolo's
