"""Performs a check for a command: runs it, writes its files, prints what a reader needs first; no judging."""

from __future__ import annotations

import os
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
from conformance.reports import pipeline
from conformance.settings import CheckSettings, TargetSettings
from ooapi_toets import JsonObject, contract, resources
from ooapi_toets.contract import ROLES
from ooapi_toets.errors import DataError
from ooapi_toets.masking import Masker
from ooapi_toets.outcomes import EXIT_OF, Exit, Outcome, Verdict


def write_plan(settings: CheckSettings) -> str:
    """What a check would do to the endpoint, as text; nothing is sent."""
    session = Session(settings)
    planned = session.plan
    session.target.close()
    effects = [each.creates(settings.examples) for each in planned.scenarios]
    sessions, people = (sum(made) for made in zip(*effects, strict=True)) if effects else (0, 0)
    lines = [
        f"A check of {settings.role} at {settings.target.url}, edition {settings.edition}, would",
        f"  run {len(planned.scenarios)} scenarios for {len(planned.rules)} rules,",
    ]
    if sessions:
        lines += [
            f"  create about {sessions} sessions and register about {people} people in them,",
            "  change and delete only these sessions; their ids all start with 7e57,",
        ]
    given = (*settings.given, *settings.given_cancelled)
    if given and any(each.given for each in planned.scenarios):
        lines.append(f"  send reports for {', '.join(given)} and put back the report that was there,")
    what = "leave everything there (--keep-data)." if settings.keep_data else "remove what it created."
    lines += [f"  and {what}", "", "Scenarios:"]
    for each, (made, registered) in zip(planned.scenarios, effects, strict=True):
        effect = f"{made} sessions, {registered} people" if made else "nothing created"
        lines.append(f"  {each.name}: {effect}")
        lines.append(f"    {each.title.splitlines()[0]}")
    lines += [f"Note: {limit.en}" for limit in planned.limits]
    return "\n".join([*lines, "Nothing was sent.", ""])


def check(settings: CheckSettings, folder: Path, language: str, *, quiet: bool = False) -> Finished:
    """Run a check, write its reports, and print what a reader needs first."""
    session = Session(settings, language)
    try:
        session.look()
    except BaseException:
        session.close()
        raise
    folder.mkdir(parents=True, exist_ok=True)
    with Reporter(len(session.plan.scenarios), f"checking {settings.role}", quiet=quiet) as reporter:
        session.engine.on_done(reporter.done)
        if session.listener:
            session.listener.say = reporter.say
        with _stoppable(session):
            run_pytest(session, folder / "pytest.html")
    finished = session.finish()
    files = write(finished, folder, language)
    if not quiet:
        summary(finished, files, language)
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
    recording.write_text(har.render(result.recording(finished), masker), encoding="utf-8")
    made = [*reports.write(folder, data, language), path, recording]
    page = folder / "pytest.html"
    return [*made, page] if page.is_file() and finished.exchanges else made


def summary(finished: Finished, files: list[Path], language: str) -> None:
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
    requests = _counted(len(result.recording(finished)), "request")
    click.echo(f"{_counted(len(finished.results), 'rule')}: {tally}. {requests}.")
    for rule, reason in finished.excused.items():
        click.echo(f"Known failure: {rule}: {reason}")
    for rule in finished.state.stale:
        click.secho(f"Stale in the baseline, it does not fail any more: {rule}", fg="yellow")
    click.echo(
        f"Created {len(finished.created)}, removed {len(finished.removed)}, left {len(finished.left)} at the endpoint."
    )
    for left in finished.left:
        click.secho(f"  left behind: {left.kind} {left.id}: {left.why.en}", fg="red")
    for limit in finished.plan.limits:
        click.echo(f"Note: {limit.en}")
    click.secho(
        f"{finished.settings.role}: {finished.verdict.value}",
        bold=True,
        fg=colours.get(finished.verdict, "yellow"),
    )
    click.echo("Reports: " + ", ".join(str(path) for path in files))
    pipeline.publish(lambda: result.build(finished), language, os.environ, click.echo)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


_SHOWN = 10
"""Generated cases of each kind in a demonstration, which should be over soon."""


def demo(folder: Path, language: str) -> Exit:
    """Start the mock of both roles, check both, and say where the reports are."""
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
                examples=_SHOWN,
            )
            finished = check(settings, folder / role, language)
            worst = max(worst, EXIT_OF[finished.gate])
            click.echo()
    click.echo(f"Open {folder / 'toetsafname' / 'report.html'} in a browser to see a report.")
    return worst


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
