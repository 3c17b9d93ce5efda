"""The files that a repository is expected to have say what is so: one version, one list of Pythons, forms that work."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from ooapi_toets import Json, JsonObject, __version__
from ooapi_toets.cli import root
from tools.pages.made import DOCS, ROOT

PACKAGES = ("ooapi_toets", "mock_server", "conformance")
PROJECT: JsonObject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml"))
PYTHONS = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["project"]["classifiers"]))


def text_of(*names: str) -> str:
    return ROOT.joinpath(*names).read_text("utf-8")


def yaml_of(*names: str) -> Json:
    return yaml.safe_load(text_of(*names))


# -- one version -----------------------------------------------------------------------------------------------


def test_the_package_takes_its_version_from_the_code() -> None:
    assert "version" in PROJECT["project"]["dynamic"]
    assert PROJECT["tool"]["hatch"]["version"] == {"path": "ooapi_toets/__init__.py"}
    assert text_of("ooapi_toets", "__init__.py").count(f'"{__version__}"') == 1


def test_the_command_says_the_version() -> None:
    assert CliRunner().invoke(root, ["--version"]).output.split()[-1] == __version__


def test_nothing_else_in_the_code_states_a_version() -> None:
    stated = [
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if __version__ in path.read_text("utf-8")
    ]
    assert stated == ["ooapi_toets/__init__.py"]


def test_every_page_speaks_of_this_version() -> None:
    pages = [*DOCS.rglob("*.md"), *(DOCS / "recipes").iterdir(), ROOT / "README.md"]
    told = {
        (page.name, version)
        for page in pages
        if page.name != "benchmarks.md"  # says which version was measured
        for version in re.findall(r'ooapi[-_]toets[-@ ]v?(\d+\.\d+\.\d+)|"version":"([^"]*)"', page.read_text("utf-8"))
    }
    assert {part for _, found in told for part in found if part} == {__version__}


def test_the_sample_was_made_by_this_version() -> None:
    assert json.loads(text_of("reports", "sample", "result.json"))["suiteVersion"] == __version__


def test_the_changelog_names_the_version_that_is_to_come() -> None:
    first = text_of("CHANGELOG.md").split("\n## ")[1]
    assert first.startswith(("Unreleased", __version__))
    assert __version__ in first


# -- which Python ----------------------------------------------------------------------------------------------


def test_every_supported_python_is_tested() -> None:
    job = yaml_of(".github", "workflows", "ci.yml")["jobs"]["test"]
    assert job["strategy"]["matrix"]["python"] == PYTHONS
    assert PROJECT["project"]["requires-python"] == f">={PYTHONS[0]}"
    assert any(step.get("run") == ".ci/run" for step in job["steps"])
    assert all(step.get("uses", "actions/").startswith("actions/") for step in job["steps"])


def test_the_workflow_may_only_read() -> None:
    assert yaml_of(".github", "workflows", "ci.yml")["permissions"] == {"contents": "read"}


def test_the_script_of_the_pipeline_can_be_run() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    bash = shutil.which("bash") or "/bin/bash"
    assert subprocess.run([bash, "-n", str(ROOT / ".ci" / "run")], check=False).returncode == 0


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_says_that_it_has_types(package: str) -> None:
    assert (ROOT / package / "py.typed").is_file()


def test_the_page_says_no_less_coverage_than_is_asked_for() -> None:
    floor = PROJECT["tool"]["coverage"]["report"]["fail_under"]
    told = re.search(r"own process\*\*: ([\d.]+)%.*fails under (\d+)%", text_of("docs", "testing.md"), re.DOTALL)
    assert told
    assert float(told[1]) >= floor == int(told[2])


# -- forms -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_a_form_asks_for_what_is_needed_and_for_nobody_s_data(form: Path) -> None:
    data = yaml.safe_load(form.read_text("utf-8"))
    assert set(data) == {"name", "description", "labels", "body"}
    fields = [each for each in data["body"] if each["type"] != "markdown"]
    names = [each["id"] for each in fields]
    assert len(set(names)) == len(names)
    assert all(each["attributes"]["label"] for each in fields)
    assert all(each["attributes"]["options"] for each in fields if each["type"] in {"dropdown", "checkboxes"})
    assert fields[-1]["id"] == "people"
    assert fields[-1]["attributes"]["options"][0]["required"]


def test_the_excerpt_that_a_form_asks_for_is_what_its_command_gives() -> None:
    body = yaml_of(".github", "ISSUE_TEMPLATE", "false-alarm.yml")["body"]
    asked = next(each["attributes"] for each in body if each.get("id") == "result")
    rule = next(each["attributes"] for each in body if each.get("id") == "rule")["placeholder"]
    words = shlex.split(asked["description"].partition("\n\n")[2].strip())
    result = json.loads(text_of("reports", "sample", "result.json"))
    assert words[:4] == ["jq", "--arg", "rule", "RULE"]
    assert words[-1] == "reports/result.json"
    assert set(re.findall(r"\{(suiteVersion), (edition), (role), rule: \$r", words[4])[0]) <= set(result)
    shown = next(each for each in result["rules"] if each["id"] == rule)
    assert {each["number"] for each in result["exchanges"]} >= set(shown["exchanges"]) != set()


@pytest.mark.parametrize("page", [*FORMS, ROOT / ".github" / "PULL_REQUEST_TEMPLATE.md"], ids=lambda path: path.stem)
def test_a_form_sends_people_to_files_and_commands_that_are_there(page: Path) -> None:
    text = page.read_text("utf-8")
    for named in re.findall(r"\b((?:docs|tests|spec)/[\w./-]*\w)|`([A-Z]+\.md)`", text):
        assert (ROOT / "".join(named)).exists(), named
    for command in re.findall(r"`ooapi-toets (\w+)", text):
        assert root.get_command(root.make_context("ooapi-toets", [], resilient_parsing=True), command), command


# -- editors, git and hooks ------------------------------------------------------------------------------------


def test_what_git_is_told_of_is_there() -> None:
    lines = [line.split() for line in text_of(".gitattributes").splitlines() if line and not line.startswith("#")]
    for pattern, *attributes in lines:
        if "linguist-generated" in attributes:
            assert any(ROOT.glob(pattern)) or any(DOCS.parent.glob(f"*/{pattern}")), pattern


def test_a_hook_runs_what_the_lock_installs_and_fetches_nothing() -> None:
    hooks = yaml_of(".pre-commit-config.yaml")["repos"]
    assert [each["repo"] for each in hooks] == ["local"]
    for hook in hooks[0]["hooks"]:
        program, *_ = hook["entry"].split()
        assert hook["language"] == "system"
        assert program.startswith(".venv/bin/")
        assert Path(sys.executable).with_name(Path(program).name).is_file()


def test_the_addresses_of_the_project_are_in_one_place() -> None:
    urls = PROJECT["project"]["urls"]
    base = urls["Repository"]
    assert re.fullmatch(r"https://[\w.]+/[\w-]+/ooapi-toets", base)
    assert all(each.startswith(base) for each in urls.values())
    for each in urls.values():
        path = each.partition("/blob/main/")[2]
        assert not path or (ROOT / path).is_file()
    pages = [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / ".github").rglob("*.*"), ROOT / "mkdocs.yml"]
    assert [page.name for page in pages if page.is_file() and base in page.read_text("utf-8")] == []
