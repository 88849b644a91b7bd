"""The application of one process: what gunicorn serves, put together here and nowhere else."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from api import commands, office, pages, resources, signing_in
from api.access import access_log, auth
from api.access.session_cookie import RecordApp
from api.contents import uploads
from api.http import (
    addresses,
    answer_cache,
    database_problems,
    language,
    logs,
    openapi,
    problems,
    security_headers,
)
from api.http.catalogues import read_all
from api.pages.record import identifiers
from api.papers import routes as papers
from api.reads import as_of, refusal_words
from api.serve import health
from api.serve.worker.fixed import FixedAnswers
from api.setup import one_moment, record_settings, store
from api.setup.config import ProcessSettings, RecordSettings, read_settings
from api.setup.words_folder import words_folder
from api.submissions import confirming
from api.submissions import pages as submissions
from api.telling import calendar as told_calendar
from api.telling import pages as telling
from projections import registry


def create_app(record: RecordSettings | None = None, process: ProcessSettings | None = None) -> Flask:
    """The application of one process, over one record. Reads the environment unless it is given the settings
    of a record."""
    registry.load()
    if record is None:
        process, record = read_settings()
    process, record = process or ProcessSettings(), replace(record, secret_key=record.signing_key())
    app = RecordApp("api")  # its templates and static files lie in that package
    _configure(app, process)

    app.extensions["kyodo-process"] = process
    app.extensions["kyodo-body-limit"] = uploads.body_limit(process.max_body, record.max_attachment)
    logs.configure()
    logs.init_app(app)
    store.init_app(app, record)
    one_moment.init_app(app)
    problems.init_app(app)
    problems.say_in(refusal_words.in_words)
    database_problems.init_app(app)
    language.init_app(app, read_all(words_folder(record)))
    addresses.init_app(app)
    as_of.init_app(app)
    auth.init_app(app)
    record_settings.init_app(app)
    security_headers.init_app(app, record)
    health.init_app(app)
    identifiers.init_app(app)
    access_log.init_app(app)

    api = openapi.init_app(app)
    commands.register(api, {"attach_content": uploads.endpoint})
    app.register_blueprint(resources.blueprint())

    signing_in.init_app(app)
    telling.init_app(app)
    told_calendar.init_app(app)
    submissions.init_app(app)
    confirming.init_app(app)
    pages.init_app(app)
    papers.init_app(app)
    office.init_app(app)
    answer_cache.init_app(app)
    app.extensions["kyodo-fixed"] = FixedAnswers(app)
    return app


def _configure(app: Flask, process: ProcessSettings) -> None:
    """What Flask and its extensions ask for, whichever record is served."""
    app.config.update(
        VIEWS_OUTDATED=process.views_outdated,
        MAX_CONTENT_LENGTH=process.max_body,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SEND_FILE_MAX_AGE_DEFAULT=86_400,
        WTF_CSRF_CHECK_DEFAULT=False,  # api/access/auth.py decides where
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        PROPAGATE_EXCEPTIONS=False,
    )
    app.jinja_env.undefined = StrictUndefined  # a name that a template reads and nobody gives is a fault
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.url_map.strict_slashes = False
    if hops := process.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
