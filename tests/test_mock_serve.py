"""The command `mock` as a user runs it, the server for test code, and the fixture of the installed plugin."""

from __future__ import annotations

import json
import signal
import socket
import sqlite3
import ssl
import tempfile
from contextlib import closing, redirect_stderr
from dataclasses import replace
from io import StringIO
from pathlib import Path

import httpx
import pytest
import trustme

from mock_server.serving.server import MockServer
from mock_server.settings import Limits, MockSettings
from mock_server.state.stores import open_store
from ooapi_toets import cli, editions
from ooapi_toets.samples import Maker
from tests.command import PATIENCE
from tests.mock_process import MockProcess

THIS = __file__
"""A file that is there and holds nothing that would do."""
pytest_plugins = ["pytester"]


Failed = tuple[int, str]


def mock(*arguments: str) -> Failed:
    """A start that is meant to fail: the exit code and what is said; in this process, which is quicker."""
    with redirect_stderr(StringIO()) as said, pytest.raises(SystemExit) as ended:
        cli.main(["mock", "toetsafname", *arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code, said.getvalue()


def must_say(failed: Failed, code: int, *words: str) -> None:
    assert failed[0] == code, failed[1]
    assert "Traceback" not in failed[1]
    assert "Internal error" not in failed[1]
    for word in words:
        assert word in failed[1]


def test_it_is_ready_when_it_says_so_and_ends_in_good_order(tmp_path: Path) -> None:
    store = str(tmp_path / "mock.sqlite")
    offering = Maker().offering()
    with MockProcess("toetsafname", "--store", store) as process:
        assert process.ready["role"] == "toetsafname"
        assert "controlToken" not in process.ready
        assert httpx.put(f"{process.url}/offerings", json=offering).status_code == 200
        assert process.stop() == 0
        assert process.errors == ""
    with MockProcess("toetsafname", "--store", store) as again:
        assert httpx.get(f"{again.url}/offerings/{offering['offeringId']}").json() == offering
        assert again.stop(signal.SIGINT) == 0


def test_a_port_that_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        must_say(mock("--port", port), 4, f"Port {port} on 127.0.0.1 is taken", "--port")


def test_an_address_that_is_not_ours() -> None:
    must_say(mock("--port", "0", "--host", "192.0.2.1"), 4, "Cannot listen on 192.0.2.1", "--host")


def test_a_store_that_another_mock_uses_or_that_is_older(tmp_path: Path) -> None:
    path = str(tmp_path / "mock.sqlite")
    holder = open_store(path)
    must_say(mock("--port", "0", "--store", path), 4, "in use by another mock")
    holder.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE ooapi_toets_meta SET value = '0'")
    must_say(mock("--port", "0", "--store", path), 4, "has format 0", "begin with a new store")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--seed-data", "nowhere.json"), ("nowhere.json", "basic")),
        (("--faults", "earthquake"), ("no preset 'earthquake'", "500-then-ok")),
        (("--edition", "oke-9"), ("no edition 'oke-9'",)),
        (("--tls-cert", THIS), ("TLS needs a certificate and its key",)),
        (("--tls-cert", THIS, "--tls-key", THIS), ("certificate cannot be used", "PEM")),
        (("--unmasked", "--host", "0.0.0.0"), ("a control token that you chose",)),  # noqa: S104 - it is refused
        (("--auth", "oauth2", "--clients", THIS), ("clients in", "secret")),
    ],
)
def test_arguments_that_cannot_be_used(arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    must_say(mock("--port", "0", *arguments), 2, *words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("openapi: [", "is not YAML"),
        ("openapi: 3.0.3\npaths: {}\n", "describes no operations"),
        ("openapi: 3.0.3\npaths: {/x: {get: {operationId: x}}}\n", "does not compile"),
    ],
)
def test_a_contract_that_does_not_load_never_leads_to_an_empty_mock(
    text: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "contract.yaml"
    path.write_text(text)
    broken = replace(editions.load(), id="broken", documents=dict.fromkeys(editions.ROLES, str(path)))
    monkeypatch.setattr(editions, "load", lambda _edition: broken)
    must_say(mock("--port", "0", "--edition", "broken"), 2, words)


# -- elsewhere than on this machine ------------------------------------------------------------------


def test_the_control_api_elsewhere_asks_for_a_token_that_is_printed_once() -> None:
    with MockProcess("toetsafname", "--host", "0.0.0.0") as process:  # noqa: S104 - that is the point
        token = process.ready["controlToken"]
        control = process.control.replace("0.0.0.0", "127.0.0.1")  # noqa: S104
        refused = httpx.get(f"{control}/info")
        assert (refused.status_code, refused.headers["www-authenticate"][:6]) == (401, "Bearer")
        assert httpx.get(f"{control}/info", headers={"authorization": "Bearer wrong"}).status_code == 401
        told = httpx.get(f"{control}/info", headers={"authorization": f"Bearer {token}"})
        assert told.status_code == 200
        assert token not in told.text
        assert httpx.get(f"{control}/info", params={"token": token}).status_code == 200
        shown = httpx.put(f"{control}/settings", json={"unmasked": True}, params={"token": token})
        assert (shown.status_code, "on this machine only" in shown.json()["title"]) == (400, True)


def test_a_token_that_was_chosen_is_not_printed() -> None:
    with MockProcess("toetsafname", OOAPI_TOETS_CONTROL_TOKEN="kies-zelf") as process:  # noqa: S106 - made up here
        assert "kies-zelf" not in json.dumps(process.ready)
        assert httpx.get(f"{process.control}/info").status_code == 401
        headers = {"authorization": "bearer kies-zelf"}
        assert httpx.get(f"{process.control}/info", headers=headers).status_code == 200


def test_a_mock_in_test_code_that_others_can_call_has_a_token_as_well() -> None:
    with MockServer(MockSettings("toetsafname", host="0.0.0.0", port=0)) as server:  # noqa: S104 - that is the point
        control = f"{server.origin}/_mock/info".replace("0.0.0.0", "127.0.0.1")  # noqa: S104
        assert httpx.get(control).status_code == 401
        headers = {"authorization": f"Bearer {server.mock.settings.control_token}"}
        assert httpx.get(control, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("headers", "title"),
    [
        ({"host": "evil.example.org"}, "Not for this host"),
        ({"origin": "https://evil.example.org"}, "Not for other web pages"),
    ],
)
def test_a_web_page_of_another_origin_is_kept_out(headers: dict[str, str], title: str, toetsafname: MockServer) -> None:
    answer = httpx.get(f"{toetsafname.origin}/_mock/info", headers=headers)
    assert (answer.status_code, answer.json()["title"]) == (403, title)
    assert "access-control-allow-origin" not in answer.headers


# -- TLS ---------------------------------------------------------------------------------------------


def left_behind() -> set[str]:
    return {each.name for each in Path(tempfile.gettempdir()).glob("ooapi-toets-tls-*")}


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_certificate_made_for_the_occasion_goes_with_it(how: signal.Signals) -> None:
    before = left_behind()
    with MockProcess("toetsafname", "--tls-self-signed") as process:
        ca = Path(process.ready["ca"])
        assert process.url.startswith("https://")
        with httpx.Client(verify=ssl.create_default_context(cafile=ca)) as client:
            assert client.get(process.url + "/").status_code == 200
            line = client.get(f"{process.control}/requests/1/curl").text
            assert f"'{process.url}/'" in line or f" {process.url}/" in line
        with pytest.raises(httpx.ConnectError):
            httpx.get(process.url)
        assert process.stop(how) == 0
    assert not ca.exists()
    assert left_behind() <= before


def test_clients_show_a_certificate(tmp_path: Path) -> None:
    authority = trustme.CA()
    served, shown = authority.issue_cert("127.0.0.1"), authority.issue_cert("client.example.org")
    ca, cert, key, client = (tmp_path / name for name in ("ca.pem", "cert.pem", "key.pem", "client.pem"))
    authority.cert_pem.write_to_path(str(ca))
    served.cert_chain_pems[0].write_to_path(str(cert))
    served.private_key_pem.write_to_path(str(key))
    shown.private_key_and_cert_chain_pem.write_to_path(str(client))
    files = ("--tls-cert", str(cert), "--tls-key", str(key), "--tls-client-ca", str(ca))
    with MockProcess("toetsafname", *files) as process:
        trusting = ssl.create_default_context(cafile=ca)
        with pytest.raises(httpx.HTTPError), httpx.Client(verify=trusting) as nobody:
            nobody.get(process.url + "/")
        trusting.load_cert_chain(client)
        with httpx.Client(verify=trusting) as known:
            assert known.get(process.url + "/").status_code == 200


# -- for test code -----------------------------------------------------------------------------------


def test_a_mock_as_context_manager_resets_and_lets_go_of_its_port() -> None:
    offering = Maker().offering()
    with MockServer("toetsafname") as server:
        httpx.put(f"{server.url}/offerings", json=offering)
        assert len(server.mock.journal) == 1
        server.reset()
        assert len(server.mock.journal) == 0
        assert httpx.get(f"{server.url}/offerings/{offering['offeringId']}").status_code == 404
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.url)


