"""The pages say what is so: their commands do it, their tables are made of it, their links lead somewhere."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mock_server.serving.server import MockServer
from mock_server.settings import MockSettings
from mock_server.state.faults import PRESETS
from ooapi_toets import editions, register
from ooapi_toets.cli import COMMANDS
from tests import page_commands
from tests.honest.foreign.catalogue import CLIENTS, SERVERS, Server
from tests.liars.catalogue import LIARS
from tests.page_commands import ADDRESSES, Block
from tools.pages import made, options

ROOT, DOCS = made.ROOT, made.DOCS
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md"), ROOT / "reports" / "README.md"])
BLOCKS = [block for page in PAGES for block in page_commands.blocks(page)]
HEAVY = ("httpx", "hypothesis", "schemathesis", "connexion", "pytest", "uvicorn", "sqlalchemy", "starlette")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


# -- commands on the pages -------------------------------------------------------------------------------------


@contextmanager
def listening(needs: str) -> Iterator[dict[str, str]]:
    """What a block needs, and by which addresses those on the page are replaced: the port is the only difference."""
    kind, _, name = needs.partition(" ")
    if kind == "liar":
        server = LIARS[name].server()
    elif role := next((each for each in editions.ROLES if each == kind), None):
        server = MockServer(MockSettings(role=role, port=0, seed_data="basic" if kind == "toetsplanning" else ""))
    else:
        yield {}
        return
    with server:
        yield {ADDRESSES[kind]: server.origin.removeprefix("http://")}


@pytest.mark.parametrize("page", [page for page in PAGES if any(each.page == page for each in BLOCKS)], ids=name_of)
def test_the_commands_of_a_page_do_what_the_page_says(page: Path, tmp_path: Path) -> None:
    # Blocks that need the same thing share it, as they do for a reader who goes down the page.
    blocks = [each for each in BLOCKS if each.page == page]
    for needs in dict.fromkeys(each.needs for each in blocks):
        with listening(needs) as addresses:
            for block in (each for each in blocks if each.needs == needs):
                code, output = ran(block, addresses, tmp_path)
                assert code == block.code, f"{block.text}\n{output}"
                assert page_commands.missing(block.shows, output) == [], f"{block.text}\n{output}"


def ran(block: Block, addresses: dict[str, str], folder: Path) -> tuple[int, str]:
    text = block.text
    for printed, real in addresses.items():
        text = text.replace(printed, real)
    environment = {
        **{
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("OOAPI_TOETS_", "GITHUB_", "PYTEST_"))
        },
        # Fewer generated messages than a reader gets, for the time that it takes.
        "OOAPI_TOETS_CHECK_EXAMPLES": "2",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    if block.needs == "pytest":
        (folder / "test_page.py").write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_page.py"]
    elif block.language == "python":
        command = [sys.executable, "-c", text]
    else:
        command = ["bash", "-c", f"set -o pipefail\n{text}"]
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=100,
    )
    return done.returncode, done.stdout


def test_the_first_commands_of_a_newcomer_are_among_those_that_are_run() -> None:
    text = "".join(each.text for each in BLOCKS if each.page in {ROOT / "README.md", DOCS / "start.md"})
    for words in ("ooapi-toets check toetsafname", "curl -i -X PUT", "/explain"):
        assert words in text


def test_the_readme_shows_how_to_try_it_and_how_to_test_it() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    shown = re.findall(r"^make ([a-z]+)", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert shown == ["demo", "test"]
    for page in PAGES:
        assert set(re.findall(r"(?:^|`)make ([a-z]+)", page.read_text("utf-8"), re.MULTILINE)) <= targets, name_of(page)


# -- in step with the code -------------------------------------------------------------------------------------


def test_the_made_parts_are_up_to_date() -> None:
    stale = [name_of(path) for path, text in made.files() if not path.is_file() or path.read_text("utf-8") != text]
    assert stale == [], "write them with python -m tools.pages"


def test_every_rule_has_its_place_on_the_page_of_rules() -> None:
    headings = re.findall(r"^### (\S+)$", (DOCS / "rules.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(headings) == sorted(rule.id for rule in register.load())


def test_every_interpretation_has_its_place() -> None:
    headings = re.findall(r"^### (\S+)$", (DOCS / "interpretations.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(headings) == sorted(register.load().interpretations)


def test_every_option_of_every_command_is_documented_as_its_help_says() -> None:
    page = (DOCS / "configuration.md").read_text("utf-8")
    for name, command in options.commands().items():
        part = page.partition(f"### ooapi-toets {name}\n")[2].partition("\n### ")[0]
        for option in options.options_of(command):
            rows = [line for line in part.splitlines() if line.startswith(f"| `{option.opts[0]}`")]
            assert len(rows) == 1, f"{name} {option.opts[0]}"
            assert option.help, f"{name} {option.opts[0]} has no help"
            assert option.help.replace("|", "\\|").replace("<", "&lt;") in rows[0]


def test_every_option_on_a_page_is_there() -> None:
    known = {
        name
        for command in options.commands().values()
        for each in options.options_of(command)
        for name in (*each.opts, *each.secondary_opts)
    }
    known |= {"--help", "--version"}
    for page in PAGES:
        for line in re.findall(
            r"ooapi-toets (?:check|mock|watch|relay|play|demo|report|diff|rules|spec)\b[^\n]*", page.read_text("utf-8")
        ):
            strange = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", line)) - known
            assert strange == set(), f"{name_of(page)}: {line}"


def test_every_command_on_a_page_is_there() -> None:
    commands = {name for group in COMMANDS.values() for name in group} | {"--help", "--version", "COMMAND"}
    for page in PAGES:
        code = (
            "\n".join(re.findall(r"```sh\n(.*?)```", page.read_text("utf-8"), re.DOTALL))
            + "\n"
            + "\n".join(re.findall(r"`(ooapi-toets [^`]*)`", page.read_text("utf-8")))
        )
        used = set(re.findall(r"(?:^|[ /;])ooapi-toets (-{0,2}[a-zA-Z]+)", code, re.MULTILINE))
        assert used <= commands, name_of(page)


def test_every_variable_that_is_read_is_documented() -> None:
    page = (DOCS / "configuration.md").read_text("utf-8")
    sources = [
        *(ROOT / "ooapi_toets").rglob("*.py"),
        *(ROOT / "mock_server").rglob("*.py"),
        *(ROOT / "conformance").rglob("*.py"),
    ]
    code = "\n".join(each.read_text("utf-8") for each in sources)
    read = {f"OOAPI_TOETS_{name}" for name in re.findall(r"\bsecret\(\s*\"([A-Z_]+)\"", code)}
    read |= set(re.findall(r"OOAPI_TOETS_[A-Z_]+[A-Z]", code))
    assert sorted(name for name in read if not re.search(f"`{name}(`|=)", page)) == []


def test_every_preset_of_faults_is_documented() -> None:
    page = (DOCS / "faults.md").read_text("utf-8")
    assert [name for name in PRESETS if f"`{name}`" not in page] == []


def test_every_correct_implementation_of_another_make_is_in_its_table() -> None:
    page = (DOCS / "correct-implementations.md").read_text("utf-8")
    for heading, known in (("Servers", SERVERS), ("Clients", CLIENTS)):
        part = page.partition(f"## {heading}\n")[2].partition("\n## ")[0]
        rows = [line.split("|")[1:3] for line in part.splitlines() if line.startswith("| `")]
        listed = {name: roles for names, roles in rows for name in re.findall(r"`([\w-]+)`", names)}
        assert sorted(listed) == sorted(known)
        for name, each in known.items():
            assert (each.role if isinstance(each, Server) else each.own.role) in listed[name], name


# -- links -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"https?:", target):
            continue
        path, _, anchor = target.partition("#")
        where = (page.parent / path).resolve() if path else page
        if not where.is_file() or (anchor and anchor not in anchors(where)):
            broken.append(target)
    assert broken == []


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\s-]", "", each).strip().lower().replace(" ", "-") for each in headings}


def test_every_file_that_a_page_names_is_there() -> None:
    folders = "spec|ooapi_toets|mock_server|conformance|fixtures|tests|tools|docs"
    for page in PAGES:
        named = re.findall(rf"`((?:{folders})/[\w./-]*)`", page.read_text("utf-8"))
        assert [each for each in named if "ROLE" not in each and not (ROOT / each).exists()] == [], name_of(page)


def test_the_page_on_editions_follows_the_code() -> None:
    part = (DOCS / "extending.md").read_text("utf-8").partition("## An edition")[2].partition("\n## ")[0]
    document = (ROOT / "spec" / "ooapi-toets.yaml").read_text("utf-8")
    assert all(f"{name}:" in document for name in re.findall(r"`(x-[\w-]+)`", part))
    taking = {
        name
        for name, command in options.commands().items()
        if any("--edition" in each.opts for each in options.options_of(command))
    }
    assert taking == set(re.findall(r"`(check|watch|relay|mock|play|spec|demo|rules)`", part))


def test_no_page_speaks_of_the_machine_that_it_was_written_on() -> None:
    files = [*PAGES, *made.RECIPES.iterdir(), ROOT / "Dockerfile", ROOT / "action.yml", ROOT / "mkdocs.yml"]
    found = [name_of(each) for each in files if re.search(r"/(work|home|root|Users)/|/tmp/", each.read_text("utf-8"))]
    assert found == []


def test_every_picture_is_on_a_page() -> None:
    text = "".join(page.read_text("utf-8") for page in PAGES)
    unused = [each.name for each in (DOCS / "pictures").iterdir() if f"pictures/{each.name}" not in text]
    assert unused == []


def test_the_site_is_made_without_a_warning_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    for page in (tmp_path / "site").rglob("*.html"):
        text = page.read_text("utf-8")
        assert re.findall(r"<(?:script|img|iframe|source)[^>]+src=\"?https?:", text) == []
        assert re.findall(r"<link[^>]+href=\"?https?:", text) == []
    styles = "".join(each.read_text("utf-8") for each in (tmp_path / "site").rglob("*.css"))
    assert re.findall(r"(?:@import|url\()\s*[\"']?https?:", styles) == []


# -- help ------------------------------------------------------------------------------------------------------


def helped(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ooapi_toets", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "100"},
    )


def test_the_first_help_fits_a_screen_and_ends_with_where_to_begin() -> None:
    lines = helped("--help").stdout.rstrip().splitlines()
    assert len(lines) <= 40
    assert lines[-1].strip() == "ooapi-toets demo"
    assert all(any(line.split()[:1] == [name] for line in lines) for group in COMMANDS.values() for name in group)


@pytest.mark.parametrize("name", [name for group in COMMANDS.values() for name in group])
def test_the_help_of_a_command_has_examples_and_imports_nothing_heavy(name: str) -> None:
    code = f"""
