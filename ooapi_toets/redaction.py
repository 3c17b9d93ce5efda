"""Hides secrets in every output: where their place gives them away, and by value wherever else they turn up.

Whatever reads a secret (an option, a file, an answer of a token endpoint) tells it to `RUN`, and whatever leaves
the process (a file of a report, a line on the console, an answer of the control API) passes `hide` last. A value
of fewer than six characters is hidden by its place only: such a text turns up everywhere by chance.
"""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
import threading
from collections.abc import Iterable
from itertools import islice
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit

from ooapi_toets import Json
from ooapi_toets.outcomes import Level, Outcome, Verdict

HIDDEN = "[masked]"
SHORTEST = 6
"""Characters that a secret has at least to be hidden by value."""
MOST = 200
"""So many values are known at once; of those that came later the oldest is forgotten first."""
_PUBLIC = frozenset(
    {"toetsafname", "toetsplanning", "ooapi-toets", "bearer", "oauth2", "secret", "password", "https://", "application"}
    | {each.value.lower() for kind in (Outcome, Verdict, Level) for each in kind}
)
"""Words of the outputs themselves: as a secret they are hidden by their place only."""

_PARAMETERS = (
    "access_token", "refresh_token", "id_token", "token", "client_secret", "client_assertion", "assertion", "secret",
    "password", "passwd", "pwd", "api_key", "api-key", "apikey", "subscription-key", "subscription_key", "sig",
    "signature", "code", "cookie",
)  # fmt: skip
_MEMBERS = frozenset(_PARAMETERS) - {"code", "sig", "signature", "assertion"}
"""Attributes of JSON that hold a secret; `code` is the code of a person or a session there."""
# A prefix makes no difference to a word that says it by itself, as in `x-auth-token`; to `code` it does.
_PARAMETER = re.compile(
    rf"(?i)(?<![\w-])({'|'.join(map(re.escape, _PARAMETERS))}|[\w-]{{1,40}}[-_](?:token|secret|password|api[-_]?key))="
    r"([^&\s#\"'<>\\]+)"
)
_MEMBER = re.compile(
    rf"""(?i)((["'])(?:{"|".join(map(re.escape, sorted(_MEMBERS)))})\2\s*:\s*)"""
    r"""(?:"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?)"""
)
# Both parts are bounded, so that a text made for it does not take quadratic time.
_USERINFO = re.compile(r"(?i)\b([a-z][a-z0-9+.-]{0,20}://)[^\s/?#\"'<>\\]{1,500}@")
_AUTHORIZATION = frozenset({"authorization", "proxy-authorization"})
_SCHEMES = frozenset({"basic", "bearer", "digest", "dpop", "negotiate", "ntlm"})
_SECRET_HEADER = re.compile(
    r"(?i)cookie|authoriz|token|secret|passw|credential|signature|^x-auth|api[-_]?key"
    r"|(?:subscription|functions|access|private|master|shared|client|auth|host)[-_]?key"
)
_MARKUP = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


