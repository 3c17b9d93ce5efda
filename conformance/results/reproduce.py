"""How to see a failure again by hand: the calls of its scenario as lines of curl."""

from __future__ import annotations

from collections.abc import Iterable

from conformance.evidence.exchange import Exchange
from conformance.evidence.findings import Check
from ooapi_toets.evidence import curl
from ooapi_toets.masking import Masker

_READS = {"GET", "HEAD", "OPTIONS"}


def script(exchanges: Iterable[Exchange], check: Check, masker: Masker | None, auth: str, scope_rule: str = "") -> str:
    """A shell script that makes the calls which show a check, in order; the last one is the telling one.

    Args:
        exchanges: Every exchange of the run.
        check: The check.
        masker: Masks people in bodies, or None to leave them.
        auth: How the suite authenticated; the secret is taken from the environment.
        scope_rule: The rule whose telling call carries a token for another scope.
    """
    if not check.exchanges:
        return ""
    last = check.exchanges[-1]
    mine = [each for each in exchanges if each.scenario == check.scenario and each.number <= last]
    evidence = [each for each in mine if each.number in check.exchanges]
    if check.steps:
        # Between the steps of a sequence everything was looked at; only the last look shows the fault.
        evidence = [each for each in evidence if each.method not in _READS or each.number == last]
        mine = evidence
    about = {name for each in evidence for name in each.named}
    lines = [
        curl(each, masker, auth)
        for each in mine
        if each in evidence or (each.method not in _READS and not about.isdisjoint(each.named))
    ]
    if check.rule == scope_rule:
        lines[-1] = lines[-1].replace("$OOAPI_TOETS_TOKEN", "$OOAPI_TOETS_WRONG_SCOPE_TOKEN")
    return "\n".join(lines)
