"""The result as Markdown, for a pull request or a ticket; short enough to be posted whole."""

from __future__ import annotations

import re
from collections.abc import Iterable

from conformance.reports import words
from conformance.reports.words import capital, text, visible
from ooapi_toets import Json, JsonObject
from ooapi_toets.texts import Text, say, say_n

_MOST = 10
"""So many rules or ids of one kind are named; the rest are counted."""
_LONGEST = 3_000
"""Calls longer than this are left to the page."""
_MENTION = re.compile(r"@(?=\w)")
_MARKUP = str.maketrans({**{each: f"\\{each}" for each in "\\`*_<>|[]#~"}, "&": "&amp;"})


def render(result: JsonObject, language: str) -> str:
    """The verdict, the counts, and what needs attention; rules that passed are only counted.

    Args:
        result: The stored result.
        language: `en` or `nl`.
    """
    return "\n".join(_Page(result, language).lines()) + "\n"


class _Page:
    def __init__(self, result: JsonObject, language: str) -> None:
        self._result = result
        self._language = language

    def lines(self) -> Iterable[str]:
        result, left = self._result, self._result["ledger"]["left"]
        verdict = self._say(words.verdict(result["verdict"]))
        scope = _plain(self._say(words.scope(result)))
        yield f"## OOAPI Toets, {_plain(str(result['role']))} ({scope}): **{verdict}**"
        yield from ("", self._examined())
        if left:
            yield from self._heading(say("Left behind at the endpoint: {n}", n=len(left)))
            yield from self._some(f"- {_code(each['id'])}: {self._text(each['why'])}" for each in left)
        yield from self._rules(say("Violated rules"), "fail")
        yield from self._rules(say("Needs attention"), "error", "warn", "disputed")
        yield from self._unseen()
        if result["limits"]:
            yield from self._heading(say("What this verdict does not cover"))
            yield from (f"- {self._text(each)}" for each in result["limits"])

    def _examined(self) -> str:
        result = self._result
        counts = [
            f"{number} {self._say(words.outcome(name, number))}"
            for name in words.outcomes()
            if (number := result["counts"].get(name))
        ]
        return say(
            "Examined: {url}, {date}, edition {edition}, {rules}: {counts}.",
            url=_code(result["target"]["url"]),
            date=_plain(self._say(words.moment(result["startedAt"]))),
            edition=_code(result["edition"]),
            rules=say_n("1 rule", "{n} rules", len(result["rules"])),
            counts=", ".join(counts),
        )[self._language]

    def _rules(self, title: Text, *outcomes: str) -> Iterable[str]:
        rules = [rule for rule in self._result["rules"] if rule["outcome"] in outcomes]
        if rules:
            yield from self._heading(title)
            yield from self._some("\n".join(self._rule(each)) for each in rules)

    def _rule(self, rule: JsonObject) -> Iterable[str]:
        outcome = self._say(words.outcome(rule["outcome"]))
        yield (
            f"- **{_plain(rule['id'])}** ({_plain(rule['level'])}, {outcome}): {self._text(rule['sentence'])} "
            f"{self._text(rule['reason']).removesuffix('.')}. _{_plain('; '.join(rule['source']))}_"
        )
        curl = (rule["reproduce"] or {}).get("curl")
        if curl and rule["outcome"] == "fail":
            if len(curl) > _LONGEST:
                too_long = self._say(say("The requests are too long to show here; see report.html."))
                yield f"  {too_long}"
                return
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", curl)), default=0))
            again = self._say(say("Reproduce"))
            yield from ("", f"  <details><summary>{again}</summary>", "", f"  {fence}sh")
            yield from (f"  {line}" for line in visible(curl).split("\n"))
            yield from (f"  {fence}", "", "  </details>")

    def _unseen(self) -> Iterable[str]:
        reasons: dict[str, list[str]] = {}
        for rule in self._result["rules"]:
            if rule["outcome"] == "not exercised":
                reasons.setdefault(self._text(rule["reason"]), []).append(_code(rule["id"]))
        if reasons:
            yield from self._heading(say("Not tested"))
        for reason, rules in reasons.items():
            more = f" (+{len(rules) - _MOST})" if len(rules) > _MOST else ""
            count = self._say(capital(say_n("1 rule", "{n} rules", len(rules))))
            yield f"- {reason} {count}: {', '.join(rules[:_MOST])}{more}"

    def _some(self, lines: Iterable[str]) -> Iterable[str]:
        found = list(lines)
        yield from found[:_MOST]
        if len(found) > _MOST:
            more = self._say(say("And {n} more; see report.html.", n=len(found) - _MOST))
            yield f"- {more}"

    def _heading(self, title: Text) -> Iterable[str]:
        return ("", f"### {self._say(title)}", "")

    def _text(self, data: Json) -> str:
        return _plain(self._say(text(data)))

    def _say(self, given: Text) -> str:
        return given[self._language]


def _plain(given: str) -> str:
    """A text that comes from elsewhere, so that it cannot become markup."""
    # A zero-width space breaks a mention up: nobody is called to a pull request by the endpoint.
    return _MENTION.sub("@\N{ZERO WIDTH SPACE}", " ".join(visible(given).translate(_MARKUP).split()))


def _code(given: str) -> str:
    """A text that comes from elsewhere, as code."""
    shown = " ".join(visible(given).split())
    return f"`{shown}`" if "`" not in shown else _plain(shown)
