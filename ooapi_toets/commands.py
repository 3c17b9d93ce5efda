"""The commands that show the standard itself: `rules` and `spec`."""

from __future__ import annotations

import click
import orjson
import yaml
from rich.table import Table

from ooapi_toets import console, editions, explain, register
from ooapi_toets.options import lang_option
from ooapi_toets.register import Rule
from ooapi_toets.texts import say


@click.command()
@click.option("--role", type=click.Choice(editions.ROLES), help="Only the rules for this role.")
@click.option("--only", multiple=True, metavar="WORD", help="Only this rule, flow or option, such as 2.4; repeatable.")
@click.option("--explain", "explained", metavar="RULE", help="Everything about one rule, with examples.")
@click.option("--json", "as_json", is_flag=True, help="Print the rules as JSON.")
@lang_option("Language of the sentences.")
def rules(role: str | None, only: tuple[str, ...], explained: str | None, lang: str, *, as_json: bool) -> None:
    """List the rules of the register, or explain one.

    \b
    Examples:
      ooapi-toets rules --role toetsafname --lang nl
      ooapi-toets rules --only 2.4
      ooapi-toets rules --explain 2.4-empty-list-clears
    """
    known = register.load()
    if explained is not None:
        about = explain.explain(known.named(explained), known)
        told = orjson.dumps(about, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
        console.echo(told if as_json else explain.in_words(about, lang), nl=False)
        return
    chosen = known.select(only) if only else set(known.rules)
    listed = [rule for rule in known if rule.id in chosen and (role is None or role in rule.roles)]
    if as_json:
        console.echo(orjson.dumps([_data(rule) for rule in listed], option=orjson.OPT_INDENT_2).decode())
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in (say("Rule"), say("Level"), say("Half")):
        table.add_column(heading[lang], no_wrap=True)
    table.add_column(say("Requirement")[lang])
    for rule in listed:
        table.add_row(rule.id, _level(rule), rule.half.value, rule.sentence[lang])
    console.render(table)
    console.echo(f"{len(listed)} rules")


def _level(rule: Rule) -> str:
    return rule.level.value + (" disputed" if rule.disputed else "")


def _data(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "level": rule.level.value,
        "roles": sorted(rule.roles),
        "half": rule.half.value,
        "flow": rule.flow,
        "option": rule.option,
        "editions": sorted(rule.editions),
        "sentence": {"en": rule.sentence.en, "nl": rule.sentence.nl},
        "source": list(rule.source),
        "interpretation": rule.interpretation.id if rule.interpretation else None,
        "disputed": rule.disputed,
        "requires": list(rule.requires),
        "provedBy": list(register.proofs().get(rule.id, ())),
    }


@click.command()
@click.option("--edition", default=editions.DEFAULT, show_default=True, help="Which edition of the standard.")
@click.option("--role", type=click.Choice(editions.ROLES), help="Only what this role serves.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of YAML.")
@click.option("--path", "show_path", is_flag=True, help="Print where the document is instead of what it says.")
@click.option("--validate", is_flag=True, help="Load and compile the document and say what it describes.")
def spec(edition: str, role: str | None, *, as_json: bool, show_path: bool, validate: bool) -> None:
    """Print the OpenAPI document: one file, internal references only, no YAML anchors.

    \b
    Examples:
      ooapi-toets spec > ooapi-toets.yaml
      ooapi-toets spec --role toetsplanning --json
    """
    found = editions.load(edition)
    loaded, path = found.contract, found.files[role or found.roles[0]]
    if show_path:
        console.echo(path)
        return
    if validate:
        operations = loaded.operations
        console.echo(f"{path.name}: {len(operations)} operations, all schemas compile.")
        return
    document = loaded.document_for(role) if role else loaded.document
    if as_json:
        console.echo(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode())
    elif role:
        console.echo(yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100), nl=False)
    else:
        console.echo(path.read_text(encoding="utf-8"), nl=False)
