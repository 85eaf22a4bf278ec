"""Use cases: a company that may propose them, and proposals."""

from uuid import UUID

from seed.content import use_case_criteria
from survey.access.keys import Principal
from survey.catalogue.store import load_catalogue
from survey.use_cases.rules import UseCasePlan
from survey.use_cases.store import UseCaseView, create_use_case
from tests.factories.directory import load_company
from tests.factories.server import NOW

__all__ = ["load_criteria", "propose"]


async def load_criteria(organisation: UUID) -> None:
    """Give an organisation the units A and B and the standard criteria."""
    await load_company(organisation, {"A": 0, "B": 0})
    criteria = use_case_criteria()
    await load_catalogue(organisation, "use_case_criteria", criteria.version, criteria)


async def propose(by: Principal, title: str = "Sort invoices", **fields: object) -> UseCaseView:
    """Propose a use case."""
    plan = UseCasePlan(title=title, **fields)  # type: ignore[arg-type]  # as given
    return await create_use_case(plan, by=by, now=NOW)
