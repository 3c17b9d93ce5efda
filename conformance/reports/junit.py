"""JUnit XML: one suite per chapter of the standard, one case per rule, for CI systems."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from conformance.reports import words
from conformance.reports.words import text, visible
from ooapi_toets import JsonObject

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAGS = {"fail": "failure", "error": "error", "not exercised": "skipped", "not applicable": "skipped"}
"""What a case of an outcome bears; any other passed, with a word when there is something to say."""


def render(result: JsonObject, language: str) -> str:
    """The result as JUnit XML.

    As the exit code does, it follows the baseline: a known failure is skipped, a rule that is known to fail
    and does not is a failure.
    """
    root = Element("testsuites", name=_clean(f"ooapi-toets {result['role']}, {words.scope(result)[language]}"))
    chapters: dict[str, list[tuple[JsonObject, str]]] = {}
    for rule in result["rules"]:
        chapters.setdefault(rule["chapter"], []).append((rule, _tag(rule, result.get("baseline") or {})))
    for chapter, rules in chapters.items():
        suite = SubElement(root, "testsuite", name=_clean(f"{chapter} {words.chapter(chapter)[language]}"))
        _count(suite, (tag for _, tag in rules))
        suite.set("skipped", str(sum(tag == "skipped" for _, tag in rules)))
        suite.set("timestamp", _clean(result["startedAt"]))
        properties = SubElement(suite, "properties")
        for name in ("verdict", "suiteVersion", "edition", "seed"):
            SubElement(properties, "property", name=name, value=_clean(str(result[name])))
        for rule, tag in rules:
            _case(suite, rule, tag, result["role"], language)
    _count(root, (tag for rules in chapters.values() for _, tag in rules))
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _tag(rule: JsonObject, baseline: JsonObject) -> str:
    if rule["id"] in baseline.get("excused", []):
        return "skipped"
    if rule["id"] in baseline.get("stale", []):
        return "failure"
    return _TAGS.get(rule["outcome"], "")


def _count(element: Element, tags: Iterable[str]) -> None:
    found = list(tags)
    element.set("tests", str(len(found)))
    element.set("failures", str(found.count("failure")))
    element.set("errors", str(found.count("error")))


def _case(suite: Element, rule: JsonObject, tag: str, role: str, language: str) -> None:
    # Viewers take what stands before the last dot for a package.
    classname = f"{role}.{rule['chapter'].replace('.', '-')}"
    case = SubElement(suite, "testcase", name=_clean(rule["id"]), classname=_clean(classname))
    outcome = words.outcome(rule["outcome"])[language]
    reason = text(rule["reason"])[language]
    lines = [text(rule["sentence"])[language], f"{rule['level']}; {'; '.join(rule['source'])}", reason]
    if rule["reproduce"]:
        lines += ["", rule["reproduce"]["curl"]]
    told = _clean("\n".join(lines))
    message = _clean(f"{outcome}: {reason}")
    if tag == "skipped":
        SubElement(case, tag, message=message)
    elif tag:
        SubElement(case, tag, message=message, type=_clean(rule["level"])).text = told
    elif rule["outcome"] != "pass":
        SubElement(case, "system-out").text = f"{outcome}: {told}"


def _clean(text: str) -> str:
    """Without characters that XML cannot hold or nobody can see, whatever an endpoint answered."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", visible(text))
