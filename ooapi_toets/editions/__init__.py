"""Editions of the standard as objects: which roles there are, who calls whom, in which documents and words.

Everything that differs from edition to edition is here, in `spec/`, in `mock_server/roles/EDITION` and in
`conformance/scenarios/EDITION`; nothing else names an operation, a path or a rule. Meaning hangs on kinds of
messages (`kinds.py`), because one operation may carry several; rules are found by aspect, such as
`session.accepted`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from ooapi_toets import Json, contract, resources
from ooapi_toets.calls import Call
from ooapi_toets.contract import Contract, Match, Role
from ooapi_toets.editions.kinds import Kind
from ooapi_toets.errors import UsageError
from ooapi_toets.texts import Text

_MODULES = {"toets": "ooapi_toets.editions.toets"}
"""The module of each edition; it has the edition as `EDITION`."""

IDS = tuple(_MODULES)
DEFAULT = "toets"
ROLES: tuple[Role, ...] = ("toetsafname", "toetsplanning")
"""The roles of all editions together, for commands that take one."""


@dataclass(frozen=True)
class Records:
    """One kind of thing that a mock remembers, and how it stands in seed data and in the control API.

    Attributes:
        kind: Its kind, under which a store keeps it.
        message: The kind of message whose body it is.
        id: The attribute that identifies it.
        one: What a single one is called in a state.
        part: What all of them are called in a state.
        parent: The kind of what it belongs to; empty for none. Those that belong to something stand in a state
            under its id.
    """

    kind: str
    message: str
    id: str
    one: str
    part: str
    parent: str = ""


class MakesCalls(Protocol):
    """What makes the calls of an edition; scenarios of an edition know its own class."""

    @property
    def contract(self) -> Contract:
        """The contract that the calls follow."""


@dataclass(frozen=True)
class Edition:
    """One edition of the standard.

    Attributes:
        id: Its name, such as `toets`.
        documents: For each role the file below `spec/` that describes what it serves.
        flows: The file below `spec/` with the flows as steps for people.
        callers: For each role who calls it; the first is the usual one.
        scopes: The OAuth scopes that the authorization server gives out.
        rules: The id of a rule by its aspect.
        capabilities: For each role what an endpoint may declare not to offer; all else it must.
        plays: For each role the flows that it performs, in the order of the story.
        story: For each role the flows of its whole story on one session.
        chain: Who performs what when both roles work together, in order.
        seeds: For each role the bundled seed data of its mock.
        records: For each role what its mock remembers; the first are its sessions.
        given: The roles at which no session can be created over the contract, so that one has to be named.
        make_calls: Makes calls from a contract and other path templates by operation id.
        probe: A message that nobody can accept, to see whether an endpoint is there: role, calls, known sessions.
        encode: The call that carries a message.
        decode: What a request means, from what it was matched with and its body; None for a body without meaning.
        answers: For each role the aspect that the answer to a message shows, by its operation and kind: what a joint
            test must show.
    """

    id: str
    documents: Mapping[Role, str]
    flows: str
    callers: Mapping[Role, tuple[Role, ...]]
    scopes: tuple[str, ...]
    rules: Mapping[str, str]
    capabilities: Mapping[Role, Mapping[str, Text]]
    plays: Mapping[Role, tuple[str, ...]]
    story: Mapping[Role, tuple[str, ...]]
    chain: tuple[tuple[Role, str], ...]
    seeds: Mapping[Role, str]
    records: Mapping[Role, tuple[Records, ...]]
    given: frozenset[Role]
    make_calls: Callable[[Contract, Mapping[str, str]], Any]
    probe: Callable[[Role, Any, tuple[str, ...]], Call]
    encode: Callable[[Any, Kind], Call]
    decode: Callable[[Match, Json], Kind | None]
    answers: Mapping[Role, Mapping[tuple[str, type[Kind]], str]] = field(default_factory=dict)

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles that can be played and examined."""
        return tuple(self.documents)

    @property
    def package(self) -> str:
        """Its name as Python packages can have it."""
        return self.id.replace("-", "_").replace(".", "_")

    @cached_property
    def contract(self) -> Contract:
        """Its documents, loaded and compiled.

        Raises:
            DataError: When one cannot be read, or does not compile.
        """
        return contract.load_files(self.files)

    @property
    def files(self) -> dict[Role, Path]:
        """Where the document of each role is."""
        return {role: resources.spec(name) for role, name in self.documents.items()}

    def caller(self, role: Role) -> Role:
        """Who usually calls a role: whose client half is judged where it listens."""
        return self.callers[role][0]

    def called_by(self, role: Role) -> tuple[Role, ...]:
        """Whom a role calls."""
        return tuple(each for each, callers in self.callers.items() if role in callers)

    def meaning(self, role: Role, operation_id: str, ids: Mapping[str, str], body: Json) -> Kind | None:
        """What a request to a role says; None where that cannot be told.

        Args:
            role: The role that serves it.
            operation_id: Its operation.
            ids: The ids in its path, by the name of their parameter.
            body: Its body.
        """
        operation = self.contract.served_by(role).get(operation_id)
        return None if operation is None else self.decode(Match(operation, ids), body)

    def rule(self, aspect: str) -> str:
        """The id of the rule that speaks of an aspect.

        Raises:
            KeyError: When this edition has none.
        """
        return self.rules[aspect]


@cache
def load(edition: str = DEFAULT) -> Edition:
    """An edition by its name.

    Raises:
        UsageError: When there is no such edition.
    """
    if edition not in _MODULES:
        raise UsageError(f"There is no edition {edition!r}.", f"Editions that can be used: {', '.join(_MODULES)}.")
    found: Edition = import_module(_MODULES[edition]).EDITION
    return found
