"""Why content is not found or stays as it is; part of the tree in survey.errors.

SurveyError
├── NotFound
│   └── CatalogueNotFound      nothing of this kind has been loaded
└── Conflict
    └── CatalogueVersionTaken  this version holds other content
"""

from survey.errors import Conflict, NotFound

__all__ = ["CatalogueNotFound", "CatalogueVersionTaken"]


class CatalogueNotFound(NotFound):
    """Nothing of this kind has been loaded."""

    code = "catalogue-not-found"

    def __init__(self, kind: str, version: str | None) -> None:
        named = kind if version is None else f"{kind} {version}"
        super().__init__(f"There is no catalogue {named}.", kind=kind, version=version)


class CatalogueVersionTaken(Conflict):
    """The version holds other content already; a change is a new version."""

    code = "catalogue-version-taken"

    def __init__(self, kind: str, version: str) -> None:
        super().__init__(
            f"{kind} version {version} holds other content. Give the next version.",
            kind=kind,
            version=version,
        )
