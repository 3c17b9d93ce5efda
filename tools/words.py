"""Keeps the Dutch catalogues in step with the English in the code: extracts, updates, compiles and checks.

`python -m tools.words update` writes what is new in the code into the catalogues and drops what is gone;
`compile` writes the compiled catalogues and the words of the mock's page; `check` says what is wrong.
"""

from __future__ import annotations

import ast
import io
import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import click
import orjson
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from ooapi_toets.texts import PACKAGES, catalogue

ROOT = Path(__file__).resolve().parent.parent
PAGE = Path("mock_server", "page")
WORDS = PAGE / "words.json"

Message = str | tuple[str, str]
"""A message in English; with a plural, its singular and its plural."""

_SAY, _SAY_N = "say", "say_n"
_STRING = r'("(?:[^"\\]|\\.)*")'
_SCRIPT = re.compile(rf"(?<![\w.$])(?:tn\(\s*{_STRING},\s*{_STRING}|[tm]\(\s*{_STRING})")
_MARKUP = re.compile(r'data-t>([^<]+)<|data-label aria-label="([^"]+)"')
_DUTCH = re.compile(
    r"\b(het|een|niet|geen|werd|werden|wordt|worden|zijn|deze|voor|met|naar|bij|ook|maar|nog|moet|kan|zonder|uw|dit|"
    r"gestuurd|aanroep|aanroepen|zitting|zittingen|deelname|deelnames|verslag|antwoord|antwoordt|systeem|regel|en|de)\b",
    re.IGNORECASE,
)
_TEST_DATA = "(test)"
"""What made-up data in Dutch bears, as every text of a message that the suite sends."""


class _Catalogue(Catalog):
    """A catalogue whose header holds nothing that changes by itself, such as a date."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The lines of the header."""
        return [
            ("Language", "nl"),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", "nplurals=2; plural=(n != 1);"),
        ]


@dataclass(frozen=True, slots=True)
class Said:
    """A call of `say` or `say_n` in Python.

    Attributes:
        place: The file and the line.
        message: The message, or None where it is not written out.
        values: The names of the values that are filled in; None where they are not written out.
    """

    place: str
    message: Message | None
    values: frozenset[str] | None


# -- what the code says ----------------------------------------------------------------------------


def calls(root: Path, package: str) -> Iterator[Said]:
    """Every call of `say` and `say_n` in the modules of a package.

    Args:
        root: The folder of the packages.
        package: The name of the package.
    """
    for path in sorted((root / package).rglob("*.py")):
        for each in _module(path.read_text(encoding="utf-8")).said:
            yield replace(each, place=f"{path.relative_to(root)}:{each.place}")


@dataclass(frozen=True, slots=True)
class _Module:
    """What is of interest in a module: its calls, with the line as place, and its Dutch with the line of each."""

    said: tuple[Said, ...]
    dutch: tuple[tuple[int, str], ...]


@cache  # most modules are the same each time that they are looked at, and looking at one takes long
def _module(text: str) -> _Module:
    said: list[Said] = []
    dutch: list[tuple[int, str]] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {_SAY, _SAY_N}:
            said.append(_said(node, node.func.id, str(node.lineno)))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and is_dutch(node.value):
            dutch.append((node.lineno, node.value))
    return _Module(tuple(said), tuple(dutch))


def _said(node: ast.Call, function: str, place: str) -> Said:
    given = [
        each.value if isinstance(each, ast.Constant) and isinstance(each.value, str) else None for each in node.args
    ]
    names = [each.arg for each in node.keywords]
    values = None if None in names else frozenset(str(each) for each in names)
    if function == _SAY:
        return Said(place, given[0] if given else None, values)
    one, many = (*given, None, None)[:2]
    pair = None if one is None or many is None else (one, many)
    return Said(place, pair, None if values is None else values | {"n"})


def messages(root: Path, package: str) -> set[Message]:
    """Every message of a package: of its modules, its templates and its page.

    Args:
        root: The folder of the packages.
        package: The name of the package.
    """
    found = {each.message for each in calls(root, package) if each.message is not None}
    for path in sorted((root / package).rglob("*.j2")):
        tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
        for _, function, given in extract_from_ast(tree, (_SAY, _SAY_N)):
            found.add(_message(function, (given,) if isinstance(given, str) else given or ()))
    return found | (page_messages(root) if PAGE.parts[0] == package else set())


