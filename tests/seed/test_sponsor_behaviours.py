"""The behaviours of sponsors agree with the instrument."""

from seed.content import sponsor_behaviours, standard_instrument

BEHAVIOURS = sponsor_behaviours().behaviours


def test_the_behaviours_are_those_of_the_instrument_in_its_order() -> None:
    constructs = standard_instrument().measures().constructs
    (asked,) = (one for one in constructs if one.key == "executive_sponsorship")

    assert tuple(behaviour.key for behaviour in BEHAVIOURS) == asked.components


def test_the_behaviours_have_the_names_of_the_instrument() -> None:
    (asked,) = (
        one for one in standard_instrument().constructs if one.key == "executive_sponsorship"
    )

    assert [behaviour.key for behaviour in BEHAVIOURS] == list(asked.components)
    assert all(
        name == asked.components[behaviour.key][locale]
        for behaviour in BEHAVIOURS
        for locale, name in behaviour.name.items()
    )


def test_every_behaviour_has_several_actions_in_both_languages() -> None:
    for behaviour in BEHAVIOURS:
        assert len(behaviour.looks_like) >= 2
        for text in behaviour.looks_like:
            assert set(text) == {"en", "de"}
            assert all(sentence.endswith(".") for sentence in text.values())


def test_no_action_appears_twice() -> None:
    sentences = [
        sentence
        for behaviour in BEHAVIOURS
        for text in behaviour.looks_like
        for sentence in text.values()
    ]

    assert len(set(sentences)) == len(sentences)
