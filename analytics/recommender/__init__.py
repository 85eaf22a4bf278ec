"""Which operating model a unit's conditions speak for, and how far to trust that."""
