"""Runs the same function for many names in as many processes as there are cores."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cache
from types import TracebackType
from typing import Generic, Self, TypeVar

Key = TypeVar("Key", bound=Hashable)
Result = TypeVar("Result")


@cache
def _pool() -> ProcessPoolExecutor:
    """The processes: starting one takes seconds, so whoever needs them shares them; they end with this one."""
    # Fresh ones: a fork would copy the threads of servers that happen to run.
    return ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn"))


class SideBySide(Generic[Key, Result]):
    """Results under way; the first need not wait for the last. Use it as a context manager.

    Args:
        function: What to run, by its name in a module, so that another process finds it.
        keys: What to run it for.
    """

    def __init__(self, function: Callable[[Key], Result], keys: Iterable[Key]) -> None:
        self._function = function
        self._keys = list(keys)
        self._futures: dict[Key, Future[Result]] = {}

    def of(self, key: Key) -> Result:
        """What came out for one of the keys."""
        return self._futures[key].result()

    def __enter__(self) -> Self:
        self._futures = {key: _pool().submit(self._function, key) for key in self._keys}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for future in self._futures.values():
            future.cancel()
