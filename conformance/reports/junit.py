"""JUnit XML: one suite per chapter of the standard, one case per rule, for CI systems."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ooapi_toets import JsonObject

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(result: JsonObject, language: str) -> str:
    """The result as JUnit XML; a rule that was not exercised is skipped, a warning is a passed case with a word."""
    root = Element("testsuites", name=f"ooapi-toets {result['role']}")
    chapters: dict[str, list[JsonObject]] = {}
    for rule in result["rules"]:
        chapters.setdefault(rule["chapter"], []).append(rule)
    for chapter, rules in chapters.items():
        outcomes = [rule["outcome"] for rule in rules]
        suite = SubElement(
            root,
            "testsuite",
            name=f"{result['role']} {chapter}",
            tests=str(len(rules)),
            failures=str(outcomes.count("fail")),
            errors=str(outcomes.count("error")),
            skipped=str(sum(each in {"not exercised", "not applicable"} for each in outcomes)),
            timestamp=result["startedAt"],
        )
        for rule in rules:
            _case(suite, rule, language)
    properties = SubElement(root, "properties")
    for name in ("verdict", "suiteVersion", "edition", "seed"):
        SubElement(properties, "property", name=name, value=str(result[name]))
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _case(suite: Element, rule: JsonObject, language: str) -> None:
    case = SubElement(suite, "testcase", name=rule["id"], classname=f"ooapi-toets.{rule['chapter']}")
    reason = _clean(rule["reason"][language])
    lines = [rule["sentence"][language], f"{rule['level']}; {'; '.join(rule['source'])}", reason]
    if rule["reproduce"]:
        lines += ["", rule["reproduce"]["curl"]]
    text = _clean("\n".join(lines))
    match rule["outcome"]:
        case outcome if outcome in {"fail", "error"}:
            tag = "failure" if outcome == "fail" else "error"
            SubElement(case, tag, message=reason, type=rule["level"]).text = text
        case outcome if outcome in {"not exercised", "not applicable"}:
            SubElement(case, "skipped", message=f"{outcome}: {reason}")
        case outcome if outcome in {"warn", "disputed"}:
            SubElement(case, "system-out").text = f"{outcome}: {text}"


def _clean(text: str) -> str:
    """Without characters that XML cannot hold, whatever an endpoint answered."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
