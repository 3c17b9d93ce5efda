"""When pytest itself fails, a check says so in a sentence and gives no verdict."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conformance.checking import pytest_shell
from conformance.checking.pytest_shell import SuitePlugin, run_pytest
from conformance.checking.session import CheckSession
from conformance.judging.finished import CheckOutcome
from conformance.settings import CheckSettings, TargetSettings
from ooapi_toets.outcomes import Outcome, Verdict

ONLY = "2.5-delete-answers-200"


def checked() -> CheckOutcome:
    """A check of one rule at an address that is never called."""
    session = CheckSession(
        CheckSettings(role="toetsafname", target=TargetSettings(url="http://127.0.0.1:9/ooapi"), only=(ONLY,))
    )
    run_pytest(session, None)
    return session.finish()


def refuses_its_options(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(pytest_shell, "_OWN_OPTIONS", (*pytest_shell._OWN_OPTIONS, "--no-such-option"))  # noqa: SLF001


def breaks(patch: pytest.MonkeyPatch) -> None:
    def pytest_sessionstart(_self: SuitePlugin) -> None:
        raise RuntimeError("out of order")

    patch.setattr(SuitePlugin, "pytest_sessionstart", pytest_sessionstart, raising=False)


@pytest.mark.parametrize(
    ("happens", "words"),
    [
        (refuses_its_options, "The scenarios could not be run in pytest: it refused its options."),
        (breaks, "The scenarios could not be run in pytest: it broke (RuntimeError: out of order)."),
    ],
)
def test_a_failure_of_pytest_is_no_verdict_and_is_said(
    happens: Callable[[pytest.MonkeyPatch], None],
    words: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    happens(monkeypatch)
    found = checked()
    assert found.verdict is Verdict.NO_VERDICT
    assert {(each.outcome, each.reason.en) for each in found.results} == {(Outcome.ERROR, words)}
    assert found.exchanges == ()
