"""The client half of a role: scripted vendors are judged by the intended rules, and by no other."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import httpx
import jsonschema
import pytest

from mock_server.serving.server import MockServer
from ooapi_toets import JsonObject, register, resources
from ooapi_toets.outcomes import Half, Level
from ooapi_toets.samples import Maker
from tests.command import PATIENCE, ran, started
from tests.counterparts import counterparts_here
from tests.vendors.afname import Afname
from tests.vendors.catalogue import HONEST, LIARS
from tests.vendors.examine import Said, said_of, triggered
from tests.vendors.planning import Planning

Results = Callable[[str], Said]
SESSION = "7e570000-0000-4000-8000-0000000000cc"


@pytest.fixture(scope="module")
def said() -> Results:
    """What a check says of a vendor; each is checked once."""

    @cache
    def found(name: str) -> Said:
        with counterparts_here():
            return said_of(name)

    return found


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_vendor_is_conformant(said: Results, name: str) -> None:
    found = said(name)
    assert found.broken == HONEST[name].expected, found.reasons
    assert found.verdict == "conformant"


@pytest.mark.parametrize("name", LIARS)
def test_a_liar_is_caught_by_the_intended_rules_alone(said: Results, name: str) -> None:
    found, expected = said(name), LIARS[name].expected
    assert found.broken == expected, found.reasons
    if "fail" in expected.values():
        assert found.verdict == "not conformant"


def test_what_was_not_seen_is_no_pass(said: Results) -> None:
    found = said("cancels-instead")
    assert found.verdict == "incomplete"
    assert "2.5-client-deletes" in found.unseen
    assert (
        "Step 2.5 was asked for and was not seen; what came instead replaced session"
        in found.reasons["2.5-client-deletes"]
    )


def test_every_client_rule_that_binds_is_shown_able_to_fail() -> None:
    proved = {rule for vendor in LIARS.values() for rule in vendor.expected}
    binding = {
        rule.id
        for role in ("toetsplanning", "toetsafname")
        for rule in register.load().of(edition="toets", role=role, half=Half.CLIENT)
        if rule.level is Level.MUST
    }
    assert binding <= proved


# -- through the command ------------------------------------------------------------------------------


def checked(role: str, folder: Path, *arguments: str) -> tuple[subprocess.CompletedProcess[str], JsonObject]:
    options = ("--listen", "127.0.0.1:0", "--no-faults", "--examples", "3")
    done = ran(folder, "check", role, *options, *arguments)
    assert "Traceback" not in done.stderr
    path = folder / "reports" / "result.json"
    result = json.loads(path.read_text()) if path.is_file() else {}
    if result:
        jsonschema.validate(result, json.loads(resources.spec("result.schema.json").read_text()))
    return done, result


def test_one_command_covers_both_halves_of_toetsafname(tmp_path: Path) -> None:
    with MockServer("toetsafname") as server:
        vendor = Afname(server)
        with triggered(vendor.perform) as trigger:
            arguments = (
                "--url",
                server.url,
                "--trigger-url",
                trigger,
                "--await",
                "5",
                "--only",
                "4.1",
                "--only",
                "4.2",
            )
            done, result = checked("toetsafname", tmp_path, *arguments)
        vendor.sender.close()
    assert done.returncode == 0, done.stdout + done.stderr
    assert result["scope"]["halves"] == ["server", "client"]
    assert {each["half"] for each in result["rules"]} == {"server", "client"}
    assert any(each.get("heard") for each in result["exchanges"])
    assert "Now send the report of session 7e57" in done.stderr


def test_one_command_covers_both_halves_of_toetsplanning(tmp_path: Path) -> None:
    """The report is sent for a session that the vendor's own client registered a moment ago."""
    from tests.vendors.whole_planning import served  # noqa: PLC0415 - only here

    with served() as vendor, triggered(vendor.perform) as trigger:
        done, result = checked("toetsplanning", tmp_path, "--url", vendor.own_url, "--trigger-url", trigger)
    rules = {each["id"]: each["outcome"] for each in result["rules"]}
    assert rules["4.1-report-answers-200"] == "pass", done.stdout + done.stderr
    assert rules["2.5-client-deletes"] == "pass"
    assert not {"fail", "error"} & set(rules.values())


