"""The commands on a page, and what a page says that they do.

A block of code under `<!-- run -->` is run as it is printed. `<!-- run: toetsafname -->` wants a mock of that role at
the address that the pages use for it, `<!-- run: liar NAME -->` that liar; `, exits N` says with which code the last
command ends. Every line of a `text` block that follows must be in the output; `…` stands for anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ADDRESSES = {"toetsafname": "127.0.0.1:8080", "toetsplanning": "127.0.0.1:8081", "liar": "127.0.0.1:9000"}
"""Where the pages say that something listens; in a test it is a port that is free."""

_BLOCK = re.compile(
    r"^<!-- run(?:: (?P<needs>[^,>]*?))?(?:, exits (?P<code>\d))? -->\n"
    r"```(?P<language>\w+)\n(?P<code_text>.*?)^```\n(?:\n```text\n(?P<shows>.*?)^```)?",
    re.DOTALL | re.MULTILINE,
)
_MARK = re.compile(r"^<!-- run\b.*?-->$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """Some commands of a page.

    Attributes:
        page: The page.
        language: `sh` or `python`.
        needs: What has to be listening, if anything.
        code: With which code they end.
        text: The commands.
        shows: What has to be in their output.
    """

    page: Path
    language: str
    needs: str
    code: int
    text: str
    shows: tuple[str, ...]


def blocks(page: Path) -> Iterator[Block]:
    """The commands of a page that are run.

    Raises:
        ValueError: When a mark stands over something else than a block of code.
    """
    text = page.read_text(encoding="utf-8")
    found = list(_BLOCK.finditer(text))
    if len(found) != len(_MARK.findall(text)):
        raise ValueError(f"{page}: a mark to run something has no block of code under it")
    for each in found:
        shows = tuple(line for line in (each["shows"] or "").splitlines() if line.strip())
        yield Block(page, each["language"], each["needs"] or "", int(each["code"] or 0), each["code_text"], shows)


def missing(shows: tuple[str, ...], output: str) -> list[str]:
    """The lines that should be in an output and are not, in the order of the page."""
    return [line for line in shows if not re.search(".*".join(map(re.escape, line.split("…"))), output)]
