"""Which problems a handler may answer with, declared by the classes that are raised."""

from dataclasses import dataclass

from litestar.openapi.datastructures import ResponseSpec

from api.http.errors import PROBLEM_JSON, status_of
from survey.errors import SurveyError

__all__ = ["ProblemSpec", "problems"]


@dataclass
class ProblemSpec(ResponseSpec):
    """The problems that share a status."""

    kinds: tuple[type[SurveyError], ...] = ()


def problems(*errors: type[SurveyError]) -> dict[int, ResponseSpec]:
    """Declare the failures of a use case; those that any request may meet are added later."""
    by_status: dict[int, list[type[SurveyError]]] = {}
    for error in errors:
        by_status.setdefault(status_of(error), []).append(error)
    return {
        status: ProblemSpec(
            data_container=None,
            generate_examples=False,
            description=", ".join(kind.code for kind in kinds),
            media_type=PROBLEM_JSON,
            kinds=tuple(kinds),
        )
        for status, kinds in by_status.items()
    }
