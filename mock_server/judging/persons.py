"""Is somebody in two roles sent as the same person? By what the standard names of a person, and by meaning. Pure.

An attribute that flow 2 names only for the base standard (displayName, activeEnrollment, affiliations), an
extension, and consumers may differ from role to role; absent, null and empty are the same (`equal-in-meaning`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from ooapi_toets import Json, JsonObject

_NAMED = ("givenName", "surnamePrefix", "surname", "mail")
"""What the flow names of a person beside its ids; a client that sends another value sends another person."""

Facts = tuple[str, ...]
"""What is said of a person, in a form in which what means the same is equal."""


def id_of(person: JsonObject) -> str:
    """The id of a person; upper and lower case are the same (RFC 9562 section 4)."""
    return str(person["personId"]).lower()


def facts_of(person: JsonObject) -> Facts:
    """What the flow names of a person: the code, the names and the address."""
    code = person.get("primaryCode")
    parts = (code.get("codeType"), code.get("code")) if isinstance(code, dict) else (None, None)
    return tuple(_text(each) for each in (*parts, *(person.get(name) for name in _NAMED)))


def differing(one: Facts, other: Facts) -> bool:
    """Whether two say different things of one person; another type of code is another code, not another person."""
    return one[2:] != other[2:] or (one[0] == other[0] and one[1] != other[1])


def astray(people: Iterable[JsonObject]) -> Iterator[tuple[int, int, bool]]:
    """Members of a list that are the same person as an earlier one: which two, and whether they are sent as the same.

    They are the same person where the id is the same, or where all that is named is, whatever the id.

    Args:
        people: Persons, in the order of the list.
    """
    by_id: dict[str, tuple[int, Facts]] = {}
    by_facts: dict[Facts, tuple[int, str]] = {}
    for index, person in enumerate(people):
        key, facts = id_of(person), facts_of(person)
        first, told = by_id.setdefault(key, (index, facts))
        if first != index:
            yield first, index, not differing(told, facts)
        twin, identifier = by_facts.setdefault(facts, (index, key))
        if twin != index and identifier != key:
            yield twin, index, False


def _text(value: Json) -> str:
    return unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else ""
