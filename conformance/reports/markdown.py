"""The result as Markdown, for a pull request or a ticket."""

from __future__ import annotations

from ooapi_toets import JsonObject

_WORDS = {
    "en": {
        "title": "OOAPI Toets",
        "examined": "Examined",
        "broken": "What is broken",
        "warned": "Worth a look",
        "unseen": "Not exercised",
        "limits": "What this verdict does not cover",
        "left": "Left behind at the endpoint",
        "again": "Again",
        "rules": "rules",
    },
    "nl": {
        "title": "OOAPI Toets",
        "examined": "Onderzocht",
        "broken": "Wat er niet klopt",
        "warned": "Aandachtspunten",
        "unseen": "Niet beproefd",
        "limits": "Wat dit oordeel niet omvat",
        "left": "Achtergebleven bij het systeem",
        "again": "Opnieuw",
        "rules": "regels",
    },
}


def render(result: JsonObject, language: str) -> str:
    """The verdict, the counts, and what needs attention; rules that passed are only counted."""
    words = _WORDS[language]
    counts = ", ".join(f"{count} {name}" for name, count in result["counts"].items() if count)
    when = result["startedAt"][:16].replace("T", " ")
    examined = f"{words['examined']}: `{result['target']['url']}`, {when} UTC, edition `{result['edition']}`, "
    examined += f"{len(result['rules'])} {words['rules']}: {counts}."
    lines = [f"## {words['title']}, {result['role']}: **{result['verdict']}**", "", examined]
    lines += _section(words["broken"], _rules(result, {"fail", "error"}), language, words["again"])
    lines += _section(words["warned"], _rules(result, {"warn", "disputed"}), language, "")
    lines += _section(words["unseen"], _rules(result, {"not exercised"}), language, "")
    if result["limits"]:
        lines += ["", f"### {words['limits']}", ""]
        lines += [f"- {_plain(limit[language])}" for limit in result["limits"]]
    if result["ledger"]["left"]:
        lines += ["", f"### {words['left']}", ""]
        lines += [f"- `{each['id']}` ({each['kind']}): {_plain(each['why'])}" for each in result["ledger"]["left"]]
    return "\n".join(lines) + "\n"


def _rules(result: JsonObject, outcomes: set[str]) -> list[JsonObject]:
    return [rule for rule in result["rules"] if rule["outcome"] in outcomes]


def _section(title: str, rules: list[JsonObject], language: str, again: str) -> list[str]:
    if not rules:
        return []
    lines = ["", f"### {title}", ""]
    for rule in rules:
        lines.append(
            f"- **{rule['id']}** ({rule['level']}, {rule['outcome']}): {_plain(rule['sentence'][language])} "
            f"{_plain(rule['reason'][language])}. _{'; '.join(rule['source'])}_"
        )
        if again and rule["reproduce"] and rule["reproduce"]["curl"]:
            lines += ["", f"  <details><summary>{again}</summary>", "", "  ```sh"]
            lines += [f"  {line}" for line in rule["reproduce"]["curl"].splitlines()]
            lines += ["  ```", "", "  </details>"]
    return lines


def _plain(text: str) -> str:
    """A text that comes from elsewhere, so that it cannot become markup."""
    for character in "\\`*_<>|[]":
        text = text.replace(character, "\\" + character)
    return " ".join(text.split())
