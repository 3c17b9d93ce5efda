"""Paths that lead nowhere: 404 with what was probably meant, 405 with the right Allow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mock_server.domain.refusals import Reason, RefusalError, RuleViolation
from ooapi_toets.contract import Contract, Match, Operation, Role
from ooapi_toets.outcomes import Outcome
from ooapi_toets.texts import Text, one_of, say
from ooapi_toets.violations import Violation


@dataclass(frozen=True, slots=True)
class Meant:
    """What a call that has no place here means.

    Attributes:
        hint: How this edition says it.
        broken: The rules that it breaks by that meaning.
        disputed: Whether sources differ, so that it is told and nothing is broken.
    """

    hint: Text
    broken: tuple[RuleViolation, ...] = ()
    disputed: bool = False


Recognise = Callable[[str, str, bytes, str], Meant | None]
"""What a call means that an edition does not know, from method, path below the base path, body and query, as sent."""


class Paths:
    """Knows every path of the contract, served by this role or by the other.

    Args:
        contract: The contract.
        role: The role that is played.
        base_path: What stands before the operations.
        rule: The rule that a call breaks which has no place in the contract.
        recognise: Tells what such a call means, where an edition knows.
    """

    def __init__(
        self, contract: Contract, role: Role, base_path: str, rule: str, recognise: Recognise | None = None
    ) -> None:
        self._rule = rule
        self._role = role
        self._base = base_path
        self._contract = contract
        self._recognise = recognise
        # Its own come last: of two roles that serve the same path by the same method, it is the one that counts.
        roles = sorted(contract.documents, key=lambda each: each == role)
        self._operations = [each for served in map(contract.served_by, roles) for each in served.values()]

    def refusal(self, method: str, path: str, body: bytes = b"", query: str = "") -> RefusalError:
        """Why a request is answered with 404 or 405.

        Args:
            method: The method that was asked.
            path: The path as sent, decoded, without the query.
            body: The body, which may tell what was meant.
            query: The query as sent, which may do so too.
        """
        if self._is_of_others(method, path):
            detail = f"Nothing is served here for the role {self._role}."
            return RefusalError(Reason.UNKNOWN_PATH, detail=detail, outcome=None)
        inside = path.removeprefix(self._base) if path.startswith(self._base) else None
        meant = self._recognise(method, inside, body, query) if self._recognise and inside is not None else None
        here = self._match(inside) if inside is not None else {}
        also = meant.broken if meant else ()
        mine = [each for each in here.values() if self._role in each.roles]
        if mine:
            methods = sorted({each.method for each in mine} | ({"HEAD"} if "GET" in here else set()))
            words = ", ".join(methods)
            hint = meant.hint if meant else self._other_method(method, path, here)
            broken = self._broken("header", "method", say("must be {methods}", methods=one_of(methods)), hint)
            detail = f"Served here: {words}. {hint.en if hint else ''}".strip()
            return RefusalError(Reason.WRONG_METHOD, (broken, *also), detail, (("Allow", words),))
        if meant and meant.disputed:
            return RefusalError(Reason.UNKNOWN_PATH, also, meant.hint.en, outcome=Outcome.WARN)
        hint = meant.hint if meant else self._other_path(method, path, here)
        broken = self._broken("path", "path", say("is not in the contract"), hint)
        detail = f"Nothing is served here for the role {self._role}. {hint.en}"
        return RefusalError(Reason.UNKNOWN_PATH, (broken, *also), detail)

    def find(self, method: str, path: str, body: bytes = b"") -> Match:
        """The operation at a path that this role serves, and the ids in the path as sent; arguments as in `refusal`.

        Raises:
            RefusalError: When there is none.
        """
        inside = path.removeprefix(self._base) if path.startswith(self._base) else ""
        found = self._contract.find(self._role, method, inside)
        if found is None:
            raise self.refusal(method, path, body)
        return found

    def _is_of_others(self, method: str, path: str) -> bool:
        """Whether a call is a browser's, a load balancer's or a stranger's: nothing that this API could mean.

        A preflight is one (Fetch standard, CORS protocol), and a path outside the base path that is no
        operation of any role behind another prefix.
        """
        if method == "OPTIONS":
            return True
        if path == self._base or path.startswith(f"{self._base}/"):
            return False
        starts = (index for index, letter in enumerate(path) if letter == "/")
        tail = path.rstrip("/")
        return not any(self._match(tail[start:]) for start in starts if tail[start:]) or method in {"HEAD", "TRACE"}

    def _match(self, path: str) -> Mapping[str, Operation]:
        return {each.method: each for each in self._operations if each.pattern.fullmatch(path)}

    def _other_method(self, method: str, path: str, here: Mapping[str, Operation]) -> Text | None:
        if method in here:
            return say("{method} on this path belongs to the other role", method=method)
        parent = path.rpartition("/")[0]
        if self.served(parent) and method in self._match(parent.removeprefix(self._base)):
            return say("use {method} {parent}, with the id in the body", method=method, parent=parent)
        return None

    def _other_path(self, method: str, path: str, here: Mapping[str, Operation]) -> Text:
        if method in here:
            return say("This operation belongs to the other role: start the mock of that role.")
        if path != "/" and path.endswith("/") and self.served(path.rstrip("/")):
            right = path.rstrip("/")
            return say("Remove the slash at the end: {right}", right=right)
        if self.served(self._base + path):
            return say("The base path is missing: {base}{path}", base=self._base, path=path)
        for start in range(1, len(path)):
            if path[start] == "/" and self.served(self._base + path[start:]):
                right = self._base + path[start:]
                return say("The base path here is {base}: {right}", base=self._base, right=right)
        return say("Paths start with {base}.", base=self._base or "/")

    def served(self, path: str) -> bool:
        """Whether this role serves anything at a path."""
        if not path.startswith(self._base):
            return False
        return any(self._role in each.roles for each in self._match(path.removeprefix(self._base)).values())

    def _broken(self, where: str, keyword: str, message: Text, hint: Text | None) -> RuleViolation:
        return RuleViolation(self._rule, Violation(where, "", keyword, message, hint=hint))
