"""The control API under `/_mock/`: what a developer, a test or the mock's page asks of the mock itself.

Described by `spec/mock-control.yaml`. Everything the page does, this does.
"""

from mock_server.control.app import build

__all__ = ["build"]
