"""The rules, the interpretations and the flows as pages."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from conformance.reports import words
from ooapi_toets import editions, flows, register
from ooapi_toets.outcomes import Half
from ooapi_toets.register import Interpretation, Rule
from tools.pages.diagrams import name_of

_HALVES = {Half.SERVER: "server rules", Half.CLIENT: "client rules"}


def rules() -> str:
    """Every rule, by part of the standard."""
    known = register.load()
    order = {name: place for place, name in enumerate(_parts(known))}
    lines = []
    by_part = sorted(known, key=lambda rule: (order[rule.chapter], rule.half is Half.CLIENT))
    for (chapter, half), group in groupby(by_part, key=lambda rule: (rule.chapter, rule.half)):
        number = f"{chapter} " if chapter[0].isdigit() else ""
        lines += [f"## {number}{words.chapter(chapter).en}: {_HALVES[half]}", ""]
        for rule in group:
            lines += [*_rule(rule), ""]
    return "\n".join(lines)


def _parts(known: register.Register) -> list[str]:
    """The parts of the standard in the order of their numbers; what holds everywhere comes last."""
    return sorted({rule.chapter for rule in known}, key=lambda name: (not name[0].isdigit(), name))


def anchor(name: str) -> str:
    """The address of a heading on its page, as Python-Markdown and GitHub both make it."""
    return name.replace(".", "").lower()


def _rule(rule: Rule) -> Iterator[str]:
    yield f"### {rule.id}"
    yield ""
    yield rule.sentence.en
    yield ""
    yield f"*{rule.sentence.nl}*"
    yield ""
    strength = f"{rule.level.value}, disputed: never affects the verdict" if rule.disputed else rule.level.value
    yield f"- Level: {strength}"
    yield f"- Applies to: {', '.join(sorted(rule.roles))}"
    yield f"- Source: {'; '.join(rule.source)}"
    if rule.interpretation:
        named = rule.interpretation.id
        yield f"- Interpretation: [{named}](interpretations.md#{anchor(named)})"
    for each in rule.readings:
        yield f"- Also judged by: [{each.id}](interpretations.md#{anchor(each.id)})"
    if rule.breaks_it:
        yield f"- Who could break it honestly: {rule.breaks_it.en}"
    if rule.requires:
        yield f"- Requires: {', '.join(rule.requires)}"
    if rule.not_tested:
        yield f"- Not tested: {rule.not_tested.en}"
    if proving := register.proofs().get(rule.id, ()):
        yield f"- Proven by faulty examples: {', '.join(f'`{each}`' for each in proving)}"


def interpretations() -> str:
    """Every interpretation with the rules that rest on it, the disputed ones first."""
    known = register.load()
    lines: list[str] = []
    for title, disputed in (("Disputed", True), ("Interpretations", False)):
        lines += [f"## {title}", ""]
        for each in known.interpretations.values():
            if each.disputed is disputed:
                lines += [*_interpretation(each, known), ""]
    return "\n".join(lines)


def _interpretation(each: Interpretation, known: register.Register) -> Iterator[str]:
    yield f"### {each.id}"
    yield ""
    yield f"**{each.question.en.strip()}**"
    yield ""
    yield f"Read here as: {each.reading.en.strip()}"
    yield ""
    if each.other:
        yield f"The other reading: {each.other.en.strip()}"
        yield ""
    yield f"*{each.question.nl.strip()} {each.reading.nl.strip()}*"
    yield ""
    resting = [rule.id for rule in known if rule.interpretation is each or each in rule.readings]
    links = ", ".join(f"[{rule}](rules.md#{anchor(rule)})" for rule in resting)
    yield f"Rules: {links}" if resting else "No rule is based on it; the suite itself uses it."


def calls() -> str:
    """Every flow: a drawing, and its steps in words."""
    operations = editions.load().contract.operations
    lines: list[str] = []
    for flow in flows.documents():
        lines += [
            f"## {flow['id']} {flow['title']['en']}",
            "",
            f"*{flow['title']['nl']}*",
            "",
            f"![{flow['client']} calls {flow['server']}: the calls are in the table below](pictures/{name_of(flow)})",
            "",
            f"| call | {flow['client']} sends | {flow['server']} answers | what is checked of the sender |",
            "|---|---|---|---|",
        ]
        for step in flow["steps"]:
            operation = operations[step["operation"]]
            cells = [f"`{operation.method} {operation.path}`", *(step[key]["en"] for key in ("sends", "answer"))]
            rules_of = ", ".join(f"[{rule}](rules.md#{anchor(rule)})" for rule in step.get("rules", []))
            lines.append(f"| {' | '.join(cells)} | {step['checks']['en']} {rules_of} |")
        lines.append("")
    return "\n".join(lines)
