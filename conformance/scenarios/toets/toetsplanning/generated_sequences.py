"""Generated sequences of reports, each step compared with the model. They need a read-back."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from conformance.generation.sequences import Explorer, Trail
from conformance.oracle.equality import differences
from conformance.oracle.model import after_report
from conformance.oracle.participants import Mismatch
from conformance.planning.scenario import scenario
from conformance.scenarios.toets.context import ToetsContext
from conformance.scenarios.toets.toetsplanning.steps import known, read_back, reported_session, sends
from ooapi_toets import Json, JsonObject
from ooapi_toets.samples import DOCUMENT_TYPES, consumer_of, report
from ooapi_toets.texts import say

_RULES = (
    "4.1-report-reads-back-as-sent",
    "4.1-refused-patch-changes-nothing",
    "4.1-repeat-changes-nothing",
    "4.1-documents-are-replaced",
    "4.1-null-removes",
    "4.1-empty-list-empties",
    "4.1-other-consumer-attributes-stay",
)
_TEXTS = ("Brandalarm (test)", "Geluidsoverlast (test)")
_DOCUMENTS = tuple(range(4))
_LEFT_OUT = "left out"
_REQUESTS_EACH = 2.0


@scenario(*_RULES, given="active", alone=True)
def test_generated_sequences(run: ToetsContext) -> None:
    """Agrees with the model after every step of generated sequences of reports."""
    with reported_session(run) as session:
        sends(run, session, report(irregularities=_TEXTS[0], documents=[]))
        read_back(run, session)
        Explorer(run, lambda explorer: _machine(explorer, run, session), _REQUESTS_EACH).explore()


def _machine(explorer: Explorer, run: ToetsContext, session: str) -> type[RuleBasedStateMachine]:
    """The state machine whose instances are sequences of reports on one session."""
    documents = [run.make.document(kind) for kind in DOCUMENT_TYPES]

    class Sequence(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.idle = explorer.spent
            if not self.idle:
                self.world = World(run, Trail(explorer), session)

        @rule(
            text=st.sampled_from((*_TEXTS, None)),
            which=st.one_of(st.lists(st.sampled_from(_DOCUMENTS), unique=True, max_size=4), st.just(_LEFT_OUT)),
        )
        def send(self, text: str | None, which: list[int] | str) -> None:
            if not self.idle:
                attributes: JsonObject = {"irregularities": text}
                if not isinstance(which, str):
                    attributes["documents"] = [documents[each] for each in which]
                self.world.send(attributes)

        @rule()
        def repeat(self) -> None:
            if not self.idle:
                self.world.repeat()

        @rule(text=st.sampled_from(_TEXTS))
        def refused(self, text: str) -> None:
            if not self.idle:
                bad = {**documents[0], "documentType": "seatingPlan"}
                self.world.refused({"irregularities": text, "documents": [bad]})

    return Sequence


class World:
    """The endpoint and the model side by side, for one sequence on one session.

    Args:
        run: The scenario.
        trail: What is done in this sequence.
        session: The session, which is the same for every sequence: each begins with a clean report.
    """

    def __init__(self, run: ToetsContext, trail: Trail, session: str) -> None:
        self._run = run
        self._trail = trail
        self._session = session
        self._last: JsonObject = {"irregularities": _TEXTS[0], "documents": []}
        self._patch(self._last)
        self._model = read_back(run, session)

    def send(self, attributes: JsonObject) -> None:
        """Send a report."""
        self._trail.step(f"send {_words(attributes)}")
        self._patch(attributes)
        self._last = attributes
        before, self._model = self._model, after_report(self._model, report(**attributes))
        self._compare(lambda name: _rule_for(name, attributes, before))

    def repeat(self) -> None:
        """Send the last report again."""
        self._trail.step("send the same again")
        self._patch(self._last)
        self._compare(lambda _name: "4.1-repeat-changes-nothing")

    def refused(self, attributes: JsonObject) -> None:
        """Send a report that nobody may accept."""
        self._trail.step("send one with an unknown documentType")
        call = self._run.calls.send_report(self._session, report(**attributes))
        answer = self._trail.sent(self._run.send(call, valid=False))
        if answer.refused:
            self._compare(lambda _name: "4.1-refused-patch-changes-nothing")
        else:
            self._model = read_back(self._run, self._session)  # that it was accepted is another rule

    def _patch(self, attributes: JsonObject) -> None:
        call = self._run.calls.send_report(self._session, report(**attributes))
        answer = self._trail.sent(self._run.send(call))
        known(answer, self._session)
        self._run.needs(answer, "4.1-report-answers-200")

    def _compare(self, rule_for: object) -> None:
        read = read_back(self._run, self._session)
        self._trail.sent(self._run.exchanges[-1])
        expected, got = consumer_of(self._model) or {}, consumer_of(read) or {}
        wrong = [
            Mismatch(
                rule_for(name),  # type: ignore[operator]
                say("{name} does not match the reports sent", name=name),
                {name: expected.get(name)},
                {name: got.get(name)},
            )
            for name in _differing(expected, got)
        ]
        shown = {name: got.get(name) for name in ("irregularities", "documents")}
        if not self._trail.judge(wrong, f"then it read {_words(shown)}"):
            self._model = read


def _differing(expected: JsonObject, got: JsonObject) -> Iterator[str]:
    for name in ("irregularities", "documents"):
        one, other = expected.get(name), got.get(name)
        if differences(one, other) or (name == "documents" and len(one or []) != len(other or [])):
            yield name


def _rule_for(name: str, attributes: JsonObject, before: JsonObject) -> str:
    """The rule that a report breaks when an attribute is not as it should be after it."""
    if name not in attributes:
        return "4.1-other-consumer-attributes-stay"
    value: Json = attributes[name]
    if name == "irregularities":
        return "4.1-null-removes" if value is None else "4.1-report-reads-back-as-sent"
    if value == []:
        return "4.1-empty-list-empties"
    had = (consumer_of(before) or {}).get("documents")
    return "4.1-documents-are-replaced" if had else "4.1-report-reads-back-as-sent"


def _words(attributes: JsonObject) -> str:
    documents = attributes.get("documents", _LEFT_OUT)
    listed = documents if isinstance(documents, str) else [each.get("documentType") for each in documents or []]
    text = attributes.get("irregularities")
    return f"irregularities {'null' if text is None else repr(text)}, documents {listed}"
