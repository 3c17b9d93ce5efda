"""What can go wrong for a user, told as a conversation.

A command is given (`UsageError`), its files are read (`DataError`), the endpoint is called
(`EndpointError`), a server of ours is started (`ServeError`). Each says what happened and what to do;
only the commands print them, and each knows the exit code that the product promises for it. Anything
else that is raised is our fault and ends as `internal error`, with exit code 4.
"""

from __future__ import annotations

from ooapi_toets.outcomes import Exit


class ToetsError(Exception):
    """A mistake or mishap that a sentence can explain.

    Args:
        what: What happened, as a full sentence.
        do: What the reader can do about it, as a full sentence; may be empty.
    """

    exit_code: Exit = Exit.NO_VERDICT

    def __init__(self, what: str, do: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.do = do

    def __str__(self) -> str:
        return f"{self.what} {self.do}".strip()


class UsageError(ToetsError):
    """The arguments or the configuration cannot be used; nothing was sent."""

    exit_code = Exit.USAGE


class DataError(ToetsError):
    """A file of the user's, or one of ours, does not hold what it should."""

    exit_code = Exit.USAGE


class EndpointError(ToetsError):
    """The endpoint could not be reached, or what answered is not the endpoint."""

    exit_code = Exit.NO_VERDICT


class ServeError(ToetsError):
    """A server of ours could not start."""

    exit_code = Exit.NO_VERDICT
