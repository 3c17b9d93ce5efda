"""List the servers of other makes: how each is started, and what a tester says of it to the check."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
PYTHON = os.environ.get("OOAPI_TOETS_HONEST_PYTHON", str(ROOT / ".venv-honest" / "bin" / "python"))
"""The interpreter that has the frameworks: made by `make honest`, apart from that of the suite."""

DRF_SLASHES = str(HERE / "drf" / "slashes.toml")

AFNAME, PLANNING = "toetsafname", "toetsplanning"

Command = Callable[[int, Path], Sequence[str]]


@dataclass(frozen=True)
class Server:
    """A server of another make.

    Attributes:
        name: What it is called in the table.
        role: The role that it serves.
        command: The command that serves it at a port, with a folder for what it writes.
        given: Sessions that exist there.
        cancelled: Cancelled sessions that exist there.
        base: The base path.
        scheme: http or https.
        options: What a tester adds to the command line of the check.
        slashes: Whether its paths end with a slash.
        npm: The folder whose packages it needs.
        programs: Programs that it needs.
    """

    name: str
    role: str
    command: Command
    given: tuple[str, ...] = ()
    cancelled: tuple[str, ...] = ()
    base: str = "/ooapi"
    scheme: str = "http"
    options: tuple[str, ...] = ()
    slashes: bool = False
    npm: Path | None = None
    programs: tuple[str, ...] = ()

    def check(self, port: int, folder: Path) -> list[str]:
        """Give the arguments of the check of this server; its authority is in the folder, if it has one."""
        words = ["check", self.role, "--url", f"{self.scheme}://127.0.0.1:{port}{self.base}", *self.options]
        if self.scheme == "https":
            words += ["--ca", str(folder / "ca.pem")]
        for option, ids in (("--given-offering", self.given), ("--given-cancelled", self.cancelled)):
            words += [word for each in ids for word in (option, each)]
        return words


def _ids(start: str, *ends: int) -> tuple[str, ...]:
    return tuple(f"{start}-0000-4000-8000-{end:012}" for end in ends)


def _node(folder: str, *words: str) -> Command:
    return lambda port, _folder: ["node", str(HERE / folder / "server.js"), "--port", str(port), *words]


def _python(folder: str, *words: str) -> Command:
    return lambda port, _folder: [PYTHON, str(HERE / folder / "server.py"), "--port", str(port), *words]


def _php(port: int, folder: Path) -> Sequence[str]:
    database = f"TOETS_DB={folder / 'php.sqlite'}"
    script = str(HERE / "php" / "index.php")
    return ["env", database, "PHP_CLI_SERVER_WORKERS=4", "php", "-S", f"127.0.0.1:{port}", script]


def _nginx(*words: str) -> Command:
    server = str(HERE / "nginx_front" / "server.py")
    return lambda port, folder: [PYTHON, server, "--port", str(port), "--folder", str(folder), *words]


SERVERS = {
    each.name: each
    for each in (
        Server("fastapi-afname", AFNAME, _python("fastapi_sqlalchemy")),
        Server("fastapi-422-afname", AFNAME, _python("fastapi_sqlalchemy", "--stock-errors")),
        Server(
            "fastapi-planning",
            PLANNING,
            _python("fastapi_sqlalchemy", "--role", PLANNING),
            given=_ids("fa570000", 1, 2),
            cancelled=_ids("fa570000", 3),
        ),
        Server(
            "fastapi-422-planning",
            PLANNING,
            _python("fastapi_sqlalchemy", "--role", PLANNING, "--stock-errors"),
            given=_ids("fa570000", 1, 2),
            cancelled=_ids("fa570000", 3),
        ),
        Server("drf-afname", AFNAME, _python("drf")),
        Server("drf-slashes-afname", AFNAME, _python("drf", "--stock-errors"), options=("--config", DRF_SLASHES)),
        Server(
            "drf-planning",
            PLANNING,
            _python("drf", "--role", PLANNING),
            given=_ids("d7f00000", 1, 2),
            cancelled=_ids("d7f00000", 3),
        ),
        Server(
            "drf-slashes-planning",
            PLANNING,
            _python("drf", "--role", PLANNING, "--stock-errors"),
            given=_ids("d7f00000", 1, 2),
            cancelled=_ids("d7f00000", 3),
            options=("--config", DRF_SLASHES),
            slashes=True,
        ),
        Server("express-afname", AFNAME, _node("express"), npm=HERE / "express", programs=("node", "npm")),
        Server(
            "express-defaults-afname",
            AFNAME,
            _node("express", "--defaults"),
            npm=HERE / "express",
            programs=("node", "npm"),
        ),
        Server(
            "express-planning",
            PLANNING,
            _node("express", "--role", PLANNING),
            given=_ids("e7000000", 1, 2),
            cancelled=_ids("e7000000", 3),
            npm=HERE / "express",
            programs=("node", "npm"),
        ),
        Server(
            "express-letter-planning",
            PLANNING,
            _node("express", "--role", PLANNING, "--defaults", "--by-the-letter"),
            given=_ids("e7000000", 1, 2),
            cancelled=_ids("e7000000", 3),
            npm=HERE / "express",
            programs=("node", "npm"),
        ),
        Server("fastify-afname", AFNAME, _node("fastify"), npm=HERE / "fastify", programs=("node", "npm")),
        Server("connexion-afname", AFNAME, _python("connexion_stock")),
        Server(
            "connexion-planning",
            PLANNING,
            _python("connexion_stock", "--role", PLANNING),
            given=_ids("c0570000", 1, 2),
            cancelled=_ids("c0570000", 3),
        ),
        Server(
            "nginx-afname",
            AFNAME,
            _nginx(),
            base="/toets/v5/a/ooapi",
            scheme="https",
            npm=HERE / "express",
            programs=("nginx", "node", "npm"),
        ),
        Server(
            "nginx-strict-afname",
            AFNAME,
            _nginx("--strict"),
            base="/toets/v5/a/ooapi",
            scheme="https",
            npm=HERE / "express",
            programs=("nginx", "node", "npm"),
        ),
        Server("php-afname", AFNAME, _php, programs=("php",)),
    )
}
"""Every server of another make, by name."""


@dataclass(frozen=True)
class Client:
    """A client of another make: what it sends is judged; where the suite asks for calls, its own server is as well.

    Attributes:
        name: What it is called in the table.
        own: The server of the same system, from whose office it takes what it sends.
        command: The command that performs a step; `{step} {session} {url}` come after it.
        way: `watch`: the suite only listens, and the client performs everything once. `trigger`: the suite asks by
            running the command. `trigger-url`: the suite asks the server, which performs it itself.
    """

    name: str
    own: Server
    command: tuple[str, ...]
    way: str

    @property
    def programs(self) -> tuple[str, ...]:
        """Programs that it needs."""
        return (*self.own.programs, self.command[0])


_JAVA = ("java", str(HERE / "clients" / "Client.java"))
_NODE = ("node", str(HERE / "express" / "client.js"))
_CURL = ("bash", str(HERE / "clients" / "client.sh"))

CLIENTS = {
    each.name: each
    for each in (
        Client("java-watched", SERVERS["express-planning"], _JAVA, "watch"),
        Client("node-watched", SERVERS["express-planning"], _NODE, "watch"),
        Client("curl-watched", SERVERS["express-planning"], _CURL, "watch"),
        Client("java-planning-client", SERVERS["express-planning"], _JAVA, "trigger"),
        Client("node-planning-client", SERVERS["express-planning"], _NODE, "trigger-url"),
        Client("curl-planning-client", SERVERS["express-planning"], _CURL, "trigger"),
        Client("java-afname-client", SERVERS["express-afname"], _JAVA, "trigger"),
        Client("node-afname-client", SERVERS["express-afname"], _NODE, "trigger-url"),
        Client("curl-afname-client", SERVERS["express-afname"], _CURL, "trigger"),
    )
}
"""Every client of another make, by name."""