import sys
from ooapi_toets.cli import main
try:
    main([{name!r}, "--help"])
except SystemExit:
    pass
print([each for each in {HEAVY} if each in sys.modules])
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Examples?:\n\s+(OOAPI_TOETS_\S+ )?ooapi-toets ", told)
    assert told.splitlines()[-1] == "[]"


def test_the_lines_of_the_first_help_are_short_sentences() -> None:
    for group in COMMANDS.values():
        for name, (_, line) in group.items():
            assert line.endswith("."), name
            assert len(line) < 80, name


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        (("chek",), "Did you mean 'check'?"),
        (("mokc", "toetsafname"), "Did you mean 'mock'?"),
        (("check", "toetsafname", "--ulr", "x"), "--url"),
        (("mock", "toetsafname", "--stroe", "x"), "--store"),
    ],
)
def test_a_slip_of_the_pen_is_understood(arguments: tuple[str, ...], meant: str) -> None:
    done = helped(*arguments)
    assert done.returncode == 2
    assert meant in done.stderr


@pytest.mark.parametrize(
    ("words", "at", "offered"),
    [
        ("ooapi-toets che", 1, "check"),
        ("ooapi-toets mock --sto", 2, "--store"),
        ("ooapi-toets check toetsp", 2, "toetsplanning"),
    ],
)
def test_the_shell_completes(words: str, at: int, offered: str) -> None:
    program = shutil.which("ooapi-toets", path=str(Path(sys.executable).parent))
    assert program
    environment = {**os.environ, "_OOAPI_TOETS_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(at)}
    done = subprocess.run([program], env=environment, capture_output=True, text=True, check=False)
    assert f"plain,{offered}" in done.stdout.splitlines()


def test_an_option_can_be_a_variable_under_the_name_that_the_page_gives() -> None:
    environment = {
        **os.environ,
        "OOAPI_TOETS_CHECK_URL": "http://127.0.0.1:9/ooapi",
        "OOAPI_TOETS_CHECK_DRY_RUN": "1",
        "OOAPI_TOETS_CHECK_ONLY": "2.4 4.2",
    }
    done = subprocess.run(
        [sys.executable, "-m", "ooapi_toets", "check", "toetsafname"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert "http://127.0.0.1:9/ooapi" in done.stdout
    assert "Only 2.4, 4.2 was examined" in done.stdout
