"""What is wrong with a body is found whenever its decoder finds anything, and said in words."""

import re
from copy import deepcopy
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.description.bodies import example_of
from api.http.bodies import decoder, read_json
from api.http.faults import expected, faults_of
from api.http.refusals import MalformedBody
from api.schemas.releases import ReleaseCreate
from models.edges import Code, Count, Moment, Texts
from survey.access.keys import KeyPlan
from survey.campaigns.plan import CampaignChange, CampaignPlan
from survey.capture.submission import Submission
from survey.catalogue.operating_models import OperatingModels
from survey.decisions.rules import Choice
from survey.instruments.definition import InstrumentDefinition
from survey.use_cases.rules import UseCaseChange, UseCasePlan

BODIES = (
    CampaignChange, CampaignPlan, Choice, InstrumentDefinition, KeyPlan, OperatingModels,
    ReleaseCreate, Submission, UseCaseChange, UseCasePlan,
)  # fmt: skip
PYTHON = re.compile(r"`|\b(str|int|float|bool|dict|array|None|datetime|Struct)\b")

values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["", "en", "anonymous", "accepted", "2026-11-23T09:00:00Z", "1899", "x" * 300]
    ),
    st.sampled_from([[], {}, [1], ["a", None], {"a": 1}, {"texts": {}}, {"en": "a"}]),
)


def places(body: Any) -> list[tuple[Any, Any]]:
    """Return every container of a body with each of its keys or positions."""
    found: list[tuple[Any, Any]] = []
    inside = body.items() if isinstance(body, dict) else enumerate(body)
    for place, value in inside:
        found.append((body, place))
        if isinstance(value, dict | list):
            found.extend(places(value))
    return found


def changed(body: Any, data: Any) -> Any:
    """Return a body with up to three values replaced by others, or under other names."""
    for _ in range(data.draw(st.integers(0, 3))):
        container, place = data.draw(st.sampled_from(places(body) or [({}, "")]))
        # A value must not be drawn into itself.
        value = deepcopy(data.draw(values))
        if isinstance(container, dict) and data.draw(st.booleans()):
            container.pop(place, None)
            place = data.draw(st.sampled_from(["", "en", "unknown"]))
        container[place] = value
    return body


@pytest.mark.parametrize("kind", BODIES)
@settings(max_examples=30)
@given(data=st.data())
def test_faults_are_found_if_and_only_if_the_decoder_refuses(kind: Any, data: Any) -> None:
    body = changed(deepcopy(example_of(kind)), data)

    faults = list(faults_of(kind, body))

    try:
        decoder(kind).decode(msgspec.json.encode(body))
    except msgspec.DecodeError:
        assert faults
    else:
        assert faults == []
    assert not [fault for fault in faults if PYTHON.search(fault.detail)]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Code, "text of 1 to 64 characters"),
        (str | None, "text or null"),
        (Count, "a whole number from 0 to 32767"),
        (Annotated[int, msgspec.Meta(ge=1)], "a whole number of 1 or more"),
        (Annotated[float, msgspec.Meta(le=1)], "a number of at most 1"),
        (bool, "true or false"),
        (Literal["a", "b"], "one of a, b"),
        (UUID, "an id (UUID)"),
        (Annotated[tuple[str, ...], msgspec.Meta(min_length=1)], "a list of 1 entries or more"),
        (Texts, "an object of at most 100 members"),
        (Submission, "an object"),
        (Moment, "a moment from 1900 to 2200 with its distance to UTC, such as "
         "2026-11-23T09:00:00Z"),
    ],
)  # fmt: skip
def test_what_is_expected_is_said_in_words(kind: Any, words: str) -> None:
    assert expected(kind) == words


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b'{"answers": {"a/b~c": []}}', "/answers/a~1b~0c"),
        (b'{"answers": {"\\ud800": 1}}', "/answers"),
        (b'{"answers": {"a": 1, "a": 2}}', "/answers/a"),
        (b'{"comments": {"a": "\\u0000"}}', "/comments/a"),
        (b'{"answers": {"' + b"k" * 201 + b'": 1}}', "/answers"),
    ],
)
def test_a_pointer_leads_to_the_fault_or_to_what_holds_it(body: bytes, pointer: str) -> None:
    with pytest.raises(MalformedBody) as caught:
        read_json(Submission, body)

    errors: Any = caught.value.facts["errors"]
    assert [error["pointer"] for error in errors] == [pointer]


@pytest.mark.parametrize("levels", [33, 1_000, 100_000])
def test_a_body_may_not_be_nested_without_end(levels: int) -> None:
    body = b'{"answers": {"a": ' + b"[" * levels + b"]" * levels + b"}}"

    with pytest.raises(MalformedBody, match="nested too deeply"):
        read_json(Submission, body)
