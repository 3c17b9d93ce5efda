"""One person in several roles: what means the same is the same, and what does not is told."""

from __future__ import annotations

from typing import Any

import pytest

from mock_server.judging.persons import astray
from ooapi_toets.samples import Maker, without

PERSON = Maker("persons").person(surname="Café-Müller", surnamePrefix="van")


@pytest.mark.parametrize(
    "changes",
    [
        {"personId": PERSON["personId"].upper()},
        {"surname": "Cafe\u0301-Mu\u0308ller"},
        {"affiliations": ["guest"], "displayName": "Iemand", "activeEnrollment": False},
        {"otherCodes": [], "x-own": 1, "dateOfBirth": None},
        {"primaryCode": {"codeType": "payrollNumber", "code": "12"}},
    ],
)
def test_the_same_said_otherwise(changes: dict[str, Any]) -> None:
    assert [same for _, _, same in astray([PERSON, {**PERSON, **changes}])] == [True]


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_null_empty_and_absent_are_alike(nothing: str | None) -> None:
    bare = without(PERSON, "surnamePrefix")
    assert [same for _, _, same in astray([bare, {**bare, "surnamePrefix": nothing}])] == [True]


@pytest.mark.parametrize(
    "changes",
    [
        {"surname": "Iemand-anders"},
        {"surnamePrefix": None},
        {"mail": "other@example.org"},
        {"primaryCode": {**PERSON["primaryCode"], "code": "other"}},
        {"personId": "7e570000-0000-4000-8000-0000000000dd"},
    ],
)
def test_another_person_under_one_name_or_id(changes: dict[str, Any]) -> None:
    assert [same for _, _, same in astray([PERSON, {**PERSON, **changes}])] == [False]


def test_a_shared_code_alone_is_no_one_person() -> None:
    other = Maker("others").person(primaryCode=PERSON["primaryCode"])
    assert list(astray([PERSON, other])) == []
