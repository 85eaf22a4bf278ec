"""What handlers are given by name: the moment, who calls, which page, once."""

from datetime import datetime
from typing import Any

from litestar import Request
from litestar.di import Provide

from api.http.auth import principal_of
from api.http.idempotency import once
from api.http.paging import page_request
from api.http.services import services_of
from survey.access.keys import Principal

__all__ = ["DEPENDENCIES"]


def _now(request: Request[Any, Any, Any]) -> datetime:
    return services_of(request).clock()


def _principal(request: Request[Any, Any, Any]) -> Principal:
    return principal_of(request)


DEPENDENCIES = {
    "now": Provide(_now, sync_to_thread=False),
    "principal": Provide(_principal, sync_to_thread=False),
    "page": Provide(page_request, sync_to_thread=False),
    "once": Provide(once),
}
