"""The rule register: every rule of the standard as data, parsed once and frozen.

The register is `spec/rules/*.yaml` with `spec/interpretations.yaml` and `spec/sources.yaml`. This is
the only module that knows the form of these files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

import jsonschema_rs
import orjson

from ooapi_toets import JsonObject, resources
from ooapi_toets.errors import DataError, UsageError
from ooapi_toets.outcomes import Half, Level
from ooapi_toets.texts import Text


@dataclass(frozen=True, slots=True)
class Interpretation:
    """A reading of the sources where they are silent or disagree.

    Attributes:
        id: Its stable slug.
        question: What the sources leave open.
        reading: How it is read here.
        other: The other reading, for a disputed one.
        disputed: Whether reasonable implementers differ; then it never decides the verdict.
    """

    id: str
    question: Text
    reading: Text
    other: Text | None
    disputed: bool


@dataclass(frozen=True, slots=True)
class Never:
    """When a rule does not apply to a system that may lawfully never do what it is about.

    Attributes:
        after: The rule that must have been seen kept first: by then it would have come.
        why: What never came, for people.
    """

    after: str
    why: Text


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the register.

    Attributes:
        id: Its stable slug.
        level: How strong the source's word is.
        roles: Whom it binds.
        half: Whether it is about what the role serves or about what it sends.
        flow: `2`, `4.1`, `4.2`, or None when it holds everywhere.
        option: The option of flow 2, or None.
        editions: The editions of the standard it belongs to.
        sentence: What must hold.
        source: Where that is written, as `document: place`.
        interpretation: The reading it rests on, if any.
        readings: Further readings by which it is judged.
        breaks_it: Who could break it honestly, for a MUST: nobody, because ...; None for the others.
        requires: Capabilities without which it does not apply.
        not_tested: Why no check exercises it, if none does.
        never: When what it is about may lawfully never come, if it may.
    """

    id: str
    level: Level
    roles: frozenset[str]
    half: Half
    flow: str | None
    option: int | None
    editions: frozenset[str]
    sentence: Text
    source: tuple[str, ...]
    interpretation: Interpretation | None
    readings: tuple[Interpretation, ...]
    breaks_it: Text | None
    requires: tuple[str, ...]
    not_tested: Text | None
    never: Never | None = None

    @property
    def disputed(self) -> bool:
        """Whether the rule is checked and reported without deciding the verdict."""
        return self.interpretation is not None and self.interpretation.disputed

    @property
    def chapter(self) -> str:
        """Where it belongs in a list: `2.1` … `2.5`, `2`, `4.1`, `4.2`, or `everywhere`."""
        if self.flow is None:
            return "everywhere"
        return f"{self.flow}.{self.option}" if self.option else self.flow


@dataclass(frozen=True)
class Register:
    """All rules, in the order of the files.

    Attributes:
        rules: Every rule by id.
        interpretations: Every interpretation by id.
        sources: The title of each cited document by its short name.
    """

    rules: Mapping[str, Rule]
    interpretations: Mapping[str, Interpretation]
    sources: Mapping[str, str]

    def __getitem__(self, rule_id: str) -> Rule:
        return self.rules[rule_id]

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules.values())

    def named(self, word: str) -> Rule:
        """The rule of an id.

        Raises:
            UsageError: When no rule has it.
        """
        if word not in self.rules:
            raise UsageError(f"No rule is called {word!r}.", f"{_nearest(word, self.rules)}See `ooapi-toets rules`.")
        return self.rules[word]

    def of(self, *, edition: str, role: str, half: Half) -> list[Rule]:
        """The rules for one half of a role in an edition."""
        return [rule for rule in self if edition in rule.editions and role in rule.roles and rule.half is half]

    def select(self, words: tuple[str, ...]) -> set[str]:
        """The ids that the words of `--only` name: a rule id, a flow (`4.1`, `2`) or an option (`2.4`).

        Raises:
            UsageError: When a word names nothing.
        """
        chosen: set[str] = set()
        for word in words:
            named = {rule.id for rule in self if word in {rule.id, rule.chapter, rule.flow}}
            # Client rules of an option stand in a chapter of their own; the prefix finds them too.
            named |= {rule.id for rule in self if rule.id.startswith(f"{word}-")}
            if not named:
                raise UsageError(
                    f"No rule, flow or option is called {word!r}.",
                    f"{_nearest(word, self.rules)}See `ooapi-toets rules`.",
                )
            chosen |= named
        return chosen


