"""Both judges over the same exchanges: we see what passed, openapi-core the HAR file that we make of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from conformance.evidence.exchange import Exchange
from conformance.results import har
from ooapi_toets import editions
from ooapi_toets.contract import Contract, Role
from ooapi_toets.masking import Masker
from tests.judges.differences import Difference, differing
from tests.judges.har_judge import OpenApiCore
from tests.judges.judgement import Judgement, Ourselves
from tests.judges.variations import BASE


@dataclass(frozen=True)
class Seen:
    """An exchange with both judgements."""

    exchange: Exchange
    ours: Judgement
    theirs: Judgement

    @property
    def agreed(self) -> bool:
        """Whether the judges say the same of it."""
        return not differing(self.ours, self.theirs)

    def unexplained(self, known: Iterable[Difference]) -> Iterator[str]:
        """What the judges disagree on, as far as no known difference explains it."""
        for part in differing(self.ours, self.theirs):
            ours, theirs = getattr(self.ours, part), getattr(self.theirs, part)
            if None in (ours, theirs) or not any(each.explains(ours, theirs, self.exchange) for each in known):
                yield (
                    f"{self.exchange.scenario}: the {part} of {self.exchange.number}, {self.exchange.method} "
                    f"{self.exchange.url} -> {self.exchange.status}\n  we say {ours}\n  openapi-core says {theirs}\n"
                    f"  sent {self.exchange.request_body[:500]!r}\n  answered {self.exchange.body[:500]!r}"
                )


def hear(exchanges: Iterable[Exchange], contract: Contract, role: Role, base_url: str, *, masked: bool) -> list[Seen]:
    """Let both judge a recording of one role."""
    answered = [each for each in exchanges if each.status is not None]
    entries = json.loads(har.render(answered, Masker(contract) if masked else None))["log"]["entries"]
    us = Ourselves(contract, role, base_url)
    them = _outsider(role, base_url)
    return [
        Seen(exchange, us.judge(exchange), them.judge(entry)) for exchange, entry in zip(answered, entries, strict=True)
    ]


def hear_made(exchanges: Iterable[Exchange], contract: Contract, *, masked: bool = False) -> list[Seen]:
    """Let both judge exchanges that were made by hand, each as of the first role that serves its operation."""
    found: dict[Role, list[Exchange]] = {role: [] for role in editions.ROLES}
    for each in exchanges:
        served = contract.operations[each.operation_id].roles
        found[next(role for role in editions.ROLES if role in served)].append(each)
    return [seen for role, made in found.items() for seen in hear(made, contract, role, BASE, masked=masked)]


@cache
def _outsider(role: Role, base_url: str) -> OpenApiCore:
    return OpenApiCore(editions.load().contract.document_for(role), base_url)
