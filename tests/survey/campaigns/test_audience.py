"""Who is invited: the rules, without a database."""

from collections import Counter
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.campaigns.audience import (
    Audience,
    AudienceView,
    Candidate,
    Chosen,
    Sample,
    UnitChoice,
    choose,
    joiners,
    margin_of_error,
    require_audience,
    sample_size,
)
from survey.campaigns.errors import (
    AudienceRolesNotAsked,
    AudienceTooSmall,
    AudienceUnitsUnknown,
    NobodyToInvite,
)
from survey.campaigns.plan import asked_roles
from survey.errors import FieldInvalid
from tests.factories.definition import item, make_definition

K = 5
TREE = {"ALL": None, "D1": "ALL", "U1": "D1", "U2": "D1", "D2": "ALL"}
ASKED = ("sponsor", "manager", "contributor")
PEOPLE = [
    Candidate(
        UUID(int=1_000 * place + number),
        unit,
        "sponsor" if number == 0 else "manager" if number < 6 else "contributor",
        "it" if number % 4 == 0 else None,
    )
    for place, unit in enumerate(TREE)
    for number in range(60)
]


def chosen(people: list[Candidate] = PEOPLE, /, **fields: Any) -> Chosen:
    listed = fields.pop("listed", ())
    audience = AudienceView(**({"seed": 7} | fields))
    return choose(people, audience, listed=listed, parents=TREE, asked=ASKED, k=K)


def invited(people: list[Candidate] = PEOPLE, /, **fields: Any) -> list[Candidate]:
    found = chosen(people, **fields)
    return [one for one in people if one.id in found.invited]


def test_roles_that_are_asked_nothing_are_not_invited() -> None:
    assert asked_roles(make_definition()) == ("manager", "contributor")


def test_a_role_with_one_item_is_invited() -> None:
    items = (item("pain_1", audiences=("sponsor",)), item("pain_2", audiences=("contributor",)))

    assert asked_roles(make_definition(items=items)) == ("sponsor", "contributor")


def test_without_an_audience_everybody_is_invited() -> None:
    found = choose(PEOPLE, None, parents=TREE, asked=ASKED, k=K)

    assert found.invited == {one.id for one in PEOPLE}


@pytest.mark.parametrize(("below", "units"), [(True, {"D1", "U1", "U2"}), (False, {"D1"})])
def test_a_unit_is_invited_with_or_without_those_below(below: bool, units: set[str]) -> None:
    found = invited(units=(UnitChoice(unit="D1", below=below),))

    assert {one.unit for one in found} == units


def test_units_roles_and_functions_narrow_each_other() -> None:
    found = invited(units=(UnitChoice(unit="U1"),), roles=("contributor",), functions=("it",))

    assert Counter((one.unit, one.role, one.function) for one in found) == {
        ("U1", "contributor", "it"): 13
    }


def test_a_list_invites_those_on_it_alone() -> None:
    listed = [one.id for one in PEOPLE[10:20]]

    found = chosen(people=10, listed=listed)

    assert found.invited == set(listed)


def test_a_list_stands_alone() -> None:
    with pytest.raises(FieldInvalid, match="without roles, sample"):
        require_audience(
            Audience(people=("e-1",), roles=("manager",), sample=Sample(margin=0.1))
        )


def test_an_unknown_unit_is_named() -> None:
    with pytest.raises(AudienceUnitsUnknown, match="inactive: U9"):
        chosen(units=(UnitChoice(unit="U1"), UnitChoice(unit="U9")))


def test_a_role_that_the_instrument_does_not_ask_is_named() -> None:
    audience = AudienceView(roles=("sponsor", "manager"), seed=7)

    with pytest.raises(
        AudienceRolesNotAsked, match="sponsor; the instrument asks only manager"
    ):
        choose(PEOPLE, audience, parents=TREE, asked=("manager",), k=K)


def test_an_empty_company_is_refused() -> None:
    with pytest.raises(NobodyToInvite, match="no active person"):
        choose([], None, parents=TREE, asked=ASKED, k=K)


def test_an_empty_audience_is_refused() -> None:
    with pytest.raises(NobodyToInvite, match="nobody active in the audience"):
        chosen(functions=("risk",))


def test_fewer_than_k_are_not_asked_for_nothing() -> None:
    listed = [one.id for one in PEOPLE if one.role == "manager"]

    with pytest.raises(AudienceTooSmall, match="has 4 managers and contributors"):
        chosen(people=4, listed=listed[:4])

    assert len(chosen(people=5, listed=listed[:5]).invited) == 5


def test_sponsors_alone_may_be_invited() -> None:
    assert len(chosen(roles=("sponsor",)).invited) == len(TREE)


def test_a_sample_is_drawn_within_each_unit_and_leaves_no_sponsor_out() -> None:
    sample = Sample(margin=0.2)

    found = Counter((one.unit, one.role == "sponsor") for one in invited(sample=sample))

    size = sample_size(59, sample, k=K)
    assert found == {(unit, True): 1 for unit in TREE} | {(unit, False): size for unit in TREE}


def test_a_sample_says_whom_it_stands_for() -> None:
    found = chosen(sample=Sample(margin=0.2))

    assert (found.of("U1", "manager"), found.of("U1", "contributor")) == (5, 54)
    assert found.of("U9", "manager") == 0


