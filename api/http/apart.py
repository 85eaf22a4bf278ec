"""Work on a file that somebody sent, in a process of its own with limits on memory and time.

A file of sixty thousand rows computes for seconds, and a hostile one may take time or memory
without end. Neither may keep the requests of others waiting: the process of requests passes the
bytes on and waits. The other process reads the file, compares it with the database and writes.
It is kept for the next file, gives way to requests (``nice``), and is killed if it takes too
long or nobody waits for it any more; the database then rolls back what it had begun.
"""

import asyncio
import logging
import os
import pickle
import signal
import traceback
from collections.abc import Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any, NoReturn, TypeVar

import msgspec

from api.serving.parentage import end_with_parent
from models.engine import start_engine, stop_engine
from survey.access.audit import use_server_key
from survey.errors import SurveyError, Unavailable
from survey.files.bounds import UPLOAD

try:
    import resource
except ImportError:  # not on Windows, where the process still is one of its own
    resource = None  # type: ignore[assignment]  # a module or nothing

__all__ = ["Apart", "Limits", "UploadsBusy"]

_CONNECTIONS = 2
_NICER = 10
_THREADS = "2"  # of Polars; the stack of each counts as memory
_FILES_OF_A_PROCESS = 50  # memory that was taken once is seldom given back

_log = logging.getLogger(__name__)

Result = TypeVar("Result")
Work = Callable[[], Awaitable[Result]]


