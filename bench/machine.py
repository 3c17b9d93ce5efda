"""What the numbers were measured on, and with which versions."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

_PACKAGES = ("uvicorn", "httptools", "uvloop", "starlette", "connexion", "jsonschema-rs", "orjson", "sqlalchemy")


def describe() -> dict[str, str]:
    """The machine, in words that stay the same from run to run."""
    return {
        "processor": f"{os.cpu_count()} cores of {_processor()}",
        "memory": _memory(),
        "system": f"{platform.system()} {platform.release()}, {platform.machine()}",
    }


def versions() -> dict[str, str]:
    """Everything beside the servers themselves whose version matters."""
    found = {"Python": platform.python_version()}
    for name, command in (("Node", ["node", "--version"]), ("Java", ["java", "-version"])):
        if shutil.which(command[0]):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            found[name] = ((done.stdout or done.stderr).splitlines() or ["?"])[0]
    return found | {name: version(name) for name in _PACKAGES}


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = [line for line in info.read_text().splitlines() if line.startswith("model name")] if info.exists() else []
    return names[0].partition(":")[2].strip() if names else platform.processor() or "unknown processor"


def _memory() -> str:
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return "unknown"
    return f"{size / 2**30:.0f} GB"
