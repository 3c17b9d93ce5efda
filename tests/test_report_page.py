"""The report as a page: it is whole, loads nothing, says why and what next, and lets nothing in as markup."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter

import pytest

from conformance import reports
from conformance.reports import words
from ooapi_toets import JsonObject
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


def page(result: JsonObject, language: str = "en") -> Parsed:
    return Parsed(reports.render("html", result, language))


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
        "2 of the 6 mandatory rules were violated",
        "Toetsafname (test taking)",
        made.URL,
        "22 November 2026, 05:52 UTC",
        "11.5 s",
        "1,803",
        "Option 4: remove students from a session",
        f"--seed 1 --only {made.READ_BACK}",
        "Only the server half was examined.",
        "A mandatory rule was violated.",
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
        (made.no_verdict(), "could not remove everything", "Remove manually"),
        (
            made.result("no verdict", [made.rule(made.CREATE, "error")]),
            "error occurred in the test suite",
            "makers of the suite",
        ),
        (made.result("no verdict", [made.rule(made.CREATE, "pass")], gone=True), "stopped responding", "--timeout"),
        (made.incomplete(), "1 of the 2 mandatory rules was not tested", "[check.offers]"),
        (made.incomplete(interrupted=True), "stopped before it finished", "let it finish"),
        (
            made.result("incomplete", [], baseline={"file": "known.toml", "excused": {}, "stale": ["x"]}),
            "rules that are now met",
            "Remove the rules that are now met",
        ),
        (made.conformant(), "were tested and met", "Keep result.json"),
        (made.conformant(scope={"halves": ["server"], "only": ["2.4"]}), "only 2.4", "run the whole check"),
        (made.not_conformant(gate="conformant"), "counts as conformant", "Start with the first violated rule"),
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
    assert "no response" in told
    assert "it took longer than 10 s" in told


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
