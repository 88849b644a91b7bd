"""The application of one process: what gunicorn serves, put together here and nowhere else."""

from __future__ import annotations

from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from api import commands, pages, resources
from api.access import access_log, account_page, auth, sign_in
from api.contents import uploads
from api.http import answer_cache, language, logs, openapi, problems, security_headers
from api.reads import as_of
from api.serve import health
from api.setup import record_settings, store
from api.setup.config import Config
from projections import registry


def create_app(config: Config | None = None) -> Flask:
    """The application of one process. Reads the environment unless it is given a configuration."""
    registry.load()
    config = config or Config.read()
    app = Flask("api")  # its templates and static files lie in that package
    _configure(app, config)

    logs.configure()
    store.init_app(app, config)
    problems.init_app(app)
    language.init_app(app)
    as_of.init_app(app)
    auth.init_app(app)
    record_settings.init_app(app)
    security_headers.init_app(app, config)
    health.init_app(app)
    access_log.init_app(app)

    api = openapi.init_app(app)
    commands.register(api, {"attach_content": uploads.endpoint})
    app.register_blueprint(resources.blueprint)
    openapi.describe_reads(app, api)

    sign_in.init_app(app)
    account_page.init_app(app)
    pages.init_app(app)
    answer_cache.init_app(app)
    return app


def _configure(app: Flask, config: Config) -> None:
    """What Flask and its extensions ask for, from the one configuration."""
    app.config.update(
        SECRET_KEY=config.signing_key(),
        PUBLIC_URL=config.public_url,
        PAST_FOLDER=config.past_folder.absolute(),
        FOLLOWERS=config.followers,
        VIEWS_OUTDATED=config.views_outdated,
        MAX_CONTENT_LENGTH=config.max_body,
        SESSION_COOKIE_SECURE=config.session_cookie_secure,
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
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
