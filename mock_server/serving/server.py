"""Serves a mock on a real socket, in the foreground or in a thread for test code."""

from __future__ import annotations

import asyncio
import errno
import secrets
import socket
import threading
from dataclasses import replace
from types import TracebackType
from typing import Self

import uvicorn

from mock_server.app import Layer, build
from mock_server.auth.schemes import Scheme
from mock_server.control.access import is_loopback
from mock_server.handling.endpoint import Handler
from mock_server.mock import Mock
from mock_server.serving.http_limits import protocol_for
from mock_server.settings import MockSettings
from ooapi_toets.errors import ServeError


def bind(host: str, port: int) -> socket.socket:
    """A listening socket.

    Raises:
        ServeError: When the port is taken, or the address is not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise ServeError(
                f"Port {port} on {host} is taken.", "Choose another with --port, or 0 for any that is free."
            ) from error
        if error.errno == errno.EACCES:
            raise ServeError(f"Port {port} needs more rights.", "Choose one above 1023 with --port.") from error
        raise ServeError(
            f"Cannot listen on {host}:{port}: {error.strerror or error}.",
            "Give an address of this machine with --host, such as 127.0.0.1.",
        ) from error
    listener.listen(2048)
    listener.setblocking(False)  # noqa: FBT003 - the standard library has no keyword here
    return listener


def url_of(listener: socket.socket, *, tls: bool = False) -> str:
    """The origin of a listening socket."""
    host, port = listener.getsockname()[:2]
    return f"http{'s' if tls else ''}://{f'[{host}]' if ':' in host else host}:{port}"


def guarded(settings: MockSettings) -> MockSettings:
    """The settings with a control token where one is needed: wherever others than this machine can call."""
    if settings.control_token or is_loopback(settings.host):
        return settings
    return replace(settings, control_token=secrets.token_urlsafe(24))


def config_for(mock: Mock) -> uvicorn.Config:
    """How uvicorn serves a mock: one process, no access log (the journal is better), no own headers."""
    return uvicorn.Config(
        mock.app,
        http=protocol_for(mock.settings.limits),
        ws="none",
        log_level="critical",
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=2,
    )


class MockServer:
    """A mock in a thread of this process, for test code.

    Use it as a context manager::

        with MockServer("toetsafname") as server:
            httpx.get(server.url)

    Args:
        role: Which role it plays; or whole settings.
        port: The port; 0 for any that is free.
        scheme: How clients authenticate; None lets everybody in.
        handlers: Other handlers by operation id, for a mock that misbehaves on purpose.
        wrap: Put around the conversation, for a mock that misbehaves in HTTP.

    Attributes:
        url: The base URL, with the base path.
        origin: The same without the base path; `/_mock/` is below it.
        mock: The mock itself; `mock.settings.control_token` is made up where others can call it.
    """

    def __init__(
        self,
        role: str | MockSettings,
        port: int = 0,
        *,
        scheme: Scheme | None = None,
        handlers: dict[str, Handler] | None = None,
        wrap: Layer | None = None,
    ) -> None:
        settings = guarded(MockSettings(role=role, port=port) if isinstance(role, str) else role)
        self._listener = bind(settings.host, settings.port)
        try:
            self.mock = build(settings, scheme=scheme, handlers=handlers, wrap=wrap)
        except BaseException:
            self._listener.close()
            raise
        self.origin = url_of(self._listener)
        self.url = self.origin + settings.base_path
        self._server = uvicorn.Server(config_for(self.mock))
        self._thread = threading.Thread(target=self._run, name="ooapi-toets-mock", daemon=True)

    def start(self) -> Self:
        """Serve. The socket listens already, so the first request waits rather than fails."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving and let go of the store."""
        self._server.should_exit = True
        if self._thread.ident is not None:
            self._thread.join(10)
        self._listener.close()
        self.mock.store.close()

    def reset(self) -> None:
        """Back to the seed data, with an empty journal."""
        self.mock.sandboxes.get().forget()
        self.mock.reset()

    def _run(self) -> None:
        # uvicorn's own run() takes over signal handling, which is for the main thread only.
        loop_factory = self._server.config.get_loop_factory()
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            runner.run(self._server.serve(sockets=[self._listener]))

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
