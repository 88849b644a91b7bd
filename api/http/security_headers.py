"""Security headers of every answer: nothing from elsewhere, nothing inline, nothing in a frame."""

from __future__ import annotations

from flask import Flask, Response, request
from secure import Secure
from secure.headers import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    CrossOriginResourcePolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)

from api.setup.config import RecordSettings

DOCS_PAGE = "/api/docs"


def _policy(objects: str = "'none'") -> ContentSecurityPolicy:
    return (
        ContentSecurityPolicy()
        .default_src("'self'")
        .base_uri("'none'")
        .object_src(objects)
        .form_action("'self'")
        .frame_ancestors("'none'")
    )


def _docs_policy() -> ContentSecurityPolicy:
    """Swagger UI sets style attributes and draws its arrows from data: addresses; scripts stay our own."""
    return _policy().style_src("'self'", "'unsafe-inline'").img_src("'self'", "data:")


def _download_policy() -> ContentSecurityPolicy:
    """What is downloaded came from outside: should a browser show it after all, it may do nothing."""
    return ContentSecurityPolicy().default_src("'none'").sandbox()


def _pdf_policy() -> ContentSecurityPolicy:
    """Browsers show a PDF by a page of their own around it, to which its policy applies: with a style of its
    own, and the file as its object. There is nothing in a PDF of ours that loads anything."""
    return _policy(objects="'self'").style_src("'self'", "'unsafe-inline'")


def _headers(policy: ContentSecurityPolicy, *, https: bool) -> Secure:
    return Secure(
        csp=policy,
        coop=CrossOriginOpenerPolicy().same_origin(),
        corp=CrossOriginResourcePolicy().same_origin(),
        hsts=StrictTransportSecurity().max_age(31_536_000) if https else None,
        permissions=PermissionsPolicy().geolocation().microphone().camera(),
        # Flask-WTF compares the referrer of a form sent over https; other sites learn nothing.
        referrer=ReferrerPolicy().same_origin(),
        xcto=XContentTypeOptions(),
        xfo=XFrameOptions().deny(),
    )


def init_app(app: Flask, record: RecordSettings) -> None:
    https = (record.public_url or "").startswith("https:")
    usual, docs = _headers(_policy(), https=https), _headers(_docs_policy(), https=https)
    download, pdf = _headers(_download_policy(), https=https), _headers(_pdf_policy(), https=https)

    @app.after_request
    def harden(answer: Response) -> Response:
        is_download = answer.headers.get("Content-Disposition", "").startswith("attachment")
        shown = pdf if answer.mimetype == "application/pdf" else docs if request.path == DOCS_PAGE else usual
        (download if is_download else shown).set_headers(answer)
        return answer
