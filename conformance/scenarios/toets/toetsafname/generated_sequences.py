"""Generated sequences over sessions and who takes part in them, each step compared with the model."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from conformance.endpoint.readback import read_people
from conformance.evidence.exchange import Exchange
from conformance.evidence.findings import PrerequisiteFailed
from conformance.generation.sequences import Explorer, Trail
from conformance.oracle.equality import differences
from conformance.oracle.model import Afname
from conformance.oracle.participants import Mismatch, after_list, after_one, by_id, unchanged
from conformance.planning.scenario import scenario
from conformance.scenarios.toets.context import ToetsContext
from conformance.scenarios.toets.toetsafname.steps import tells_unknown
from ooapi_toets import JsonObject
from ooapi_toets.calls import Call
from ooapi_toets.samples import with_consumer, without
from ooapi_toets.texts import say

_RULES = (
    "2.1-created-without-associations",
    "2.1-reads-back-as-sent",
    "2.1-second-put-replaces-the-offering",
    "2.1-put-keeps-the-associations",
    "2.2-registered-people-appear",
    "2.2-people-read-back-as-sent",
    "2.2-list-replaces-the-complete-list",
    "2.2-single-association-is-added",
    "2.2-other-offerings-untouched",
    "2.2-unknown-offering-is-404",
    "2.3-added-students-appear",
    "2.3-earlier-students-stay",
    "2.4-removed-students-are-gone",
    "2.4-remaining-students-unchanged",
    "2.4-empty-list-clears",
    "2.5-deleted-offering-is-404",
    "2.5-other-offerings-stay",
    "2.5-same-id-starts-afresh",
)
_SESSIONS = ("A", "B")
_PEOPLE = ("v", "w", "x", "y")
_STEPS = ("list", "list", "list", "list", "object", "object", "object", "session", "session", "nobody", "delete")
_REQUESTS_EACH = 3.5


@scenario(*_RULES, sessions_each=2, people_each=4, alone=True)
def test_generated_sequences(run: ToetsContext) -> None:
    """Agrees with the model after every step of generated sequences of creating, registering and deleting."""
    Explorer(run, lambda explorer: _machine(explorer, run), _REQUESTS_EACH).explore()


def _machine(explorer: Explorer, run: ToetsContext) -> type[RuleBasedStateMachine]:
    """The state machine whose instances are sequences against the endpoint of a run."""

    class Sequence(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.world = World(run, Trail(explorer))
            self.idle = explorer.spent

        @initialize()
        def begin(self) -> None:
            # Without a session to begin with, half of a short sequence would be about nothing.
            if not self.idle:
                self.world.put_session("A", 0)

        # One rule and not five: hypothesis switches rules off at random for a whole sequence, and a
        # short one without lists shows little. The choice is weighted instead.
        @rule(
            what=st.sampled_from(_STEPS),
            session=st.sampled_from(_SESSIONS),
            who=st.lists(st.sampled_from(_PEOPLE), unique=True, max_size=4),
            variant=st.integers(0, 2),
        )
        def step(self, what: str, session: str, who: list[str], variant: int) -> None:
            if not self.idle:
                self.world.step(what, session, who, variant)

        def teardown(self) -> None:
            if not self.idle:
                self.world.clean_up()

    return Sequence


class World:
    """The endpoint and the model side by side, for one sequence.

    Args:
        run: The scenario.
        trail: What is done in this sequence.
    """

    def __init__(self, run: ToetsContext, trail: Trail) -> None:
        self._run = run
        self._trail = trail
        self._model = Afname()
        self._ids: dict[str, str] = {}
        self._people: dict[tuple[str, str], JsonObject] = {}
        self._persons: dict[str, JsonObject] = {}
        self._deleted: set[str] = set()

    # -- steps ---------------------------------------------------------------------------------------

    def step(self, what: str, name: str, who: list[str], variant: int) -> None:
        """Take one step; one that makes no sense here is left out."""
        there = self._id(name) in self._model.sessions
        match what:
            case "session":
                self.put_session(name, variant)
            case "list" if there:
                self.put_list(name, who)
            case "object" if there:
                self.put_one(name, who[0] if who else _PEOPLE[0], 15 * (1 + variant))
            case "nobody" if not there:
                self.put_for_nobody(name)
            case "delete" if there:
                self.delete(name)

    def put_session(self, name: str, variant: int) -> None:
        """Create a session, or send it again with another room."""
        key = self._id(name)
        known = self._model.sessions.get(key)
        offering = known.offering if known else self._run.make.offering(offeringId=key)
        offering = with_consumer(offering, locationCode=f"8.{variant:02}")
        self._trail.step(f"{'change' if known else 'create'} {name}, room 8.{variant:02}")
        answer = self._send(self._run.calls.create_session(offering))
        if answer.refused and key in self._deleted and not known:
            message = say("A deleted id cannot be used again")
            self._trail.judge([Mismatch("2.5-same-id-starts-afresh", message)], "then that was refused")
            return
        if not answer.success:
            self._cannot(answer, "2.1-second-put-replaces-the-offering" if known else "2.1-create-answers-200")
        people = known.people if known else {}
        self._model = self._model.put(offering)
        read = self._read(key)
        rule_id = "2.1-second-put-replaces-the-offering" if known else "2.1-reads-back-as-sent"
        self._judge_offering(rule_id, offering, read, name)
        if known:
            self._judge_people(name, unchanged("2.1-put-keeps-the-associations", people, self._members(key)))
        else:
            afresh = "2.5-same-id-starts-afresh" if key in self._deleted else "2.1-created-without-associations"
            self._judge_people(name, unchanged(afresh, {}, self._members(key)))
        self._others("2.2-other-offerings-untouched", name)

    def put_list(self, name: str, who: list[str]) -> None:
        """Send a list of participants."""
        key = self._id(name)
        known = self._model.sessions[key]
        people = [self._association(name, each) for each in who]
        self._trail.step(f"put list [{', '.join(who)}] for {name}")
        answer = self._send(self._run.calls.register_list(key, people))
        if not answer.success:
            self._cannot(answer, "2.2-association-list-answers-200")
        before = known.people
        self._model = self._model.put_list(key, people)
        self._judge_people(name, after_list(before, self._model.sessions[key].people, self._members(key)))
        self._others("2.2-other-offerings-untouched", name)

    def put_one(self, name: str, who: str, minutes: int) -> None:
        """Send one participant as an object."""
        key = self._id(name)
        known = self._model.sessions[key]
        association = with_consumer(self._association(name, who), additionalTimeInMin=minutes)
        self._people[name, who] = association
        self._trail.step(f"put {who} (extra time {minutes}) for {name} as an object")
        answer = self._send(self._run.calls.register_one(key, association))
        if not answer.success:
            self._cannot(answer, "2.2-single-association-is-added")
        before = known.people
        self._model = self._model.put_one(key, association)
        self._judge_people(name, after_one(before, association, self._members(key)))

    def put_for_nobody(self, name: str) -> None:
        """Send a participant for a session that was never created, or is deleted."""
        key = self._id(name)
        self._trail.step(f"put v for {name}, which is not there")
        answer = self._send(self._run.calls.register_list(key, [self._association(name, "v")]))
        if answer.success:
            message = say("Participants for an unknown session were accepted")
            self._trail.judge([Mismatch("2.2-unknown-offering-is-404", message)], "then that was accepted")

    def delete(self, name: str) -> None:
        """Delete a session."""
        key = self._id(name)
        self._trail.step(f"delete {name}")
        answer = self._send(self._run.calls.delete_session(key))
        if not answer.success:
            self._cannot(answer, "2.5-delete-answers-200")
        self._model = self._model.delete(key)
        self._deleted.add(key)
        read = self._send(self._run.calls.read_session(key))
        if read.success and tells_unknown(self._run):
            wrong = Mismatch(
                "2.5-deleted-offering-is-404",
                say("A deleted session still exists"),
            )
            self._trail.judge([wrong], f"then {name} was still there")
        self._others("2.5-other-offerings-stay", name)

    def clean_up(self) -> None:
        """Remove what this sequence created."""
        self._run.suite.ledger.settle(self._run.suite.target, set(self._ids.values()), self._run.scenario.name)

    # -- looking -------------------------------------------------------------------------------------

    def _others(self, rule_id: str, name: str) -> None:
        """Every other session is as it was; looked at every third step, to spare the endpoint."""
        if len(self._trail.steps) % 3:
            return
        for other, key in self._ids.items():
            known = self._model.sessions.get(key)
            if other == name or known is None:
                continue
            wrong = unchanged(rule_id, known.people, self._members(key))
            self._judge_people(other, wrong)

    def _judge_people(self, name: str, wrong: Iterable[Mismatch]) -> None:
        key = self._id(name)
        found = list(wrong)
        there = by_id(self._last)
        names = {each["associationId"]: who for (session, who), each in self._people.items() if session == name}
        shown = ", ".join(sorted(names.get(each, "somebody else") for each in there))
        if not self._trail.judge(found, f"then the list of {name} was [{shown}]"):
            # A fault that is known already: go on from what the endpoint has made of it.
            self._model = self._model.as_read(key, there)

    def _judge_offering(self, rule_id: str, offering: JsonObject, read: JsonObject, name: str) -> None:
        found = differences(without(offering, "offeringId"), read)
        if found:
            first = found[0]
            message = say("A session does not read back as sent: {first}", first=first.words)
            wrong = Mismatch(rule_id, message, {first.pointer: first.sent}, {first.pointer: first.read})
            self._trail.judge([wrong], f"then {name} read otherwise at {first.pointer}")

    # -- calling -------------------------------------------------------------------------------------

    def _send(self, call: Call) -> Exchange:
        return self._trail.sent(self._run.send(call))

    def _members(self, key: str) -> list[JsonObject]:
        self._last = list(read_people(self._send, self._run.calls, key).members)
        return self._last

    _last: list[JsonObject] = []  # noqa: RUF012 - replaced, never changed in place

    def _read(self, key: str) -> JsonObject:
        answer = self._send(self._run.calls.read_session(key))
        if not answer.success or not isinstance(answer.value, dict):
            self._cannot(answer, "4.2-read-answers-200")
        return dict(answer.value)

    def _cannot(self, answer: Exchange, rule_id: str) -> None:
        """A step was not taken at all: that is for the scenarios to say, and ends the sequences."""
        raise PrerequisiteFailed(
            say("A step was answered with {answer} (see {rule_id}).", answer=answer.answer, rule_id=rule_id),
            answer,
        )

    # -- data ----------------------------------------------------------------------------------------

    def _id(self, name: str) -> str:
        return self._ids.setdefault(name, self._run.make.new_id())

    def _association(self, name: str, who: str) -> JsonObject:
        person = self._persons.setdefault(who, self._run.make.person())
        return self._people.setdefault((name, who), self._run.make.association(person=person))
