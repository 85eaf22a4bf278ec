"""PostgreSQL: tables, constraints, migrations and the engine; contains no business rules."""
