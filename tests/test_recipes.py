"""What is made for others to copy works here as far as it can be run without Docker, GitHub or GitLab."""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
import trustme
import yaml
from click.testing import CliRunner

from mock_server.serving.server import MockServer
from ooapi_toets import JsonObject, __version__, editions
from ooapi_toets.cli import root
from tests.liars.catalogue import LIARS
from tools.pages import made, options

ROOT, RECIPES = made.ROOT, made.RECIPES
CHECK = RECIPES / "check.sh"
BASH = shutil.which("bash") or "/bin/bash"
QUICK = "--examples 1 --only 2.5-deleted-offering-is-404"


def environment(**changes: str) -> dict[str, str]:
    """The environment, without what would tell a command of ours how to behave."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("OOAPI_TOETS_", "GITHUB_", "PIP_"))
    }
    return {**kept, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", **changes}


# -- the configuration of each role ------------------------------------------------------------------------------


def uncommented(role: str) -> str:
    text = (RECIPES / f"{role}.toml").read_text("utf-8")
    return re.sub(r"^# ([a-zA-Z-]+ = .+)$", r"\1", text, flags=re.MULTILINE)


@pytest.mark.parametrize("role", editions.ROLES)
def test_the_configuration_covers_every_option(role: str) -> None:
    given = tomllib.loads(uncommented(role))
    for command in ("check", "mock"):
        known = {each.opts[0].lstrip("-") for each in options.options_of(options.commands()[command])} - {"config"}
        assert set(given[command]) - {"offers", "paths"} == known


@pytest.mark.parametrize("role", editions.ROLES)
def test_with_every_comment_taken_away_the_configuration_is_read(
    role: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    given = tomllib.loads(uncommented(role))
    Path("ooapi-toets.toml").write_text(uncommented(role), encoding="utf-8")
    certificate = trustme.CA().issue_cert("example.org").private_key_and_cert_chain_pem.bytes()
    for name in {value for table in given.values() for value in table.values() if isinstance(value, str)}:
        if re.fullmatch(r"[\w-]+\.(txt|pem|key|json|toml)", name):
            Path(name).write_bytes(certificate)
    Path(given["check"]["baseline"]).write_text("[known]\n", encoding="utf-8")
    # A dry run, as the file itself asks for: everything is read and nothing is sent.
    checked = CliRunner().invoke(root, ["check", role])
    assert (checked.exit_code, checked.exception) == (0, None), checked.output
    assert given["check"]["url"] in checked.output
    other = next(each for each in editions.ROLES if each != role)
    context = options.commands()["mock"].make_context("mock", [other])
    assert context.params["store"] == given["mock"]["store"]
    assert context.params["faults"] == tuple(given["mock"]["faults"])


@pytest.mark.parametrize("role", editions.ROLES)
def test_as_it_stands_the_configuration_changes_nothing(role: str) -> None:
    given = tomllib.loads((RECIPES / f"{role}.toml").read_text("utf-8"))
    assert given == {"check": {"offers": {}, "paths": {}}, "mock": {}}


# -- the action --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def conformant() -> Iterator[str]:
    with MockServer("toetsafname") as server:
        yield server.url


def run_action(folder: Path, url: str, arguments: str = QUICK, **inputs: str) -> tuple[int, dict[str, str], str]:
    """The exit code, the outputs, and what was printed."""
    outputs, summary = folder / "outputs", folder / "summary.md"
    done = subprocess.run(
        [BASH, str(CHECK)],
        cwd=folder,
        env=environment(
            URL=url,
            ARGUMENTS=arguments,
            REPORT_DIR="reports",
            GITHUB_ACTIONS="true",
            GITHUB_OUTPUT=str(outputs),
            GITHUB_STEP_SUMMARY=str(summary),
            **{"ROLE": "toetsafname", **inputs},
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    told = dict(line.split("=", 1) for line in outputs.read_text("utf-8").splitlines())
    return done.returncode, told, done.stdout + done.stderr


def test_the_action_says_that_an_endpoint_conforms(conformant: str, tmp_path: Path) -> None:
    code, told, printed = run_action(tmp_path, conformant)
    assert (code, told) == (0, {"verdict": "conformant", "exit-code": "0"}), printed
    assert "::error" not in printed
    assert "**conformant**" in (tmp_path / "summary.md").read_text("utf-8")
    assert (tmp_path / "reports" / "junit.xml").is_file()


def test_the_action_fails_the_job_and_annotates_what_is_broken(tmp_path: Path) -> None:
    with LIARS["delete-is-ignored"].server() as server:
        code, told, printed = run_action(tmp_path, server.url)
    assert (code, told["verdict"]) == (1, "not conformant"), printed
    assert re.search(r"^::error title=2\.5-deleted-offering-is-404%3A fail::", printed, re.MULTILINE)
    assert "2.5-deleted-offering-is-404" in (tmp_path / "summary.md").read_text("utf-8")


def test_the_action_lets_an_incomplete_run_pass_only_when_it_is_told_to(tmp_path: Path) -> None:
    with MockServer("toetsplanning") as server:
        strict = run_action(tmp_path, server.url, "--only 4.1-report-answers-200", ROLE="toetsplanning")
        (tmp_path / "outputs").unlink()
        lenient = run_action(
            tmp_path, server.url, "--only 4.1-report-answers-200", ROLE="toetsplanning", ALLOW_INCOMPLETE="true"
        )
    assert (strict[0], strict[1]["verdict"]) == (3, "incomplete"), strict[2]
    assert (lenient[0], lenient[1]["verdict"]) == (0, "incomplete"), lenient[2]


def test_the_arguments_of_the_action_are_words_and_never_a_script(conformant: str, tmp_path: Path) -> None:
    arguments = f"{QUICK} --dry-run --header 'X-Note: two words' --header 'X-Evil: $(touch taken); `touch taken`'"
    code, _, printed = run_action(tmp_path, conformant, arguments)
    assert code == 0, printed
    assert "Nothing was sent." in printed
    assert not (tmp_path / "taken").exists()


def test_the_action_runs_what_is_there_and_hands_on_every_input() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    steps = action["runs"]["steps"]
    scripts = re.findall(r"\$GITHUB_ACTION_PATH/([\w./-]+)", "".join(step.get("run", "") for step in steps))
    assert scripts == ["docs/recipes/install.sh", "docs/recipes/check.sh"]
    assert all(os.access(ROOT / each, os.X_OK) for each in scripts)
    handed = re.findall(r"inputs\.([\w-]+)", json.dumps(steps))
    assert sorted(handed) == sorted(action["inputs"])
    assert not any("${{" in step.get("run", "") for step in steps)
    script = CHECK.read_text("utf-8")
    assert all(name in script for name in next(step["env"] for step in steps if step.get("id") == "check"))
    workflow = yaml.safe_load((RECIPES / "github-workflow.yml").read_text("utf-8"))
    used = workflow["jobs"]["check"]["steps"][0]["with"]
    assert set(used) <= set(action["inputs"])
    assert {name for name, each in action["inputs"].items() if each.get("required")} <= set(used)


def test_the_script_that_installs_is_a_script_and_installs_what_is_locked() -> None:
    script = RECIPES / "install.sh"
    assert subprocess.run([BASH, "-n", str(script)], check=False).returncode == 0
    text = script.read_text("utf-8")
    assert "--require-hashes" in text
    assert all((ROOT / name).is_file() for name in re.findall(r"\$source/([\w.]+)", text))


# -- the container -----------------------------------------------------------------------------------------------


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile, continued lines joined."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines if line.strip())]


def copied() -> list[str]:
    """What the image takes from the checkout."""
    found = [
        shlex.split(rest)[:-1] for word, rest in instructions() if word == "COPY" and not rest.startswith("--from")
    ]
    return [name for names in found for name in names]


def test_the_container_copies_what_is_there_and_is_not_ignored() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").split()
    allowed = {line[1:] for line in lines if line.startswith("!")}
    for name in copied():
        assert (ROOT / name).exists()
        assert name in allowed
    assert allowed == set(copied())


def test_the_container_runs_without_rights_and_without_secrets() -> None:
    found = instructions()
    last = found[max(place for place, (word, _) in enumerate(found) if word == "FROM") :]
    users = [rest for word, rest in last if word == "USER"]
    assert users == ["10001"]
    assert last[-1][0] == "CMD"
    assert all(":latest" not in rest and ":" in rest.split(" ")[0] for word, rest in found if word == "FROM")
    assert not [rest for word, rest in found if word in {"ENV", "ARG"} and re.search("TOKEN|SECRET|PASSWORD", rest)]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as the Dockerfile does from what it copies."""
    folder = tmp_path_factory.mktemp("build")
    for name in copied():
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        else:
            shutil.copy(ROOT / name, folder / name)
    line = next(rest for word, rest in instructions() if word == "RUN" and "pip wheel" in rest)
    command = shlex.split(line.partition("&&")[0])
    assert command[:2] == ["/opt/build/bin/pip", "wheel"]
    subprocess.run(
        [sys.executable, "-m", "pip", *command[1:]], cwd=folder, env=environment(), check=True, capture_output=True
    )
    return next((folder / "wheels").glob("*.whl"))


