"""Signing in: the pages of every way in and out, and one's own account. Who somebody is: api/access/."""

from __future__ import annotations

from flask import Flask

from api.http.language import register_in_each
from api.signing_in import account_page, directory, factor_page, links, second_step, ways


def init_app(app: Flask) -> None:
    for module in (ways, second_step, links, directory, factor_page, account_page):
        register_in_each(app, module.blueprint)
    app.register_blueprint(directory.coming_back)
