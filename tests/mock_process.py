"""A mock in a process of its own, as a user starts it: for what a thread of this process cannot show."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from types import TracebackType
from typing import Any, Self

from tests.command import PATIENCE


class MockProcess:
    """`ooapi-toets mock …` on a free port. Use it as a context manager.

    Args:
        role: Which role it plays.
        options: Further options of the command.
        environment: Variables beside those of this process.

    Attributes:
        ready: What it said when it was up.
        process: The process.
    """

    def __init__(self, role: str, *options: str, **environment: str) -> None:
        # A pipe that nobody reads would stop it as soon as it is full.
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed at the end
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ooapi_toets", "mock", role, "--port", "0", "--json-ready", *options],
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            raise AssertionError(f"the mock did not start: {self.errors}")
        self.ready: dict[str, Any] = json.loads(line)

    @property
    def url(self) -> str:
        """The base URL."""
        return str(self.ready["url"])

    @property
    def control(self) -> str:
        """Where the control API is."""
        return str(self.ready["control"])

    @property
    def resident_bytes(self) -> int:
        """How much memory it has now."""
        said = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(self.process.pid)],  # noqa: S607 - wherever ps is
            capture_output=True,
            text=True,
            check=True,
        )
        return int(said.stdout) * 1024

    def kill(self) -> None:
        """End it without a warning, as a power cut would."""
        self.process.kill()
        self.process.communicate()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it in an orderly way; its exit code."""
        self.process.send_signal(how)
        self.process.communicate(timeout=PATIENCE)
        return self.process.returncode

    @property
    def errors(self) -> str:
        """What it has said on standard error."""
        self._errors.seek(0)
        return self._errors.read()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.kill()
        self._errors.close()
