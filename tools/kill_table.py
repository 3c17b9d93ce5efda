"""Writes which liar breaks each rule: `python -m tools.kill_table`.

`docs/kill-table.md` and `spec/proofs.json` follow from what the liars declare, `spec/explained.json` from a check of
each of them. Nothing is written when one of them is not as it declares.
"""

from __future__ import annotations

import logging
from pathlib import Path

import click
import orjson

from ooapi_toets.register import Rule
from tests.honest.prove import HONEST_MOCKS, prove_honest
from tests.liars import clients, examples
from tests.liars.catalogue import LIARS, UNPROVED, all_rules, proving
from tests.liars.liar import Liar
from tests.liars.prove import prove_named
from tests.side_by_side import SideBySide
from tests.vendors import catalogue as vendors

ROOT = Path(__file__).resolve().parents[1]
PROOFS = ROOT / "spec" / "proofs.json"
TABLE = ROOT / "docs" / "kill-table.md"

_HEAD = """\
# Kill table

A check that has never failed proves nothing. So every rule for servers is tried on *liars*: small
implementations that are wrong on purpose, one defect each. A test runs the whole check against every
liar and holds the outcome of every rule to this table, nothing more and nothing less.

Serve one and see for yourself:

    python -m tests.liars lists-are-appended --port 9000
    ooapi-toets check toetsafname --url http://127.0.0.1:9000/ooapi

The rules for clients are tried on systems that call: see [below](#the-clients). This page is written by
`python -m tools.kill_table`.
"""

_CLIENTS = """\
## The clients

Scripted systems that call the suite as a vendor's would, each wrong in one way. What is said of them is held to this
table as well. See one: `python -m tests.vendors gives-up`.

| client | role | its lie | what the check says |
|---|---|---|---|"""


def proofs() -> bytes:
    """The text of `spec/proofs.json`."""
    rules = {rule.id: names for rule in all_rules() if (names := proving(rule))}
    rules |= {rule.id: names for rule in vendors.client_rules() if (names := vendors.proving(rule.id))}
    return orjson.dumps({"rules": dict(sorted(rules.items()))}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def table() -> str:
    """The text of `docs/kill-table.md`."""
    liars = [_row(each) for each in LIARS.values()]
    rules = [f"| `{rule.id}` | {_level(rule)} | {_names(proving(rule))} |" for rule in all_rules()]
    unproved = [f"- `{rule}`: {why}" for rule, why in sorted(UNPROVED.items())] or ["There are none."]
    return "\n".join(
        [
            _HEAD,
            f"## The liars ({len(liars)})",
            "",
            "| liar | role | its lie | what the check says |",
            "|---|---|---|---|",
            *liars,
            "",
            "## The rules and the liars that prove them",
            "",
            "A liar proves a rule when the check says the worst that this rule can come to: `fail` for a MUST,",
            "`warn` for a SHOULD or MAY, `disputed` where the sources differ.",
            "",
            "| rule | level | proved by |",
            "|---|---|---|",
            *rules,
            "",
            "## Rules without a liar",
            "",
            *unproved,
            "",
            _CLIENTS,
            *(_client(name, each) for name, each in vendors.LIARS.items()),
            "",
        ]
    )


def main() -> None:
    """Check every liar and write the three files.

    Raises:
        ClickException: When a liar breaks other rules than it declares.
    """
    wrong = []
    fails = {"": clients.fails()}
    with SideBySide(prove_honest, HONEST_MOCKS) as honest, SideBySide(prove_named, LIARS) as proved:
        for number, liar in enumerate(LIARS.values(), 1):
            proof = proved.of(liar.name)
            fails[liar.name] = proof.fails
            if proof.tripped != liar.breaks:
                wrong.append(liar.name)
            note = "" if proof.tripped == liar.breaks else "  IS NOT AS DECLARED"
            click.echo(f"{number:4}/{len(LIARS)}  {liar.name}{note}")
        passes = clients.passes()
        for case in HONEST_MOCKS:
            passes = {**honest.of(case).passes, **passes}
    if wrong:
        raise click.ClickException(f"Nothing was written; these are not as declared: {', '.join(wrong)}.")
    write()
    examples.EXPLAINED.write_bytes(examples.encode(examples.explained(passes, fails, LIARS)))
    click.echo(f"Wrote {PROOFS}, {TABLE} and {examples.EXPLAINED}.")


def write() -> None:
    """Write the table and the proofs."""
    PROOFS.write_bytes(proofs())
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(table(), encoding="utf-8")


def _row(liar: Liar) -> str:
    said = "<br>".join(f"{outcome.value}: `{rule}`" for rule, outcome in sorted(liar.breaks.items()))
    return f"| `{liar.name}` | {liar.role} | {liar.lie} | {said} |"


def _client(name: str, vendor: vendors.Vendor) -> str:
    said = "<br>".join(f"{outcome}: `{rule}`" for rule, outcome in sorted(vendor.expected.items()))
    lie = (vendor.system.__doc__ or "").strip()
    return f"| `{name}` | {vendor.role} | {lie} | {said or 'its rule was not exercised: incomplete'} |"


def _level(rule: Rule) -> str:
    return f"{rule.level.value}, disputed" if rule.disputed else rule.level.value


def _names(names: list[str]) -> str:
    return ", ".join(f"`{each}`" for each in names) or "none; see below"


if __name__ == "__main__":
    logging.disable(logging.ERROR)  # a liar that crashes on purpose says so in its answers
    click.command()(main)()
