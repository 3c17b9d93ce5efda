"""What the mock does of its own in each role of an edition; a new edition is a folder here, found by its name."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from mock_server.handling.endpoint import Handling
from mock_server.handling.path_hints import Recognise
from mock_server.judging.judge import Judge
from mock_server.roles.stage import Play, Stage
from ooapi_toets.contract import Role
from ooapi_toets.editions import Edition


def handlings_of(edition: Edition, role: Role) -> Mapping[tuple[str, str], Handling]:
    """How each message that a role receives is handled, by operation id and kind.

    Args:
        edition: The edition.
        role: The role.
    """
    found: Mapping[tuple[str, str], Handling] = _of(edition, role).HANDLINGS
    return found


def judge_of(edition: Edition) -> Judge:
    """Judges what the roles of an edition are called with."""
    found: Judge = _of(edition, "judging").judge_of(edition)
    return found


def hint_of(edition: Edition, role: Role) -> Recognise | None:
    """What recognises calls that say in another way what a role serves; None where nothing does."""
    found: Mapping[Role, Recognise] = _of(edition, "hints").HINTS
    return found.get(role)


def plays_of(edition: Edition) -> Mapping[str, Play]:
    """How each flow of an edition is performed, by flow."""
    found: Mapping[str, Play] = _of(edition, "plays").PLAYS
    return found


def suppose(stage: Stage, session: str) -> None:
    """Let a stage know a session that the other side knows, made up as far as it must be."""
    _of(stage.edition, "plays").suppose(stage, session)


def _of(edition: Edition, module: str) -> Any:
    """A module of the package of an edition."""
    return import_module(f"{__name__}.{edition.package}.{module}")
