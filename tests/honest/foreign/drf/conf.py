"""Configure Django and its REST framework as a project begins: APPEND_SLASH on, UTC, SQLite."""

from __future__ import annotations

import tempfile
from pathlib import Path

import django
from django.conf import settings


def configure(*, mapped: bool, role: str) -> None:
    """Set Django up, with DRF's errors as problems or as DRF gives them."""
    folder = Path(tempfile.mkdtemp(prefix="drf-"))
    rest = {
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PARSER_CLASSES": ["parsers.JSONParser", "parsers.MergePatchParser"],
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "UNAUTHENTICATED_USER": None,
        "COERCE_DECIMAL_TO_STRING": False,
        "EXCEPTION_HANDLER": "problems.as_problem" if mapped else "problems.as_drf",
    }
    settings.configure(
        DEBUG=False,
        SECRET_KEY="not a secret",  # noqa: S106
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="urls",
        APPEND_SLASH=True,
        USE_TZ=True,
        TIME_ZONE="UTC",
        MIDDLEWARE=["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"],
        INSTALLED_APPS=["rest_framework", "zittingen"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": folder / "db.sqlite3",
                "OPTIONS": {"timeout": 30, "transaction_mode": "IMMEDIATE"},
            }
        },
        DATA_UPLOAD_MAX_MEMORY_SIZE=20_000_000,
        REST_FRAMEWORK=rest,
        ROLE=role,
        SLASHED=not mapped,
    )
    django.setup()
