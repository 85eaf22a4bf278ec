"""Exceptions allow the answers that they name, and no others."""

import json
from importlib import import_module

import httpx
import pytest

from tests.api.fuzzing.exceptions import EXCEPTIONS, is_allowed


class RejectedPositiveData:
    """What schemathesis calls its objection to a refusal."""


class ServerError:
    """What it calls its objection to an answer of 500."""


def answer(problem: str, pointer: str = "") -> httpx.Response:
    body = {"type": f"/problems/{problem}", "errors": [{"pointer": pointer}]}
    return httpx.Response(422, content=json.dumps(body))


def test_what_is_listed_is_allowed() -> None:
    assert is_allowed(RejectedPositiveData(), answer("file-rejected"))


def test_another_problem_is_not() -> None:
    assert not is_allowed(RejectedPositiveData(), answer("malformed-body"))


def test_another_field_is_not() -> None:
    assert is_allowed(RejectedPositiveData(), answer("field-invalid", "/closesAt"))
    assert not is_allowed(RejectedPositiveData(), answer("field-invalid", "/wave"))


def test_another_objection_is_not() -> None:
    assert not is_allowed(ServerError(), answer("file-rejected"))


def test_an_answer_that_is_no_problem_is_not() -> None:
    assert not is_allowed(RejectedPositiveData(), httpx.Response(422, content=b"no JSON"))


@pytest.mark.browser
def test_every_objection_exists() -> None:
    checks = import_module("schemathesis.openapi.checks")  # which `make tools` installs

    assert all(hasattr(checks, one.objection) for one in EXCEPTIONS)
