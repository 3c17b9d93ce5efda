"""Where the data rooms (`spec/`, `fixtures/`) are, in a checkout and in an installed wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import cast

import yaml

from ooapi_toets import Json

# The C loader reads the contract in a sixth of the time; it is in every PyYAML wheel, not in every build.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def _data_root() -> Path:
    package = Path(__file__).resolve().parent
    installed = package / "_data"
    return installed if installed.is_dir() else package.parent


def spec(*parts: str) -> Path:
    """The path of a file or folder under `spec/`."""
    return _data_root().joinpath("spec", *parts)


def fixtures(*parts: str) -> Path:
    """The path of a file or folder under `fixtures/`."""
    return _data_root().joinpath("fixtures", *parts)


def read_yaml(path: Path) -> Json:
    """The data in a YAML file of ours; aliases, tags and duplicate keys do not occur in them."""
    return cast(Json, yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader))  # noqa: S506 - a safe loader