class UploadsBusy(Unavailable):
    """Other files are being read, and no process became free in time."""

    code = "uploads-busy"

    def __init__(self) -> None:
        super().__init__("Other files are being read at the moment. Send the file again.")


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a process apart may take."""

    memory: int = 3_000_000_000
    """Bytes of data; what Polars only reserves does not count."""
    seconds: float = 120.0
    """From the moment that it has the file to the end, waits for the database included."""
    at_once: int = 2
    """So many files at once for each process of requests; the others wait."""
    waiting_seconds: float = 30.0
    """So long."""
    kept_seconds: float = 300.0
    """So long a process is kept without a file; it holds some hundred MB."""


class Apart:
    """Runs work in processes apart, which are started when they are needed.

    Parameters
    ----------
    dsn : str
        Address of the database, in which the work writes.
    server_key : bytes
        Seals what the work writes into the audit trail.
    limits : Limits
        Of each process.
    """

    def __init__(self, dsn: str, server_key: bytes, limits: Limits) -> None:
        self._dsn = dsn
        self._server_key = server_key
        self._limits = limits
        self._places = asyncio.Semaphore(limits.at_once)
        self._idle: list[_Process] = []

    def __repr__(self) -> str:
        return "Apart(...)"

    async def do(self, work: Work[Result], *, named: Callable[[], str]) -> Result:
        """Await work in another process and return what it returned.

        Parameters
        ----------
        work
            A function of a module, or a `functools.partial` of one; it and what it returns are
            pickled. The engine is started when it is called.
        named
            Tells what to call the file in complaints.

        Raises
        ------
        FileRejected
            The process was killed, because the work took too long, or ended by itself, because
            the file took too much memory or broke it.
        UploadsBusy
            Other files took all processes for too long.
        Exception
            What the work raised.
        """
        try:
            async with asyncio.timeout(self._limits.waiting_seconds):
                await self._places.acquire()
        except TimeoutError:
            raise UploadsBusy from None
        try:
            ended = await self._ended(pickle.dumps(work))
        finally:
            self._places.release()
        if isinstance(ended, str):
            await _refuse(ended, named)
        return ended.result()  # type: ignore[no-any-return]  # it has been pickled

    async def _ended(self, work: bytes) -> "_Ended | str":
        """Return how the work ended, or what would have been right if it was cut off."""
        limits = self._limits
        process = self._idle.pop() if self._idle else _Process(limits)
        try:
            async with asyncio.timeout(limits.seconds):
                pickled = await process.run(self._dsn, self._server_key, work)
        except TimeoutError:
            return f"a file that is read and stored within {limits.seconds:g} s"
        except BrokenProcessPool:
            return _within_memory(limits)
        self._keep(process)
        ended: _Ended = pickle.loads(pickled)  # noqa: S301 - from a process of our own
        return _within_memory(limits) if ended.broke else ended

    def _keep(self, process: "_Process") -> None:
        """Keep a process for the next file, if that comes soon."""
        if process.works >= _FILES_OF_A_PROCESS:
            process.retire()
            return
        self._idle.append(process)
        asyncio.get_running_loop().call_later(
            self._limits.kept_seconds, self._retire_unused, process, process.works
        )

    def _retire_unused(self, process: "_Process", works: int) -> None:
        if process in self._idle and process.works == works:
            self._idle.remove(process)
            process.retire()

    def close(self) -> None:
        """End the processes that wait for work."""
        while self._idle:
            self._idle.pop().retire()


def _within_memory(limits: Limits) -> str:
    most = f"{limits.memory // 1_000_000} MB of memory"
    return f"a file that is read within {most}, and that does not break its reader"


async def _refuse(expected: str, named: Callable[[], str]) -> NoReturn:
    # It loads Polars, which must not be loaded before the server forks.
    from survey.files.complaints import Complaints  # noqa: PLC0415 - not with this module

    complaints = Complaints(await asyncio.to_thread(named))
    complaints.stop(
        f"{expected}; reading was stopped, and nothing was stored",
        hint=UPLOAD.way_around("rows"),
    )


class _Process:
    """A process that does one work after the other; a pool of one, which can be killed."""

    def __init__(self, limits: Limits) -> None:
        self._pool = ProcessPoolExecutor(
            1,
            # Polars has threads, which a fork would not copy.
            mp_context=get_context("spawn"),
            initializer=_limit_process,
            initargs=(limits, os.getpid()),
        )
        self._id = self._pool.submit(os.getpid)
        self.works = 0

    async def run(self, dsn: str, server_key: bytes, work: bytes) -> bytes:
        """Return what the work returned; killed if it breaks, or if this is cancelled.

        Raises
        ------
        BrokenProcessPool
            The process has ended.
        """
        self.works += 1
        loop = asyncio.get_running_loop()
        try:
            process_id = await asyncio.wrap_future(self._id)
            try:
                return await loop.run_in_executor(self._pool, _work, dsn, server_key, work)
            except asyncio.CancelledError:
                os.kill(process_id, signal.SIGKILL)
                raise
        except BaseException:
            self.retire()
            raise

    def retire(self) -> None:
        """Let it end once its work is done."""
        self._pool.shutdown(wait=False, cancel_futures=True)


class _Ended(msgspec.Struct, frozen=True):
    """How work ended, as it goes from process to process.

    An exception goes as its parts: many cannot be made again from their arguments alone.
    """

    value: Any = None
    raised: type[BaseException] | None = None
    arguments: tuple[Any, ...] = ()
    state: dict[str, Any] = {}
    frames: list[str] = []
    """Where in the code it was raised."""

    def pickled(self) -> bytes:
        """Return it as bytes; of what cannot be pickled, only what kind of thing it is."""
        try:
            return pickle.dumps(self)
        except Exception:  # noqa: BLE001 - whatever hinders it
            kind = (
                Exception if issubclass(self.raised or Exception, Exception) else BaseException
            )
            return pickle.dumps(_Ended(raised=kind, frames=self.frames))

    @classmethod
    def by(cls, error: BaseException) -> "_Ended":
        """Return the end by an exception."""
        frames = [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
        return cls(None, type(error), error.args, vars(error), frames)

    @property
    def broke(self) -> bool:
        """Whether memory or stack was lacking, or native code gave up (no `Exception`)."""
        return self.raised is not None and (
            not issubclass(self.raised, Exception)
            or issubclass(self.raised, MemoryError | RecursionError)
        )

    def result(self) -> Any:
        """Return what the work returned, or raise what it raised."""
        if self.raised is None:
            return self.value
        error = self.raised.__new__(self.raised)
        error.args = self.arguments
        vars(error).update(self.state)
        if not isinstance(error, SurveyError):
            _log.error(
                "Work on a file failed",
                extra={"failure": self.raised.__qualname__, "frames": self.frames},
            )
        raise error


def _work(dsn: str, server_key: bytes, pickled: bytes) -> bytes:
    """Do the work; runs in the process apart."""
    try:
        use_server_key(lambda: server_key)
        work: Work[Any] = pickle.loads(pickled)  # noqa: S301 - from a process of our own
        ended = _Ended(asyncio.run(_on_engine(dsn, work)))
        return pickle.dumps(ended)
    except BaseException as error:  # noqa: BLE001 - whatever it is, the other process decides
        return _Ended.by(error).pickled()


def _limit_process(limits: Limits, parent: int) -> None:
    """Prepare the process apart, before it gets its first work."""
    end_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process of requests
    os.environ["POLARS_MAX_THREADS"] = _THREADS  # Polars reads it when it first computes
    if resource is None:
        return
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    memory = limits.memory if most == resource.RLIM_INFINITY else min(limits.memory, most)
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.setpriority(os.PRIO_PROCESS, 0, _NICER)


async def _on_engine(dsn: str, work: Work[Result]) -> Result:
    await start_engine(dsn, pool_max=_CONNECTIONS)
    try:
        return await work()
    finally:
        await stop_engine()
