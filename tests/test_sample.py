"""The sample report in the repository is one of this suite: its form, its rules, small, and without people."""

from __future__ import annotations

import re

import jsonschema
import orjson
import pytest

from conformance import reports
from ooapi_toets import JsonObject, register, resources
from tests.liars.catalogue import LIARS
from tools import sample

SMALL = 300_000
RESULT: JsonObject = orjson.loads((sample.FOLDER / "result.json").read_bytes())
AGAIN = "make it again with python -m tools.sample"


def test_the_result_is_one() -> None:
    jsonschema.validate(RESULT, orjson.loads(resources.spec("result.schema.json").read_bytes()))


def test_it_says_of_the_system_what_the_system_is() -> None:
    broken = {each["id"]: each["outcome"] for each in RESULT["rules"] if each["outcome"] != "pass"}
    assert broken == {rule: outcome.value for rule, outcome in LIARS[sample.LIAR].breaks.items()}
    assert RESULT["verdict"] == "not conformant"
    assert RESULT["ledger"]["left"] == []


def test_it_speaks_of_rules_as_the_register_does() -> None:
    known = register.load()
    for each in RESULT["rules"]:
        assert each["sentence"]["en"] == known[each["id"]].sentence.en, AGAIN
        assert each["sentence"]["nl"] == known[each["id"]].sentence.nl, AGAIN


@pytest.mark.parametrize(
    ("kind", "name"),
    [("html", "report.html"), ("markdown", "report.md"), ("junit", "junit.xml"), ("badge", "badge.svg")],
)
def test_every_file_is_what_is_made_of_the_result_now(kind: str, name: str) -> None:
    assert (sample.FOLDER / name).read_text("utf-8") == reports.render(kind, RESULT, "en"), AGAIN


def test_the_files_are_all_there_and_small() -> None:
    sizes = {path.name: path.stat().st_size for path in sample.FOLDER.iterdir()}
    assert sorted(sizes) == sorted(sample.FILES)
    assert max(sizes.values()) < SMALL


def test_nobody_s_name_is_in_it() -> None:
    for path in sample.FOLDER.iterdir():
        text = path.read_text("utf-8")
        assert re.findall("Fictief|Schijn", text) == [], path.name
        assert re.findall(r"/(?:work|home|root|Users|tmp)/", text) == [], path.name
    assert "masked-" in (sample.FOLDER / "result.json").read_text("utf-8")
