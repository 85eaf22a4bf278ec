import numpy as np
import polars as pl
import pytest

from analytics.diagnosis.unit_constraints import COMPANY, constraint_verdicts
from analytics.results.constraint import Constraint
from analytics.study.study import Study
from analytics.yardsticks import EvidenceLinks
from tests.analytics.diagnosis.company import construct, study_of
from tests.analytics.studies import planned

PARTS = (construct("data_readiness", 1), construct("governance", 1), construct("other", 1))
LINKS = EvidenceLinks(root_causes={"governance": ("central",), "other": ("more",)})
LOW = [1, 2, 1, 2, 2, 1, 2, 1, 2, 1]
HIGH = [4, 5, 4, 4, 5, 5, 4, 5, 4, 4]


def unit(data: list[int], governance: list[int], other: list[int]) -> dict[str, list[int]]:
    return {"data_readiness_1": data, "governance_1": governance, "other_1": other}


def verdicts(study: Study, **options: object) -> dict[str, Constraint]:
    return constraint_verdicts(study, planned(study), **options)


def test_units_side_by_side_make_a_company_of_all_their_people() -> None:
    large, small = unit(HIGH * 3, LOW * 3, HIGH * 3), unit(LOW, HIGH, HIGH)
    study = study_of({"L": large, "S": small}, *PARTS)
    everyone = {key: np.mean(large[key] + small[key]) for key in large}

    found = verdicts(study)[COMPANY]

    assert found.distance is not None
    assert found.distance["estimate"] == pytest.approx(
        25 * (everyone["data_readiness_1"] - everyone["governance_1"])
    )


def test_a_company_with_one_top_has_the_verdict_of_its_top() -> None:
    tree = pl.DataFrame(
        {"code": ["C", "L", "S"], "parent_code": [None, "C", "C"], "headcount": [0, 50, 20]}
    )
    units = {"L": unit(HIGH, LOW, HIGH), "S": unit(LOW, HIGH, HIGH)}

    found = verdicts(study_of(units, *PARTS, tree=tree))

    assert found[COMPANY] == found["C"]


def test_a_company_below_the_threshold_of_people_has_no_figure() -> None:
    study = study_of({"U": unit(HIGH[:4], LOW[:4], HIGH[:4])}, *PARTS)

    assert verdicts(study) == {
        COMPANY: Constraint(status="insufficient_evidence", dimensions=())
    }


def test_a_company_if_too_few_answered_one_root_cause_has_no_figure() -> None:
    study = study_of({"U": unit(HIGH, LOW, HIGH[:4] + [None] * 6)}, *PARTS)

    assert verdicts(study)[COMPANY].probabilities is None


def test_the_company_counts_people_whose_unit_is_hidden() -> None:
    small = unit(HIGH[:3], LOW[:3], HIGH[:3])
    study = study_of({"A": small, "B": small}, *PARTS)

    found = verdicts(study)

    assert set(found) == {COMPANY}
    assert found[COMPANY].dimensions == ("governance",)


def test_the_evidence_is_that_of_the_named_root_cause_alone() -> None:
    study = study_of({"U": unit(HIGH, LOW, HIGH)}, *PARTS)

    found = verdicts(study, evidence=LINKS)["U"]

    assert (found.dimensions, found.evidence) == (("governance",), ("central",))


def test_the_company_s_verdict_has_the_evidence_about_stalled_programmes_too() -> None:
    links = EvidenceLinks(root_causes=LINKS.root_causes, findings={"stalled": ("abandoned",)})
    study = study_of({"U": unit(HIGH, LOW, HIGH)}, *PARTS)

    assert verdicts(study, evidence=links)[COMPANY].evidence == ("central", "abandoned")


def test_if_no_root_cause_is_named_there_is_no_evidence_of_anything() -> None:
    links = EvidenceLinks(findings={"stalled": ("abandoned",)})
    study = study_of({"U": unit(HIGH, HIGH, HIGH)}, *PARTS)

    assert verdicts(study, evidence=links)[COMPANY].evidence == ()


def test_a_file_without_root_causes_has_no_verdict() -> None:
    study = study_of({"U": {"a_1": HIGH}}, construct("a", 1, block="context"))

    assert verdicts(study) == {}
