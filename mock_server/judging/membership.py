"""Who takes part in a session, remembered so that participants sent one at a time are judged like a list.

An object that adds a role for somebody who takes part already must be the same person, and somebody who takes
part in that role already must keep the associationId. A list is only taken apart when an object follows it.
"""

from __future__ import annotations

from collections import OrderedDict

import orjson

from mock_server.domain.effects import Effect
from mock_server.domain.refusals import RuleViolation
from mock_server.journal.entry import Entry, Finding
from mock_server.judging import persons
from ooapi_toets import JsonObject
from ooapi_toets.outcomes import Outcome
from ooapi_toets.texts import say
from ooapi_toets.violations import Violation

_SESSIONS = 200
_LARGEST = 2_000_000
"""A longer list is not remembered: objects that follow it are not compared with it."""

_Roles = dict[str, dict[str, tuple[str, persons.Facts]]]
"""By person and role: the id of the part, and what was said of the person."""


class Membership:
    """Who takes part in the sessions of one sandbox, as far as it was told lately.

    Args:
        one_person: The rule that somebody is the same in every role.
        keep_ids: The rule that a part keeps its id.
    """

    def __init__(self, one_person: str, keep_ids: str) -> None:
        self._one_person = one_person
        self._keep_ids = keep_ids
        self._sessions: OrderedDict[str, bytes | _Roles] = OrderedDict()

    def clear(self) -> None:
        """The state was changed from outside the conversation."""
        self._sessions.clear()

    def note(self, entry: Entry) -> tuple[Finding, ...]:
        """What a call says about people who take part already; remembers it."""
        effect = entry.effect
        if effect is None:
            return ()
        if effect.kind == "deleted":
            self._sessions.pop(effect.session, None)
        elif entry.kind == "participants":
            self._keep(effect.session, entry.body if len(entry.body) <= _LARGEST else b"[]")
        elif entry.kind == "participation":
            return self._one(effect, orjson.loads(effect.after or entry.body))
        return ()

    def _keep(self, session: str, told: bytes | _Roles) -> None:
        self._sessions[session] = told
        self._sessions.move_to_end(session)
        if len(self._sessions) > _SESSIONS:
            self._sessions.popitem(last=False)

    def _one(self, effect: Effect, sent: JsonObject) -> tuple[Finding, ...]:
        told = self._sessions.get(effect.session, b"[]")
        roles = _taken_apart(told) if isinstance(told, bytes) else told
        self._keep(effect.session, roles)
        person, role = sent["person"], sent["role"]
        facts, part = persons.facts_of(person), sent["associationId"].lower()
        mine = roles.setdefault(persons.id_of(person), {})
        found: list[Finding] = []
        if effect.added:
            known = mine.get(role)
            if known is not None:
                violation = Violation(
                    "body",
                    "/associationId",
                    "id",
                    say("is new, but this person already had this role under another id"),
                    "the associationId sent before",
                )
                found.append(_broken(self._keep_ids, violation))
            others = [told for name, (_, told) in mine.items() if name != role]
            if others:
                found.append(self._same(any(persons.differing(each, facts) for each in others)))
        mine[role] = (part, facts)
        return tuple(found)

    def _same(self, differs: bool) -> Finding:  # noqa: FBT001 - a private word for one of two outcomes
        if not differs:
            return Finding(self._one_person, Outcome.PASS)
        told = say("has other data than the same person in another role of this session")
        return _broken(self._one_person, Violation("body", "/person", "person", told, "the person as sent before"))


def _taken_apart(body: bytes) -> _Roles:
    found: _Roles = {}
    for each in orjson.loads(body):
        mine = found.setdefault(persons.id_of(each["person"]), {})
        mine[each["role"]] = (each["associationId"].lower(), persons.facts_of(each["person"]))
    return found


def _broken(rule: str, violation: Violation) -> Finding:
    return Finding(rule, Outcome.FAIL, (RuleViolation(rule, violation),))
