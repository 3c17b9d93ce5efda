"""What changed between two stored results. Pure."""

from __future__ import annotations

from ooapi_toets import JsonObject

_BROKEN = {"fail", "error"}
_UNSEEN = {"not exercised", "not applicable"}
_TITLES = {
    "new": "New failures",
    "fixed": "Fixed",
    "unseen": "No longer exercised",
    "other": "Changed otherwise",
}


def compare(old: JsonObject, new: JsonObject) -> JsonObject:
    """The rules whose outcome changed, by kind of change, and both verdicts.

    Args:
        old: The earlier result.
        new: The later one.

    Returns:
        `verdict` {old, new}, and under `new`, `fixed`, `unseen` and `other` lists of {rule, old, new};
        a rule that one of the results does not know counts as not exercised there.
    """
    before = {rule["id"]: rule["outcome"] for rule in old["rules"]}
    after = {rule["id"]: rule["outcome"] for rule in new["rules"]}
    found: JsonObject = {
        "verdict": {"old": old["verdict"], "new": new["verdict"]},
        **{kind: [] for kind in _TITLES},
    }
    for rule in [*after, *(name for name in before if name not in after)]:
        was, now = before.get(rule, "not exercised"), after.get(rule, "not exercised")
        if was != now:
            found[_kind(was, now)].append({"rule": rule, "old": was, "new": now})
    return found


def _kind(was: str, now: str) -> str:
    if now in _BROKEN:
        return "new" if was not in _BROKEN else "other"
    if now in _UNSEEN:
        return "unseen" if was not in _UNSEEN else "other"
    return "fixed" if was in _BROKEN else "other"


def in_words(found: JsonObject) -> str:
    """The differences as lines of text."""
    lines = [f"Verdict: {found['verdict']['old']} -> {found['verdict']['new']}"]
    for kind, title in _TITLES.items():
        if found[kind]:
            lines.append(f"{title}:")
            lines += [f"  {each['rule']}: {each['old']} -> {each['new']}" for each in found[kind]]
    if len(lines) == 1:
        lines.append("No rule changed its outcome.")
    return "\n".join(lines) + "\n"
