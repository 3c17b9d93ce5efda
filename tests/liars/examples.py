"""Examples of exchanges that pass and that do not, from real runs: small, and the same each time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import orjson

from conformance.evidence.exchange import Exchange
from conformance.evidence.findings import violated_outcome
from conformance.judging.finished import CheckOutcome
from conformance.judging.verdict import RuleResult
from conformance.planning.scenario import scenarios_of
from ooapi_toets import Json, JsonObject, editions, register, results
from ooapi_toets.masking import Masker
from ooapi_toets.outcomes import Half, Outcome
from ooapi_toets.register import Rule
from ooapi_toets.texts import Text
from tests.liars.liar import Liar
from tests.liars.talk import BASE

EXPLAINED = Path(__file__).resolve().parents[2] / "spec" / "explained.json"

BY_CHANCE = frozenset({"2.2-racing-lists-leave-one-of-them"})
"""Rules whose examples are another one each time."""

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_MASK = re.compile(r"(?:·+)?masked-[0-9a-f]{6}")
_MOMENT = re.compile(r"20\d\d-\d\d-\d\dT(\d\d:\d\d)(:\d\d)?(\.\d+)?")
_MOST, _LONGEST = 2, 120
_REFUSED = 400
_NOT_HEARD = Text(
    "Told by the calls of a whole conversation, and not by one exchange.",
    "Blijkt uit de aanroepen van een heel gesprek, en niet uit één uitwisseling.",
)


def passing(finished: CheckOutcome) -> dict[str, JsonObject]:
    """An example for every rule that passed and shows exchanges."""
    return _examples(finished, (each for each in finished.results if each.outcome is Outcome.PASS))


def failing(finished: CheckOutcome) -> dict[str, JsonObject]:
    """An example for every rule that was seen to be broken, as badly as it can be."""
    broken = (each for each in finished.results if each.outcome is violated_outcome(each.rule))
    return _examples(finished, broken)


def _examples(finished: CheckOutcome, found: Iterable[RuleResult]) -> dict[str, JsonObject]:
    by_number = {each.number: each for each in finished.exchanges}
    masker = _masker(finished.settings.edition)
    return {
        each.rule.id: steady(
            {
                "told": results.text(each.deciding.message),
                "exchanges": [
                    shown(one, masker) for one in _telling([by_number[number] for number in each.deciding.exchanges])
                ],
            }
        )
        for each in found
        if each.deciding and each.deciding.exchanges
    }


@cache
def _masker(edition: str) -> Masker:
    return Masker(editions.load(edition).contract, salt=b"examples")


def _telling(exchanges: list[Exchange]) -> list[Exchange]:
    """The last one, and the write that it looks at."""
    before = [each for each in exchanges[:-1] if each.method != "GET"]
    return [*before[-1:], exchanges[-1]]


def shown(exchange: Exchange, masker: Masker) -> JsonObject:
    """One exchange, small."""
    parts = urlsplit(exchange.url)
    path = parts.path.removeprefix(BASE) + (f"?{parts.query}" if parts.query else "")
    data: JsonObject = {"request": f"{exchange.method} {path if len(path) < _LONGEST else path[:_LONGEST] + '…'}"}
    media_type = next((value for name, value in exchange.request_headers if name.lower() == "content-type"), "")
    if media_type not in {"", "application/json"}:
        data["mediaType"] = media_type
    if exchange.request_body:
        data["body"] = _small(exchange.request_body, masker)
    data["status"] = exchange.status
    if exchange.body and exchange.body != exchange.request_body:
        data["answer"] = _small(exchange.body, masker)
        if (exchange.status or 0) >= _REFUSED and isinstance(data["answer"], dict):
            data["answer"] = {name: data["answer"][name] for name in ("status", "title") if name in data["answer"]}
    return data


def _small(body: bytes, masker: Masker) -> Json:
    try:
        return _short(masker.body(orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))))
    except orjson.JSONDecodeError:
        return _short(masker.text(body.decode("utf-8", "replace")))


def _short(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: _short(each) for name, each in value.items()}
    if isinstance(value, list):
        more = [f"… {len(value) - _MOST} more"] if len(value) > _MOST + 1 else []
        return [*map(_short, value[:_MOST] if more else value), *more]
    return f"{value[:_LONGEST]}…" if isinstance(value, str) and len(value) > _LONGEST else value


def steady(example: JsonObject) -> JsonObject:
    """The same with ids, masks and moments that do not depend on when it was made."""
    seen: dict[str, str] = {}

    def identifier(match: re.Match[str]) -> str:
        return seen.setdefault(match[0].lower(), f"7e570000-0000-4000-8000-{len(seen) + 1:012}")

    def mask(match: re.Match[str]) -> str:
        return seen.setdefault(match[0].lstrip("·"), f"masked-{len(seen) + 1}")

    def moment(match: re.Match[str]) -> str:
        clock = "12:00:00" if match[3] else match[1] + (match[2] or "")
        return f"2027-01-18T{clock}"

    text = _MOMENT.sub(moment, _MASK.sub(mask, _UUID.sub(identifier, orjson.dumps(example).decode())))
    steady: JsonObject = orjson.loads(text)
    return steady


# -- the file ------------------------------------------------------------------------------------------


def stored() -> JsonObject:
    """What the file says now."""
    found: JsonObject = orjson.loads(EXPLAINED.read_bytes())
    return found


def witness(rule: Rule, liars: Mapping[str, Liar]) -> Liar | None:
    """The liar whose example is shown for a rule: one that breaks as little else as can be."""
    proving = [each for each in liars.values() if each.breaks.get(rule.id) is violated_outcome(rule)]
    return min(proving, key=lambda each: (len(each.breaks), each.name), default=None)


def explained(
    passes: Mapping[str, JsonObject], fails: Mapping[str, Mapping[str, JsonObject]], liars: Mapping[str, Liar]
) -> JsonObject:
    """The contents of `spec/explained.json`.

    Args:
        passes: An example for each rule that passed, by rule.
        fails: An example for each rule that failed, by liar and rule; those of wrong clients under an empty name.
        liars: The liars.
    """
    rules: JsonObject = {}
    for rule in register.load():
        if editions.DEFAULT not in rule.editions:
            continue
        liar = witness(rule, liars)
        broken = fails.get(liar.name if liar else "", {}).get(rule.id)
        rules[rule.id] = {
            "scenarios": exercised_by(rule),
            "passes": passes.get(rule.id) or {"why": results.text(_NOT_HEARD)},
            "fails": {**broken, **({"liar": liar.name, "role": liar.role} if liar else {})}
            if broken
            else {"why": results.text(_NOT_HEARD)},
        }
    return {"declarable": declarable(), "rules": rules}


def exercised_by(rule: Rule) -> list[JsonObject]:
    """The scenarios that speak of a rule."""
    return [
        {"role": role, "name": each.name, "title": each.title.splitlines()[0]}
        for role in editions.ROLES
        if role in rule.roles
        for each in scenarios_of(editions.DEFAULT, role)
        if rule.id in each.rules and (rule.half is Half.SERVER or each.listens)
    ]


def declarable() -> JsonObject:
    """What an endpoint may declare not to offer, by role and capability."""
    return {
        role: {name: results.text(what) for name, what in each.items()}
        for role, each in editions.load().capabilities.items()
    }


def encode(data: JsonObject) -> bytes:
    """The text of the file."""
    return orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
