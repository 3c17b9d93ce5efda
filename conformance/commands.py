"""The commands `check`, `demo` and `report`: options to settings, and what is printed; no judging."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import orjson

from conformance import reports
from conformance.command_options import address, check_options, listen_from, listening_options, report_options
from conformance.results import diff as diffs
from conformance.settings import CheckSettings, ListenSettings, TargetSettings
from ooapi_toets import console, editions
from ooapi_toets.client_auth import AuthKind, AuthSettings
from ooapi_toets.errors import UsageError
from ooapi_toets.options import Seconds, auth_option, base_url, config_option, header_line, lang_option, secret
from ooapi_toets.outcomes import EXIT_OF, Exit, Outcome, Verdict
from ooapi_toets.samples import UUID

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("role", type=click.Choice(editions.ROLES))
@click.option("--url", required=True, help="Base URL of the endpoint, with its base path.")
@click.option("--only", multiple=True, metavar="WORD", help="Only this flow, option or rule, such as 2.4; repeatable.")
@click.option("--edition", default=editions.DEFAULT, show_default=True, help="Edition of the standard.")
@click.option("--given-offering", multiple=True, metavar="UUID", help="A session that exists there; repeatable.")
@click.option(
    "--given-cancelled",
    multiple=True,
    metavar="UUID",
    help="A cancelled session that exists there; repeatable.",
)
@click.option("--component", metavar="UUID", help="A test that the endpoint knows, for the sessions that are created.")
@auth_option(
    "--auth",
    what="How to authenticate; secrets come from the environment or a file.",
)
@click.option("--token-file", type=_FILE, help="The bearer token, instead of OOAPI_TOETS_TOKEN.")
@click.option("--user", help="The user for basic, or the client id for oauth2.")
@click.option("--secret-file", type=_FILE, help="The password or client secret, instead of OOAPI_TOETS_SECRET.")
@click.option("--token-url", help="Where an OAuth token is fetched.")
@click.option("--scope", default=editions.load().scopes[0], show_default=True, help="The OAuth scope to ask for.")
@click.option("--wrong-scope", help="Another scope that this client may ask for, to see it refused.")
@click.option("--header", multiple=True, metavar="'NAME: VALUE'", help="A header line for every request; repeatable.")
@click.option("--ca", type=_FILE, help="Extra CA certificates, PEM.")
@click.option("--client-cert", type=_FILE, help="Client certificate and key, PEM.")
@click.option(
    "--timeout",
    type=Seconds(0.1),
    default=10.0,
    show_default=True,
    help="Seconds to wait for an answer.",
)
@click.option(
    "--connections",
    type=click.IntRange(1, 32),
    default=4,
    show_default=True,
    help="Requests under way at once.",
)
@click.option("--max-requests", type=click.IntRange(0), default=0, help="Stop after so many requests; 0 for no limit.")
@check_options
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Decides all generated data.")
@click.option("--examples", type=click.IntRange(1), default=30, show_default=True, help="Generated cases of each kind.")
@click.option("--dry-run", is_flag=True, help="Say what would be created, changed and deleted, and send nothing.")
@click.option(
    "--baseline",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A TOML file with known failures: a table [known] of rule ids and reasons.",
)
@click.option(
    "--fail-on",
    type=click.Choice(("fail", "warn")),
    default="fail",
    show_default=True,
    help="Also exit with 1 for a warning; the verdict stays as it is.",
)
@click.option("--keep-data", is_flag=True, help="Leave at the endpoint what was created.")
@click.option("--unmasked", is_flag=True, help="Keep personal data in the evidence; for local files only.")
@report_options
@config_option("check", ("offers", "paths"))
@click.pass_context
def check(ctx: click.Context, /, **given: Any) -> int:
    """Check an endpoint of a role and give a verdict.

    The check creates, changes and deletes sessions and people that it makes up. Point it at a test
    environment. What it created it removes again, and it says what it could not remove.

    With --listen the other half of the role is examined as well: a mock of the other system listens there,
    and your system is asked, in words or by a trigger, to send what it sends.

    \b
    Examples:
      ooapi-toets check toetsafname --url http://127.0.0.1:8080/ooapi
      ooapi-toets check toetsafname --url https://test.example.org/ooapi --only 2.4 --only 4.2
      ooapi-toets check toetsplanning --url https://test.example.org/ooapi --given-offering 7e57…
      ooapi-toets check toetsafname --url https://… --listen 127.0.0.1:9001 --trigger './send-report {session}'
      OOAPI_TOETS_TOKEN=… ooapi-toets check toetsafname --url https://… --auth bearer

    \b
    Exit codes: 0 conformant, 1 not conformant, 2 usage, 3 incomplete, 4 no verdict.
    """
    from conformance.checking import runner  # noqa: PLC0415 - help must not wait for pytest, hypothesis and httpx

    settings = settings_from(given, ctx.obj or {})
    if given["dry_run"]:
        console.echo(runner.write_plan(settings), nl=False)
        return int(Exit.OK)
    finished = runner.check(settings, given["report_dir"], given["lang"])
    if given["fail_on"] == "warn" and finished.gate is Verdict.CONFORMANT:
        warned = any(each.outcome is Outcome.WARN for each in finished.results)
        return int(Exit.NOT_CONFORMANT if warned else Exit.OK)
    return int(EXIT_OF[finished.gate])


def settings_from(given: dict[str, Any], tables: dict[str, dict[str, Any]]) -> CheckSettings:
    """The settings that options and configuration amount to.

    Raises:
        UsageError: When something is missing or of the wrong form.
    """
    for name, value in tables.get("offers", {}).items():
        if not isinstance(value, bool):
            raise UsageError(f"offers.{name} must be true or false.")
    for name, value in tables.get("paths", {}).items():
        if name not in editions.load(given["edition"]).contract.operations or not isinstance(value, str):
            raise UsageError(f"paths.{name} is not a path for an operation of the contract.")
    target = TargetSettings(
        url=base_url("--url", given["url"]),
        auth=_auth(given),
        headers=tuple(header_line(line) for line in given["header"]),
        ca=given["ca"],
        client_cert=given["client_cert"],
        timeout=given["timeout"],
        connections=given["connections"],
        max_requests=given["max_requests"],
        paths=tables.get("paths", {}),
    )
    both = {each.lower() for each in given["given_offering"]} & {each.lower() for each in given["given_cancelled"]}
    if both:
        raise UsageError(f"{min(both)} is given as a session to come and as a cancelled one.")
    return CheckSettings(
        role=given["role"],
        target=target,
        edition=given["edition"],
        only=tuple(given["only"]),
        given=_sessions("--given-offering", given["given_offering"]),
        given_cancelled=_sessions("--given-cancelled", given["given_cancelled"]),
        offers=tables.get("offers", {}),
        component=_uuid("--component", given["component"]) if given["component"] else None,
        seed=given["seed"],
        examples=given["examples"],
        keep_data=given["keep_data"],
        unmasked=given["unmasked"],
        baseline=given["baseline"],
        listen=listen_from(given),
    )


def _sessions(option: str, ids: Iterable[str]) -> tuple[str, ...]:
    """The sessions that an option names, each once, however its id is written."""
    return tuple({each.lower(): _uuid(option, each) for each in ids}.values())


def _uuid(option: str, text: str) -> str:
    if not UUID.fullmatch(text):
        raise UsageError(f"{option} {text!r} is not the id of a session or test.", "Give a UUID.")
    return text


def _auth(given: dict[str, Any]) -> AuthSettings:
    kind: AuthKind = given["auth"]
    auth = AuthSettings(
        kind=kind,
        token=secret("TOKEN", given["token_file"]),
        user=given["user"] or "",
        secret=secret("SECRET", given["secret_file"]),
        token_url=base_url("--token-url", given["token_url"], query=True) if given["token_url"] else "",
        scope=given["scope"],
        wrong_scope=given["wrong_scope"] or "",
        wrong_scope_token=secret("WRONG_SCOPE_TOKEN"),
    )
    needs = {
        "bearer": [("token", "OOAPI_TOETS_TOKEN or --token-file")],
        "basic": [("user", "--user"), ("secret", "OOAPI_TOETS_SECRET or --secret-file")],
        "oauth2": [
            ("user", "--user (the client id)"),
            ("secret", "OOAPI_TOETS_SECRET or --secret-file"),
            ("token_url", "--token-url"),
        ],
    }
    for name, where in needs.get(kind, []):
        if not getattr(auth, name):
            raise UsageError(f"--auth {kind} needs {where}.")
    return auth


@click.command()
@click.argument("role", type=click.Choice(editions.ROLES))
@listening_options
@click.option("--edition", default=editions.DEFAULT, show_default=True, help="Edition of the standard.")
@click.option(
    "--session",
    multiple=True,
    metavar="UUID",
    help="A session that your test-taking system knows and reports on; repeatable.",
)
@click.option("--seed-data", metavar="SET|FILE", help="Sessions to begin with: a bundled set or a file.")
@click.option(
    "--url",
    default="",
    help="Base URL of your test-taking system, to compare its reports with its own read; "
    "a bearer token for it comes from OOAPI_TOETS_TOKEN.",
)
@click.option("--unmasked", is_flag=True, help="Keep personal data in the evidence; for local files only.")
@report_options
def watch(**given: Any) -> int:
    """Listen to a system of a role, tick off what it performs, and judge what it sends.

    A mock of the other system listens; point yours at it and use it as you always do. The verdict and the
    reports, of the client half alone, come at the end: at Ctrl-C, or when no call came for --await seconds.

    \b
    Examples:
      ooapi-toets watch toetsplanning
      ooapi-toets watch toetsafname --session 7e57… --url https://afname.example.org/ooapi --await 60

    \b
    Exit codes: 0 conformant, 1 not conformant, 2 usage, 3 incomplete, 4 no verdict.
    """
    from conformance.joint import watch  # noqa: PLC0415 - help must not wait for pytest, hypothesis and httpx

    settings = CheckSettings(
        role=given["role"],
        target=TargetSettings(url=""),
        edition=given["edition"],
        unmasked=given["unmasked"],
        listen=_watched(given),
    )
    finished = watch.watch(settings, given["report_dir"], given["lang"], given["patience"])
    return int(EXIT_OF[finished.gate])


def _watched(given: dict[str, Any]) -> ListenSettings | None:
    """What a watch listens for.

    Raises:
        UsageError: When a session has no UUID, or none is named of those that reports will be about.
    """
    role, sessions = given["role"], tuple(each.lower() for each in given["session"])
    for each in sessions:
        if not UUID.fullmatch(each):
            raise UsageError(f"{each!r} is not the id of a session.", "Give a UUID.")
    seeded = given["seed_data"] or "none"
    if role not in editions.load(given["edition"]).given and not sessions and seeded == "none":
        raise UsageError(
            "Reports are about sessions, and none is named.",
            "Name those that your system reports on with --session UUID, or with --seed-data.",
        )
    listen = listen_from(given)
    return listen and replace(listen, sessions=sessions, seed_data=seeded, own_url=given["url"])


@click.command()
@click.option("--toetsplanning", required=True, metavar="URL", help="Base URL of the planning system.")
@click.option("--toetsafname", required=True, metavar="URL", help="Base URL of the test-taking system.")
@click.option(
    "--listen-toetsafname",
    metavar="HOST:PORT",
    default="127.0.0.1:8080",
    show_default=True,
    help="Where the planning system calls, instead of the test-taking system.",
)
@click.option(
    "--listen-toetsplanning",
    metavar="HOST:PORT",
    default="127.0.0.1:8081",
    show_default=True,
    help="Where the test-taking system calls, instead of the planning system.",
)
@click.option(
    "--await",
    "patience",
    type=Seconds(0.1),
    help="End when nothing passed for so many seconds; only at Ctrl-C unless told otherwise.",
)
@click.option("--edition", default=editions.DEFAULT, show_default=True, help="Edition of the standard.")
@click.option("--ca", type=_FILE, help="Extra CA certificates, PEM.")
@report_options
def relay(**given: Any) -> int:
    """Stand between two systems in a joint test, pass everything on, and judge both.

    Nothing is rewritten but addresses. Each side gets a report of its own, in a folder of its role.

    \b
    Example:
      ooapi-toets relay --toetsplanning https://p.example.org/ooapi --toetsafname https://a.example.org/ooapi

    \b
    Exit codes: that of the worse verdict: 0 conformant, 1 not conformant, 2 usage, 3 incomplete, 4 no verdict.
    """
    from conformance.joint import relay as relays  # noqa: PLC0415 - help must not wait for pytest, hypothesis and httpx

    made = relays.Relay(
        {role: base_url(f"--{role}", given[role]) for role in editions.ROLES},
        {
            "toetsplanning": address(given["listen_toetsplanning"]),
            "toetsafname": address(given["listen_toetsafname"]),
        },
        given["edition"],
        given["ca"],
    )
    return int(relays.perform_relay(made, given["report_dir"], given["lang"], given["patience"]))


@click.command()
@click.argument("stored", metavar="RESULT.json", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--format",
    "form",
    type=click.Choice(list(reports.FORMATS)),
    default="html",
    show_default=True,
    help="What to render.",
)
@lang_option("Language.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to this file instead of printing.",
)
def report(stored: Path, form: str, lang: str, output: Path | None) -> None:
    """Render a stored result again, in another format or language.

    \b
    Example:
      ooapi-toets report reports/result.json --format markdown --lang nl
    """
    from conformance.results import publish  # noqa: PLC0415 - help must not wait for pytest, hypothesis and httpx

    text = reports.render(form, publish.read_result(stored), lang)
    if output is None:
        console.echo(text, nl=False)
    else:
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise UsageError(f"{output} cannot be written: {error.strerror}.") from error


@click.command()
@click.argument("old", metavar="OLD", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("new", metavar="NEW", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print the differences as JSON.")
def diff(old: Path, new: Path, *, as_json: bool) -> int:
    """Say what changed between two stored results: fixed, new, no longer exercised.

    \b
    Example:
      ooapi-toets diff last/result.json reports/result.json

    \b
    Exit codes: 0 nothing got worse, 1 a rule fails that did not, 2 usage.
    """
    from conformance.results import publish  # noqa: PLC0415 - help must not wait for pytest, hypothesis and httpx

    found = diffs.compare(publish.read_result(old), publish.read_result(new))
    if as_json:
        console.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
    else:
        console.echo(diffs.in_words(found), nl=False)
    return int(Exit.NOT_CONFORMANT if found["new"] else Exit.OK)


@click.command()
@click.option("--chain", is_flag=True, help="Let the two mocks work together instead, through the relay.")
@report_options
def demo(report_dir: Path, lang: str, *, chain: bool) -> int:
    """Start the mock of both roles on free ports and check both; a folder of reports per role.

    \b
    Examples:
      ooapi-toets demo --report-dir reports
      ooapi-toets demo --chain
    """
    from conformance.joint import demo as demos  # noqa: PLC0415 - help must not wait for pytest, hypothesis and httpx

    return int(demos.chain_demo(report_dir, lang) if chain else demos.demo(report_dir, lang))
