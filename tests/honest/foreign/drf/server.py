"""Serve a role with Django REST framework, under the development server's threads.

python server.py --role toetsafname --port 8000 [--stock-errors]
"""

from __future__ import annotations

import argparse
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer

from conf import configure

SESSIONS = {
    "d7f00000-0000-4000-8000-000000000001": "active",
    "d7f00000-0000-4000-8000-000000000002": "active",
    "d7f00000-0000-4000-8000-000000000003": "canceled",
}


def begin() -> None:
    """Make the tables, and the sessions that a planning system has."""
    from django.apps import apps  # noqa: PLC0415  # Django must be configured first
    from django.conf import settings  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    with connection.schema_editor() as editor:
        for model in apps.get_app_config("zittingen").get_models():
            editor.create_model(model)
    if settings.ROLE == "toetsplanning":
        offerings = apps.get_model("zittingen", "Offering")
        for offering_id, state in SESSIONS.items():
            offerings.objects.create(
                offering_id=offering_id,
                code=f"DJ-{offering_id[-1]}",
                start="2027-02-01T09:00:00+01:00",
                end="2027-02-01T11:00:00+01:00",
                result_expected=True,
                name=[{"language": "nl-NL", "value": "Engels B1"}],
                description=[{"language": "nl-NL", "value": "Engels B1, herkansing"}],
                consumers=[{"consumerKey": "nl-test-admin", "offeringState": state, "duration": "PT60M"}],
            )


class Threading(ThreadingMixIn, WSGIServer):
    """A thread for each connection, as runserver has."""

    daemon_threads = True
    request_queue_size = 10


def main() -> None:
    """Configure, begin and serve."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--role", choices=["toetsafname", "toetsplanning"], default="toetsafname")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--stock-errors", action="store_true")
    told = parser.parse_args()
    configure(mapped=not told.stock_errors, role=told.role)
    begin()
    from django.core.servers.basehttp import WSGIRequestHandler  # noqa: PLC0415
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415

    class Quiet(WSGIRequestHandler):
        disable_nagle_algorithm = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = Threading(("127.0.0.1", told.port), Quiet)
    server.set_app(get_wsgi_application())
    server.serve_forever()


if __name__ == "__main__":
    main()