class Redactor:
    """Knows the secrets of a run by value, and hides them; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._forms: dict[str, tuple[str, ...]] = {}
        self._ordered: tuple[str, ...] = ()

    def learn(self, *values: str) -> None:
        """Hide these values from now on, however they are written; those that are too short are not.

        Args:
            values: The secrets.
        """
        with self._lock:
            known = len(self._forms)
            for value in map(str.strip, values):
                if len(value) >= SHORTEST and value not in self._forms and value.lower() not in _PUBLIC:
                    self._forms[value] = tuple(_forms(value))
            if len(self._forms) == known:
                return
            while len(self._forms) > MOST:
                # What the user gave came first and stays; tokens that were fetched later expire.
                del self._forms[next(islice(self._forms, MOST // 2, None))]
            every = {form for forms in self._forms.values() for form in forms}
            self._ordered = tuple(sorted(every, key=len, reverse=True))

    def learn_url(self, url: str) -> None:
        """Hide what a URL holds of secrets: user and password, and parameters that bear the name of one."""
        try:
            parts = urlsplit(url)
            user, password = parts.username or "", parts.password or ""
        except ValueError:
            return
        query = (value for name, value in parse_qsl(parts.query) if name.lower() in _PARAMETERS)
        self.learn(password, unquote(password), *query)
        if password:
            # A client sends both as one line of Basic; a user without a password is a key that stands there.
            self.learn_basic(unquote(user), unquote(password))
        else:
            self.learn(user, unquote(user))

    def learn_basic(self, user: str, password: str) -> None:
        """Hide a password, and the pair of it and its user as Basic writes it (RFC 7617)."""
        if password:
            pair = base64.b64encode(f"{user}:{password}".encode("utf-8", "surrogatepass")).decode()
            self.learn(password, pair, pair.rstrip("="))

    def learn_headers(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Hide what header lines hold of credentials, wherever else it turns up."""
        for name, value in pairs:
            lowered = name.lower()
            if lowered in _AUTHORIZATION:
                self._learn_authorization(value)
            elif "cookie" in lowered:
                self.learn(*(part.partition("=")[2] for part in value.split(";")[: 1 if lowered[0] == "s" else None]))
            elif is_secret_header(name):
                self.learn(value)

    def _learn_authorization(self, value: str) -> None:
        scheme, _, rest = value.strip().partition(" ")
        if not rest:
            self.learn(scheme)
            return
        self.learn(rest)
        if scheme.lower() == "basic":
            try:
                self.learn(base64.b64decode(rest, validate=True).decode("utf-8", "replace").partition(":")[2])
            except (binascii.Error, ValueError):
                return

    def hide(self, text: str) -> str:
        """A text without secrets: parameters and passwords of URLs by their place, known values anywhere."""
        text = hide_by_place(text)
        for value in self._ordered:
            if value in text:
                text = text.replace(value, HIDDEN)
        return text

    def data(self, value: Json) -> Json:
        """JSON data without secrets, in its keys as well."""
        if isinstance(value, str):
            return self.hide(value)
        if isinstance(value, list):
            return [self.data(each) for each in value]
        if isinstance(value, dict):
            return {
                self.hide(key): HIDDEN if is_secret_member(key) and isinstance(each, str) and each else self.data(each)
                for key, each in value.items()
            }
        return value

    def forget(self) -> None:
        """Know nothing any more."""
        with self._lock:
            self._forms, self._ordered = {}, ()


RUN = Redactor()
"""The secrets of this process. Secrets enter at many places and leave at many, so what knows them is one."""


def hide_by_place(text: str) -> str:
    """A text, such as a URL or a form body, with the values of secret parameters and passwords of URLs hidden."""
    if "=" in text:
        text = _PARAMETER.sub(rf"\1={HIDDEN}", text)
    # No brackets: in this place they would be an address of IPv6.
    return _USERINFO.sub(r"\1masked@", text) if "://" in text else text


def hide_members(text: str) -> str:
    """A text that may be JSON with a mistake in it, with the values of secret attributes hidden."""
    return _MEMBER.sub(rf'\1"{HIDDEN}"', text)


def is_secret_member(name: str) -> bool:
    """Whether an attribute of JSON bears the name of a secret."""
    return name.lower() in _MEMBERS


def is_secret_header(name: str) -> bool:
    """Whether a header bears the name of a credential."""
    return _SECRET_HEADER.search(name) is not None


def header(name: str, value: str) -> str:
    """The value of a header line as it may be shown: of a credential its scheme at most."""
    if not is_secret_header(name):
        return value
    scheme, _, rest = value.strip().partition(" ")
    kept = rest and name.lower() in _AUTHORIZATION and scheme.lower() in _SCHEMES
    return f"{scheme} {HIDDEN}" if kept else HIDDEN


def _forms(value: str) -> Iterable[str]:
    """A value as it is, and as URLs, JSON and markup write it."""
    yield value
    yield value.rstrip("=")
    strict = value.encode("utf-8", "replace")
    yield from (quote(strict, safe=""), quote(strict), quote_plus(strict))
    for ascii_only in (True, False):
        written = json.dumps(value, ensure_ascii=ascii_only)[1:-1]
        yield from (written, written.translate(_MARKUP))
    yield from (html.escape(value), html.escape(value, quote=False))
