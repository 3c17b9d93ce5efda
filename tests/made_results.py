"""Results of checks that never took place, for tests of what is rendered from a result."""

from __future__ import annotations

from typing import Any

from ooapi_toets import JsonObject, __version__, register
from ooapi_toets.outcomes import Outcome
from ooapi_toets.register import Rule

SESSION = "7e57e0d0-b0d6-42e8-8d16-9f6bbccca370"
URL = "https://toets.example.org/ooapi"
CREATE, READ_BACK, LIST, CLEARS, DELETE, POST, REPORT, TOKEN = (
    "2.1-create-answers-200",
    "2.1-reads-back-as-sent",
    "2.2-list-replaces-the-complete-list",
    "2.4-empty-list-clears",
    "2.5-unknown-delete-is-404",
    "2.1-post-creates",
    "4.2-shows-report-and-all-other-information",
    "auth-missing-token-is-401",
)
HOSTILE = (
    "<script>document.title='taken'</script>",
    "</script><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><style>*{background:url(https://evil.example/x)}</style>",
    "</pre><!-- <script> -->",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "]]>&amp;<![CDATA[",
    "```\n# not a heading\n```",
    "\x00\x08\x1b[31m\u202etxt.exe\u2028\ufeff",
)
"""What an endpoint may answer with that must stay text."""


def exchange(number: int, **response: Any) -> JsonObject:
    """A request for a session and what came back."""
    return {
        "number": number,
        "scenario": "option_4_remove::test_an_empty_list_leaves_nobody",
        "operation": "getOffering",
        "startedAt": "2026-11-22T05:52:26.000+00:00",
        "elapsedMs": 6.5,
        "request": {
            "method": "GET",
            "url": f"{URL}/offerings/{SESSION}",
            "headers": [["accept", "application/json"]],
            "body": None,
        },
        "response": {
            "status": 200,
            "headers": [["content-type", "application/json"]],
            "body": {"offeringId": SESSION, "consumers": [{"consumerKey": "nl-test-admin", "locationCode": "9.99"}]},
            **response,
        },
    }


def rule(identifier: str, outcome: str, **changes: Any) -> JsonObject:
    """A rule of the register with an outcome; everything about it can be changed."""
    found = register.load()[identifier]
    tried = outcome not in {"not exercised", "not applicable"}
    row = {
        "id": found.id,
        "level": found.level.value,
        "half": found.half.value,
        "chapter": found.chapter,
        "flow": found.flow,
        "option": found.option,
        "outcome": outcome,
        "sentence": {"en": found.sentence.en, "nl": found.sentence.nl},
        "source": list(found.source),
        "interpretation": _interpretation(found),
        "reason": {"en": "What was seen", "nl": "Wat er is gezien"},
        "checks": 2 if tried else 0,
        "exchanges": [],
        "provedBy": ["keeps-everybody"] if tried else [],
        "reproduce": None,
    }
    return row | changes


def failing(identifier: str = CLEARS, **changes: Any) -> JsonObject:
    """A rule that is broken, with all evidence that there can be."""
    return rule(
        identifier,
        "fail",
        **{
            "exchanges": [1, 2],
            "scenario": "option_4_remove::test_an_empty_list_leaves_nobody",
            "notes": [{"en": "Seen elsewhere too", "nl": "Ook elders gezien", "exchanges": [9]}],
            "expected": [],
            "got": ["v", "w"],
            "steps": ["1. create A", "2. put list [v, w] for A", "3. put list [] for A"],
            "reproduce": {"curl": f"curl -sS -i {URL}/offerings/{SESSION}", "seed": 1, "only": identifier},
            **changes,
        },
    )


def differing() -> JsonObject:
    """A broken rule that says at which places of a message."""
    at = "/consumers/0/locationCode"
    return failing(READ_BACK, exchanges=[3], expected={at: "0.30", "/name": "Rekenen"}, got={at: "9.99"}, steps=[])


def result(verdict: str, rules: list[JsonObject], **changes: Any) -> JsonObject:
    """A result with these rules."""
    outcomes = [each["outcome"] for each in rules]
    numbers = sorted({number for each in rules for number in each["exchanges"]})
    return {
        "schemaVersion": "1.0",
        "suiteVersion": __version__,
        "edition": "toets",
        "role": "toetsafname",
        "target": {"url": URL},
        "startedAt": "2026-11-22T05:52:20.000+00:00",
        "finishedAt": "2026-11-22T05:52:31.500+00:00",
        "seed": 1,
        "scope": {"halves": ["server"], "only": []},
        "limits": [{"en": "Only the server half was examined.", "nl": "Alleen de serverhelft is onderzocht."}],
        "verdict": verdict,
        "gate": verdict,
        "interrupted": False,
        "gone": False,
        "options": ["--seed", "1"],
        "counts": {each.value: outcomes.count(each.value) for each in Outcome},
        "requests": 1803,
        "measurements": [],
        "baseline": None,
        "rules": rules,
        "ledger": {"created": [SESSION], "removed": [SESSION], "left": []},
        "exchanges": [exchange(number) for number in numbers],
        **changes,
    }


