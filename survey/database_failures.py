"""What the database's own errors come to for people: a sentence without a row in it."""

import asyncpg

__all__ = ["database_failure"]

_LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.InternalClientError,
    asyncpg.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
)


def database_failure(error: BaseException) -> str | None:
    """Say why the database did not do what it was asked; None where it is not to blame.

    Parameters
    ----------
    error : BaseException
        What was raised. Of a refusal only the first line is told: further ones may quote rows.
    """
    if isinstance(error, asyncpg.InterfaceError | OSError | TimeoutError):
        return f"The database cannot be reached: {_first_line(error) or 'no answer in time'}."
    if isinstance(error, _LOST):
        return f"The database was lost: {_first_line(error)}."
    if isinstance(error, asyncpg.PostgresError):
        return f"The database refused: {_first_line(error)}."
    return None


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0].rstrip(".")
