"""Read JSON as DRF does, and merge patches under their own media type."""

from __future__ import annotations

from typing import Any

from rest_framework import parsers


class JSONParser(parsers.JSONParser):
    """JSON; what is nested too deep for Python is refused."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        """Read it."""
        try:
            return super().parse(*args, **kwargs)
        except RecursionError as error:
            raise parsers.ParseError("The JSON is nested too deep.") from error


class MergePatchParser(JSONParser):
    """JSON under the media type of a merge patch."""

    media_type = "application/merge-patch+json"
