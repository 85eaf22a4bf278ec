"""What the behaviours of sponsors look like, against the instrument that asks about them."""

from seed.content import sponsor_behaviours, standard_instrument

BEHAVIOURS = sponsor_behaviours().behaviours


def test_they_are_the_behaviours_that_the_instrument_asks_about_in_its_order() -> None:
    constructs = standard_instrument().measures().constructs
    (asked,) = (one for one in constructs if one.key == "executive_sponsorship")

    assert tuple(behaviour.key for behaviour in BEHAVIOURS) == asked.components


def test_they_are_named_as_in_the_instrument() -> None:
    (asked,) = (
        one for one in standard_instrument().constructs if one.key == "executive_sponsorship"
    )

    assert {behaviour.key: behaviour.name for behaviour in BEHAVIOURS} == asked.components


def test_every_behaviour_looks_like_several_things_in_both_languages() -> None:
    for behaviour in BEHAVIOURS:
        assert len(behaviour.looks_like) >= 2
        for text in behaviour.looks_like:
            assert set(text) == {"en", "de"}
            assert all(sentence.endswith(".") for sentence in text.values())


def test_no_sentence_is_given_twice() -> None:
    sentences = [
        sentence
        for behaviour in BEHAVIOURS
        for text in behaviour.looks_like
        for sentence in text.values()
    ]

    assert len(set(sentences)) == len(sentences)
