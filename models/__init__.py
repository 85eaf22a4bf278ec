"""PostgreSQL: tables, constraints, migrations, the engine; knows no rule."""
