"""What follows from an earlier failure is told, and not judged again; what was never sent is told as that.

A session that was refused does not exist, so its participants are refused as well: one fault, one rule.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from mock_server.domain.refusals import RuleViolation
from mock_server.journal.entry import Entry, Finding
from ooapi_toets.outcomes import Outcome
from ooapi_toets.strictjson import lenient
from ooapi_toets.texts import say
from ooapi_toets.violations import Violation

_MOST = 10_000
_NOT_FOUND = 404
_REFUSED = 400


class Sequels:
    """Which sessions of one sandbox were tried and refused, and which were ever there.

    Args:
        rule: The id of the rule that speaks of an aspect.
    """

    def __init__(self, rule: Callable[[str], str]) -> None:
        self._cancels = rule("client.session.cancels")
        self._follow = {rule("client.participants.after-session"), rule("client.report.valid")}
        self._tried: OrderedDict[str, None] = OrderedDict()

    def note(self, entry: Entry) -> None:
        """Take from what a call says what only follows from an earlier failure; remembers the session of it."""
        if entry.kind == "session":
            self._try(entry)
        elif entry.status == _NOT_FOUND and entry.ids:
            if entry.kind == "cancel-session":
                self._cancelled(entry)
            elif entry.key.lower() in self._tried:
                entry.shows_only(each for each in entry.findings if not self._only_follows(each))

    def _try(self, entry: Entry) -> None:
        """Remember the id of a session that was sent, whether it was taken or not."""
        if entry.effect is not None:
            session = entry.effect.session
        else:
            value = lenient(entry.body)
            found = value.get("offeringId") if isinstance(value, dict) else None
            session = found.lower() if isinstance(found, str) else ""
        if session:
            self._tried[session] = None
            self._tried.move_to_end(session)
            if len(self._tried) > _MOST:
                self._tried.popitem(last=False)

    def _only_follows(self, finding: Finding) -> bool:
        unknown = all(each.violation.keyword == "unknown" for each in finding.broken)
        return finding.rule in self._follow and finding.outcome is Outcome.FAIL and unknown

    def _cancelled(self, entry: Entry) -> None:
        if entry.key.lower() in self._tried or entry.fault:
            return  # deleted before, or never taken
        told = say("is not the id of a session that was sent here")
        hint = say("a session that was registered elsewhere is deleted there")
        violation = Violation("path", "/offeringId", "unknown", told, hint=hint)
        finding = Finding(self._cancels, Outcome.WARN, (RuleViolation(self._cancels, violation),))
        entry.shows((finding,))


def credential_in_query(rule: str, entry: Entry) -> tuple[Finding, ...]:
    """A warning where a token travels in the query, where logs keep it (RFC 6750 section 2.3)."""
    query = entry.path.partition("?")[2].lower()
    if not query or not any(each.startswith("access_token=") for each in query.split("&")):
        return ()
    told = say("must not be in the query, where logs keep it (RFC 6750 section 2.3)")
    violation = Violation("query", "/access_token", "credential", told, hint=say("Send it as Authorization: Bearer."))
    return (Finding(rule, Outcome.WARN, (RuleViolation(rule, violation),)),)