def test_a_seed_draws_the_same_people_and_another_seed_others() -> None:
    draws = [chosen(sample=Sample(margin=0.2), seed=seed).invited for seed in (7, 7, 8)]

    assert draws[0] == draws[1] != draws[2]


def test_a_draw_does_not_depend_on_the_order_of_the_directory() -> None:
    sample = Sample(margin=0.2)

    assert chosen(sample=sample).invited == chosen(PEOPLE[::-1], sample=sample).invited


def test_whoever_leaves_is_replaced_by_one_person() -> None:
    before = chosen(sample=Sample(margin=0.2)).invited
    gone = next(one for one in PEOPLE if one.id in before and one.role == "contributor")

    after = chosen([one for one in PEOPLE if one != gone], sample=Sample(margin=0.2)).invited

    assert before - after == {gone.id}
    assert len(after - before) <= 1


def test_everybody_has_the_same_chance() -> None:
    people = [Candidate(UUID(int=number), "U1", "contributor", None) for number in range(20)]
    sample = Sample(margin=0.3)
    size = sample_size(20, sample, k=K)

    drawn = Counter(
        person
        for seed in range(2_000)
        for person in chosen(people, sample=sample, seed=seed).invited
    )

    expected = 2_000 * size / 20
    assert all(abs(times - expected) < 5 * (expected / 2) ** 0.5 for times in drawn.values())


# 400 people and 5 points: 385 / (1 + 384 / 400) = 196.4; a unit of 20: 19.1.
@pytest.mark.parametrize(
    ("people", "margin", "expected"),
    [(400, 0.05, 197), (20, 0.05, 20), (10_000, 0.05, 370), (10_000, 0.03, 965), (0, 0.1, 0)],
)
def test_sizes_are_those_of_the_tables(people: int, margin: float, expected: int) -> None:
    assert sample_size(people, Sample(margin=margin), k=K) == expected


def test_more_are_drawn_if_fewer_are_expected_to_answer() -> None:
    sample = Sample(margin=0.1, expected_rate=0.5)

    assert sample_size(1_000, sample, k=K) == 2 * sample_size(1_000, Sample(margin=0.1), k=K)


PEOPLE_OF_A_UNIT = st.integers(0, 100_000)
MARGINS = st.floats(0.01, 0.5)
GROUPS = st.integers(4, 50)
RATES = st.floats(0.05, 1)


@given(PEOPLE_OF_A_UNIT, MARGINS, RATES, GROUPS)
def test_a_sample_has_k_people_or_the_whole_unit(
    people: int, margin: float, rate: float, k: int
) -> None:
    size = sample_size(people, Sample(margin=margin, expected_rate=rate), k=k)

    assert min(k, people) <= size <= people


@given(PEOPLE_OF_A_UNIT, MARGINS, MARGINS, RATES, GROUPS)
def test_a_wider_margin_never_needs_more_people(
    people: int, one: float, other: float, rate: float, k: int
) -> None:
    narrow, wide = (
        sample_size(people, Sample(margin=margin, expected_rate=rate), k=k)
        for margin in sorted((one, other))
    )

    assert wide <= narrow


@given(st.integers(1, 100_000), MARGINS, RATES, GROUPS)
def test_the_margin_is_met_if_as_many_answer_as_expected(
    people: int, margin: float, rate: float, k: int
) -> None:
    sample = Sample(margin=margin, expected_rate=rate)
    size = sample_size(people, sample, k=k)

    answering = size if size == people else int(size * rate + 1e-6)
    assert margin_of_error(answering, people) <= margin + 1e-9


@given(st.integers(30, 3_000), MARGINS)
def test_one_person_fewer_would_miss_the_margin(people: int, margin: float) -> None:
    size = sample_size(people, Sample(margin=margin), k=1)

    assert size == 1 or margin_of_error(size - 1, people) > margin - 1e-9


@given(MARGINS, MARGINS, st.integers(0, 2**31 - 1))
def test_a_narrower_margin_keeps_everybody_whom_the_wider_one_draws(
    one: float, other: float, seed: int
) -> None:
    narrow, wide = (
        chosen(sample=Sample(margin=margin), seed=seed).invited
        for margin in sorted((one, other))
    )

    assert wide <= narrow


def joining(**fields: Any) -> list[Candidate]:
    audience = AudienceView(**({"seed": 7} | fields))
    return joiners(PEOPLE, audience, parents=TREE, asked=ASKED)


def test_whoever_comes_later_is_invited_if_the_audience_does_not_rule_them_out() -> None:
    of_units = joining(units=(UnitChoice(unit="D1"),), roles=("manager",))

    assert joiners(PEOPLE, None, parents=TREE, asked=ASKED) == PEOPLE
    assert {one.unit for one in of_units} == {"D1", "U1", "U2"}
    assert {one.role for one in of_units} == {"manager"}


def test_a_list_names_nobody_who_comes_later() -> None:
    assert joining(people=3) == []


def test_nobody_but_sponsors_comes_into_a_sample_that_has_been_drawn() -> None:
    assert {one.role for one in joining(sample=Sample(margin=0.1))} == {"sponsor"}
