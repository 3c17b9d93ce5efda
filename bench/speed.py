"""Requests per second of every server, in turns: one second of each, round after round."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench import cases, contenders
from bench.cases import Case
from bench.contenders import Running
from bench.load import CONNECTIONS, BenchError, Load

Say = Callable[[str], None]
MINE = frozenset({"mock", "sqlite", "bare"})
"""The servers without which there is nothing to compare."""
WARM_UP = 3
"""So many times a turn is what a server is warmed up with, for each case."""


def measure(load: Load, rounds: int, seconds: int, folder: Path, say: Say) -> dict[str, Any]:
    """The rates of every server for every case.

    Every server runs all the time, idle but for its turn. What compiles as it runs (Node, Java) is warmed up
    first, and so are the others.

    Args:
        load: What sends the requests.
        rounds: How many rounds count.
        seconds: How long a turn takes.
        folder: Where servers keep their files.
        say: Tells how far it is.

    Raises:
        BenchError: When a server of ours does not come up, or any does not do what is asked.
    """
    others, missing = contenders.others()
    for each in missing:
        say(each)
    everybody = [*contenders.ours(), *others]
    rates: dict[str, dict[str, list[float]]] = {}
    with ExitStack() as stack:
        up: list[Running] = []
        for contender in everybody:
            say(f"Starting {contender.title} …")
            try:
                up.append(stack.enter_context(contenders.running(contender, folder / contender.key)))
            except BenchError as error:
                if contender.key in MINE:
                    raise
                missing.append(f"{contender.title} was not run: {error}")
                say(missing[-1])
        mine = [each for each in up if each.contender.key in MINE]
        for servers, wanted in ((up, cases.same()), (mine, cases.changing())):
            for case in wanted:
                say(f"{case.title}: {rounds} rounds of {len(servers)} servers …")
                rates[case.key] = _rounds(load, servers, case, rounds, seconds)
        return {
            "load": load.name,
            "connections": CONNECTIONS,
            "rounds": rounds,
            "seconds": seconds,
            "warmUp": seconds * WARM_UP,
            "missing": missing,
            "servers": [
                {
                    "key": each.contender.key,
                    "title": each.contender.title,
                    "does": each.contender.does,
                    "started": each.seconds,
                }
                for each in up
            ],
            "cases": [
                {"key": case.key, "title": case.title, "bytes": len(case.bodies[0]) if case.bodies else 0}
                for case in [*cases.same(), *cases.changing()]
            ],
            "rates": rates,
        }


def _rounds(load: Load, servers: list[Running], case: Case, rounds: int, seconds: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {each.contender.key: [] for each in servers}
    for each in servers:
        load.run(each.port, case, seconds * WARM_UP)
    for _ in range(rounds):
        for each in servers:
            found[each.contender.key].append(round(load.run(each.port, case, seconds).rate, 1))
    return found
