"""`python -m tools.pages` writes the made parts of the documentation; a test fails when they are stale."""

from __future__ import annotations

import sys

from tools.pages.made import ROOT, files


def main() -> None:
    """Write what has changed."""
    for path, text in files():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"wrote {path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
