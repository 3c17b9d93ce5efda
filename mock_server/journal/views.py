"""How an entry of the journal is shown: as data, explained, and as a line of curl; people masked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from mock_server.domain.refusals import RuleViolation
from mock_server.journal.criteria import outcome_of
from mock_server.journal.entry import Entry, Finding
from ooapi_toets import JsonObject, evidence
from ooapi_toets.masking import Masker
from ooapi_toets.outcomes import Outcome
from ooapi_toets.register import Register
from ooapi_toets.results import text


@dataclass(frozen=True, slots=True)
class RecordedEntry:
    """An entry in the form that `ooapi_toets.evidence` shows.

    Args:
        entry: The entry.
        scheme: How the mock is reached, `http` or `https`.
    """

    entry: Entry
    scheme: str = "http"

    @property
    def number(self) -> int:
        """See `Recorded`."""
        return self.entry.id

    @property
    def method(self) -> str:
        """See `Recorded`."""
        return self.entry.method

    @property
    def url(self) -> str:
        """See `Recorded`."""
        if self.entry.outbound:
            return self.entry.path
        host = next((value.decode("latin-1") for name, value in self.entry.request_headers if name == b"host"), "mock")
        return f"{self.scheme}://{host}{self.entry.path}"

    @property
    def request_headers(self) -> tuple[tuple[str, str], ...]:
        """See `Recorded`."""
        return _text_pairs(self.entry.request_headers)

    @property
    def request_body(self) -> bytes:
        """See `Recorded`."""
        return self.entry.body

    @property
    def started(self) -> str:
        """See `Recorded`."""
        return datetime.fromtimestamp(self.entry.started, UTC).isoformat(timespec="milliseconds")

    @property
    def elapsed_ms(self) -> float:
        """See `Recorded`."""
        return self.entry.duration_ms

    @property
    def status(self) -> int | None:
        """See `Recorded`."""
        return self.entry.status or None

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """See `Recorded`."""
        return _text_pairs(self.entry.response_headers)

    @property
    def body(self) -> bytes:
        """See `Recorded`."""
        return self.entry.response_body


def summary(entry: Entry, masker: Masker | None = None) -> JsonObject:
    """One line of the journal, people masked unless there is no masker."""
    return {
        "id": entry.id,
        "startedAt": RecordedEntry(entry).started,
        "durationMs": round(entry.duration_ms, 2),
        "sandbox": entry.sandbox,
        "client": entry.client,
        "credential": entry.credential,
        "method": entry.method,
        "path": evidence.shown(entry.path, masker),
        "operation": entry.operation_id,
        "kind": entry.kind or None,
        "session": entry.key or (entry.effect.session if entry.effect else None),
        "status": entry.status,
        "outcome": outcome_of(entry),
        "verdict": max(entry.findings, key=lambda each: each.outcome.rank).outcome.value if entry.findings else None,
        "broken": [each.rule for each in entry.findings if each.outcome is not Outcome.PASS],
        "effect": text(entry.effect.words) if entry.effect else None,
        "fault": entry.fault,
        "direction": "out" if entry.outbound else "in",
    }


def full(recorded: RecordedEntry, register: Register, masker: Masker | None, auth: str) -> JsonObject:
    """Everything about one exchange, explained.

    Args:
        recorded: The exchange.
        register: The rules.
        masker: Masks people, or None to leave them.
        auth: How clients authenticate, for the line of curl.
    """
    entry = recorded.entry
    shown = evidence.as_data(recorded, masker)
    return {
        **summary(entry, masker),
        "request": {**shown["request"], "size": entry.body_size},
        "response": shown["response"] and {**shown["response"], "size": entry.response_size},
        "effectData": entry.effect.as_dict() if entry.effect else None,
        "violations": [_violation(each, register, masker) for each in entry.broken],
        "findings": [_finding(each, register, masker) for each in entry.findings],
        "curl": evidence.curl(recorded, masker, auth),
    }


def explain(entry: Entry, register: Register, masker: Masker | None) -> str:
    """One exchange in words, for a terminal; people masked unless there is no masker."""
    path = evidence.shown(entry.path, masker)
    lines = [f"{entry.method} {path} was answered with {entry.status or 'nothing'} ({outcome_of(entry)})."]
    if entry.fault:
        lines.append(f"Planned misbehaviour: {entry.fault}.")
    if entry.effect:
        lines.append(f"Effect: {entry.effect.words.en}.")
    for finding in entry.findings:
        if finding.outcome is Outcome.PASS:
            continue
        rule = register[finding.rule]
        lines.append(f"{finding.outcome.value.upper()} {rule.id} ({rule.level.value}): {rule.sentence.en}")
        lines.append(f"  source: {'; '.join(rule.source)}")
        for each in finding.broken:
            found = each.violation
            got = f" (got {found.got})" if found.got else ""
            said = f"{found.where} {found.pointer or '/'}: {found.message}{got}"
            lines.append(f"  {masker.words(said) if masker else said}")
            if found.hint:
                lines.append(f"    hint: {masker.words(found.hint.en) if masker else found.hint.en}")
    passed = [each.rule for each in entry.findings if each.outcome is Outcome.PASS]
    if passed:
        lines.append(f"In order: {', '.join(passed)}.")
    return "\n".join(lines) + "\n"


def _violation(broken: RuleViolation, register: Register, masker: Masker | None) -> JsonObject:
    rule = register.rules.get(broken.rule)
    return {
        **{name: masker.words(said) if masker else said for name, said in broken.violation.as_dict().items()},
        "rule": broken.rule,
        "sentence": text(rule.sentence) if rule else None,
        "source": list(rule.source) if rule else [],
    }


def _finding(finding: Finding, register: Register, masker: Masker | None) -> JsonObject:
    rule = register[finding.rule]
    return {
        "rule": finding.rule,
        "level": rule.level.value,
        "outcome": finding.outcome.value,
        "sentence": text(rule.sentence),
        "source": list(rule.source),
        "violations": [_violation(each, register, masker) for each in finding.broken],
    }


def _text_pairs(raw: list[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in raw)
