"""What a pipeline shows beside its log: on GitHub annotations and a summary of the job.

GitLab reads `junit.xml` (`artifacts: reports: junit`) and shows it in the merge request; it needs nothing
more. The form of these lines is GitHub's "Workflow commands for GitHub Actions". Annotations name no file
or line: what is wrong is in the system that was checked, not in the repository of the pipeline.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from conformance.reports import markdown, words
from conformance.reports.words import text, visible
from ooapi_toets import JsonObject
from ooapi_toets.texts import say

_MOST = 10
"""GitHub shows so many annotations of one kind for a step, and drops the rest without a word."""
_KINDS = {"error": ("fail", "error"), "warning": ("warn", "disputed", "not exercised")}


def publish(
    built: Callable[[], JsonObject], language: str, environment: Mapping[str, str], tell: Callable[[str], None]
) -> None:
    """Tell the pipeline that this runs in, if it is GitHub's; elsewhere do nothing.

    Args:
        built: Makes the stored result, when it is needed.
        language: `en` or `nl`.
        environment: The variables of the environment.
        tell: Prints a line where the runner reads it.
    """
    if environment.get("GITHUB_ACTIONS") != "true":
        return
    result = built()
    for line in github(result, language):
        tell(line)
    if summary := environment.get("GITHUB_STEP_SUMMARY"):
        try:
            with Path(summary).open("a", encoding="utf-8") as file:
                file.write(markdown.render(result, language) + "\n")
        except OSError as error:
            tell(_command("warning", "OOAPI Toets", f"The summary of the job cannot be written: {error.strerror}."))


def github(result: JsonObject, language: str) -> Iterable[str]:
    """A workflow command for each rule that needs attention, the worst first.

    Args:
        result: The stored result.
        language: `en` or `nl`.
    """
    excused = (result.get("baseline") or {}).get("excused", {})
    for kind, outcomes in _KINDS.items():
        rules = [
            rule
            for outcome in outcomes
            for rule in result["rules"]
            if rule["outcome"] == outcome and rule["id"] not in excused and _weighs(rule)
        ]
        # The last place tells of those that there was no room for.
        shown = rules if len(rules) <= _MOST else rules[: _MOST - 1]
        for rule in shown:
            title = f"{rule['id']}: {words.outcome(rule['outcome'])[language]}"
            yield _command(kind, title, f"{text(rule['sentence'])[language]} {text(rule['reason'])[language]}")
        if len(rules) > len(shown):
            more = say("And {n} more; see report.html.", n=len(rules) - len(shown))[language]
            yield _command(kind, "OOAPI Toets", more)


def _weighs(rule: JsonObject) -> bool:
    """Whether a rule is worth a line: of those that could not be tried, only what must hold."""
    return bool(rule["outcome"] != "not exercised" or rule["level"] == "MUST")


def _command(kind: str, title: str, message: str) -> str:
    return f"::{kind} title={_property(title)}::{_data(message)}"


def _data(given: str) -> str:
    """A text that comes from elsewhere, so that it cannot end the command or begin another."""
    return visible(given).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(given: str) -> str:
    return _data(given).replace(":", "%3A").replace(",", "%2C")