def conformant(**changes: Any) -> JsonObject:
    """Everything was tried and holds."""
    rules = [rule(CREATE, "pass", exchanges=[1]), rule(CLEARS, "pass", exchanges=[2]), rule(TOKEN, "not applicable")]
    return result("conformant", **{"rules": rules, **changes})


def not_conformant(**changes: Any) -> JsonObject:
    """One of each outcome, and two of the worst."""
    rules = [
        rule(CREATE, "pass", exchanges=[1]),
        differing(),
        rule(POST, "disputed", exchanges=[4]),
        rule(LIST, "pass", exchanges=[2]),
        failing(),
        rule(DELETE, "warn", exchanges=[5]),
        rule(REPORT, "not exercised"),
        rule("http-problem-body", "error"),
        rule(TOKEN, "not applicable"),
    ]
    return result("not conformant", **{"rules": rules, **changes})


def incomplete(**changes: Any) -> JsonObject:
    """Something that must hold could not be tried."""
    return result("incomplete", [rule(CREATE, "pass", exchanges=[1]), rule(REPORT, "not exercised")], **changes)


def no_verdict(**changes: Any) -> JsonObject:
    """Something could not be removed."""
    left = [
        {
            "id": f"{SESSION[:-1]}{number}",
            "kind": "session",
            "why": {"en": "DELETE: status 500", "nl": "DELETE: status 500"},
        }
        for number in range(7)
    ]
    created = [each["id"] for each in left]
    return result(
        "no verdict",
        [rule(CREATE, "pass", exchanges=[1])],
        **{"ledger": {"created": created, "removed": [], "left": left}, **changes},
    )


ALL = {
    "conformant": conformant,
    "not conformant": not_conformant,
    "incomplete": incomplete,
    "no verdict": no_verdict,
}


def hostile() -> JsonObject:
    """A result in which everything that an endpoint, a user or a file can decide is an attack."""
    attack = "".join(HOSTILE)
    told = {"en": attack, "nl": f"nl {attack}"}
    headers = [[each, each] for each in HOSTILE]
    evidence = [
        exchange(number, headers=headers, body={each: [each] for each in HOSTILE} if number % 2 else attack)
        for number in (1, 2)
    ]
    for each in evidence:
        each["request"] |= {"method": attack, "url": f"javascript:{attack}", "headers": headers, "body": list(HOSTILE)}
    rules = [
        failing(
            reason=told,
            sentence=told,
            source=list(HOSTILE),
            scenario=attack,
            provedBy=list(HOSTILE),
            notes=[{**told, "exchanges": [9]}],
            expected={f"/{each}": each for each in HOSTILE},
            got={f"/{each}": [each] for each in HOSTILE},
            steps=list(HOSTILE),
            reproduce={"curl": attack, "seed": attack, "only": attack},
            interpretation={"id": attack, "disputed": True, "question": told, "reading": told, "other": told},
        ),
        *(failing(id=f"{each} {number}", chapter=each, half=each) for number, each in enumerate(HOSTILE)),
    ]
    return result(
        "not conformant",
        rules,
        exchanges=evidence,
        target={"url": f"javascript:{attack}"},
        limits=[told],
        scope={"halves": [attack], "only": list(HOSTILE)},
        startedAt=attack,
        ledger={
            "created": list(HOSTILE),
            "removed": list(HOSTILE),
            "left": [{"id": each, "kind": each, "why": {"en": each, "nl": each}} for each in HOSTILE],
        },
        measurements=[{"name": attack, "what": told, "value": attack, "unit": attack}],
        baseline={"file": attack, "excused": dict.fromkeys(HOSTILE, attack), "stale": list(HOSTILE)},
    )


def large(count: int) -> JsonObject:
    """Very many rules, each with an exchange of its own; one in forty is broken."""
    rules = []
    for number in range(count):
        made = failing(exchanges=[number + 1]) if number % 40 == 0 else rule(CLEARS, "pass", exchanges=[number + 1])
        chapter = f"2.{1 + number * 5 // count}"
        told = {"en": f"Seen in case {number}", "nl": f"Gezien in geval {number}"}
        rules.append(made | {"id": f"{chapter}-rule-{number}", "chapter": chapter, "reason": told})
    people = [{"associationId": SESSION, "role": "student", "state": "associated"} for _ in range(12)]
    evidence = [exchange(number + 1, body={"items": people}) for number in range(count)]
    return result("not conformant", rules, exchanges=evidence)


def _interpretation(found: Rule) -> JsonObject | None:
    read = found.interpretation
    if read is None:
        return None
    return {
        "id": read.id,
        "disputed": read.disputed,
        "question": {"en": read.question.en, "nl": read.question.nl},
        "reading": {"en": read.reading.en, "nl": read.reading.nl},
        "other": {"en": read.other.en, "nl": read.other.nl} if read.other else None,
    }
