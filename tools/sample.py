"""Writes `reports/sample/`, the report of a real check of a system with one defect: `python -m tools.sample`.

The system is the liar that the pictures show as well: it keeps participants that are no longer on the list. People are
masked, as in every report.
"""

from __future__ import annotations

import logging
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from conformance.checking import runner
from tests.liars.catalogue import LIARS

FOLDER = Path(__file__).resolve().parents[1] / "reports" / "sample"
FILES = ("badge.svg", "junit.xml", "report.html", "report.md", "result.json")
"""What is kept: what a check leaves, without the recordings that are large."""
LIAR = "lists-are-appended"
ONLY = ("2.1", "2.2-list-replaces-the-complete-list", "2.4", "2.5")
"""What is checked: all of it would be a file that nobody opens on the page of a repository."""


def main(folder: Path = FOLDER) -> None:
    """Check the system and keep what is small enough to be looked at."""
    liar = LIARS[LIAR]
    with liar.server() as server, TemporaryDirectory() as scratch:
        runner.check(replace(liar.settings(server.url), only=ONLY), Path(scratch), "en", quiet=True)
        folder.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            shutil.copyfile(Path(scratch) / name, folder / name)
            sys.stdout.write(f"wrote {folder / name}\n")


if __name__ == "__main__":
    logging.disable(logging.ERROR)
    main()
