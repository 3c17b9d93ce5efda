"""Does a session keep its id when it is sent again? Told from what the client sent before.

A session that is sent again under another id looks like a new one. It is noticed where it is the same in
all else as one that is still registered; a session that was changed as well cannot be told from another.
"""

from __future__ import annotations

from hashlib import blake2b

from mock_server.domain.effects import Effect
from mock_server.domain.refusals import RuleViolation
from mock_server.journal.entry import Entry, Finding
from ooapi_toets.outcomes import Outcome
from ooapi_toets.texts import say
from ooapi_toets.violations import Violation

_MOST = 10_000


class Identity:
    """What the sessions of one sandbox look like, so that one is recognised under another id.

    Args:
        keeps: The rule that a session keeps its id.
    """

    def __init__(self, keeps: str) -> None:
        self._keeps = keeps
        self._kept = (Finding(keeps, Outcome.PASS),)
        self._looks: dict[str, bytes] = {}
        self._sessions: dict[bytes, str] = {}

    def note(self, entry: Entry) -> tuple[Finding, ...]:
        """What a call says about the id of its session; remembers the session."""
        effect = entry.effect
        if effect is None:
            return ()
        match effect.kind:
            case "created":
                return self._created(effect)
            case "replaced" if entry.kind == "session" and entry.method == "PUT":
                self._remember(effect.session, _look(effect))
                return self._kept
            case "none" if entry.kind == "session" and entry.method == "PUT":
                return self._kept
            case "deleted":
                self._forget(effect.session)
        return ()

    def clear(self) -> None:
        """The state was changed from outside the conversation."""
        self._looks.clear()
        self._sessions.clear()

    def _created(self, effect: Effect) -> tuple[Finding, ...]:
        look = _look(effect)
        twin = self._sessions.get(look)
        self._remember(effect.session, look)
        return () if twin is None else (_renamed(self._keeps, twin),)

    def _remember(self, session: str, look: bytes) -> None:
        self._forget(session)
        if len(self._looks) >= _MOST:
            self._forget(next(iter(self._looks)))
        self._looks[session] = look
        self._sessions[look] = session

    def _forget(self, session: str) -> None:
        look = self._looks.pop(session, None)
        if look is not None and self._sessions.get(look) == session:
            del self._sessions[look]


def _look(effect: Effect) -> bytes:
    """A session without its id, in a few bytes; the same attributes in another order look different."""
    text = (effect.after or b"").lower().replace(effect.session.encode(), b"")
    return blake2b(text, digest_size=16).digest()


def _renamed(rule: str, twin: str) -> Finding:
    violation = Violation(
        "body",
        "/offeringId",
        "id",
        say("is new, but registered session {twin} is otherwise identical", twin=twin),
        "the offeringId sent before",
        hint=say("use the same id to send a session again; two separate sessions may be alike"),
    )
    return Finding(rule, Outcome.WARN, (RuleViolation(rule, violation),))
