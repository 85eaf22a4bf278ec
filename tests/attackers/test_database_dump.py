import asyncpg

from tests.attackers.database_dump import dump_database


async def test_a_dump_holds_every_table_in_physical_order(database: str) -> None:
    connection = await asyncpg.connect(database)
    try:
        await connection.execute("CREATE TABLE probe (word text)")
        await connection.execute("INSERT INTO probe VALUES ('second'), ('third')")
        await connection.execute("UPDATE probe SET word = 'last' WHERE word = 'second'")
        dump = await dump_database(connection, ["a line"])
    finally:
        await connection.execute("DROP TABLE IF EXISTS probe")
        await connection.close()

    rows = dump.tables["probe"]
    assert [row["word"] for row in rows] == ["third", "last"]
    assert rows[0]["xmin"] < rows[1]["xmin"]
    assert {"invitation", "response", "comment", "delivery", "person"} <= dump.tables.keys()
    assert dump.logs == ["a line"]


async def test_rows_of_partitions_are_rows_of_their_table(database: str) -> None:
    connection = await asyncpg.connect(database)
    try:
        await connection.execute("CREATE TABLE probe (word text) PARTITION BY LIST (word)")
        await connection.execute("CREATE TABLE probe_1 PARTITION OF probe FOR VALUES IN ('a')")
        await connection.execute("CREATE TABLE probe_2 PARTITION OF probe DEFAULT")
        await connection.execute("INSERT INTO probe VALUES ('b'), ('a')")
        tables = (await dump_database(connection)).tables
    finally:
        await connection.execute("DROP TABLE IF EXISTS probe")
        await connection.close()

    assert [row["word"] for row in tables["probe"]] == ["a", "b"]
    assert not tables.keys() & {"probe_1", "probe_2"}
