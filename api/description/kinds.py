"""Every kind of problem that this API knows, by its code."""

import inspect
from collections.abc import Iterator

from api.http.errors import problem_type, status_of, title_of
from api.http.refusals import RouteNotFound
from api.schemas.problem import ProblemKind
from survey.errors import SurveyError

__all__ = ["INTERNAL_ERROR", "INTERNAL_MEANING", "every_error", "meaning_of", "problem_kind"]

INTERNAL_ERROR = "internal-error"
INTERNAL_MEANING = "Something went wrong on our side; the log says where."
_WITHOUT_CLASS = {
    INTERNAL_ERROR: (500, INTERNAL_MEANING),
    "method-not-allowed": (405, "The address exists and does not answer to this method."),
}


def every_error() -> Iterator[type[SurveyError]]:
    """Yield every imported class below ``SurveyError``."""
    waiting = [SurveyError]
    while waiting:
        children = waiting.pop().__subclasses__()
        yield from children
        waiting.extend(children)


def meaning_of(error: type[SurveyError]) -> str:
    """Return what a kind of problem means: the first line of its documentation."""
    return (inspect.getdoc(error) or "").partition("\n")[0]


def problem_kind(code: str) -> ProblemKind:
    """Return one kind of problem.

    Raises
    ------
    RouteNotFound
        There is no such kind.
    """
    known = {error.code: (status_of(error), meaning_of(error)) for error in every_error()}
    found = (_WITHOUT_CLASS | known).get(code)
    if found is None:
        raise RouteNotFound
    status, meaning = found
    return ProblemKind(
        type_=problem_type(code), title=title_of(code), status=status, description=meaning
    )