def _message(function: str, given: tuple[str | None, ...]) -> Message:
    first, second = (*given, None)[:2]
    return (str(first), str(second)) if function == _SAY_N else str(first)


def page_messages(root: Path) -> set[Message]:
    """Every message of the mock's page: of its scripts and of its frame.

    Args:
        root: The folder of the packages.
    """
    found: set[Message] = set()
    for path in sorted((root / PAGE).glob("*.js")):
        for one, many, text in _SCRIPT.findall(path.read_text(encoding="utf-8")):
            found.add(orjson.loads(text) if text else (orjson.loads(one), orjson.loads(many)))
    for text, label in _MARKUP.findall((root / PAGE / "index.html").read_text(encoding="utf-8")):
        found.add(text or label)
    return found


# -- the catalogues --------------------------------------------------------------------------------


def source(root: Path, package: str) -> Path:
    """The catalogue of a package as people edit it.

    Args:
        root: The folder of the packages.
        package: The name of the package.
    """
    return _compiled(root, package).with_suffix(".po")


def _compiled(root: Path, package: str) -> Path:
    return root / catalogue(package).relative_to(ROOT)


def dutch(root: Path, package: str) -> dict[Message, str | tuple[str, ...]]:
    """The Dutch of each message in the catalogue of a package; empty where there is none yet.

    Args:
        root: The folder of the packages.
        package: The name of the package.
    """
    path = source(root, package)
    return _from_source(path.read_bytes()) if path.exists() else {}


@cache
def _from_source(data: bytes) -> dict[Message, str | tuple[str, ...]]:
    return _strings(read_po(io.BytesIO(data), locale="nl"))


@cache
def _from_compiled(data: bytes) -> dict[Message, str | tuple[str, ...]]:
    return _strings(read_mo(io.BytesIO(data)))


def _strings(found: Catalog) -> dict[Message, str | tuple[str, ...]]:
    return {
        _key(each.id): tuple(each.string) if isinstance(each.string, tuple | list) else each.string or ""
        for each in found
        if each.id
    }


def _key(identifier: str | list[str] | tuple[str, ...]) -> Message:
    return identifier if isinstance(identifier, str) else (identifier[0], identifier[1])


def write(root: Path, package: str, strings: Mapping[Message, str | tuple[str, ...]]) -> None:
    """Write the catalogue of a package, as people edit it.

    Args:
        root: The folder of the packages.
        package: The name of the package.
        strings: The Dutch of each message.
    """
    path = source(root, package)
    path.parent.mkdir(parents=True, exist_ok=True)
    out = io.BytesIO()
    write_po(out, _made(package, strings), width=110, sort_output=True, no_location=True)
    path.write_bytes(out.getvalue())


def _made(package: str, strings: Mapping[Message, str | tuple[str, ...]]) -> Catalog:
    made = _Catalogue("nl", package, header_comment=f"# The Dutch of {package}: see tools/words.py.", fuzzy=False)
    for message in sorted(strings, key=lambda each: each if isinstance(each, str) else each[0]):
        made.add(message, strings[message])
    return made


def update(root: Path = ROOT) -> None:
    """Write what is new in the code into the catalogues, without Dutch yet, and drop what is gone."""
    for package in PACKAGES:
        known = dutch(root, package)
        empty: dict[Message, str | tuple[str, ...]] = {
            each: "" if isinstance(each, str) else ("", "") for each in messages(root, package)
        }
        write(root, package, {each: known.get(each, nothing) for each, nothing in empty.items()})


def build(root: Path = ROOT) -> None:
    """Write the compiled catalogues and the words of the page."""
    for package in PACKAGES:
        out = io.BytesIO()
        write_mo(out, _made(package, dutch(root, package)))
        _compiled(root, package).write_bytes(out.getvalue())
    (root / WORDS).write_bytes(page_words(root))


