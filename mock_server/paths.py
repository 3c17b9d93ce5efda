"""Paths that lead nowhere: 404 with what was probably meant, 405 with the right Allow."""

from __future__ import annotations

from collections.abc import Mapping

from mock_server.domain.refusals import Broken, Reason, RefusalError
from mock_server.judge import FOLLOWS
from mock_server.otherwise import Otherwise, recognised
from ooapi_toets.contract import Contract, Operation
from ooapi_toets.schemas import Violation


class Paths:
    """Knows every path of the contract, served by this role or by the other.

    Args:
        contract: The contract.
        role: The role that is played.
        base_path: What stands before the operations.
    """

    def __init__(self, contract: Contract, role: str, base_path: str) -> None:
        self._role = role
        self._base = base_path
        self._operations = list(contract.operations.values())

    def refusal(self, method: str, path: str, body: bytes = b"") -> RefusalError:
        """Why a request is answered with 404 or 405.

        Args:
            method: The method that was asked.
            path: The path as sent, decoded, without the query.
            body: The body, which may tell what was meant.
        """
        inside = path.removeprefix(self._base) if path.startswith(self._base) else None
        meant = recognised(method, inside, body) if inside is not None and self._role == "toetsafname" else None
        here = self._match(inside) if inside is not None else {}
        mine = [each for each in here.values() if self._role in each.roles]
        if mine:
            allow = sorted({each.method for each in mine} | ({"HEAD"} if "GET" in here else set()))
            return self._method_refused(method, path, allow, here, meant)
        hint = meant.hint if meant else self._hint(method, path, here)
        detail = f"Nothing is served here for the role {self._role}. {hint}".strip()
        broken = _broken("path", "", "path", "is not in the contract", "staat niet in het contract", hint)
        return RefusalError(Reason.UNKNOWN_PATH, (broken, *(meant.broken if meant else ())), detail)

    def find(self, method: str, path: str, body: bytes = b"") -> tuple[Operation, str]:
        """The operation at a path that this role serves, and the id in the path as sent; arguments as in `refusal`.

        Raises:
            RefusalError: When there is none.
        """
        inside = path.removeprefix(self._base) if path.startswith(self._base) else ""
        for operation in self._operations:
            found = operation.pattern.fullmatch(inside)
            if found and operation.method == method and self._role in operation.roles:
                return operation, next(iter(found.groups()), "")
        raise self.refusal(method, path, body)

    def _match(self, path: str) -> Mapping[str, Operation]:
        return {each.method: each for each in self._operations if each.pattern.fullmatch(path)}

    def _method_refused(
        self, method: str, path: str, allow: list[str], here: Mapping[str, Operation], meant: Otherwise | None
    ) -> RefusalError:
        words = ", ".join(allow)
        parent = path.rpartition("/")[0]
        hint = ""
        if meant:
            hint = meant.hint
        elif method in here:
            hint = f"{method} is served here by the other role"
        elif self.served(parent) and method in self._match(parent.removeprefix(self._base)):
            hint = f"{method} is served at {parent}, with the id in the body"
        broken = _broken("header", "", "method", f"must be {words}", f"moet {words} zijn", hint)
        also = meant.broken if meant else ()
        detail = f"Served here: {words}. {hint}".strip()
        return RefusalError(Reason.WRONG_METHOD, (broken, *also), detail, (("Allow", words),))

    def _hint(self, method: str, path: str, here: Mapping[str, Operation]) -> str:
        if method in here:
            return "This operation is served by the other role: start the mock of that role."
        if path != "/" and path.endswith("/") and self.served(path.rstrip("/")):
            return f"Leave out the slash at the end: {path.rstrip('/')}"
        if self.served(self._base + path):
            return f"The base path is missing: {self._base}{path}"
        for start in range(1, len(path)):
            if path[start] == "/" and self.served(self._base + path[start:]):
                return f"Another base path? Here it is {self._base}: {self._base}{path[start:]}"
        return f"Paths start with {self._base or '/'}."

    def served(self, path: str) -> bool:
        """Whether this role serves anything at a path."""
        if not path.startswith(self._base):
            return False
        return any(self._role in each.roles for each in self._match(path.removeprefix(self._base)).values())


def _broken(where: str, pointer: str, keyword: str, message: str, message_nl: str, hint: str) -> Broken:
    return Broken(FOLLOWS, Violation(where, pointer, keyword, message, message_nl, hint=hint))