def _nearest(word: str, known: Mapping[str, Rule]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only after a mistake

    near = get_close_matches(word, known, n=1, cutoff=0.5)
    return f"Did you mean {near[0]!r}? " if near else ""


@cache
def load() -> Register:
    """The register that ships with the package.

    Raises:
        DataError: When one of its files breaks its schema or refers to what is not there.
    """
    return load_from(resources.spec())


def load_from(folder: Path) -> Register:
    """The register in a folder laid out like `spec/`.

    Raises:
        DataError: When one of its files breaks its schema or refers to what is not there.
    """
    schema = orjson.loads((folder / "register.schema.json").read_bytes())
    validator = jsonschema_rs.validator_for(schema)
    interpretations = {
        raw["id"]: _interpretation(raw)
        for raw in resources.read_yaml(folder / "interpretations.yaml")["interpretations"]
    }
    titles = {name: each["title"] for name, each in resources.read_yaml(folder / "sources.yaml")["sources"].items()}
    rules: dict[str, Rule] = {}
    for path in sorted((folder / "rules").glob("*.yaml")):
        data = resources.read_yaml(path)
        for error in validator.iter_errors(data):
            place = "/".join(str(part) for part in error.instance_path)
            raise DataError(f"The register file {path.name} is not valid at /{place}: {error.message}.")
        for raw in data["rules"]:
            rule = _rule({**data, **raw}, interpretations)
            if rule.id in rules:
                raise DataError(f"The rule {rule.id} is in the register twice.")
            unknown = {cited.split(":")[0] for cited in rule.source} - titles.keys() - {"ooapi-toets"}
            if unknown:
                raise DataError(f"The rule {rule.id} cites {min(unknown)!r}, which sources.yaml does not list.")
            rules[rule.id] = rule
    return Register(rules, interpretations, titles)


def _interpretation(raw: JsonObject) -> Interpretation:
    other = raw.get("other")
    return Interpretation(
        id=raw["id"],
        question=Text(**raw["question"]),
        reading=Text(**raw["reading"]),
        other=Text(**other) if other else None,
        disputed=bool(raw.get("disputed")),
    )


def _rule(raw: JsonObject, interpretations: Mapping[str, Interpretation]) -> Rule:
    named = cast("str | None", raw.get("interpretation"))
    if named is not None and named not in interpretations:
        raise DataError(f"The rule {raw['id']} rests on {named!r}, which is not an interpretation.")
    for each in raw.get("readings", ()):
        if each not in interpretations:
            raise DataError(f"The rule {raw['id']} is judged by {each!r}, which is not an interpretation.")
    not_tested, breaks_it, never = raw.get("not_tested"), raw.get("breaks_it"), raw.get("never")
    return Rule(
        id=raw["id"],
        level=Level(raw["level"]),
        roles=frozenset(raw["roles"]),
        half=Half(raw["half"]),
        flow=raw["flow"],
        option=raw["option"],
        editions=frozenset(raw["editions"]),
        sentence=Text(**raw["sentence"]),
        source=tuple(raw["source"]),
        interpretation=interpretations[named] if named else None,
        readings=tuple(interpretations[each] for each in raw.get("readings", ())),
        breaks_it=Text(**breaks_it) if breaks_it else None,
        requires=tuple(raw.get("requires", ())),
        not_tested=Text(**not_tested) if not_tested else None,
        never=Never(never["after"], Text(never["en"], never["nl"])) if never else None,
    )


@cache
def proofs() -> Mapping[str, tuple[str, ...]]:
    """The names of the liars that trip each rule, by rule id; empty where there are none yet.

    `python -m tools.kill_table` writes the file from runs against the liars in `tests/liars/`.
    """
    path = resources.spec("proofs.json")
    if not path.exists():
        return {}
    data = orjson.loads(path.read_bytes())
    return {rule: tuple(liars) for rule, liars in data["rules"].items()}
