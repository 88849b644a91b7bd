"""The key and the cookie of sessions, asked of the record's settings each time, never fixed when the
application is made: what differs between two records comes with the record."""

from __future__ import annotations

from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from api.setup.config import RecordSettings


class RecordCookie(SecureCookieSessionInterface):
    """The session's cookie, over https only where the record's settings say so."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return _settings(app).session_cookie_secure


class RecordApp(Flask):
    """A Flask application whose secret key is that of the record it serves."""

    session_interface = RecordCookie()

    @property
    def secret_key(self) -> str:  # type: ignore[override]  # Flask's own is an entry of its configuration
        return _settings(self).signing_key()


def _settings(app: Flask) -> RecordSettings:
    settings: RecordSettings = app.extensions["kyodo-store"].settings
    return settings
