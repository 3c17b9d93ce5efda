"""Every format renders every result, says the same in both languages, and lets nothing in as markup."""

from __future__ import annotations

import re
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import NoReturn
from xml.etree import ElementTree as ET

import jsonschema_rs
import orjson
import pytest
from markdown_it import MarkdownIt

from conformance import reports
from conformance.reports import pipeline
from ooapi_toets import JsonObject, resources
from tests import made_results as made

LANGUAGES = ("en", "nl")
VERDICTS = list(made.ALL)
IN_DUTCH = {
    "conformant": "conform",
    "not conformant": "niet conform",
    "incomplete": "onvolledig",
    "no verdict": "geen oordeel",
}


# -- the results that the other tests rest on ----------------------------------------------------------


@pytest.mark.parametrize("verdict", VERDICTS)
def test_the_made_results_are_results(verdict: str) -> None:
    schema = orjson.loads(resources.spec("result.schema.json").read_bytes())
    result = orjson.loads(orjson.dumps(made.ALL[verdict]()))
    assert [each.message for each in jsonschema_rs.validator_for(schema).iter_errors(result)] == []


# -- every format --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("verdict", VERDICTS)
@pytest.mark.parametrize("name", list(reports.FORMATS))
def test_every_format_says_the_verdict_and_the_half_in_the_language_asked_for(
    name: str, verdict: str, language: str
) -> None:
    rendered = reports.render(name, made.ALL[verdict](), language)
    if name != "junit":  # its verdict is for machines
        assert re.search(rf"\b{verdict if language == 'en' else IN_DUTCH[verdict]}\b", rendered, re.IGNORECASE)
    assert ("server half" if language == "en" else "serverhelft") in rendered


def test_the_files_of_the_page_travel_with_the_package() -> None:
    names = {each.name for each in (files("conformance.reports") / "templates").iterdir()}
    assert {"report.html.j2", "summary.html.j2", "parts.html.j2", "report.css", "report.js"} <= names


# -- what an endpoint answers stays text ------------------------------------------------------------------


def test_hostile_text_is_text_in_markdown() -> None:
    rendered = reports.render("markdown", made.hostile(), "en")
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(rendered)
    assert set(re.findall(r"<([a-z!?]\w*)", html)) == {
        *("h2", "h3", "p", "ul", "li", "strong", "em", "code", "pre", "details", "summary")
    }


def test_hostile_text_is_text_in_xml() -> None:
    junit = ET.fromstring(reports.render("junit", made.hostile(), "en"))  # noqa: S314 - our own file
    assert {each.tag for each in junit.iter()} == {
        "testsuites", "testsuite", "properties", "property", "testcase", "failure",
    }  # fmt: skip
    badge = ET.fromstring(reports.render("badge", made.hostile(), "en"))  # noqa: S314 - our own file
    assert {each.tag.rpartition("}")[2] for each in badge.iter()} == {"svg", "title", "rect", "g", "text"}


# -- JUnit ---------------------------------------------------------------------------------------------------


def cases(result: JsonObject) -> tuple[ET.Element, dict[str, str]]:
    root = ET.fromstring(reports.render("junit", result, "en"))  # noqa: S314 - our own file
    found = {case.get("name", ""): case[0].tag if len(case) else "" for case in root.iter("testcase")}
    return root, found


def test_junit_counts_what_the_result_counts() -> None:
    result = made.not_conformant()
    root, found = cases(result)
    counts = result["counts"]
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == (
        str(len(result["rules"])),
        str(counts["fail"]),
        str(counts["error"]),
    )
    suites = root.findall("testsuite")
    assert sum(int(each.get("tests", "")) for each in suites) == len(found) == len(result["rules"])
    skipped = counts["not exercised"] + counts["not applicable"]
    assert sum(int(each.get("skipped", "")) for each in suites) == skipped
    assert Counter(found.values()) == {"failure": 2, "error": 1, "skipped": skipped, "system-out": 2, "": 2}


