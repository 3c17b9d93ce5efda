"""Options of the suite become settings: what is listened for, and which faults are planned."""

import click
import pytest
from click.testing import CliRunner

from conformance.command_options import address, check_options, listen_from
from conformance.settings import FAULTS, ListenSettings
from ooapi_toets.errors import UsageError


def _listening(*arguments: str) -> ListenSettings | None:
    @click.command()
    @check_options
    def command(**given: object) -> None:
        made.append(listen_from(given))

    made: list[ListenSettings | None] = []
    done = CliRunner().invoke(command, arguments, catch_exceptions=False, standalone_mode=False)
    assert done.exception is None
    return made[0]


@pytest.mark.parametrize(
    ("options", "faults"),
    [
        ([], FAULTS),
        (["--faults"], FAULTS),
        (["--no-faults"], ()),
        (["--no-bad-days"], ()),
        (["--no-faults", "--bad-days"], FAULTS),
    ],
)
def test_faults_are_planned_unless_they_are_switched_off_by_either_name(
    options: list[str], faults: tuple[str, ...]
) -> None:
    settings = _listening("--listen", "127.0.0.1:9001", *options)
    assert settings is not None
    assert settings.faults == faults


def test_without_an_address_nothing_listens() -> None:
    assert _listening() is None


def test_a_trigger_without_an_address_is_refused() -> None:
    with pytest.raises(UsageError):
        _listening("--trigger", "./send-report")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("127.0.0.1:80", ("127.0.0.1", 80)), (":0", ("127.0.0.1", 0)), ("[::1]:8080", ("::1", 8080))],
)
def test_an_address_is_a_host_and_a_port(text: str, expected: tuple[str, int]) -> None:
    assert address(text) == expected


@pytest.mark.parametrize("text", ["", "localhost", "localhost:http", "localhost:65536"])
def test_another_form_is_no_address(text: str) -> None:
    with pytest.raises(UsageError):
        address(text)
