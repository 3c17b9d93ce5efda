"""The commands `check`, `demo` and `report`: options to settings, and what is printed; no judging."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from types import FrameType
from typing import Any

import click
import jsonschema_rs
import orjson

from conformance import counterpart, har, reports, result
from conformance.check import Finished, Session
from conformance.plugin import run_pytest
from conformance.progress import Reporter
from conformance.settings import AuthKind, AuthSettings, CheckSettings, TargetSettings
from ooapi_toets import JsonObject, contract, resources
from ooapi_toets.contract import ROLES
from ooapi_toets.errors import DataError, UsageError
from ooapi_toets.masking import Masker
from ooapi_toets.options import config_option, secret
from ooapi_toets.outcomes import EXIT_OF, Exit, Outcome, Verdict

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("role", type=click.Choice(ROLES))
@click.option("--url", required=True, help="Base URL of the endpoint, with its base path.")
@click.option("--only", multiple=True, metavar="WORD", help="Only this flow, option or rule, such as 2.4; repeatable.")
@click.option("--edition", default=contract.DEFAULT_EDITION, show_default=True, help="Edition of the standard.")
@click.option("--given-offering", multiple=True, metavar="UUID", help="A session that exists there; repeatable.")
@click.option(
    "--given-cancelled",
    multiple=True,
    metavar="UUID",
    help="A cancelled session that exists there; repeatable.",
)
@click.option("--component", metavar="UUID", help="A test that the endpoint knows, for the sessions that are created.")
@click.option(
    "--auth",
    type=click.Choice(["none", "bearer", "basic", "oauth2"]),
    default="none",
    show_default=True,
    help="How to authenticate; secrets come from the environment or a file.",
)
@click.option("--token-file", type=_FILE, help="The bearer token, instead of OOAPI_TOETS_TOKEN.")
@click.option("--user", help="The user for basic, or the client id for oauth2.")
@click.option("--secret-file", type=_FILE, help="The password or client secret, instead of OOAPI_TOETS_SECRET.")
@click.option("--token-url", help="Where an OAuth token is fetched.")
@click.option("--scope", default="nl-test-admin-flow-2-3-4", show_default=True, help="The OAuth scope to ask for.")
@click.option("--wrong-scope", help="Another scope that this client may ask for, to see it refused.")
@click.option("--header", multiple=True, metavar="'NAME: VALUE'", help="A header line for every request; repeatable.")
@click.option("--ca", type=_FILE, help="Extra CA certificates, PEM.")
@click.option("--client-cert", type=_FILE, help="Client certificate and key, PEM.")
@click.option(
    "--timeout",
    type=click.FloatRange(0.1),
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
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Decides all generated data.")
@click.option("--examples", type=click.IntRange(1), default=30, show_default=True, help="Generated cases of each kind.")
@click.option("--keep-data", is_flag=True, help="Leave at the endpoint what was created.")
@click.option("--unmasked", is_flag=True, help="Keep personal data in the evidence; for local files only.")
@click.option(
    "--report-dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("reports"),
    show_default=True,
    help="Where the reports go.",
)
@click.option(
    "--lang",
    type=click.Choice(["en", "nl"]),
    default="en",
    show_default=True,
    help="Language of the reports.",
)
@config_option("check", ("offers", "paths"))
@click.pass_context
def check(ctx: click.Context, /, **given: Any) -> int:
    """Check an endpoint of a role and give a verdict.

    The check creates, changes and deletes sessions and people that it makes up. Point it at a test
    environment. What it created it removes again, and it says what it could not remove.

    \b
    Examples:
      ooapi-toets check toetsafname --url http://127.0.0.1:8080/ooapi
      ooapi-toets check toetsafname --url https://test.example.org/ooapi --only 2.4 --only 4.2
      ooapi-toets check toetsplanning --url https://test.example.org/ooapi --given-offering 7e57…
      OOAPI_TOETS_TOKEN=… ooapi-toets check toetsafname --url https://… --auth bearer

    \b
    Exit codes: 0 conformant, 1 not conformant, 2 usage, 3 incomplete, 4 no verdict.
    """
    settings = settings_from(given, ctx.obj or {})
    finished = perform(settings, given["report_dir"], given["lang"])
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
        if name not in contract.load(given["edition"]).operations or not isinstance(value, str):
            raise UsageError(f"paths.{name} is not a path for an operation of the contract.")
    target = TargetSettings(
        url=given["url"],
        auth=_auth(given),
        headers=tuple(_header(line) for line in given["header"]),
        ca=given["ca"],
        client_cert=given["client_cert"],
        timeout=given["timeout"],
        connections=given["connections"],
        max_requests=given["max_requests"],
        paths=tables.get("paths", {}),
    )
    return CheckSettings(
        role=given["role"],
        target=target,
        edition=given["edition"],
        only=tuple(given["only"]),
        given=tuple(given["given_offering"]),
        given_cancelled=tuple(given["given_cancelled"]),
        offers=tables.get("offers", {}),
        component=given["component"],
        seed=given["seed"],
        examples=given["examples"],
        keep_data=given["keep_data"],
        unmasked=given["unmasked"],
    )


def _auth(given: dict[str, Any]) -> AuthSettings:
    kind: AuthKind = given["auth"]
    auth = AuthSettings(
        kind=kind,
        token=secret("TOKEN", given["token_file"]),
        user=given["user"] or "",
        secret=secret("SECRET", given["secret_file"]),
        token_url=given["token_url"] or "",
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


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not name.strip():
        raise UsageError(f"{line!r} is not a header line.", "Write 'Name: value'.")
    return name.strip(), value.strip()


def perform(settings: CheckSettings, folder: Path, language: str, *, quiet: bool = False) -> Finished:
    """Run a check, write its reports, and print what a reader needs first."""
    session = Session(settings)
    try:
        session.look()
    except BaseException:
        session.target.close()
        raise
    folder.mkdir(parents=True, exist_ok=True)
    with Reporter(len(session.plan.scenarios), f"checking {settings.role}", quiet=quiet) as reporter:
        session.engine.on_done(reporter.done)
        with _stoppable(session):
            run_pytest(session, folder / "pytest.html")
    finished = session.finish()
    files = write(finished, folder, language)
    if not quiet:
        summary(finished, files)
    return finished


class _stoppable:  # noqa: N801 - used like a function
    """Ctrl-C stops the run, and not the cleaning up and the reports after it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._before: Any = None

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._stop)

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        click.echo("Stopping: cleaning up and writing what there is. Once more to leave at once.", err=True)
        self._session.interrupt()
        signal.signal(signal.SIGINT, self._before)


