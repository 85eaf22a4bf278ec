import msgspec
import numpy as np
import pytest

from analytics.errors import AnalyticsError
from analytics.recommender.anchors import Anchors
from tests.analytics.recommender.unit_means import ANCHORS
from tests.factories.recommendations import MODELS


def test_directions_lead_from_the_centre_to_each_model() -> None:
    assert np.allclose(ANCHORS.centre + ANCHORS.directions, ANCHORS.matrix)
    assert np.allclose(ANCHORS.directions.sum(axis=0), 0)


def test_keeps_the_order_of_the_theory_when_restricted() -> None:
    fewer = ANCHORS.restricted_to(["mlops_capability", "elsewhere", "data_literacy"])

    assert fewer.constructs == ("data_literacy", "mlops_capability")
    assert fewer.matrix.tolist() == [[2.8, 3.2], [4.3, 3.3], [3.4, 3.7], [2.3, 1.7]]
    assert fewer.mask.tolist() == [[False, False], [True, False], [False, False], [False, True]]


def test_cannot_tell_models_apart_without_constructs() -> None:
    assert ANCHORS.tells_models_apart
    assert not ANCHORS.restricted_to([]).tells_models_apart


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"models": ("coe", "coe", "a", "b")}, "models twice"),
        ({"models": ("coe",)}, "at least two models"),
        ({"values": ANCHORS.values[:3]}, "values must be a table of 4 models by 9"),
        ({"defining": ((True,),) * 4}, "defining must be a table of 4 models by 9"),
        ({"values": (*ANCHORS.values[:3], (float("nan"),) * 9)}, "finite"),
    ],
)
def test_refuses_tables_that_do_not_fit_their_keys(
    change: dict[str, object], complaint: str
) -> None:
    whole = {name: getattr(ANCHORS, name) for name in ANCHORS.__struct_fields__}

    with pytest.raises(AnalyticsError, match=complaint):
        Anchors(**whole | change)


def test_a_data_file_with_a_row_missing_is_refused_where_it_is_read() -> None:
    content = msgspec.to_builtins(ANCHORS) | {"values": ANCHORS.values[:3]}

    with pytest.raises(msgspec.ValidationError, match="table of 4 models"):
        msgspec.convert(content, Anchors)


def test_models_keep_their_order() -> None:
    assert msgspec.json.decode(msgspec.json.encode(ANCHORS), type=Anchors).models == MODELS
