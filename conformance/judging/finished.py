"""Everything that is known when a check has ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from conformance.evidence.exchange import Exchange
from conformance.evidence.findings import Left, Measurement
from conformance.judging.baseline import Baseline
from conformance.judging.verdict import RuleResult, State
from conformance.planning.plan import Plan
from conformance.settings import CheckSettings
from ooapi_toets import editions, evidence
from ooapi_toets.masking import Masker
from ooapi_toets.outcomes import Verdict


@dataclass(frozen=True)
class CheckOutcome:
    """Everything that is known when a check has ended.

    Attributes:
        settings: What it was told.
        plan: What it was about.
        results: What became of each rule.
        verdict: The one answer.
        gate: The verdict that the exit code follows: a baseline may excuse known failures.
        baseline: The baseline, if there is one.
        excused: Known failures that a baseline excuses, with the reason.
        state: How the run as a whole went.
        exchanges: Every exchange that the suite began.
        heard: Every call of the system under test to what listens.
        listened: The address that it was to call; empty when nobody listened.
        created: Ids created.
        removed: Ids removed.
        left: What is still there.
        measurements: What was measured.
        started: When it began, ISO 8601 in UTC.
        finished: When it ended.
    """

    settings: CheckSettings
    plan: Plan
    results: tuple[RuleResult, ...]
    verdict: Verdict
    gate: Verdict
    baseline: Baseline | None
    excused: Mapping[str, str]
    state: State
    exchanges: tuple[Exchange, ...]
    heard: tuple[Exchange, ...]
    listened: str
    created: tuple[str, ...]
    removed: tuple[str, ...]
    left: tuple[Left, ...]
    measurements: tuple[Measurement, ...]
    started: str
    finished: str

    @cached_property
    def masker(self) -> Masker | None:
        """What masks people in everything that is written of this run, so that masks are equal; None to show them.

        It knows everybody who was seen anywhere in the run: those of the endpoint first, who may be real.
        """
        if self.settings.unmasked:
            return None
        masker = Masker(editions.load(self.settings.edition).contract)
        for each in (*self.heard, *self.exchanges):
            evidence.learn(each, masker)
        return masker
