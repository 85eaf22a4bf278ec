"""The customer's present structure: organisation, tree of business units, people."""

from typing import Any

from piccolo.columns import (
    UUID,
    Array,
    Boolean,
    ForeignKey,
    Integer,
    OnDelete,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from models.constraints import one_of
from models.engine import DB
from models.enums import Role
from models.identifiers import TimeOrderedId

__all__ = ["BusinessUnit", "Organisation", "Person"]


class Organisation(Table, tablename="organisation", db=DB):
    """A tenant. Every other row carries its id."""

    id = UUID(primary_key=True, default=TimeOrderedId())
    key = Varchar(
        length=63, default=None, unique=True, help_text="Short name on the command line."
    )
    name = Varchar(length=200, default=None)
    default_locale = Varchar(length=35, default="en", help_text="BCP 47.")
    min_group = SmallInt(default=5, help_text="k: fewest respondents behind a figure; 4 to 50.")
    time_zone = Varchar(
        length=64, default="UTC", help_text="IANA; of people without their own."
    )
    embed_origins = Array(
        base_column=Varchar(length=255),
        default=list,
        help_text="Origins of pages that may show the form inside them.",
    )
    created_at = Timestamptz(default=None, help_text="UTC.")

    organisation_key_is_a_slug = Check("key ~ '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$'")
    organisation_min_group_in_range = Check("min_group BETWEEN 4 AND 50")


class BusinessUnit(Table, tablename="business_unit", db=DB):
    """A node of the organisation's tree; leaves and inner nodes alike may hold people."""

    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = ForeignKey(Organisation, null=False, on_delete=OnDelete.restrict)
    code = Varchar(length=64, default=None, help_text="The customer's own key; never reused.")
    name = Varchar(length=200, default=None)
    parent: ForeignKey[Any] = ForeignKey(
        "self",
        null=True,
        default=None,
        index=True,
        on_delete=OnDelete.restrict,
        help_text="Null for the company itself.",
    )
    headcount = Integer(default=0, help_text="People of the unit itself, not of units below.")
    active = Boolean(default=True)

    business_unit_code_once = Unique(["organisation", "code"])
    business_unit_code_not_empty = Check("code <> ''")
    business_unit_headcount_not_negative = Check("headcount >= 0")
    business_unit_not_its_own_parent = Check("parent <> id")


class Person(Table, tablename="person", db=DB):
    """Somebody who can be invited. A campaign copies the fields it needs when it opens.

    The index ``person_email_once`` gives each address to one active person. Piccolo has no word
    for it; its migration makes it. A trigger forgets the fault of an address that changes.
    """

    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = ForeignKey(Organisation, null=False, on_delete=OnDelete.restrict)
    external_id = Varchar(
        length=128, default=None, help_text="Key in the customer's directory."
    )
    email = Text(null=True, default=None, help_text="Null: no mail; another channel.")
    email_fault = Varchar(
        length=16,
        null=True,
        default=None,
        help_text="Status with which mail to this address came back, such as 5.1.1.",
    )
    display_name = Text(default=None)
    unit = ForeignKey(BusinessUnit, null=False, index=True, on_delete=OnDelete.restrict)
    role = Varchar(length=16, default=None)
    function = Varchar(
        length=64, null=True, default=None, help_text="Such as finance or sales."
    )
    locale = Varchar(length=35, null=True, default=None, help_text="Null: the organisation's.")
    time_zone = Varchar(
        length=64, null=True, default=None, help_text="IANA. Null: the organisation's."
    )
    manager_external_id = Varchar(length=128, null=True, default=None)
    active = Boolean(default=True)

    person_external_id_once = Unique(["organisation", "external_id"])
    person_external_id_not_empty = Check("external_id <> ''")
    person_role_is_known = one_of("role", Role)