def test_an_installed_wheel_is_typed_and_needs_no_checkout(wheel: Path, tmp_path: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"{package}/py.typed" for package in ("ooapi_toets", "mock_server", "conformance")} <= names
    assert {name.partition("/")[0] for name in names} <= {
        "ooapi_toets",
        "mock_server",
        "conformance",
        f"ooapi_toets-{__version__}.dist-info",
    }
    installed = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(installed)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    code = "from ooapi_toets import cli, resources; print(resources.spec()); cli.main(['spec', '--validate'])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=elsewhere,
        env=environment(PYTHONPATH=str(installed)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(installed / "ooapi_toets" / "_data" / "spec"))


def test_what_builds_the_wheel_is_all_in_the_lock(tmp_path: Path) -> None:
    line = next(rest for word, rest in instructions() if word == "RUN" and "build.lock" in rest)
    shutil.copy(ROOT / "requirements-dev.lock", tmp_path)
    subprocess.run([BASH, "-c", line.partition("&&")[0]], cwd=tmp_path, check=True)
    lock = (tmp_path / "build.lock").read_text("utf-8")
    named = re.findall(r"^([\w-]+)==", lock, re.MULTILINE)
    assert named == ["hatchling", "packaging", "pathspec", "pluggy", "trove-classifiers"]
    blocks = re.split(r"^(?=[\w-]+==)", lock, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in each and not each.rstrip().endswith("\\") for each in blocks)


