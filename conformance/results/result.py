"""The one stored result of a check: plain data, from which every report is rendered. No judging here."""

from __future__ import annotations

from collections.abc import Iterable

import orjson

from conformance.evidence.exchange import Exchange
from conformance.evidence.findings import Check
from conformance.judging.finished import CheckOutcome
from conformance.judging.verdict import RuleResult
from conformance.results import reproduce
from conformance.settings import CheckSettings
from ooapi_toets import JsonObject, __version__, editions, evidence, results
from ooapi_toets.masking import Masker
from ooapi_toets.outcomes import Half, Outcome
from ooapi_toets.redaction import RUN
from ooapi_toets.texts import Text

_MOST_NOTES = 20
_MOST_SHOWN = 4
"""How many exchanges of one check are stored in full; the HAR has them all."""


def build(finished: CheckOutcome) -> JsonObject:
    """The result of a check as data, personal values and secrets masked unless told otherwise."""
    settings = finished.settings
    shown: set[int] = set()
    masker = finished.masker
    rules = [_rule(each, finished, shown, masker) for each in finished.results]
    data: JsonObject = {
        "schemaVersion": results.SCHEMA_VERSION,
        "suiteVersion": __version__,
        "edition": settings.edition,
        "role": settings.role,
        "target": _target(finished),
        "startedAt": finished.started,
        "finishedAt": finished.finished,
        "seed": settings.seed,
        "scope": {"halves": [each.value for each in settings.halves], "only": list(settings.only)},
        "limits": [results.text(each) for each in finished.plan.limits],
        "verdict": finished.verdict.value,
        "gate": finished.gate.value,
        "interrupted": finished.state.interrupted,
        "gone": finished.state.gone,
        "options": _options(settings),
        "counts": results.counts(each.outcome for each in finished.results),
        "requests": len(finished.exchanges) + len(finished.heard),
        "baseline": {
            "file": finished.baseline.file,
            "excused": dict(finished.excused),
            "stale": list(finished.state.stale),
        }
        if finished.baseline
        else None,
        "measurements": [
            {"name": each.name, "what": results.text(each.what), "value": each.value, "unit": each.unit}
            for each in finished.measurements
        ],
        "rules": rules,
        "ledger": {
            "created": list(finished.created),
            "removed": list(finished.removed),
            "left": [{"id": each.id, "kind": each.kind, "why": _said(each.why, masker)} for each in finished.left],
        },
        "exchanges": [exchange_data(each, masker) for each in recording(finished) if each.number in shown],
    }
    hidden: JsonObject = RUN.data(data)
    return hidden


def _target(finished: CheckOutcome) -> JsonObject:
    """What was examined: the endpoint, or where its calls were heard, or both."""
    url = RUN.hide(finished.settings.target.url)
    heard = {"listened": finished.listened} if finished.listened else {}
    return {"url": url or finished.listened, **heard}


def recording(finished: CheckOutcome) -> tuple[Exchange, ...]:
    """Every exchange of a run, whoever began it."""
    return (*finished.exchanges, *finished.heard)


def _options(settings: CheckSettings) -> list[str]:
    """What must be said to repeat the run, besides its role, URL and rule; no secrets are among options."""
    options = [word for each in settings.given for word in ("--given-offering", each)]
    options += [word for each in settings.given_cancelled for word in ("--given-cancelled", each)]
    if settings.component:
        options += ["--component", settings.component]
    if settings.target.auth.kind != "none":
        options += ["--auth", settings.target.auth.kind]
        options += [word for name, value in (("--user", settings.target.auth.user),) if value for word in (name, value)]
    return [*options, "--examples", str(settings.examples), "--seed", str(settings.seed)]


def encode(result: JsonObject) -> bytes:
    """The text of `result.json`."""
    return orjson.dumps(result, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _rule(each: RuleResult, finished: CheckOutcome, shown: set[int], masker: Masker | None) -> JsonObject:
    rule, check = each.rule, each.deciding
    numbers = list(check.exchanges[-_MOST_SHOWN:]) if check else []
    if each.outcome is not Outcome.NOT_EXERCISED:
        shown.update(numbers)
    seen = len([one for one in each.checks if one.outcome is not Outcome.NOT_EXERCISED])
    data = results.rule_row(rule, each.outcome, known(each.reason, masker), checks=seen, exchanges=numbers)
    if check is not None:
        data["scenario"] = check.scenario
        data["notes"] = _notes(each.checks, check, masker)
        shown.update(number for note in data["notes"] for number in note["exchanges"][-1:])
        for name, value in (("expected", check.expected), ("got", check.got)):
            if value is not None:
                data[name] = masker.data(masker.body(value)) if masker else value
        if check.steps:
            data["steps"] = [masker.words(step) if masker else step for step in check.steps]
        # What the system under test sends itself cannot be made to happen from here.
        scope_rule = editions.load(finished.settings.edition).rules.get("auth.scope", "")
        if each.outcome in {Outcome.FAIL, Outcome.WARN, Outcome.DISPUTED} and rule.half is Half.SERVER:
            data["reproduce"] = {
                "curl": reproduce.script(
                    finished.exchanges, check, masker, finished.settings.target.auth.kind, scope_rule
                ),
                "seed": finished.settings.seed,
                "only": rule.id,
            }
    return data


def _notes(checks: Iterable[Check], deciding: Check, masker: Masker | None) -> list[JsonObject]:
    """Other things of the same weight that were seen about the rule, each once."""
    said = {deciding.message.en}
    notes = []
    for each in checks:
        if each.outcome is deciding.outcome and each.outcome is not Outcome.PASS and each.message.en not in said:
            said.add(each.message.en)
            notes.append({**_said(each.message, masker), "exchanges": list(each.exchanges[-_MOST_SHOWN:])})
    return notes[:_MOST_NOTES]


def known(text: Text, masker: Masker | None) -> Text:
    """A text of a finding, in which the people of the run are masked and secrets hidden."""
    return Text(*(masker.words(each) if masker else RUN.hide(each) for each in (text.en, text.nl)))


def _said(text: Text, masker: Masker | None) -> JsonObject:
    return dict(results.text(known(text, masker)))


def exchange_data(exchange: Exchange, masker: Masker | None) -> JsonObject:
    """One exchange as data, with what it was part of."""
    data = evidence.as_data(exchange, masker)
    data |= {"scenario": exchange.scenario, "operation": exchange.operation_id}
    if exchange.heard:
        data["heard"] = True
    if exchange.failure:
        data["failure"] = evidence.shown(exchange.failure, masker)
    return data