def test_a_trigger_may_be_a_command(tmp_path: Path) -> None:
    """Each step is asked for with its name, its session and the address to call."""
    log = tmp_path / "asked"
    script = f"import sys; open({str(log)!r}, 'a').write(' '.join(sys.argv[1:]) + chr(10))"
    with MockServer("toetsafname") as server:
        trigger = f"{shlex.quote(sys.executable)} -c {shlex.quote(script)} {{step}} {{session}} {{url}}"
        only = ("--only", "4.1-client-sends-a-valid-report")
        done, result = checked(
            "toetsafname", tmp_path, "--url", server.url, "--trigger", trigger, "--await", "1", *only
        )
    step, session, url = log.read_text().split()
    assert (step, session[:4], url[:17]) == ("4.1", "7e57", "http://127.0.0.1:")
    assert done.returncode == 3
    assert result["verdict"] == "incomplete"
    assert "No report was received" in done.stdout


def test_a_trigger_that_does_not_work_is_told(tmp_path: Path) -> None:
    with MockServer("toetsafname") as server:
        only = ("--only", "4.1-client-sends-a-valid-report")
        done, _ = checked("toetsafname", tmp_path, "--url", server.url, "--trigger", "/nowhere/send", *only)
    assert done.returncode == 3
    assert "The trigger failed (/nowhere/send" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--listen", "here"), "not an address to listen on"),
        (("--listen", "127.0.0.1:70000"), "not an address to listen on"),
    ],
)
def test_an_address_that_is_none(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    done, _ = checked("toetsafname", tmp_path, "--url", "http://127.0.0.1:1/ooapi", *arguments)
    assert done.returncode == 2
    assert words in done.stderr


def test_an_address_that_is_taken(tmp_path: Path) -> None:
    with MockServer("toetsafname") as server:
        taken = server.origin.removeprefix("http://")
        done, _ = checked("toetsafname", tmp_path, "--url", server.url, "--listen", taken)
    assert done.returncode == 4
    assert "is taken" in done.stderr


# -- watching ------------------------------------------------------------------------------------------


def test_a_watch_ticks_off_judges_and_reports(tmp_path: Path) -> None:
    with started(tmp_path, "watch", "toetsplanning", "--listen", "127.0.0.1:0", "--await", "2") as process:
        assert process.stderr is not None
        url = next(line for line in process.stderr if "listens at" in line).split()[-1]
        vendor = Planning()
        for step in ("2.1", "2.2", "2.3", "2.4", "2.5"):
            vendor.perform(step, "", url)
        vendor.sender.close()
        out, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, out + told
    assert "✓ DELETE" in told
    result = json.loads((tmp_path / "reports" / "result.json").read_text())
    assert (result["verdict"], result["scope"]["halves"]) == ("conformant", ["client"])
    assert "Only the client half was examined" in out


def test_a_watch_of_nothing_is_incomplete(tmp_path: Path) -> None:
    done = ran(tmp_path, "watch", "toetsafname", "--session", SESSION, "--listen", "127.0.0.1:0", "--await", "0.5")
    assert done.returncode == 3
    assert "Not tested yet. Next: Flow 4.1: send the session report." in done.stdout
    assert f"It knows these sessions: {SESSION}" in done.stderr


def test_a_watch_of_reports_reads_them_back(tmp_path: Path) -> None:
    """A test-taking system that is only watched can be conformant: its sessions are known, its own read is compared."""
    with MockServer("toetsafname") as server:
        vendor = Afname(server)
        vendor.make = Maker("watched")
        offering = vendor.make.offering(offeringId=SESSION)
        httpx.put(f"{server.url}/offerings", json=offering).raise_for_status()
        arguments = ("--session", SESSION.upper(), "--url", server.url, "--listen", "127.0.0.1:0", "--await", "2")
        with started(tmp_path, "watch", "toetsafname", *arguments) as process:
            assert process.stderr is not None
            url = next(line for line in process.stderr if "listens at" in line).split()[-1]
            vendor.perform("4.1", SESSION, url)
            out, told = process.communicate(timeout=60)
        vendor.sender.close()
    assert process.returncode == 0, out + told
    result = json.loads((tmp_path / "reports" / "result.json").read_text())
    rules = {each["id"]: each["outcome"] for each in result["rules"]}
    assert rules["4.1-client-report-equals-its-own-read"] == "pass"
    assert result["verdict"] == "conformant"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [((), "none is named"), (("--session", "abc"), "is not the id of a session")],
)
def test_a_watch_of_reports_on_nothing(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    done = ran(tmp_path, "watch", "toetsafname", "--await", "0.5", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
