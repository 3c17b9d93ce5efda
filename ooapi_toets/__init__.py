"""The ground floor of ooapi-toets: the contract, the rule register, messages and outcomes.

Nothing here serves or sends; `mock_server` and `conformance` stand on it and do not know each other.
"""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"
"""The version: the package, the command, every report and every page take it from here."""


# JSON is typed by the contract, not by Python; the alias says where such data travels.
Json = Any
JsonObject = dict[str, Any]
