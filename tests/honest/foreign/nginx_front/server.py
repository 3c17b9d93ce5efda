"""Serve Toetsafname in Express behind nginx: a path prefix, TLS, a rate limit and compression.

python server.py --port 8443 --folder DIR [--strict]

The certificate of the authority is written to DIR/ca.pem. With --strict what exceeds the rate is refused at once, with
nginx's own 503; otherwise it waits.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import trustme

CONFIGURATION = """
{user}daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ worker_connections 256; }}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    gzip on;
    gzip_proxied any;
    gzip_min_length 20;
    gzip_types application/json application/problem+json;
    limit_req_zone $binary_remote_addr zone=clients:1m rate=60r/s;
    server {{
        listen 127.0.0.1:{port} ssl;
        server_name localhost;
        ssl_certificate {folder}/server.pem;
        ssl_certificate_key {folder}/server.pem;
        location /toets/v5/a/ooapi/ {{
            limit_req zone=clients {burst};
            proxy_pass http://127.0.0.1:{behind}/ooapi/;
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-Proto $scheme;
        }}
    }}
}}
"""


def _free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        port: int = opened.getsockname()[1]
    return port


def main() -> int:
    """Start Express and nginx, and wait for nginx to end."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8443)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--strict", action="store_true")
    told = parser.parse_args()
    folder = told.folder.absolute()
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    authority.issue_cert("127.0.0.1", "localhost").private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    behind = _free_port()
    written = CONFIGURATION.format(
        # Started as root, nginx would serve as a user who cannot write to the folder, and answer 500 to large bodies.
        user="user root;\n" if os.geteuid() == 0 else "",
        folder=folder,
        port=told.port,
        behind=behind,
        burst="burst=10 nodelay" if told.strict else "burst=50",
    )
    (folder / "nginx.conf").write_text(written)
    express = Path(__file__).parents[1] / "express" / "server.js"
    application = subprocess.Popen(["node", str(express), "--port", str(behind)])  # noqa: S607
    front = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")])  # noqa: S607
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: front.terminate())
    try:
        return front.wait()
    finally:
        application.terminate()
        application.wait()


if __name__ == "__main__":
    sys.exit(main())
