"""An instrument definition: who is asked what, in which language, and what it is stored as."""

import msgspec
import pytest

from survey.instruments.definition import InstrumentDefinition, canonical, checksum
from tests.factories.definition import item, make_definition, texts


def test_a_role_is_put_the_items_of_its_audience_in_the_order_shown() -> None:
    definition = make_definition(
        items=(item("pain_1"), item("pain_2", audiences=("sponsor", "manager")), item("pain_3"))
    )

    assert [part.key for part in definition.items_for("manager")] == [
        "pain_1",
        "pain_2",
        "pain_3",
    ]
    assert [part.key for part in definition.items_for("sponsor")] == ["pain_2"]


def test_a_role_with_a_wording_of_its_own_reads_that() -> None:
    own = item("pain_1", audiences=("sponsor", "manager"), sponsor=texts("I", "Ich"))

    assert own.wording.text(role="sponsor", locale="de") == "Ich"
    assert own.wording.text(role="manager", locale="de") == "pain_1 auf Deutsch"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("de", "de"),
        ("DE", "de"),
        ("de-AT", "de"),
        ("en-GB", "en"),
        ("fr", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_the_nearest_language_is_found(wanted: str | None, found: str) -> None:
    assert make_definition().locale_for(wanted) == found


def test_the_statistics_get_direction_component_and_scale() -> None:
    definition = make_definition(items=(item("pain_1"), item("pain_2", reversed=True)))

    measured = definition.measures()

    assert [(part.key, part.reversed) for part in measured.items] == [
        ("pain_1", False),
        ("pain_2", True),
    ]
    assert (measured.low, measured.high) == (1, 3)


def test_a_definition_survives_its_json() -> None:
    definition = make_definition()

    assert msgspec.json.decode(canonical(definition), type=InstrumentDefinition) == definition


def test_the_wire_speaks_camel_case() -> None:
    wire = msgspec.to_builtins(make_definition())

    assert "cantSay" in wire["scale"]
    assert "onRecord" in wire["privacy"]


def test_the_checksum_does_not_depend_on_the_order_of_languages_in_the_json() -> None:
    one = make_definition(title={"en": "Title", "de": "Titel"})
    other = make_definition(title={"de": "Titel", "en": "Title"})

    assert canonical(one) == canonical(other)
    assert checksum(one) == checksum(other)


def test_the_checksum_changes_with_a_single_word() -> None:
    assert checksum(make_definition()) != checksum(
        make_definition(title=texts("Other", "Titel"))
    )


def test_a_misspelt_field_is_refused() -> None:
    wire = msgspec.to_builtins(make_definition()) | {"itmes": []}

    with pytest.raises(msgspec.ValidationError, match="itmes"):
        msgspec.convert(wire, InstrumentDefinition)
