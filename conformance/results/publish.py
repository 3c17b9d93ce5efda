"""Writes a finished check as files, prints its summary, and reads a stored result again; no judging."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

import jsonschema_rs
import orjson

from conformance import reports
from conformance.judging.finished import CheckOutcome
from conformance.reports import pipeline
from conformance.results import har, result
from ooapi_toets import JsonObject, console, resources
from ooapi_toets.errors import DataError
from ooapi_toets.outcomes import Outcome, Verdict
from ooapi_toets.redaction import RUN
from ooapi_toets.texts import Text


def write(finished: CheckOutcome, folder: Path, language: str) -> list[Path]:
    """Write the result, its reports and the recording; returns the files."""
    data = result.build(finished)
    path = folder / "result.json"
    path.write_bytes(result.encode(data))
    recording = folder / "exchanges.har"
    recording.write_text(har.render(result.recording(finished), finished.masker), encoding="utf-8")
    made = [*reports.write(folder, data, language), path, recording]
    page = folder / "pytest.html"
    if not page.is_file() or not finished.exchanges:
        return made
    # pytest-html wrote it while the run went on, before everybody was known.
    text = page.read_text(encoding="utf-8")
    page.write_text(finished.masker.words(text) if finished.masker else RUN.hide(text), encoding="utf-8")
    return [*made, page]


def summary(finished: CheckOutcome, files: list[Path], language: str) -> None:
    """Print the verdict, what is behind it, and where to read more."""
    colours = {Verdict.CONFORMANT: "green", Verdict.NOT_CONFORMANT: "red"}
    for each in finished.results:
        if each.outcome in {Outcome.FAIL, Outcome.ERROR}:
            console.echo(f"{each.outcome.value:>6}  {each.rule.id}", fg="red", bold=True)
            console.echo(f"        {each.rule.sentence.en}\n        {_known(finished, each.reason)}.")
    for each in finished.results:
        if each.outcome in {Outcome.WARN, Outcome.DISPUTED}:
            console.echo(f"{each.outcome.value:>6}  {each.rule.id}: {_known(finished, each.reason)}", fg="yellow")
    unseen = [each for each in finished.results if each.outcome is Outcome.NOT_EXERCISED]
    for each in unseen:
        console.echo(f" unseen {each.rule.id}: {_known(finished, each.reason)}")
    tally = ", ".join(
        f"{sum(each.outcome is outcome for each in finished.results)} {outcome.value}"
        for outcome in Outcome
        if any(each.outcome is outcome for each in finished.results)
    )
    requests = _counted(len(result.recording(finished)), "request")
    console.echo(f"{_counted(len(finished.results), 'rule')}: {tally}. {requests}.")
    for rule, reason in finished.excused.items():
        console.echo(f"Known failure: {rule}: {reason}")
    for rule in finished.state.stale:
        console.echo(f"Stale in the baseline, it does not fail any more: {rule}", fg="yellow")
    console.echo(
        f"Created {len(finished.created)}, removed {len(finished.removed)}, left {len(finished.left)} at the endpoint."
    )
    for left in finished.left:
        console.echo(f"  left behind: {left.kind} {left.id}: {_known(finished, left.why)}", fg="red")
    for limit in finished.plan.limits:
        console.echo(f"Note: {limit.en}")
    console.echo(
        f"{finished.settings.role}: {finished.verdict.value}",
        bold=True,
        fg=colours.get(finished.verdict, "yellow"),
    )
    console.echo("Reports: " + ", ".join(str(path) for path in files))
    pipeline.publish(lambda: result.build(finished), language, os.environ, console.pipeline_command)


def _known(finished: CheckOutcome, text: Text) -> str:
    return result.known(text, finished.masker).en


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def read_result(path: Path) -> JsonObject:
    """A stored result.

    Raises:
        DataError: When the file is not one.
    """
    try:
        data: JsonObject = orjson.loads(path.read_bytes().removeprefix(codecs.BOM_UTF8))
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error
    except orjson.JSONDecodeError as error:
        raise DataError(f"{path} is not JSON: {error}.") from error
    schema = orjson.loads(resources.spec("result.schema.json").read_bytes())
    for violation in jsonschema_rs.validator_for(schema).iter_errors(data):
        place = "/".join(str(part) for part in violation.instance_path)
        raise DataError(f"{path} is not a result of a check: /{place} {violation.message[:200]}.")
    return data
