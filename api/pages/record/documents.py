"""Documents 文書: their contents, to download. Where they are listed: api/pages/record/sources.py."""

from __future__ import annotations

from flask import Blueprint

from api.contents.download import show_content


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/documents/<id>/content", "document_content", show_content)
