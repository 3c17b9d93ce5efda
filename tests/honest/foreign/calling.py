"""Let a client of another make call the installed command, which listens, and read the outcome."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from pathlib import Path

from tests.honest.foreign.catalogue import ROOT, Client
from tests.honest.foreign.running import (
    COMMAND,
    Row,
    ServerNotStartedError,
    free_port,
    read_row,
    run,
    serving,
    stopped,
    wait_for,
)

PATIENCE = "15"


def call(client: Client, options: list[str], folder: Path) -> Row:
    """Have it judged, in the way that the catalogue says."""
    with serving(client.own, folder) as port:
        office = f"http://127.0.0.1:{port}/office"
        if client.way == "watch":
            return _watched(client, office, folder)
        listen = f"127.0.0.1:{free_port()}"
        if client.way == "trigger":
            asked = ["--trigger", f"{shlex.join(client.command)} {{step}} {{session}} {{url}}"]
        else:
            asked = ["--trigger-url", f"http://127.0.0.1:{port}/trigger"]
        words = [*client.own.check(port, folder), *options, "--listen", listen, "--await", PATIENCE, *asked]
        return run(client.name, words, folder, {"OFFICE": office})


def _watched(client: Client, office: str, folder: Path) -> Row:
    port = free_port()
    said = folder / "terminal.txt"
    with said.open("wb") as lines:
        watch = subprocess.Popen(
            [COMMAND, "watch", client.own.role, "--listen", f"127.0.0.1:{port}", "--report-dir", str(folder)],
            stdout=lines,
            stderr=lines,
            cwd=ROOT,
            start_new_session=True,
        )  # fmt: skip
        try:
            wait_for(watch, port, said)
            done = subprocess.run(
                [*client.command, "all", "", f"http://127.0.0.1:{port}{client.own.base}"],
                env={**os.environ, "OFFICE": office},
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            watch.send_signal(signal.SIGINT)
            watch.wait(60)
        except ServerNotStartedError as why:
            return Row(client.name, "not started", output=str(why))
        finally:
            stopped(watch)
    row = read_row(client.name, folder)
    return row if done.returncode == 0 else Row(client.name, "client failed", output=done.stdout + done.stderr)
