"""The receipt counts what was accepted, and nothing is deleted whose id is not ours."""

from __future__ import annotations

import pytest

from conformance.endpoint.cleanup import Ledger, is_ours
from conformance.evidence.exchange import Exchange
from ooapi_toets.calls import Call
from ooapi_toets.samples import new_id
from ooapi_toets.texts import same

_UNDO = Call("deleteOffering", "DELETE", "/offerings/x")


def _answer(status: int | None) -> Exchange:
    return Exchange(1, "", "", "PUT", "", (), b"", "", 0.0, status, (), b"", "" if status else "no answer", True)  # noqa: FBT003


@pytest.mark.parametrize("key", ["", "0", 0, None, "session-one", "11111111-1111-4111-8111-111111111111", "7e57"])
def test_only_what_is_ours_is_deleted(key: object) -> None:
    assert not is_ours(key)
    if isinstance(key, str):
        with pytest.raises(ValueError, match="no id of this suite"):
            Ledger().sends(key, "session", _UNDO)


@pytest.mark.parametrize("status", [400, 404, 422, 500, 503, 307])
def test_what_was_refused_was_never_there(status: int) -> None:
    ledger, key = Ledger(), new_id()
    ledger.sends(key, "session", _UNDO)
    ledger.answered(key, _answer(status))
    assert ledger.created() == []
    assert ledger.left() == []


@pytest.mark.parametrize("status", [200, 201, None, 502, 504])
def test_what_was_accepted_or_may_have_been_is_on_it(status: int | None) -> None:
    ledger, key = Ledger(), new_id()
    ledger.sends(key, "session", _UNDO)
    ledger.answered(key, _answer(status))
    assert ledger.created() == [key]
    assert [each.id for each in ledger.left()] == [key]


def test_a_refused_second_message_does_not_take_the_first_off() -> None:
    ledger, key = Ledger(), new_id()
    for status in (200, 409):
        ledger.sends(key, "session", _UNDO)
        ledger.answered(key, _answer(status))
    assert ledger.created() == [key]
    ledger.removed(key)
    assert ledger.gone() == [key]
    assert ledger.left() == []


def test_what_was_told_can_be_taken_back() -> None:
    ledger = Ledger()
    ledger.tells("a", "report", same("changed"))
    assert [each.kind for each in ledger.left()] == ["report"]
    ledger.takes_back("a", "report")
    assert ledger.left() == []
