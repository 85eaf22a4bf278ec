"""Logs: one JSON object a line on standard error, without anything a respondent wrote.

Tracebacks are reduced to places in the code: the words of an exception may quote a row.
"""

import logging
import logging.config
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

__all__ = ["configure_logs", "json_formatter", "log_config"]

_QUIETER = {
    # They log whole addresses at INFO.
    "httpx": "WARNING",
    "httpcore": "WARNING",
    # A line for each attempt to connect; an outage is told by models.outage.
    "asyncpg.pool": "ERROR",
}


def log_config(level: str) -> dict[str, Any]:
    """Return the configuration of Python's logging, for this process and for Granian's."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": json_formatter}},
        "handlers": {
            "standard error": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "stream": "ext://sys.stderr",
            }
        },
        "root": {"level": level, "handlers": ["standard error"]},
        "loggers": {
            **{name: {"level": least} for name, least in _QUIETER.items()},
            # Granian brings handlers of its own, which would write each line twice.
            "_granian": {"level": level, "handlers": [], "propagate": True},
        },
    }


def configure_logs(level: str) -> None:
    """Write logs of this process as JSON from now on."""
    logging.config.dictConfig(log_config(level))


def json_formatter() -> logging.Formatter:
    """Return the formatter of every line."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.stdlib.ExtraAdder(),
            _places_only,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ],
    )


def _places_only(
    _: object, __: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Put the kind of an exception and its places in the code where its words were."""
    kind, _, places = event.pop("exc_info", None) or (None, None, None)
    if kind is not None:
        event["failure"] = kind.__qualname__
        event["frames"] = [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(places)
        ]
    # Left on the record by another handler that formatted it first.
    event.pop("message", None)
    if event.get("logger") == "asyncio":
        # Its further lines are representations of tasks and what they failed with.
        event["event"] = str(event["event"]).partition("\n")[0]
    return event
