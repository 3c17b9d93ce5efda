"""Serves a mock over HTTP: sockets, limits, TLS, and the foreground command."""
