"""Every format renders every result, says the same in both languages, and lets nothing in as markup."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema_rs
import orjson
import pytest
from markdown_it import MarkdownIt

from conformance import reports
from conformance.reports import pipeline, words
from ooapi_toets import JsonObject, resources
from tests import made_results as made
from tests.parsed_page import Parsed

LANGUAGES = ("en", "nl")
TAGS = {
    *("html", "head", "meta", "title", "style", "script", "body", "header", "nav", "main", "footer", "section"),
    *("article", "div", "p", "h1", "h2", "h3", "h4", "h5", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead"),
    *("tbody", "tr", "th", "td", "details", "summary", "pre", "code", "span", "b", "em", "mark", "a", "br"),
    *("form", "fieldset", "legend", "label", "input", "button"),
}
VERDICTS = list(made.ALL)
IN_DUTCH = {
    "conformant": "conform",
    "not conformant": "niet conform",
    "incomplete": "onvolledig",
    "no verdict": "geen oordeel",
}


def page(result: JsonObject, language: str = "en") -> Parsed:
    return Parsed(reports.render("html", result, language))


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
    assert {"report.html.j2", "summary.html.j2", "parts.html.j2", "report.css", "report.js", "words.yaml"} <= names


def test_every_word_is_there_in_both_languages_with_the_same_gaps() -> None:
    def pairs(entry: JsonObject, at: str) -> None:
        if "en" in entry or "nl" in entry:
            assert all(isinstance(entry.get(language), str) and entry[language] for language in LANGUAGES), at
            assert re.findall(r"{\w+}", entry["en"]) == re.findall(r"{\w+}", entry["nl"]), at
        for name, below in entry.items():
            if isinstance(below, dict):
                pairs(below, f"{at}/{name}")

    pairs(resources.read_yaml(words.TEMPLATES / "words.yaml"), "")


def test_every_word_is_used() -> None:
    folder = words.TEMPLATES
    code = "".join(each.read_text("utf-8") for each in [*folder.glob("*.j2"), *folder.parent.glob("*.py")])
    prefixes = ("means_", "next_")  # put together where they are used
    unused = [
        name
        for name in resources.read_yaml(folder / "words.yaml")["words"]
        if not re.search(f"[\"']{name}[\"']", code) and not name.startswith(prefixes)
    ]
    assert unused == []


# -- the page ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("verdict", VERDICTS)
def test_the_page_is_whole(verdict: str, language: str) -> None:
    parsed = page(made.ALL[verdict](), language)
    assert parsed.all("html") == [{"lang": language}]
    assert len(parsed.all("h1")) == len(parsed.all("main")) == len(parsed.all("title")) == 1
    ids = [attributes["id"] for _, attributes in parsed.elements if "id" in attributes]
    assert [name for name, count in Counter(ids).items() if count > 1] == []
    links = [each["href"] or "" for each in parsed.all("a")]
    assert [link for link in links if link.startswith("#") and link[1:] not in ids] == []
    labelled = [attributes["aria-labelledby"] for _, attributes in parsed.elements if "aria-labelledby" in attributes]
    assert set(labelled) <= set(ids)


@pytest.mark.parametrize("make", [*made.ALL.values(), made.hostile])
def test_the_policy_allows_the_page_s_own_style_and_script_and_nothing_else(make: object) -> None:
    assert callable(make)
    rendered = reports.render("html", make(), "en")
    parsed = Parsed(rendered)
    policy = next(each["content"] for each in parsed.all("meta") if each.get("http-equiv"))
    assert policy is not None
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert "unsafe" not in policy
    style = re.findall(r"<style>(.*?)</style>", rendered, re.DOTALL)
    script = re.findall(r"<script>(.*?)</script>", rendered, re.DOTALL)
    for directive, texts in (("style-src", style), ("script-src", script)):
        assert len(texts) == 1
        digest = base64.b64encode(hashlib.sha256(texts[0].encode()).digest()).decode()
        assert directives[directive] == f"'sha256-{digest}'"
    for _, attributes in parsed.elements:
        assert not [name for name in attributes if name == "style" or name.startswith("on")]


def test_the_page_loads_nothing() -> None:
    rendered = reports.render("html", made.not_conformant(), "en")
    parsed = Parsed(rendered)
    assert not {"link", "img", "iframe", "object", "embed", "base"} & {tag for tag, _ in parsed.elements}
    assert not [
        attributes for _, attributes in parsed.elements if {"src", "srcset", "action", "poster"} & set(attributes)
    ]
    assert not re.search(r"@import|url\(", (words.TEMPLATES / "report.css").read_text("utf-8"))


def test_both_languages_of_every_text_are_on_the_page() -> None:
    rendered = reports.render("html", made.not_conformant(), "en")
    parsed = Parsed(rendered)
    texts = json.loads(next(part for part in parsed.text["script"] if part.startswith("{")))
    english, dutch = (texts[language]["texts"] for language in LANGUAGES)
    marks = [
        int(value or "")
        for _, attributes in parsed.elements
        for name, value in attributes.items()
        if name in {"data-t", "data-aria-label"}
    ]
    assert set(marks) == set(range(len(english))) == set(range(len(dutch)))
    assert "Een lege lijst laat de zitting zonder deelnames achter." in dutch
    assert "An empty list leaves the session without participants." in english


def test_the_summary_answers_what_a_project_lead_asks() -> None:
    told = page(made.not_conformant(), "en").words()
    for expected in (
        "2 of the 6 rules that must hold are broken",
        "Toetsafname (test taking)",
        made.URL,
        "22 November 2026, 05:52 UTC",
        "11.5 s",
        "1,803",
        "Option 4: remove students from a session",
        f"--seed 1 --only {made.READ_BACK}",
        "Only the server half was examined.",
        "A rule that must hold is broken.",
    ):
        assert expected in told
    assert "22 november 2026, 05.52 UTC" in page(made.not_conformant(), "nl").words()


def test_what_is_left_behind_stands_before_everything_else() -> None:
    rendered = reports.render("html", made.no_verdict(), "en")
    assert "Left behind at the endpoint: 7" in rendered
    assert rendered.index("Left behind at the endpoint") < rendered.index("What was examined")
    assert made.no_verdict()["ledger"]["left"][3]["id"] in rendered


@pytest.mark.parametrize(
    ("result", "means", "step"),
    [
        (made.no_verdict(), "could not remove everything", "Remove by hand"),
        (
            made.result("no verdict", [made.rule(made.CREATE, "error")]),
            "suite itself went wrong",
            "makers of the suite",
        ),
        (made.result("no verdict", [made.rule(made.CREATE, "pass")], gone=True), "stopped answering", "--timeout"),
        (made.incomplete(), "1 of the 2 rules that must hold could not be tried", "[offers]"),
        (made.incomplete(interrupted=True), "stopped before its end", "come to its end"),
        (
            made.result("incomplete", [], baseline={"file": "known.toml", "excused": {}, "stale": ["x"]}),
            "rules that hold now",
            "Take the rules that hold now",
        ),
        (made.conformant(), "was tried, and it holds", "Keep result.json"),
        (made.conformant(scope={"halves": ["server"], "only": ["2.4"]}), "only 2.4", "run all of it"),
        (made.not_conformant(gate="conformant"), "counts as conformant", "Start with the first broken rule"),
    ],
)
def test_the_page_says_why_and_what_to_do_next(result: JsonObject, means: str, step: str) -> None:
    told = page(result).words()
    assert means in told
    assert step in told


def test_an_exchange_is_shown_once_and_pointed_at_from_elsewhere() -> None:
    rules = [made.rule(made.CREATE, "pass", exchanges=[1]), made.failing(exchanges=[1])]
    rendered = reports.render("html", made.result("not conformant", rules), "en")
    assert rendered.count('id="exchange-1"') == 1
    assert f"Exchange 1, shown at {made.CLEARS}" in rendered
    assert "Exchange 9, in exchanges.har" in rendered


def test_what_differs_is_marked_in_the_message_and_set_side_by_side() -> None:
    rendered = reports.render("html", made.result("not conformant", [made.differing()]), "en")
    assert re.findall("<mark>(.*?)</mark>", rendered, re.DOTALL) == ["      &#34;locationCode&#34;: &#34;9.99&#34;\n"]
    assert "<code>&#34;0.30&#34;</code>" in rendered


def test_two_lists_are_compared_line_by_line() -> None:
    ids = [made.SESSION[:-1] + str(number) for number in range(4)]
    rendered = reports.render(
        "html", made.result("not conformant", [made.failing(expected=ids[:3], got=ids[1:])]), "en"
    )
    assert re.findall("<mark>(.*?)</mark>", rendered, re.DOTALL) == [
        f"-   &#34;{ids[0]}&#34;,\n",
        f"+   &#34;{ids[3]}&#34;\n",
    ]


def test_evidence_is_open_where_something_is_wrong_and_closed_elsewhere() -> None:
    parsed = page(made.not_conformant())
    evidence = [attributes for attributes in parsed.all("details") if attributes.get("class") == "evidence"]
    outcomes = [attributes["data-outcome"] for attributes in parsed.all("article")]
    opened = {outcome for outcome, each in zip(outcomes, evidence, strict=True) if "open" in each}
    assert opened == {"fail", "warn", "disputed", "error"}


def test_a_disputed_rule_shows_both_readings() -> None:
    told = page(made.not_conformant()).words()
    assert "PUT, as every diagram of flow 2 shows." in told
    assert "then POST creates and PUT only changes." in told


def test_measurements_and_known_failures_are_shown_where_there_are_any() -> None:
    result = made.not_conformant(
        measurements=[
            {"name": "p95", "what": {"en": "Slow answers", "nl": "Trage antwoorden"}, "value": 1234.5, "unit": "ms"}
        ],
        baseline={"file": "known.toml", "excused": {made.CLEARS: "ticket 12"}, "stale": ["2.9-gone"]},
    )
    assert "1,234.5 ms" in page(result, "en").words()
    told = page(result, "nl").words()
    for expected in ("Trage antwoorden", "1.234,5 ms", "Uit known.toml.", "bekende fout", ": ticket 12", "2.9-gone"):
        assert expected in told


def test_fields_and_words_that_are_not_known_yet_do_no_harm() -> None:
    odd = made.rule(made.CREATE, "pass") | {
        "outcome": "odd",
        "level": "WISH",
        "half": "inside",
        "chapter": "9.9",
        "new": {},
    }
    odd["reason"] = {"en": "Only in English"}
    result = made.conformant(
        rules=[odd], role="examencommissie", scope={"halves": ["inside"]}, future=[1], baseline=None
    )
    for name in reports.FORMATS:
        for language in LANGUAGES:
            assert reports.render(name, result, language)
    told = page(result, "nl").words()
    assert "Only in English" in told
    assert "examencommissie" in told


def test_a_client_rule_is_told_apart_and_has_no_command_of_its_own() -> None:
    rules = [made.rule(made.CREATE, "pass"), made.failing("4.1-client-sends-a-valid-report")]
    parsed = page(made.result("not conformant", rules, scope={"halves": ["server", "client"], "only": []}))
    assert [each["data-half"] for each in parsed.all("article")] == ["server", "client"]
    assert "server half and client half" in parsed.words()
    assert "--only" not in parsed.words()


def test_a_message_without_bottom_is_shown_as_far_as_it_goes() -> None:
    deep: object = "bottom"
    for _ in range(200):
        deep = [deep]
    result = made.conformant(exchanges=[made.exchange(1, body=deep)])
    assert "bottom" in page(result).words()


def test_no_answer_is_said() -> None:
    silent = made.exchange(1) | {"response": None, "failure": "it took longer than 10 s"}
    told = page(made.conformant(exchanges=[silent])).words()
    assert "no answer" in told
    assert "it took longer than 10 s" in told


# -- what an endpoint answers stays text ------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_text_is_text_on_the_page(language: str) -> None:
    rendered = reports.render("html", made.hostile(), language)
    parsed = Parsed(rendered)
    assert {tag for tag, _ in parsed.elements} <= TAGS
    assert len(parsed.all("script")) == 2
    assert len(parsed.all("style")) == 1
    assert all((each["href"] or "").startswith(("#", "https://")) for each in parsed.all("a"))
    for attack in made.HOSTILE:
        assert words.visible(attack) in parsed.words()
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e\u2028\ufeff]", rendered)
    assert not parsed.all("svg")


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
    assert "2 voldoet niet, 1 fout van de suite, 1 waarschuwing, 1 betwist, 1 niet beproefd, 2 voldoet" in told
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
    def built() -> JsonObject:
        raise AssertionError

    pipeline.publish(built, "en", {"GITLAB_CI": "true"}, built)  # type: ignore[arg-type] # neither may be called
