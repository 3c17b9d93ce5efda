"""What a call did, as data and in words: the misunderstanding of options 3 and 4 made visible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import orjson

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
    def words(self) -> dict[str, str]:
        """The effect in a sentence, in English (`en`) and Dutch (`nl`)."""
        which = self.session
        names = ", ".join(self.attributes)
        match self.kind:
            case "created":
                en, nl = f"created session {which}", f"zitting {which} aangemaakt"
            case "replaced":
                en = f"replaced session {which}: changed {names}"
                nl = f"zitting {which} vervangen: gewijzigd {names}"
            case "deleted":
                count = len(self.removed)
                en = f"deleted session {which} with {count} participant{'' if count == 1 else 's'}"
                nl = f"zitting {which} met {count} deelname{'' if count == 1 else 's'} verwijderd"
            case "list":
                counts = self._counts("added", "removed", "changed", "unchanged")
                counts_nl = self._counts("toegevoegd", "verwijderd", "gewijzigd", "ongewijzigd")
                en = f"replaced the association list of {which}: {counts}"
                nl = f"de lijst deelnames van {which} vervangen: {counts_nl}"
            case "one":
                en = f"{'added' if self.added else 'updated'} one participant of {which}; the others stay"
                nl = f"één deelname van {which} {'toegevoegd' if self.added else 'bijgewerkt'}; de andere blijven"
            case "report":
                en = f"merged a report into session {which}: changed {names}"
                nl = f"een verslag in zitting {which} verwerkt: gewijzigd {names}"
            case _:
                en, nl = f"changed nothing in session {which}", f"niets veranderd in zitting {which}"
        return {"en": en, "nl": nl}

    def _counts(self, added: str, removed: str, changed: str, unchanged: str) -> str:
        parts = [f"{len(self.added)} {added}", f"{len(self.removed)} {removed}"]
        if self.changed:
            parts.append(f"{len(self.changed)} {changed}")
        return ", ".join([*parts, f"{self.unchanged} {unchanged}"])

    def as_dict(self) -> dict[str, object]:
        """The effect as it appears in the journal; records are left out."""
        data: dict[str, object] = {"kind": self.kind, "session": self.session, "words": self.words}
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
