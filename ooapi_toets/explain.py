"""Everything there is to say about one rule: what it asks, why, what shows it, and how to do without it.

What a check can show is in `spec/explained.json`, written from real runs by `python -m tools.kill_table`;
a test fails when it is stale.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import orjson

from ooapi_toets import JsonObject, resources
from ooapi_toets.outcomes import Half
from ooapi_toets.register import Register, Rule, proofs
from ooapi_toets.results import interpretation, text
from ooapi_toets.texts import Text, say

_WORDS = {
    "source": say("Source"),
    "interpretation": say("Interpretation"),
    "disputed": say("Interpretation, disputed: never affects the verdict"),
    "question": say("question"),
    "reading": say("reading"),
    "other": say("other reading"),
    "readings": say("Also judged by"),
    "breaks_it": say("Who could break it honestly"),
    "not_tested": say("Not tested"),
    "exercised": say("Tested by"),
    "pass": say("An example that passes"),
    "fail": say("An example that fails"),
    "proved": say("Proven by faulty examples"),
    "run": say("In a checkout of this project, start one of them and check it:"),
    "see": say("In a checkout of this project, run one of them against the suite:"),
    "away": say("When it does not apply"),
    "always": say("It always applies."),
}
_HEARD = say("No scenario: judged on the requests that a system sends to `ooapi-toets mock` or `check --listen`.")
_UNASKED = {
    "auth": say("an endpoint that requires no credentials (--auth none)"),
    "wrong-scope": say("no token for another scope (no --wrong-scope)"),
    "oauth2": say("a mock that issues no tokens (not --auth oauth2)"),
}
"""Capabilities that are not declared in the file, and what makes rules about them not applicable."""


@cache
def _examples() -> JsonObject:
    found: JsonObject = orjson.loads(resources.spec("explained.json").read_bytes())
    return found


def explain(rule: Rule, register: Register) -> JsonObject:
    """Everything about a rule, as data; sentences are in both languages.

    Args:
        rule: The rule.
        register: The register it is from.

    Returns:
        `id`, `level`, `half`, `roles`, `chapter`, `sentence`, `sources` [{cited, title}], `interpretation`,
        `readings`, `breaksIt`, `notTested`, `scenarios` [{name, role, title}], `passes` and `fails` (an example, or
        `why` there is none), `provedBy`, `declarable` [{role, capability, what}], `notApplicable` (what else makes
        it so).
    """
    examples = _examples()
    known = examples["rules"].get(rule.id, {})
    declarable: list[JsonObject] = [
        {"role": role, "capability": capability, "what": examples["declarable"][role][capability]}
        for role in sorted(rule.roles)
        for capability in rule.requires
        if capability in examples["declarable"][role]
    ]
    return {
        "id": rule.id,
        "level": rule.level.value,
        "half": rule.half.value,
        "roles": sorted(rule.roles),
        "chapter": rule.chapter,
        "sentence": text(rule.sentence),
        "sources": [
            {"cited": cited, "title": register.sources.get(cited.partition(":")[0], "ooapi-toets")}
            for cited in rule.source
        ],
        "interpretation": interpretation(rule.interpretation),
        "readings": [interpretation(each) for each in rule.readings],
        "breaksIt": text(rule.breaks_it) if rule.breaks_it else None,
        "notTested": text(rule.not_tested) if rule.not_tested else None,
        "scenarios": known.get("scenarios", []),
        "passes": known.get("passes"),
        "fails": known.get("fails"),
        "provedBy": list(proofs().get(rule.id, ())),
        "declarable": declarable,
        "notApplicable": [text(_UNASKED[each]) for each in rule.requires if each in _UNASKED],
    }


def in_words(about: JsonObject, language: str) -> str:
    """The same for people, as lines of text."""
    return "\n".join(_lines(about, language)) + "\n"


def _lines(about: JsonObject, language: str) -> Iterator[str]:
    yield f"{about['id']}  ({about['level']}, {' + '.join(about['roles'])}, {about['half']})"
    yield f"  {about['sentence'][language]}"
    yield from _title("source", language)
    for each in about["sources"]:
        yield f"  {each['cited']}  ({each['title']})"
    yield from _read_as(about, language)
    if about["notTested"]:
        yield from _title("not_tested", language)
        yield f"  {about['notTested'][language]}"
    yield from _title("exercised", language)
    for each in about["scenarios"]:
        yield f"  {each['role']}, {each['name']}"
        yield f"    {each['title']}"
    if not about["scenarios"]:
        yield f"  {_HEARD[language]}"
    for kind in ("passes", "fails"):
        yield from _title({"passes": "pass", "fails": "fail"}[kind], language)
        yield from _example(about[kind], language)
    yield from _proved(about, language)
    yield from _away(about, language)


def _read_as(about: JsonObject, language: str) -> Iterator[str]:
    """How the sources are read, and who could break the rule honestly."""
    if found := about["interpretation"]:
        yield from _title("disputed" if found["disputed"] else "interpretation", language, found["id"])
        for part in ("question", "reading", "other"):
            if found[part]:
                yield f"  {_WORDS[part][language]}: {found[part][language].strip()}"
    for each in about["readings"]:
        yield from _title("readings", language, each["id"])
        yield f"  {each['reading'][language].strip()}"
    if about["breaksIt"]:
        yield from _title("breaks_it", language)
        yield f"  {about['breaksIt'][language]}"


def _title(word: str, language: str, more: str = "") -> Iterator[str]:
    yield ""
    yield _WORDS[word][language] + (f" ({more})" if more else "")


def _example(example: JsonObject | None, language: str) -> Iterator[str]:
    if example is None or "why" in example:
        yield f"  - {example['why'][language] if example else ''}".rstrip()
        return
    liar = f" [{example['liar']}]" if example.get("liar") else ""
    yield f"  {example['told'][language]}{liar}"
    for each in example["exchanges"]:
        yield f"    {each['request']}" + (f"  ({each['mediaType']})" if each.get("mediaType") else "")
        if "body" in each:
            yield f"      {_compact(each['body'])}"
        yield f"    -> {each['status']}"
        if "answer" in each:
            yield f"      {_compact(each['answer'])}"


def _compact(value: object) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _proved(about: JsonObject, language: str) -> Iterator[str]:
    if not about["provedBy"]:
        return
    yield from _title("proved", language)
    yield f"  {', '.join(about['provedBy'])}"
    first = (about["fails"] or {}).get("liar") or about["provedBy"][0]
    role = (about["fails"] or {}).get("role") or about["roles"][0]
    if about["half"] == Half.CLIENT.value:
        yield f"  {_WORDS['see'][language]}"
        yield f"    python -m tests.vendors {about['provedBy'][0]}"
        return
    yield f"  {_WORDS['run'][language]}"
    yield f"    python -m tests.liars {first} --port 9000"
    yield f"    ooapi-toets check {role} --url http://127.0.0.1:9000/ooapi --only {about['id']}"


def _away(about: JsonObject, language: str) -> Iterator[str]:
    yield from _title("away", language)
    for each in about["declarable"]:
        what = Text(**each["what"])
        declare = say("Declare in ooapi-toets.toml that {what} is not supported:", what=what)
        yield f"  {each['role']}: {declare[language]}"
        yield "    [check.offers]"
        yield f"    {each['capability']} = false"
    for each in about["notApplicable"]:
        yield f"  {each[language]}"
    if not about["declarable"] and not about["notApplicable"]:
        yield f"  {_WORDS['always'][language]}"
