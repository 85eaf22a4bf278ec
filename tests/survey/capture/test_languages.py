"""The nearest language that exists."""

import pytest

from survey.capture.languages import direction_of, nearest_language


@pytest.mark.parametrize(
    ("wanted", "available", "nearest"),
    [
        ("de", ["en", "de"], "de"),
        ("de-AT", ["en", "de"], "de"),
        ("de_AT", ["en", "de"], "de"),
        ("pt-BR", ["en", "pt_BR"], "pt_BR"),
        ("pt-BR", ["en", "pt-BR", "pt"], "pt-BR"),
        ("pt", ["en", "pt-BR"], "pt-BR"),
        ("pt-PT", ["en", "pt-BR", "pt"], "pt"),
        ("zh-TW", ["en", "zh-Hans", "zh-Hant"], "zh-Hant"),
        ("zh", ["en", "zh-Hant", "zh-Hans"], "zh-Hans"),
        ("zh-TW", ["en", "zh-Hans"], None),
        ("EN-us", ["de", "en"], "en"),
        ("de-XX", ["en", "de"], "de"),
        ("nl", ["en", "de"], None),
        ("*", ["en"], None),
        ("", ["en"], None),
        ("de\0", ["en", "de"], None),
    ],
)
def test_one_that_the_reader_can_read(
    wanted: str, available: list[str], nearest: str | None
) -> None:
    assert nearest_language([wanted], available) == nearest


def test_the_first_that_exists_is_taken() -> None:
    assert nearest_language([None, "nl", "fr-CH", "de"], ["en", "de", "fr"]) == "fr"


@pytest.mark.parametrize(
    ("language", "direction"), [("ar", "rtl"), ("he-IL", "rtl"), ("de", "ltr"), ("zz", "ltr")]
)
def test_which_way_a_language_is_written(language: str, direction: str) -> None:
    assert direction_of(language) == direction
