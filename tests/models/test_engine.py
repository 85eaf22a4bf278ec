"""The engine: who sees what, and what is given back when something fails."""

from uuid import UUID

from models.engine import transaction
from models.organisation import Organisation


async def test_a_transaction_sees_its_own_organisation_alone(
    organisation: UUID, other_organisation: UUID
) -> None:
    async with transaction(organisation):
        seen = await Organisation.select(Organisation.id)

    assert seen == [{"id": organisation}]