def page_words(root: Path) -> bytes:
    """The words of the page as JSON: the Dutch by the English, with a plural by its singular.

    Args:
        root: The folder of the packages.
    """
    known = dutch(root, PAGE.parts[0])
    words = {each if isinstance(each, str) else each[0]: known.get(each, "") for each in page_messages(root)}
    return orjson.dumps(words, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


# -- what is wrong ---------------------------------------------------------------------------------


def faults(root: Path = ROOT) -> Iterator[str]:
    """Everything that is wrong with the texts and their Dutch, each as a sentence.

    Args:
        root: The folder of the packages.
    """
    everywhere: dict[str, str] = {}
    for package in PACKAGES:
        said, known = messages(root, package), dutch(root, package)
        yield from (
            f"{package} has no Dutch for {_short(each)}." for each in _sorted(said) if not _complete(known, each)
        )
        yield from (
            f"{package} has Dutch for {_short(each)}, which nothing says." for each in _sorted(known.keys() - said)
        )
        for message, string_ in known.items():
            if _complete(known, message) and not _same_fields(message, string_):
                yield f"The Dutch of {_short(message)} fills in other values."
            one, dutch_one = _first(message), _first(string_)
            if everywhere.setdefault(one, dutch_one) != dutch_one:
                yield f"{_short(message)} has another Dutch in {package} than elsewhere."
        yield from _unfit(root, package)
        yield from _in_dutch(root, package)
        path = _compiled(root, package)
        if not path.exists() or _from_compiled(path.read_bytes()) != _nonempty(known):
            yield f"{path.name} is out of step: run `python -m tools.words compile`."
    if not (root / WORDS).exists() or (root / WORDS).read_bytes() != page_words(root):
        yield f"{WORDS.name} is out of step: run `python -m tools.words compile`."


def _first(text: str | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]


def _sorted(found: set[Message]) -> list[Message]:
    return sorted(found, key=str)


def _short(message: Message) -> str:
    return repr(_first(message))


def _complete(known: Mapping[Message, str | tuple[str, ...]], message: Message) -> bool:
    found = known.get(message, "")
    return bool(found) if isinstance(found, str) else all(found)


def _nonempty(known: Mapping[Message, str | tuple[str, ...]]) -> dict[Message, str | tuple[str, ...]]:
    return {each: value for each, value in known.items() if _complete(known, each)}


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _same_fields(message: Message, found: str | tuple[str, ...]) -> bool:
    if isinstance(message, str) or isinstance(found, str):
        return _fields(str(message)) == _fields(str(found))
    return all(_fields(one) - {"n"} == _fields(other) - {"n"} for one, other in zip(message, found, strict=True))


def _unfit(root: Path, package: str) -> Iterator[str]:
    """Calls whose message cannot be extracted, or whose values are not those that it names."""
    for each in calls(root, package):
        if each.message is None:
            yield f"{each.place}: the message is not written out, so it cannot be translated."
        elif each.values:
            wanted = set().union(
                *(_fields(one) for one in ((each.message,) if isinstance(each.message, str) else each.message))
            )
            if wanted | {"n"} != each.values | {"n"}:
                yield f"{each.place}: {_short(each.message)} names other values than it is given."


def _in_dutch(root: Path, package: str) -> Iterator[str]:
    """Texts in Python that are Dutch."""
    for path in sorted((root / package).rglob("*.py")):
        for line, text in _module(path.read_text(encoding="utf-8")).dutch:
            yield f"{path.relative_to(root)}:{line}: {text[:60]!r} is Dutch: put it in the catalogue."


def is_dutch(text: str) -> bool:
    """Whether a text looks like a Dutch sentence; made-up data, which says that it is a test, does not count.

    Args:
        text: The text.
    """
    return _TEST_DATA not in text and len({each.lower() for each in _DUTCH.findall(text)}) > 1


@click.command(help=__doc__)
@click.argument("what", type=click.Choice(["update", "compile", "check"]))
def main(what: str) -> None:
    """Run the program."""
    if what == "update":
        update()
    elif what == "compile":
        build()
    else:
        found = list(faults())
        for each in found:
            click.echo(each)
        raise SystemExit(1 if found else 0)


if __name__ == "__main__":
    main()
