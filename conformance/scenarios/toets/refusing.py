"""Says what it means that a message which breaks the contract was refused, or accepted (`accepting-too-much`)."""

from __future__ import annotations

from conformance.evidence.exchange import Exchange
from conformance.evidence.findings import shown
from conformance.scenarios.toets.context import ToetsContext
from ooapi_toets.outcomes import Outcome
from ooapi_toets.texts import Text, say
from ooapi_toets.violations import Violation, serious


def must_refuse(run: ToetsContext, rule: str, answer: Exchange, sent: Text) -> None:
    """Say whether a message that breaks the contract was refused; what accepting it means, the contract says.

    Args:
        run: The scenario.
        rule: The rule that speaks of the fault in the message.
        answer: The message and its answer.
        sent: What was sent.

    Raises:
        ScenarioAborted: When a message was accepted that no receiver may accept, or it led to a failure.
    """
    found = _violations(run, answer)
    if not answer.success or serious(found):
        run.refused(rule, answer, sent)
        return
    weights = {each.weight for each in found}
    message = say("{sent} was accepted", sent=sent)
    if "warn" in weights:
        run.warned(rule, message, answer)
    elif "disputed" in weights:
        run.checks.append(shown(answer, rule, Outcome.DISPUTED, message))
    else:
        run.passed(rule, message, answer)


def _violations(run: ToetsContext, answer: Exchange) -> list[Violation]:
    body = run.calls.contract.operations[answer.operation_id].body
    return body.violations(answer.sent) if body else []
