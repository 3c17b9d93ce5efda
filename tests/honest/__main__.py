"""Honest implementations by hand: list them, serve one, or check each of them with many seeds."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable

import click

from ooapi_toets import register
from ooapi_toets.outcomes import Level, Outcome, Verdict
from tests.honest.catalogue import HONEST
from tests.honest.prove import Case, Whole, check_whole
from tests.side_by_side import SideBySide


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(HONEST)), metavar="[NAME]...")
@click.option(
    "--seeds", type=click.IntRange(1), help="Check each with so many seeds: the whole check, as users run it."
)
@click.option("--examples", type=click.IntRange(1), default=30, show_default=True, help="Generated cases of each kind.")
def main(names: tuple[str, ...], seeds: int | None, examples: int) -> None:
    """List the honest implementations, serve one until Ctrl-C, or look for false alarms with many seeds.

    \b
    Examples:
      python -m tests.honest
      python -m tests.honest contrary-afname
      python -m tests.honest --seeds 10
    """
    if seeds:
        _look_for_false_alarms(names or tuple(HONEST), seeds, examples)
    elif names:
        _serve(names[0])
    else:
        for each in HONEST.values():
            click.echo(f"{each.name:{max(map(len, HONEST))}}  {each.role}")


def _serve(name: str) -> None:
    honest = HONEST[name]
    with honest.serve() as url:
        settings = honest.settings(url, 1)
        click.echo(f"{name} ({honest.role})\n  base URL  {url}")
        for option, ids in (("--given-offering", settings.given), ("--given-cancelled", settings.given_cancelled)):
            click.echo("".join(f"  {option} {each}\n" for each in ids), nl=False)
        click.echo("Stop with Ctrl-C.")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            click.echo()


def _look_for_false_alarms(names: Iterable[str], seeds: int, examples: int) -> None:
    began = time.monotonic()
    cases = {name: [Case(name, seed, examples=examples) for seed in range(1, seeds + 1)] for name in names}
    alarms = 0
    with SideBySide(check_whole, [case for each in cases.values() for case in each]) as checks:
        for name, mine in cases.items():
            done = [checks.of(case) for case in mine]
            wrong = list(_alarms(mine, done))
            alarms += len(wrong)
            slowest = max(each.seconds for each in done)
            requests = max(each.requests for each in done)
            click.echo(
                f"{name}: {len(done)} checks, {len(wrong)} alarms; at most {slowest:.1f} s and {requests:,} requests"
            )
            for line in wrong:
                click.secho(f"  {line}", fg="red")
    total = sum(map(len, cases.values()))
    click.echo(f"{total} checks of {len(cases)} in {time.monotonic() - began:.0f} s: {alarms} alarms.")
    if alarms:
        raise SystemExit(1)


_LENIENT = {"2.1-invalid-offering-is-refused", "2.2-invalid-association-is-refused"}
"""Rules of which generated messages get a warning from a system that checks what it uses and nothing more."""


def _alarms(cases: list[Case], done: list[Whole]) -> Iterable[str]:
    """What is wrong with the checks of one implementation: an accusation, a gap, or another word than with seed 1.

    Only one that is made to be warned may be, and whoever looks no further than at what it uses.
    """
    rules = register.load()
    first = done[0].proof.tripped
    may_warn = "warned" in cases[0].name
    for case, each in zip(cases, done, strict=True):
        proof = each.proof
        for rule, outcome in proof.tripped.items():
            warned = outcome is Outcome.WARN and not may_warn and rule not in _LENIENT
            if outcome in {Outcome.FAIL, Outcome.ERROR} or warned or first.get(rule) is not outcome:
                yield f"seed {case.seed}: {outcome.value} {rule}: {proof.reasons[rule]}"
        for rule in first.keys() - proof.tripped.keys():
            yield f"seed {case.seed}: no {first[rule].value} for {rule}, unlike seed {cases[0].seed}"
        for rule, reason in proof.unseen.items():
            if rules[rule].level is Level.MUST and not rules[rule].disputed:
                yield f"seed {case.seed}: not exercised {rule}: {reason}"
        if proof.verdict is not Verdict.CONFORMANT:
            yield f"seed {case.seed}: {proof.verdict.value}"
        if each.left:
            yield f"seed {case.seed}: {each.left} left behind"


if __name__ == "__main__":
    logging.disable(logging.ERROR)  # the mock explains at length what the check expects
    main()
