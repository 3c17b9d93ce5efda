"""The page that people look at: one file that loads nothing, from one stored result, in two languages.

What an endpoint answered is somebody else's text. It reaches the page only through autoescaped templates
and, as data for the language switch, through JSON in which no markup can begin; the content security
policy lets no script or style run but the page's own.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from conformance.reports import rules, summary, words
from conformance.reports.words import TEMPLATES
from ooapi_toets import JsonObject, resources
from ooapi_toets.texts import LANGUAGES, Text, number, say, say_n

_MARKUP = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}

_SAID = {
    "shown": say("{shown} of {n} rules shown", shown="{shown}", n="{n}"),
    "copy": say("Copy"),
    "copied": say("Copied."),
}
"""The words that the script fills in or says by itself."""


def render(result: JsonObject, language: str) -> str:
    """The page.

    Args:
        result: The stored result.
        language: The language it opens in; the other is one click away.
    """
    chapters = rules.chapters(result)
    every = [rule for chapter in chapters for rule in chapter.rules]
    bilingual = Bilingual(language)
    style, script = _asset("report.css"), _asset("report.js")
    body = (
        _environment()
        .get_template("report.html.j2")
        .render(
            title=say(
                "{role}: {verdict} ({url})",
                role=words.role(result["role"]),
                verdict=words.verdict(result["verdict"]),
                url=words.visible(result["target"]["url"]),
            ),
            kicker=say(
                "Conformance report: {role}, {scope}", role=words.role(result["role"]), scope=words.scope(result)
            ),
            version=words.visible(str(result["suiteVersion"])),
            format=words.visible(str(result["schemaVersion"])),
            summary=summary.summarise(result, every),
            chapters=chapters,
            rules=every,
            levels=[name for name in ("MUST", "SHOULD", "MAY") if any(each.level == name for each in every)],
            halves=sorted({each.half for each in every}),
            sources=_sources(every),
            words=words,
            style_of=rules.style,
            say=say,
            say_n=say_n,
            number=number,
            language=language,
            tag=bilingual.tag,
            attribute=bilingual.attribute,
            policy=_policy(style, script),
            style=Markup(style),  # noqa: S704 - a file of ours
            script=Markup(script),  # noqa: S704 - a file of ours
        )
    )
    # The texts are known only when the page has been written; they come last.
    return body.replace("<!-- texts -->", bilingual.data(), 1)


class Bilingual:
    """Writes texts in the language of the page and keeps both for the switch.

    Args:
        language: The language of the page.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._texts: dict[Text, int] = {}

    def tag(self, name: str, text: Text, **attributes: str) -> Markup:
        """An element with a text.

        Args:
            name: The name of the element.
            text: The text.
            attributes: Attributes; `_` stands for `-`, and one at the end is left off.
        """
        given = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items())
        return Markup(f"<{name}{given}{self._mark('t', text)}>{escape(text[self._language])}</{name}>")  # noqa: S704 - escaped

    def attribute(self, name: str, text: Text) -> Markup:
        """An attribute with a text."""
        return Markup(f' {name}="{escape(text[self._language])}"{self._mark(name, text)}')  # noqa: S704 - escaped

    def data(self) -> str:
        """Both languages of every text as a block of data, in which no markup can begin."""
        texts = {
            language: {
                "texts": [each[language] for each in self._texts],
                "words": {name: each[language] for name, each in _SAID.items()},
            }
            for language in LANGUAGES
        }
        told = orjson.dumps(texts).decode().translate(_MARKUP)
        return f'<script type="application/json" id="texts">{told}</script>'

    def _mark(self, name: str, text: Text) -> str:
        if text.en == text.nl:
            return ""
        return f' data-{name}="{self._texts.setdefault(text, len(self._texts))}"'


def _policy(style: str, script: str) -> str:
    """The content security policy: nothing is loaded, and nothing runs but this style and this script."""
    hashes = [base64.b64encode(hashlib.sha256(each.encode()).digest()).decode() for each in (style, script)]
    return (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _sources(shown: list[rules.RuleView]) -> list[tuple[str, str, str]]:
    """The documents that the rules cite: short name, title, address."""
    cited = {part.split(":")[0].strip() for each in shown for part in each.source.split("; ")}
    known: JsonObject = resources.read_yaml(resources.spec("sources.yaml"))["sources"]
    return [(name, each["title"], each.get("url", "")) for name, each in known.items() if name in cited]


def _asset(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
