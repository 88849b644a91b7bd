"""Whom a proxy has signed in: the header that the settings name, from the address that they name.

What counts is who the connection came from, not what anybody says in ``X-Forwarded-For``. The same header
from any other address is as if it were not there.
"""

from __future__ import annotations

from flask import request

from api.setup.store import record_settings


def told_by_proxy() -> str | None:
    """The user name that the trusted proxy says; None from anybody else, and where there is no such proxy."""
    header = record_settings().sign_in.header
    if header is None or not header.believes(_peer()):
        return None
    return request.headers.get(header.name, "").strip().lower() or None


def _peer() -> str | None:
    """Who has connected: what ProxyFix makes of it (TRUSTED_PROXIES) is about the browser behind it."""
    original = request.environ.get("werkzeug.proxy_fix.orig") or {}
    address: str | None = original.get("REMOTE_ADDR", request.environ.get("REMOTE_ADDR"))
    return address
