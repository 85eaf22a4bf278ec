"""Whether a record is still what its writer has seen."""

import pytest

from survey.errors import ChangedMeanwhile, Seen, require_seen


@pytest.mark.parametrize("seen", [3, {2, 3}, None])
def test_the_present_revision_one_of_several_or_any_will_do(seen: Seen[int]) -> None:
    require_seen(seen, 3)


@pytest.mark.parametrize(("seen", "given"), [(2, 2), ({1, 2}, None), (set(), None)])
def test_another_revision_is_refused_with_the_present_one(
    seen: Seen[int], given: int | None
) -> None:
    with pytest.raises(ChangedMeanwhile) as caught:
        require_seen(seen, 3)

    assert caught.value.facts == {"given": given, "current": 3}
