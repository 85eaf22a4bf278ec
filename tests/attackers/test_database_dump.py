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
