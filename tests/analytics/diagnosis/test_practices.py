import numpy as np
import pytest
from scipy.stats import norm

from analytics.diagnosis.practices import practices
from analytics.results.diagnosis import Practices
from analytics.yardsticks import EvidenceLinks, Yardsticks
from tests.analytics.diagnosis.company import construct, study_of
from tests.analytics.studies import planned

YARDSTICKS = Yardsticks(
    version="1",
    in_place=3.4,
    conditions={},
    evidence=EvidenceLinks(practices={"data_first": ("abandoned",)}),
)
SINGLE = construct("data_first", 1, block="practice")
DOUBLE = construct("joint_ownership", 2, block="practice")
NEAR = [3, 4, 4, 3, 4, 3, 4, 3, 3, 4]
FIRM = [5, 4, 5, 5, 5, 4, 5, 5, 4, 5]


def read(answers: dict[str, list[int | None]]) -> Practices:
    study = study_of({"U": answers}, SINGLE, DOUBLE)
    return practices(study, planned(study), YARDSTICKS)["U"]


def everything(**answers: list[int | None]) -> dict[str, list[int | None]]:
    firm = dict.fromkeys(("data_first_1", "joint_ownership_1", "joint_ownership_2"), FIRM)
    return firm | answers


def test_the_choice_of_a_single_question_counts_in_full_against_certainty() -> None:
    # No root cause was asked about, so items differ by the typical variance of .20 squared;
    # one unit pools with itself, so people add S / n.
    variance = np.var(NEAR, ddof=1) / 10 + 0.2**2

    found = read(everything(data_first_1=NEAR)).practices["data_first"]

    assert found.items == 1
    assert found.probability == pytest.approx(norm.sf(3.4, np.mean(NEAR), np.sqrt(variance)))


@pytest.mark.parametrize(
    ("answers", "expected"),
    [(FIRM, "in_place"), (NEAR, "uncertain"), ([2, 1, 2, 3, 2] * 2, "not_in_place")],
)
def test_a_practice_is_in_place_if_that_is_probable(
    answers: list[int | None], expected: str
) -> None:
    assert read(everything(data_first_1=answers)).practices["data_first"].status == expected


def test_a_practice_that_may_not_be_shown_is_left_out() -> None:
    found = read(everything(data_first_1=[5, 4, 5, 4] + [None] * 6))

    assert set(found.practices) == {"joint_ownership"}


def test_a_practice_carries_the_evidence_it_has() -> None:
    found = read(everything()).practices

    assert (found["data_first"].evidence, found["joint_ownership"].evidence) == (
        ("abandoned",),
        (),
    )


def test_the_threshold_is_given_from_0_to_100() -> None:
    assert read(everything()).threshold == pytest.approx(60.0)


def test_a_file_without_practices_has_none() -> None:
    study = study_of({"U": {"a_1": NEAR}}, construct("a", 1))

    assert practices(study, planned(study), YARDSTICKS) == {}
