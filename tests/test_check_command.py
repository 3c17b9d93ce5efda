"""The command `check` as a user runs it: exit codes, files, and sentences instead of tracebacks."""

from __future__ import annotations

import json
import signal
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import jsonschema
import pytest

from mock_server.handling.messages import Answer, Request
from mock_server.roles.toets import toetsafname as honest
from mock_server.roles.toets.toetsafname import Result
from mock_server.serving.server import MockServer
from mock_server.state.stores.protocol import Transaction
from ooapi_toets import JsonObject, resources
from ooapi_toets.editions.toets import PARTICIPATION, SESSION
from tests.command import PATIENCE, ran, started

SEEDED = "7e570000-0000-4000-8000-000000000001"
CANCELLED = "7e570000-0000-4000-8000-000000000003"


def toets(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return ran(cwd, *arguments, **environment)


def result_in(folder: Path) -> JsonObject:
    data: JsonObject = json.loads((folder / "reports" / "result.json").read_text())
    jsonschema.validate(data, json.loads(resources.spec("result.schema.json").read_text()))
    return data


def outcomes(folder: Path) -> dict[str, str]:
    return {rule["id"]: rule["outcome"] for rule in result_in(folder)["rules"]}


def appended(tx: Transaction, request: Request) -> Result:
    """A shorter list removes nobody."""
    before = dict(tx.children(PARTICIPATION, request.key))
    answer, effect = honest.put_associations(tx, request)
    if isinstance(request.value, list):
        tx.replace_children(PARTICIPATION, request.key, {**before, **tx.children(PARTICIPATION, request.key)})
    return answer, effect


@pytest.fixture(scope="module")
def afname() -> Iterator[MockServer]:
    with MockServer("toetsafname") as server:
        yield server


@pytest.fixture(scope="module")
def liar() -> Iterator[MockServer]:
    with MockServer("toetsafname", handlers={"putAssociations": appended}) as server:
        yield server


def test_a_conformant_endpoint_leads_to_0_and_all_files(afname: MockServer, tmp_path: Path) -> None:
    done = toets("check", "toetsafname", "--url", afname.url, "--examples", "3", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "toetsafname: conformant" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["reports"]
    files = {path.name for path in (tmp_path / "reports").iterdir()}
    assert files >= {
        "result.json",
        "report.html",
        "pytest.html",
        "junit.xml",
        "exchanges.har",
        "badge.svg",
        "report.md",
    }
    result = result_in(tmp_path)
    assert result["verdict"] == "conformant"
    assert result["ledger"]["left"] == []
    assert result["ledger"]["created"] == result["ledger"]["removed"]
    assert [
        str(path) for path in (tmp_path / "reports").iterdir() if str(path.relative_to(tmp_path)) not in done.stdout
    ] == []


def test_a_toetsplanning_endpoint_with_its_sessions_named(tmp_path: Path) -> None:
    with MockServer("toetsplanning") as server:
        given = ("--given-offering", SEEDED, "--given-cancelled", CANCELLED, "--examples", "3")
        done = toets("check", "toetsplanning", "--url", server.url, *given, cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_toetsplanning_endpoint_without_sessions_is_incomplete(tmp_path: Path) -> None:
    with MockServer("toetsplanning") as server:
        done = toets("check", "toetsplanning", "--url", server.url, cwd=tmp_path)
    assert done.returncode == 3
    assert "--given-offering" in done.stdout
    assert outcomes(tmp_path)["4.1-report-answers-200"] == "not exercised"


def test_a_liar_leads_to_1_and_its_rules_are_named(liar: MockServer, tmp_path: Path) -> None:
    done = toets("check", "toetsafname", "--url", liar.url, "--only", "2.4", "--examples", "3", cwd=tmp_path)
    assert done.returncode == 1
    failed = {rule for rule, outcome in outcomes(tmp_path).items() if outcome == "fail"}
    assert failed == {"2.4-removed-students-are-gone", "2.4-empty-list-clears"}
    assert all(rule in done.stdout for rule in failed)


def test_only_one_rule(tmp_path: Path) -> None:
    with MockServer("toetsplanning") as server:
        rule = "4.1-unknown-document-type-is-refused"
        arguments = ("--only", rule, "--given-offering", SEEDED, "--examples", "3")
        done = toets("check", "toetsplanning", "--url", server.url, *arguments, cwd=tmp_path)
    assert done.returncode == 0
    assert outcomes(tmp_path) == {rule: "pass"}


def test_a_baseline_excuses_what_it_lists_and_goes_stale_loudly(liar: MockServer, tmp_path: Path) -> None:
    known = ["2.4-removed-students-are-gone", "2.4-empty-list-clears"]
    baseline = tmp_path / "known.toml"
    baseline.write_text("[known]\n" + "".join(f'"{rule}" = "ticket 7"\n' for rule in known))
    arguments = (
        "check",
        "toetsafname",
        "--url",
        liar.url,
        "--only",
        "2.4",
        "--examples",
        "3",
        "--baseline",
        str(baseline),
    )
    done = toets(*arguments, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert result_in(tmp_path)["verdict"] == "not conformant"
    assert "Known failure: 2.4-empty-list-clears: ticket 7" in done.stdout

    baseline.write_text(f'[known]\n"{known[0]}" = "ticket 7"\n')
    assert toets(*arguments, cwd=tmp_path).returncode == 1

    baseline.write_text(baseline.read_text() + f'"{known[1]}" = "ticket 7"\n"2.4-remaining-students-unchanged" = "?"\n')
    stale = toets(*arguments, cwd=tmp_path)
    assert stale.returncode == 3
    assert "Stale in the baseline" in stale.stdout


def test_a_dry_run_sends_nothing(afname: MockServer, tmp_path: Path) -> None:
    before = len(afname.mock.journal)
    done = toets("check", "toetsafname", "--url", afname.url, "--dry-run", cwd=tmp_path)
    assert done.returncode == 0
    assert "Nothing was sent." in done.stdout
    assert "option_5_delete::test_a_session_is_deleted: 1 sessions" in done.stdout
    assert len(afname.mock.journal) == before
    assert not (tmp_path / "reports").exists()


def test_diff_says_what_changed(liar: MockServer, afname: MockServer, tmp_path: Path) -> None:
    for name, server in (("good", afname), ("bad", liar)):
        arguments = ("--only", "2.4", "--examples", "3", "--report-dir", name)
        toets("check", "toetsafname", "--url", server.url, *arguments, cwd=tmp_path)
    worse = toets("diff", "good/result.json", "bad/result.json", cwd=tmp_path)
    assert worse.returncode == 1
    assert "New failures:\n  2.4-removed-students-are-gone: pass -> fail" in worse.stdout
    better = toets("diff", "bad/result.json", "good/result.json", "--json", cwd=tmp_path)
    assert better.returncode == 0
    assert {each["rule"] for each in json.loads(better.stdout)["fixed"]} == {
        "2.4-removed-students-are-gone",
        "2.4-empty-list-clears",
    }


def test_ctrl_c_cleans_up_and_writes_a_valid_partial_result(tmp_path: Path) -> None:
    """The endpoint holds back its answer to a long list until the signal was sent, so nothing is left to chance."""
    reached, released = threading.Event(), threading.Event()

    def held(tx: Transaction, request: Request) -> Result:
        if isinstance(request.value, list) and len(request.value) == 500:
            reached.set()
            released.wait(30)
        return honest.put_associations(tx, request)

    arguments = ("--timeout", "60", "--only", "2.2-long-list-is-kept-whole", "--examples", "3")
    with (
        MockServer("toetsafname", handlers={"putAssociations": held}) as server,
        started(tmp_path, "check", "toetsafname", "--url", server.url, *arguments) as process,
    ):
        assert reached.wait(60)
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        assert any("Stopping" in line for line in iter(process.stderr.readline, ""))
        released.set()
        out, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 3, out
        with server.mock.store.begin() as tx:
            assert tx.count(SESSION) == 0
    result = result_in(tmp_path)
    assert result["interrupted"] is True
    assert result["verdict"] == "incomplete"
    assert result["ledger"]["left"] == []


def test_data_that_cannot_be_removed_leads_to_4(tmp_path: Path) -> None:
    def only_when_empty(tx: Transaction, request: Request) -> Result:
        return (Answer(409), None) if tx.count(PARTICIPATION, request.key) else honest.delete_offering(tx, request)

    with MockServer("toetsafname", handlers={"deleteOffering": only_when_empty}) as server:
        arguments = ("--url", server.url, "--only", "2.2-one-person-many-roles")
        done = toets("check", "toetsafname", *arguments, cwd=tmp_path)
    assert done.returncode == 4, done.stdout
    result = result_in(tmp_path)
    assert result["verdict"] == "no verdict"
    assert {each["why"]["en"] for each in result["ledger"]["left"]} == {"DELETE: status 409"}
    assert "left behind: session 7e57" in done.stdout


# -- bad input: a sentence, the right code, never a traceback ---------------------------------------


@contextmanager
def answering(answer: Callable[[BaseHTTPRequestHandler], None], context: ssl.SSLContext | None = None) -> Iterator[str]:
    """A server that gives the same odd answer to everything."""

    class Handler(BaseHTTPRequestHandler):
        disable_nagle_algorithm = True

        def respond(self) -> None:
            self.rfile.read(int(self.headers.get("content-length") or 0))
            answer(self)

        do_GET = do_PUT = do_PATCH = do_DELETE = do_POST = respond

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http{'s' if context else ''}://127.0.0.1:{server.server_port}/ooapi"
    finally:
        server.shutdown()
        server.server_close()


def page(
    status: int, body: bytes = b"<html><body>Hello</body></html>", **headers: str
) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Type": "text/html", "Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def refused_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/ooapi"


def must_say(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    said = done.stdout + done.stderr
    assert done.returncode == code, said
    assert "Traceback" not in said
    for word in words:
        assert word in said


def test_an_endpoint_that_is_not_there(tmp_path: Path) -> None:
    must_say(toets("check", "toetsafname", "--url", refused_port(), cwd=tmp_path), 4, "refused", "Is it running")


def test_a_host_that_does_not_exist(tmp_path: Path) -> None:
    done = toets("check", "toetsafname", "--url", "http://nobody.invalid/ooapi", cwd=tmp_path, NO_PROXY="*")
    must_say(done, 4, "cannot be reached")


def test_a_web_page_instead_of_an_api(tmp_path: Path) -> None:
    with answering(page(200)) as url:
        must_say(toets("check", "toetsafname", "--url", url, cwd=tmp_path), 4, "web page")


def test_a_wrong_base_path(afname: MockServer, tmp_path: Path) -> None:
    done = toets("check", "toetsafname", "--url", afname.origin + "/v5", cwd=tmp_path)
    must_say(done, 4, "is not served", "base path")


def test_a_wrong_base_path_at_toetsplanning(tmp_path: Path) -> None:
    with MockServer("toetsplanning") as server:
        arguments = ("--url", server.origin + "/v5", "--given-offering", SEEDED)
        must_say(toets("check", "toetsplanning", *arguments, cwd=tmp_path), 4, "is not served")


def test_a_redirect(tmp_path: Path) -> None:
    with answering(page(308, Location="https://elsewhere.example.org/ooapi")) as url:
        done = toets("check", "toetsafname", "--url", url, cwd=tmp_path)
        must_say(done, 4, "redirects to https://elsewhere.example.org/ooapi")


def test_credentials_that_are_asked_for(tmp_path: Path) -> None:
    with answering(page(401)) as url:
        must_say(toets("check", "toetsafname", "--url", url, cwd=tmp_path), 4, "401", "--auth")


def test_tls_on_a_port_without(tmp_path: Path) -> None:
    with answering(page(200)) as url:
        done = toets("check", "toetsafname", "--url", url.replace("http://", "https://"), cwd=tmp_path)
        must_say(done, 4, "TLS failed")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--only", "9.9"), ("9.9", "ooapi-toets rules")),
        (("--only", "2.4-empty-list-clear"), ("Did you mean '2.4-empty-list-clears'",)),
        (("--only", "4.1-null-removes"), ("toetsafname",)),
        (("--edition", "oke-9"), ("oke-9", "toets")),
        (("--auth", "bearer"), ("OOAPI_TOETS_TOKEN",)),
        (("--auth", "oauth2", "--user", "x"), ("OOAPI_TOETS_SECRET",)),
        (("--header", "nonsense"), ("Name: value",)),
        (("--timeout", "never"), ("--timeout",)),
        (("--baseline", "nowhere.toml"), ("nowhere.toml",)),
        (("--frobnicate",), ("--frobnicate",)),
    ],
)
def test_arguments_that_cannot_be_used(arguments: tuple[str, ...], words: tuple[str, ...], tmp_path: Path) -> None:
    done = toets("check", "toetsafname", "--url", "http://127.0.0.1:1/ooapi", *arguments, cwd=tmp_path)
    must_say(done, 2, *words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[check\n", ("is not TOML",)),
        ("[check]\nulr = 'x'\n", ("'ulr'", "url")),
        ("[chekc]\n", ("[chekc]",)),
        (
            "[check]\nurl = 'http://127.0.0.1:1'\n[check.offers]\ntime-travel = false\n",
            ("time-travel", "read-associations"),
        ),
        ("[check]\nurl = 'http://127.0.0.1:1'\n[check.offers]\ndocuments = 'no'\n", ("true or false",)),
        ("[check]\nurl = 'http://127.0.0.1:1'\n[check.paths]\nflyOffering = '/x'\n", ("flyOffering",)),
        ("[check]\nurl = 'gopher://x'\n", ("gopher://x",)),
    ],
)
def test_a_broken_configuration(text: str, words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "ooapi-toets.toml").write_text(text)
    must_say(toets("check", "toetsafname", cwd=tmp_path), 2, *words)


def test_options_come_from_the_file_and_the_environment(afname: MockServer, tmp_path: Path) -> None:
    (tmp_path / "ooapi-toets.toml").write_text(
        f'[check]\nurl = "{afname.url}"\nonly = ["2.5"]\nexamples = 3\n[check.offers]\nread-associations = false\n'
    )
    done = toets("check", "toetsafname", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    seen = outcomes(tmp_path)
    assert seen["2.5-delete-answers-200"] == "pass"
    assert seen["2.5-its-associations-are-gone"] == "not applicable"
    assert "reading participants back" in done.stdout


def test_a_stored_result_is_rendered_again(afname: MockServer, tmp_path: Path) -> None:
    toets("check", "toetsafname", "--url", afname.url, "--only", "4.2", cwd=tmp_path)
    for form, sign in (("markdown", "## "), ("junit", "<testsuites"), ("badge", "<svg"), ("html", "<!doctype html>")):
        done = toets("report", "reports/result.json", "--format", form, "--lang", "nl", cwd=tmp_path)
        assert done.returncode == 0
        assert sign.lower() in done.stdout.lower()
    (tmp_path / "other.json").write_text("{}")
    must_say(toets("report", "other.json", cwd=tmp_path), 2, "is not a result")
    must_say(toets("report", "nowhere.json", cwd=tmp_path), 2, "cannot be read")
