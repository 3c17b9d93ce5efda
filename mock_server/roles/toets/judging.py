"""What each message of edition `toets` is judged by: one table for both roles."""

from __future__ import annotations

from mock_server.domain.effects import Effect
from mock_server.judging.judge import Judge, Judging, Place
from mock_server.judging.participants import ListRules, Members
from mock_server.judging.reports import Reports
from mock_server.judging.sessions import other_session
from ooapi_toets.editions import Edition


def judge_of(edition: Edition) -> Judge:
    """Judges messages by the rules of an edition that travels as `toets` does."""
    rule = edition.rule
    session = Judging(
        invalid=rule("client.session.valid"),
        places=(Place("/offeringId", rule("client.session.makes-id")),),
        passes=(rule("client.session.makes-id"), rule("client.session.valid")),
        step="2.1",
    )
    valid = rule("client.participants.valid")
    first = rule("client.participants.after-session")
    members = Members(
        ListRules(
            valid=valid,
            complete=rule("client.participants.complete"),
            keep_ids=rule("client.participants.keep-ids"),
            one_person=rule("client.participants.one-person"),
            removes=rule("client.participants.removes"),
        )
    )
    report = rule("client.report.valid")
    types = rule("client.report.document-types")
    kinds = {
        "session": session,
        "cancel-session": Judging(passes=(rule("client.session.cancels"),), step="2.5"),
        "participants": Judging(
            invalid=valid,
            passes=(first, valid),
            unknown=first,
            step_by_effect=_step_of_list,
            check=members.in_list,
        ),
        "participation": Judging(
            invalid=valid,
            passes=(first, valid),
            unknown=first,
            step="2.2",
            check=lambda value, effect: other_session(valid, value, effect),
        ),
        "report": Judging(
            invalid=report,
            places=(Place("/documentType", types, "enum"),),
            passes=(report,),
            unknown=report,
            step="4.1",
            check=Reports(report, types).findings,
        ),
        "read-session": Judging(step="4.2"),
    }
    return Judge(edition, kinds)


def _step_of_list(effect: Effect | None) -> str:
    """An empty session is filled, a list grows, or it shrinks; anything else is registering again."""
    if effect is None or effect.kind != "list" or not effect.anybody_before:
        return "2.2"
    if effect.added and not effect.removed:
        return "2.3"
    return "2.4" if effect.removed and not effect.added else "2.2"