def test_junit_follows_the_baseline_as_the_exit_code_does() -> None:
    baseline = {"file": "known.toml", "excused": {made.CLEARS: "ticket 12"}, "stale": [made.CREATE]}
    root, found = cases(made.not_conformant(baseline=baseline))
    assert (found[made.CLEARS], found[made.CREATE]) == ("skipped", "failure")
    assert root.get("failures") == "2"


# -- Markdown and badge --------------------------------------------------------------------------------------


def test_markdown_speaks_dutch() -> None:
    told = reports.render("markdown", made.not_conformant(), "nl")
    assert told.startswith("## OOAPI Toets, toetsafname (serverhelft): **niet conform**")
    assert "2 voldoen niet, 1 fout in de testsuite, 1 waarschuwing, 1 betwist, 1 niet getest, 2 voldoen" in told
    assert f"**{made.CLEARS}** (MUST, voldoet niet): Een lege lijst laat de zitting zonder deelnames achter." in told


def test_markdown_can_be_posted_however_bad_it_is() -> None:
    long = made.large(2_000)
    for each in long["rules"]:
        each["reason"] = each["sentence"]
    assert len(reports.render("markdown", long, "en")) < 60_000


def test_the_badge_says_when_it_is_about_a_part() -> None:
    whole = reports.render("badge", made.conformant(), "en")
    part = reports.render("badge", made.conformant(scope={"halves": ["server"], "only": ["2.4"]}), "en")
    assert 'aria-label="OOAPI Toets toetsafname (server half): conformant"' in whole
    assert 'aria-label="OOAPI Toets toetsafname (server half, in part): conformant"' in part


# -- what a pipeline shows -------------------------------------------------------------------------------


def said_to_github(result: JsonObject, tmp_path: Path) -> tuple[list[str], str]:
    lines: list[str] = []
    summary = tmp_path / "summary.md"
    environment = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    pipeline.publish(lambda: result, "en", environment, lines.append)
    return lines, summary.read_text("utf-8")


def test_on_github_every_broken_rule_is_an_annotation_and_the_report_is_the_summary(tmp_path: Path) -> None:
    lines, summary = said_to_github(made.not_conformant(), tmp_path)
    errors = [each for each in lines if each.startswith("::error ")]
    assert [each.split("::")[1] for each in errors] == [
        f"error title={made.READ_BACK}%3A fail",
        f"error title={made.CLEARS}%3A fail",
        "error title=http-problem-body%3A error",
    ]
    assert any(each.startswith(f"::warning title={made.DELETE}%3A warning::") for each in lines)
    assert not [each for each in lines if made.CREATE in each]
    assert summary == reports.render("markdown", made.not_conformant(), "en") + "\n"


def test_on_github_the_list_of_annotations_is_bounded_and_says_so(tmp_path: Path) -> None:
    lines, _ = said_to_github(made.large(2_000), tmp_path)
    assert len(lines) == 10
    assert lines[-1].endswith("::And 41 more; see report.html.")


def test_a_known_failure_is_no_annotation(tmp_path: Path) -> None:
    result = made.not_conformant(baseline={"file": "known.toml", "excused": {made.CLEARS: "ticket 1"}, "stale": []})
    lines, _ = said_to_github(result, tmp_path)
    assert not [each for each in lines if made.CLEARS in each]


def test_an_answer_cannot_speak_to_the_runner(tmp_path: Path) -> None:
    attack = "x\n::add-mask::x\r\n::stop-commands::y, a:b %0A"
    told = {"en": attack, "nl": attack}
    result = made.result("not conformant", [made.failing(id=attack, reason=told, sentence=told)])
    lines, _ = said_to_github(result, tmp_path)
    assert all("\n" not in each and "\r" not in each for each in lines)
    assert lines[0].count("::error ") == 1
    assert lines[0].startswith("::error title=x%0A%3A%3Aadd-mask%3A%3Ax")


def test_elsewhere_nothing_is_said_and_nothing_is_built() -> None:
    def built(_line: str = "") -> NoReturn:
        raise AssertionError

    pipeline.publish(built, "en", {"GITLAB_CI": "true"}, built)