def test_a_mock_that_was_never_started_can_be_stopped() -> None:
    MockServer("toetsplanning").stop()


def test_the_plugin_gives_a_mock_that_is_reset_for_each_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import httpx
        from ooapi_toets.samples import Maker

        def test_one(toetsafname_mock):
            assert httpx.put(f"{toetsafname_mock.url}/offerings", json=Maker().offering()).status_code == 200
            assert len(toetsafname_mock.mock.journal) == 1

        def test_two(toetsafname_mock, toetsplanning_mock):
            assert len(toetsafname_mock.mock.journal) == 0
            assert httpx.get(toetsplanning_mock.url + "/").status_code == 200
        """
    )
    pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:schemathesis").assert_outcomes(passed=2)


# -- bounds ------------------------------------------------------------------------------------------


def test_what_is_too_large_or_too_slow_is_refused() -> None:
    limits = Limits(body_bytes=1_000, header_bytes=4_000, idle_seconds=0.1)
    with MockServer(MockSettings("toetsafname", port=0, limits=limits)) as server:
        large = httpx.put(f"{server.url}/offerings", content=b"x" * 1_001)
        assert (large.status_code, large.headers["content-type"]) == (413, "application/problem+json")
        assert httpx.get(server.url + "/", headers={"x": "y" * 5_000}).status_code == 431
        host, port = server.origin.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=PATIENCE) as slow:
            slow.sendall(b"PUT /ooapi/offerings HTTP/1.1\r\nHost: x\r\n")
            assert b" 408 " in slow.recv(1_000)
        assert httpx.get(server.url + "/").status_code == 200
