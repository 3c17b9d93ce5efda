"""Makes the system under test perform a step: by a command of the user's, or by a POST to a URL of theirs."""

from __future__ import annotations

import os
import shlex
import subprocess

import httpx

from conformance.endpoint.target import in_words
from conformance.evidence.findings import PrerequisiteFailed
from conformance.settings import ListenSettings
from ooapi_toets import proxies
from ooapi_toets.texts import say

_LONGEST = 120.0
"""Seconds that a trigger may take."""


class TriggerFailed(PrerequisiteFailed):
    """The trigger could not be used, or said that it failed.

    Args:
        why: What it said.
        ran: Whether it ran: then it may only say that its calls were not taken.
    """

    def __init__(self, why: str, *, ran: bool) -> None:
        super().__init__(say("The trigger failed ({why}).", why=why))
        self.ran = ran


def pull(settings: ListenSettings, about: dict[str, str]) -> None:
    """Ask for a step by every trigger that is set.

    Args:
        settings: Which those are.
        about: What `{step}`, `{session}` and `{url}` stand for.

    Raises:
        TriggerFailed: When one does not work.
    """
    if settings.trigger:
        _run(settings.trigger, about)
    if settings.trigger_url:
        _post(settings.trigger_url, about)


def _run(command: str, about: dict[str, str]) -> None:
    words = [_filled(word, about) for word in shlex.split(command)]
    environment = {f"OOAPI_TOETS_{name.upper()}": value for name, value in about.items()}
    try:
        done = subprocess.run(  # noqa: S603 - the user's own command, without a shell
            words, check=False, capture_output=True, text=True, env={**os.environ, **environment}, timeout=_LONGEST
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise TriggerFailed(f"{words[0]}: {error}", ran=False) from error
    if done.returncode:
        told = (done.stderr or done.stdout).strip()[-300:]
        raise TriggerFailed(f"{words[0]}: exit code {done.returncode} {told}".rstrip(), ran=True)


def _post(url: str, about: dict[str, str]) -> None:
    try:
        filled = _filled(url, about)
        with httpx.Client(trust_env=False, mounts=proxies.mounts(filled), timeout=_LONGEST) as client:
            answer = client.post(filled, json=about)
    except httpx.HTTPError as error:
        raise TriggerFailed(in_words(error), ran=False) from error
    if answer.is_error:
        raise TriggerFailed(f"status {answer.status_code}", ran=True)


def _filled(text: str, about: dict[str, str]) -> str:
    for name, value in about.items():
        text = text.replace(f"{{{name}}}", value)
    return text
