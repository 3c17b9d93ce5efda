"""The one stored result of a check: plain data, from which every report is rendered. No judging here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from conformance import reproduce
from conformance.check import Finished
from conformance.checks import Check
from conformance.exchange import Exchange
from conformance.verdict import RuleResult, counts
from ooapi_toets import Json, JsonObject, __version__, contract, proofs
from ooapi_toets.masking import Masker, hide_secrets
from ooapi_toets.outcomes import Outcome
from ooapi_toets.register import Interpretation, Text

SCHEMA_VERSION = "1.0"
_MOST_SHOWN = 4
"""How many exchanges of one check are stored in full; the HAR has them all."""
_LONGEST_BODY = 20_000


def build(finished: Finished) -> JsonObject:
    """The result of a check as data, personal values and secrets masked unless told otherwise."""
    settings = finished.settings
    shown: set[int] = set()
    masker = None if settings.unmasked else Masker(contract.load(settings.edition))
    rules = [_rule(each, finished, shown, masker) for each in finished.results]
    return {
        "schemaVersion": SCHEMA_VERSION,
        "suiteVersion": __version__,
        "edition": settings.edition,
        "role": settings.role,
        "target": {"url": hide_secrets(settings.target.url)},
        "startedAt": finished.started,
        "finishedAt": finished.finished,
        "seed": settings.seed,
        "scope": {"halves": ["server"], "only": list(settings.only)},
        "limits": [_text(each) for each in finished.plan.limits],
        "verdict": finished.verdict.value,
        "gate": finished.gate.value,
        "interrupted": finished.state.interrupted,
        "counts": counts(finished.results),
        "requests": len(finished.exchanges),
        "baseline": {
            "file": finished.baseline.file,
            "excused": dict(finished.excused),
            "stale": list(finished.state.stale),
        }
        if finished.baseline
        else None,
        "measurements": [
            {"name": each.name, "what": _text(each.what), "value": each.value, "unit": each.unit}
            for each in finished.measurements
        ],
        "rules": rules,
        "ledger": {
            "created": list(finished.created),
            "removed": list(finished.removed),
            "left": [{"id": each.id, "kind": each.kind, "why": each.why} for each in finished.left],
        },
        "exchanges": [exchange_data(each, masker) for each in finished.exchanges if each.number in shown],
    }


def encode(result: JsonObject) -> bytes:
    """The text of `result.json`."""
    return orjson.dumps(result, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _rule(each: RuleResult, finished: Finished, shown: set[int], masker: Masker | None) -> JsonObject:
    rule, check = each.rule, each.deciding
    evidence = list(check.exchanges[-_MOST_SHOWN:]) if check else []
    if each.outcome is not Outcome.NOT_EXERCISED:
        shown.update(evidence)
    data: JsonObject = {
        "id": rule.id,
        "level": rule.level.value,
        "half": rule.half.value,
        "chapter": rule.chapter,
        "flow": rule.flow,
        "option": rule.option,
        "outcome": each.outcome.value,
        "sentence": _text(rule.sentence),
        "source": list(rule.source),
        "interpretation": _interpretation(rule.interpretation),
        "reason": _text(each.reason),
        "checks": len([one for one in each.checks if one.outcome is not Outcome.NOT_EXERCISED]),
        "exchanges": evidence,
        "provedBy": list(proofs.load().get(rule.id, ())),
        "reproduce": None,
    }
    if check is not None:
        data["scenario"] = check.scenario
        data["notes"] = _notes(each.checks, check)
        for name, value in (("expected", check.expected), ("got", check.got)):
            if value is not None:
                data[name] = masker.body(value) if masker else value
        if check.steps:
            data["steps"] = list(check.steps)
        if each.outcome in {Outcome.FAIL, Outcome.WARN, Outcome.DISPUTED}:
            data["reproduce"] = {
                "curl": reproduce.script(finished.exchanges, check, masker, finished.settings.target.auth.kind),
                "seed": finished.settings.seed,
                "only": rule.id,
            }
    return data


def _notes(checks: Iterable[Check], deciding: Check) -> list[JsonObject]:
    """Other things of the same weight that were seen about the rule, each once."""
    told = {deciding.told.en}
    notes = []
    for each in checks:
        if each.outcome is deciding.outcome and each.outcome is not Outcome.PASS and each.told.en not in told:
            told.add(each.told.en)
            notes.append({**_text(each.told), "exchanges": list(each.exchanges[-_MOST_SHOWN:])})
    return notes[:20]


def exchange_data(exchange: Exchange, masker: Masker | None) -> JsonObject:
    """One exchange as data; bodies are JSON where they are JSON, else text."""
    data: JsonObject = {
        "number": exchange.number,
        "scenario": exchange.scenario,
        "operation": exchange.operation_id,
        "startedAt": exchange.started,
        "elapsedMs": round(exchange.elapsed_ms, 1),
        "request": {
            "method": exchange.method,
            "url": hide_secrets(exchange.url),
            "headers": _headers(exchange.request_headers, masker),
            "body": body_data(exchange.request_body, masker),
        },
        "response": None,
    }
    if exchange.status is not None:
        data["response"] = {
            "status": exchange.status,
            "headers": _headers(exchange.headers, masker),
            "body": body_data(exchange.body, masker),
        }
    else:
        data["failure"] = exchange.failure
    return data


def body_data(body: bytes, masker: Masker | None) -> Json:
    """A body as it is stored: JSON with people masked, or text; None when there is none."""
    if not body:
        return None
    if len(body) > _LONGEST_BODY:
        return f"({len(body):,} bytes; see exchanges.har)"
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return hide_secrets(body.decode("utf-8", "replace"))
    return masker.body(value) if masker else value


def _headers(pairs: Iterable[tuple[str, str]], masker: Masker | None) -> list[list[str]]:
    # Credentials are hidden even where people are not.
    kept = masker.headers(pairs) if masker else Masker.hide_credentials(pairs)
    return [[name, value] for name, value in kept]


def _text(text: Text) -> dict[str, str]:
    return {"en": text.en, "nl": text.nl}


def _interpretation(interpretation: Interpretation | None) -> dict[str, Any] | None:
    if interpretation is None:
        return None
    return {
        "id": interpretation.id,
        "disputed": interpretation.disputed,
        "question": _text(interpretation.question),
        "reading": _text(interpretation.reading),
        "other": _text(interpretation.other) if interpretation.other else None,
    }