def test_the_container_s_command_serves_and_its_health_check_sees_it(tmp_path: Path) -> None:
    found = dict(instructions())
    command = [*json.loads(found["ENTRYPOINT"]), *json.loads(found["CMD"])]
    port = command.index("--port") + 1
    assert f"EXPOSE {command[port]}" in (ROOT / "Dockerfile").read_text("utf-8")
    with subprocess.Popen(
        [*command[:port], "0", "--json-ready"], cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, text=True
    ) as served:
        assert served.stdout is not None
        ready = orjson.loads(served.stdout.readline())
        healthy = found["HEALTHCHECK"].partition("CMD ")[2].replace(command[port], ready["origin"].rpartition(":")[2])
        done = subprocess.run(json.loads(healthy), env=environment(), check=False, capture_output=True, text=True)
        served.terminate()
    assert done.returncode == 0, done.stderr


# -- GitLab ------------------------------------------------------------------------------------------------------


def test_the_script_of_the_gitlab_template_checks_and_leaves_what_gitlab_reads(
    wheel: Path, conformant: str, tmp_path: Path
) -> None:
    job: JsonObject = yaml.safe_load((RECIPES / "gitlab-ci.yml").read_text("utf-8"))["ooapi-toets"]
    shutil.copy(wheel, tmp_path)
    script = list(job["script"])
    # The dependencies come from the environment of these tests instead of the package index.
    here = next(each for each in sys.path if each.endswith("site-packages"))
    script.insert(1, f"echo {shlex.quote(here)} > $(echo .ooapi-toets/lib/python*/site-packages)/here.pth")
    variables = {
        **job["variables"],
        "OOAPI_TOETS_CHECK_URL": conformant,
        "OOAPI_TOETS_CHECK_ONLY": "2.5-deleted-offering-is-404",
        "OOAPI_TOETS_CHECK_EXAMPLES": "1",
    }
    assert (tmp_path / variables["OOAPI_TOETS_SOURCE"]).is_file()
    done = subprocess.run(
        [BASH, "-e", "-c", "\n".join(script)],
        cwd=tmp_path,
        env=environment(**variables, PIP_NO_DEPS="1", PIP_NO_INDEX="1", PIP_DISABLE_PIP_VERSION_CHECK="1"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / job["artifacts"]["reports"]["junit"]).is_file()
    assert all((tmp_path / path).exists() for path in job["artifacts"]["paths"])
    # It ran what was installed, with the specification that travels in the wheel.
    installed = tmp_path / ".ooapi-toets"
    assert fnmatch.filter(map(str, installed.rglob("*.yaml")), "*ooapi_toets/_data/spec/ooapi-toets.yaml")
