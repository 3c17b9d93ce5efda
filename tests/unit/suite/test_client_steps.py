"""What a step of a planning system did to its participants, told from its calls."""

from __future__ import annotations

from conformance.scenarios.toets.calls_heard import made_anew, survived
from conformance.scenarios.toets.toetsplanning.client_steps import Step, followed, parts_of
from ooapi_toets import Json, JsonObject
from ooapi_toets.samples import Maker

SESSION = "7e570000-0000-4000-8000-0000000000ee"
MAKE = Maker("steps")
PEOPLE = MAKE.students(3)
NEW = MAKE.association()


def heard(*bodies: Json, status: int = 200) -> list[JsonObject]:
    """Calls about participants, as the mock tells them."""
    return [
        {
            "id": number,
            "operation": "putAssociations",
            "session": SESSION,
            "method": "PUT",
            "path": f"/ooapi/offerings/{SESSION}/associations",
            "status": status,
            "request": {"body": body},
        }
        for number, body in enumerate(bodies, 1)
    ]


def step_of(*bodies: Json) -> Step:
    """What messages about participants do to a session with three."""
    return followed({SESSION: parts_of(PEOPLE)}, heard(*bodies))[SESSION]


def test_a_longer_list_keeps_everybody() -> None:
    step = step_of([*PEOPLE, NEW])
    assert (step.kept_everybody, step.kept_ids, step.lost) == (True, True, set())


def test_a_list_that_was_emptied_and_filled_keeps_everybody() -> None:
    step = step_of([], [*PEOPLE, NEW])
    assert (step.kept_everybody, step.lost, step.apart) == (True, set(), 0)


def test_an_object_leaves_the_others() -> None:
    step = step_of(NEW)
    assert (step.grew, step.objects, step.adding_lists) == (True, 1, [])


def test_a_list_of_only_the_new_ones_loses_the_others() -> None:
    step = step_of([NEW])
    assert (len(step.lost), step.apart) == (3, 3)


def test_a_list_that_swaps_one_loses_one() -> None:
    assert len(step_of([*PEOPLE[1:], NEW]).lost) == 1


def test_pages_lose_whoever_is_on_another_page() -> None:
    assert len(step_of(PEOPLE[:2], [PEOPLE[2], NEW]).lost) == 2


def test_one_who_leaves_before_another_comes_was_not_lost() -> None:
    assert step_of(PEOPLE[1:], [*PEOPLE[1:], NEW]).lost == set()


def test_a_new_id_for_somebody_who_was_there_is_seen() -> None:
    step = step_of([{**PEOPLE[0], "associationId": MAKE.new_id()}, *PEOPLE[1:], NEW])
    assert not step.kept_ids


def test_a_list_that_was_refused_does_nothing() -> None:
    assert followed({}, heard(PEOPLE, status=400)) == {}


# -- failures ------------------------------------------------------------------------------------------


def tried(*calls: tuple[int, JsonObject]) -> list[JsonObject]:
    """Sessions that were sent, with the status of the answer."""
    return [
        {
            "id": number,
            "operation": "putOffering",
            "method": "PUT",
            "path": "/ooapi/offerings",
            "status": status,
            "request": {"body": body},
        }
        for number, (status, body) in enumerate(calls, 1)
    ]


OFFERING = MAKE.offering()
TWIN = {**OFFERING, "offeringId": MAKE.new_id()}


def test_a_call_survives_when_it_is_taken_itself() -> None:
    good, bad = survived(tried((500, OFFERING), (200, TWIN), (200, OFFERING)), "putOffering")
    assert ([each["id"] for each in good], bad) == ([1], [])


def test_a_call_is_given_up_when_only_another_is_taken() -> None:
    _, bad = survived(tried((500, OFFERING), (429, OFFERING), (200, TWIN)), "putOffering")
    assert [each["id"] for each in bad] == [1]


def test_a_session_that_comes_back_under_another_id_was_made_anew() -> None:
    calls = tried((500, OFFERING), (200, TWIN))
    assert made_anew(calls, calls[0], "offeringId")


def test_a_session_beside_others_was_not() -> None:
    calls = tried((500, OFFERING), (200, TWIN), (200, MAKE.offering()))
    assert not made_anew(calls, calls[0], "offeringId")
