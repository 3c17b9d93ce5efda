"""Where Hypothesis keeps the tables of characters that it works out once."""

from __future__ import annotations

import os
from pathlib import Path

import click
from hypothesis.configuration import set_hypothesis_home_dir

_VARIABLE = "HYPOTHESIS_STORAGE_DIRECTORY"


def keep_apart() -> None:
    """Keep them with the user instead of in the folder where a check is run.

    There they would be litter, and be worked out anew in every folder, which takes two seconds. Nothing of a
    check is among them: examples are not kept.
    """
    if not os.environ.get(_VARIABLE):
        set_hypothesis_home_dir(Path(click.get_app_dir("ooapi-toets")) / "hypothesis")
