"""The judges that run on Node: where they are, and how they are run."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.command import PATIENCE

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
REDOCLY = MODULES / "@redocly" / "cli" / "bin" / "cli.js"
OLDEST = (20, 19)
"""The oldest Node that Redocly's tools promise to run on."""

# They may tell nobody that they run, nor ask whether there is a newer one of them.
_QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "NO_COLOR": "1"}


def missing(node: str) -> str:
    """Why the judges cannot be run with this Node; empty when they can."""
    version = run(node, "--version").stdout.strip()
    if tuple(int(part) for part in version.removeprefix("v").split(".")[:2]) < OLDEST:
        return f"Node {version} is too old for the judges that run on it; they need {OLDEST[0]}.{OLDEST[1]} or newer"
    wanted: dict[str, str] = json.loads((HERE / "package.json").read_text())["devDependencies"]
    for name, pinned in wanted.items():
        package = MODULES / name / "package.json"
        if not package.is_file() or json.loads(package.read_text())["version"] != pinned:
            return f"{name} {pinned} is not installed: run `make judges`"
    return ""


def run(*command: str | Path, cwd: Path = HERE) -> subprocess.CompletedProcess[str]:
    """Run a program and wait for it."""
    return subprocess.run(
        [str(each) for each in command],
        cwd=cwd,
        env={**os.environ, **_QUIET},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@dataclass(frozen=True)
class Respected:
    """What Redocly Respect said of one workflow.

    Attributes:
        status: How the program ended.
        steps: The steps that were run, in order.
        failed: What failed, as `step: check`.
        output: All that it printed.
    """

    status: int
    steps: tuple[str, ...]
    failed: tuple[str, ...]
    output: str


def lint(node: str, *documents: Path) -> subprocess.CompletedProcess[str]:
    """Let Redocly read documents; its warnings count as errors."""
    return run(node, REDOCLY, "lint", "--extends=recommended-strict", *documents)


def respect(node: str, document: Path, workflow: str, inputs: dict[str, str], server: str, folder: Path) -> Respected:
    """Run one workflow of an Arazzo document against a server, in a process of its own."""
    report = folder / f"{workflow}.json"
    done = run(
        node,
        REDOCLY,
        "respect",
        document,
        f"--workflow={workflow}",
        f"--input={json.dumps(inputs)}",
        f"--server=toets={server}",
        f"--json-output={report}",
    )
    steps: list[dict[str, Any]] = []
    if report.is_file():
        (file,) = json.loads(report.read_text())["files"].values()
        steps = [step for each in file["executedWorkflows"] for step in each["executedSteps"]]
    return Respected(
        status=done.returncode,
        steps=tuple(step["stepId"] for step in steps),
        failed=tuple(
            f"{step['stepId']}: {check['name']} {check.get('condition', '')}".strip()
            for step in steps
            for check in step["checks"]
            if not check["passed"]
        ),
        output=done.stdout + done.stderr,
    )