def write(finished: Finished, folder: Path, language: str) -> list[Path]:
    """Write the result, its reports and the recording; returns the files."""
    data = result.build(finished)
    path = folder / "result.json"
    path.write_bytes(result.encode(data))
    masker = None if finished.settings.unmasked else Masker(contract.load(finished.settings.edition))
    recording = folder / "exchanges.har"
    recording.write_text(har.render(finished.exchanges, masker), encoding="utf-8")
    return [*reports.write(folder, data, language), folder / "pytest.html", path, recording]


def summary(finished: Finished, files: list[Path]) -> None:
    """Print the verdict, what is behind it, and where to read more."""
    colours = {Verdict.CONFORMANT: "green", Verdict.NOT_CONFORMANT: "red"}
    for each in finished.results:
        if each.outcome in {Outcome.FAIL, Outcome.ERROR}:
            click.secho(f"{each.outcome.value:>6}  {each.rule.id}", fg="red", bold=True)
            click.echo(f"        {each.rule.sentence.en}\n        {each.reason.en}.")
    for each in finished.results:
        if each.outcome in {Outcome.WARN, Outcome.DISPUTED}:
            click.secho(f"{each.outcome.value:>6}  {each.rule.id}: {each.reason.en}", fg="yellow")
    unseen = [each for each in finished.results if each.outcome is Outcome.NOT_EXERCISED]
    for each in unseen:
        click.echo(f" unseen {each.rule.id}: {each.reason.en}")
    tally = ", ".join(
        f"{sum(each.outcome is outcome for each in finished.results)} {outcome.value}"
        for outcome in Outcome
        if any(each.outcome is outcome for each in finished.results)
    )
    click.echo(f"{len(finished.results)} rules: {tally}. {len(finished.exchanges)} requests.")
    click.echo(
        f"Created {len(finished.created)}, removed {len(finished.removed)}, left {len(finished.left)} at the endpoint."
    )
    for left in finished.left:
        click.secho(f"  left behind: {left.kind} {left.id}: {left.why}", fg="red")
    for limit in finished.plan.limits:
        click.echo(f"Note: {limit.en}")
    click.secho(
        f"{finished.settings.role}: {finished.verdict.value}",
        bold=True,
        fg=colours.get(finished.verdict, "yellow"),
    )
    click.echo("Reports: " + ", ".join(str(path) for path in files))


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
@click.option("--lang", type=click.Choice(["en", "nl"]), default="en", show_default=True, help="Language.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to this file instead of printing.",
)
def report(stored: Path, form: str, lang: str, output: Path | None) -> int:
    """Render a stored result again, in another format or language.

    \b
    Example:
      ooapi-toets report reports/result.json --format markdown --lang nl
    """
    text = reports.render(form, read_result(stored), lang)
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
    return int(Exit.OK)


def read_result(path: Path) -> JsonObject:
    """A stored result.

    Raises:
        DataError: When the file is not one.
    """
    try:
        data: JsonObject = orjson.loads(path.read_bytes())
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error
    except orjson.JSONDecodeError as error:
        raise DataError(f"{path} is not JSON: {error}.") from error
    schema = orjson.loads(resources.spec("result.schema.json").read_bytes())
    for violation in jsonschema_rs.validator_for(schema).iter_errors(data):
        place = "/".join(str(part) for part in violation.instance_path)
        raise DataError(f"{path} is not a result of a check: /{place} {violation.message[:200]}.")
    return data


@click.command()
@click.option(
    "--report-dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("reports"),
    show_default=True,
    help="Where the reports go, a folder per role.",
)
@click.option(
    "--lang",
    type=click.Choice(["en", "nl"]),
    default="en",
    show_default=True,
    help="Language of the reports.",
)
def demo(report_dir: Path, lang: str) -> int:
    """Start the mock of both roles on free ports and check both.

    \b
    Example:
      ooapi-toets demo --report-dir reports
    """
    worst = Exit.OK
    for role in ROLES:
        with counterpart.running(role) as mock:
            click.secho(f"The mock {role} listens at {mock.url}", bold=True)
            planning = role == "toetsplanning"
            settings = CheckSettings(
                role=role,
                target=TargetSettings(url=mock.url),
                given=mock.active if planning else (),
                given_cancelled=mock.cancelled if planning else (),
            )
            finished = perform(settings, report_dir / role, lang)
            worst = max(worst, EXIT_OF[finished.gate])
            click.echo()
    click.echo(f"Open {report_dir / 'toetsafname' / 'report.html'} in a browser to see a report.")
    return int(worst)
