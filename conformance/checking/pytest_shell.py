"""The pytest shell around a check: collects the scenarios, waits for each, reports what became of it.

The work is done by the engine, in threads, before pytest comes to an item; an item only waits. So
pytest-html and everything else that hangs on pytest sees ordinary tests, in the order of the files.
"""

from __future__ import annotations

import html
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from conformance.checking.engine import Record
from conformance.checking.session import CheckSession
from conformance.planning.scenario import Scenario, package_of
from ooapi_toets.outcomes import Outcome
from ooapi_toets.redaction import RUN
from ooapi_toets.texts import say

_HERE = Path(__file__).resolve().parent
_SUITE = _HERE.parent


class SuitePlugin:
    """Ties pytest to one check.

    Args:
        session: The check under way.

    Attributes:
        trouble: What went wrong in pytest itself, in a line; empty when nothing did.
    """

    def __init__(self, session: CheckSession) -> None:
        self._session = session
        self._planned = {each.name: each for each in session.plan.scenarios}
        self.trouble = ""

    @pytest.fixture(name="run")
    def fixture_run(self) -> None:
        """What a scenario asks for; the engine makes the real one in its own thread."""

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Keep what the plan wants, in the order in which it runs."""
        wanted = [each for each in items if _scenario(each).name in self._planned]
        config.hook.pytest_deselected(items=[each for each in items if each not in wanted])
        items[:] = sorted(wanted, key=lambda each: _scenario(each).turn)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Let the engine begin."""
        self._session.engine.start([_scenario(each) for each in session.items])

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool:
        """Wait for a scenario and say what became of it, in pytest's words."""
        record = self._session.engine.wait(_scenario(pyfuncitem))
        pyfuncitem.user_properties.append(("record", record))
        if record.outcome in {Outcome.FAIL, Outcome.ERROR}:
            pytest.fail(_findings(record), pytrace=False)
        if record.outcome is Outcome.NOT_EXERCISED:
            pytest.skip(_findings(record))
        return True

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        """Keep what broke, to be said in a sentence instead of a traceback."""
        self.trouble = f"{excinfo.typename}: {excinfo.value}"
        return True

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep why a module could not be read."""
        if report.failed:
            self.trouble = report.longreprtext.strip().rpartition("\n")[2]

    def pytest_html_report_title(self, report: Any) -> None:
        """The title of pytest-html's page."""
        report.title = f"ooapi-toets: {self._session.settings.role}"

    def pytest_html_results_table_header(self, cells: list[str]) -> None:
        """A column with the rules and one with the outcome in our words."""
        cells.insert(2, "<th>Rules</th>")
        cells.insert(3, "<th>Outcome</th>")

    def pytest_html_results_table_row(self, report: pytest.TestReport, cells: list[str]) -> None:
        """The same two columns for one scenario."""
        record = dict(report.user_properties).get("record")
        rules = " ".join(record.scenario.rules) if isinstance(record, Record) else ""
        outcome = record.outcome.value if isinstance(record, Record) else ""
        cells.insert(2, f"<td>{html.escape(rules)}</td>")
        cells.insert(3, f"<td>{html.escape(outcome)}</td>")


_OWN_OPTIONS = (
    f"--rootdir={_SUITE}",
    f"--config-file={_HERE / 'pytest.ini'}",
    "-pno:cacheprovider",
    "-pno:terminal",
    "--capture=no",  # what is said while it runs, such as after Ctrl-C, is for the terminal
    "-ppytest_metadata.plugin",
    "-ppytest_html.plugin",
)

_ENDED = {
    pytest.ExitCode.INTERRUPTED: say("it could not read the scenarios"),
    pytest.ExitCode.INTERNAL_ERROR: say("it broke"),
    pytest.ExitCode.USAGE_ERROR: say("it refused its options"),
    pytest.ExitCode.NO_TESTS_COLLECTED: say("it found no scenarios"),
}
"""What it means that pytest ended with a status that says nothing about scenarios."""


def run_pytest(session: CheckSession, html_path: Path | None) -> None:
    """Run the scenarios of a check under pytest; those that pytest did not come to are an error of the suite.

    Args:
        session: The check under way.
        html_path: Where pytest-html writes its page, or None.
    """
    arguments = [
        str(_SUITE.joinpath(*package_of(session.settings.edition, session.settings.role).split(".")[1:])),
        *_OWN_OPTIONS,
    ]
    if html_path is not None:
        arguments += [f"--html={html_path}", "--self-contained-html"]
    plugin = SuitePlugin(session)
    with _undisturbed():
        status = pytest.main(arguments, plugins=[plugin])
    if (ended := _ENDED.get(pytest.ExitCode(status))) and not session.interrupted:
        detail = say("{ended} ({trouble})", ended=ended, trouble=plugin.trouble) if plugin.trouble else ended
        session.engine.abandon(
            session.plan.scenarios, say("The scenarios could not be run in pytest: {why}.", why=detail)
        )


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Without plugins and options that happen to be set where the suite is run."""
    saved = {name: os.environ.pop(name, None) for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")}
    saved["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        for name, value in saved.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _scenario(item: pytest.Item) -> Scenario:
    scenario: Scenario = item.obj.scenario  # type: ignore[attr-defined]
    return scenario


def _findings(record: Record) -> str:
    lines = [
        f"{each.rule}: {each.outcome.value}: {each.message.en}"
        for each in record.checks
        if each.outcome is not Outcome.PASS
    ]
    return RUN.hide("\n".join([*lines, *([record.error] if record.error else [])]))
