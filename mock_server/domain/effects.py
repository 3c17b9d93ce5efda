"""What a call did, as data and in words: the misunderstanding of options 3 and 4 made visible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import orjson

from ooapi_toets.results import text
from ooapi_toets.texts import Text, say, say_n

_ID_BYTES = 93
"""What a UUID takes as a Python string, and its place in a tuple."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What one accepted call changed.

    Attributes:
        kind: `created`, `replaced`, `deleted`, `list`, `one`, `report`, or `none` for a repeat.
        session: The id of the session.
        added: Ids of participants that are new.
        removed: Ids of participants that are gone.
        changed: Ids of participants that are there as before but with other data.
        unchanged: How many participants stayed as they were.
        attributes: Names of the attributes of the session that changed.
        before: The record before, where there was one.
        after: The record after, where there is one.
        people_before: For a list, who took part before it; for judging, not for keeping.
    """

    kind: str
    session: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: int = 0
    attributes: tuple[str, ...] = ()
    before: bytes | None = None
    after: bytes | None = None
    people_before: Mapping[str, bytes] | None = None

    @property
    def anybody_before(self) -> bool:
        """Whether a list found anybody there."""
        return bool(self.removed or self.changed or self.unchanged)

    @property
    def kept_bytes(self) -> int:
        """About how much memory it takes: its records, and its ids as Python keeps them."""
        ids = len(self.added) + len(self.removed) + len(self.changed)
        return len(self.before or b"") + len(self.after or b"") + ids * _ID_BYTES

    def to_keep(self) -> Effect:
        """The same without the records of a whole list, which may be thousands."""
        return self if self.people_before is None else replace(self, people_before=None)

    @property
    def words(self) -> Text:
        """The effect in a sentence."""
        values: dict[str, object] = {"session": self.session, "names": ", ".join(self.attributes)}
        match self.kind:
            case "created":
                told = say("created session {session}", **values)
            case "replaced":
                told = say("replaced session {session}: changed {names}", **values)
            case "deleted":
                told = say_n(
                    "deleted session {session} with 1 participant",
                    "deleted session {session} with {n} participants",
                    len(self.removed),
                    **values,
                )
            case "list":
                told = self._list_words()
            case "one" if self.added:
                told = say("added one participant of {session}; the others stay", **values)
            case "one":
                told = say("updated one participant of {session}; the others stay", **values)
            case "report":
                told = say("merged a report into session {session}: changed {names}", **values)
            case _:
                told = say("changed nothing in session {session}", **values)
        return told

    def _list_words(self) -> Text:
        counts = {
            "session": self.session,
            "added": len(self.added),
            "removed": len(self.removed),
            "unchanged": self.unchanged,
        }
        if self.changed:
            return say(
                "replaced the participant list of {session}: {added} added, {removed} removed, {changed} "
                "changed, {unchanged} unchanged",
                changed=len(self.changed),
                **counts,
            )
        return say(
            "replaced the participant list of {session}: {added} added, {removed} removed, {unchanged} unchanged",
            **counts,
        )

    def as_dict(self) -> dict[str, object]:
        """The effect as it appears in the journal; records are left out."""
        data: dict[str, object] = {"kind": self.kind, "session": self.session, "words": text(self.words)}
        if self.kind in {"list", "one", "deleted"}:
            data["list"] = {
                "added": list(self.added),
                "removed": list(self.removed),
                "changed": list(self.changed),
                "unchanged": self.unchanged,
            }
        if self.attributes:
            data["attributes"] = list(self.attributes)
        return data


def changed_attributes(before: bytes | None, after: bytes) -> tuple[str, ...]:
    """The names of the attributes in which two records differ, in order; all of them for a new one."""
    if before == after:
        return ()
    new: Mapping[str, object] = orjson.loads(after)
    old: Mapping[str, object] = orjson.loads(before) if before else {}
    changed = [name for name, value in new.items() if old.get(name) != value]
    gone = [name for name, value in old.items() if value is not None and name not in new]
    return tuple(sorted(changed + gone))
