"""Answers that the loop gives itself: that the service is alive, and every no to what never became a request.

They are the application's own, page or problem document, each rendered once in each language and kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from typing import Any

from flask import Flask
from gunicorn.http import errors

from api.http.language import is_data_path, preferred, tags
from api.http.problems import (
    BODY_TOO_LARGE,
    HTTP_PROBLEM,
    INTERNAL,
    declare,
    document,
    respond,
)
from api.setup import rules_of_service
from domain.values.refusal import Refusal

REQUEST_SLOW = declare(
    408,
    "REQUEST_SLOW",
    ja="要求が時間内に届きませんでした。",
    en="The request did not arrive in time.",
    rule=rules_of_service.DEADLINES,
    next_ja="接続を確かめて、もう一度送ってください。",
    next_en="Check the connection and send it again.",
)
ADDRESS_TOO_LONG = declare(
    414,
    "ADDRESS_TOO_LONG",
    ja="アドレスが長すぎます（上限 {limit} バイト）。",
    en="The address is too long (at most {limit} bytes).",
    rule=rules_of_service.DEADLINES,
    next_ja="検索の言葉や絞り込みを短くしてください。",
    next_en="Search for fewer words, or with fewer filters.",
)
HEAD_TOO_LARGE = declare(
    431,
    "HEAD_TOO_LARGE",
    ja="要求のヘッダーが大きすぎます。",
    en="The header fields of the request are too large.",
    rule=rules_of_service.DEADLINES,
    next_ja="このサイトの Cookie を消してから、もう一度お試しください。",
    next_en="Remove the cookies of this site and try again.",
)
REQUEST_MALFORMED = declare(
    400,
    "REQUEST_MALFORMED",
    ja="要求が HTTP の形になっていません。",
    en="The request is not in the form of HTTP.",
    rule=rules_of_service.MALFORMED,
    next_ja="ブラウザーか、HTTP のライブラリから送ってください。",
    next_en="Send it with a browser or with a library for HTTP.",
)
SERVICE_BUSY = declare(
    503,
    "SERVICE_BUSY",
    ja="いま要求が多く、受け付けられません。",
    en="There are too many requests at the moment.",
    rule=rules_of_service.UNAVAILABLE,
    next_ja="少し待ってから送り直してください。同じ Idempotency-Key を付ければ二重には記録されません。",
    next_en="Wait a moment and send it again; with the same Idempotency-Key nothing is recorded twice.",
)
ANSWER_LOST = declare(
    500,
    "ANSWER_LOST",
    ja="処理が途中で止まりました。記録された可能性があります。",
    en="The work on this request was cut off. It may have been recorded.",
    rule=rules_of_service.FAULT,
    next_ja="同じ Idempotency-Key を付けて送り直してください。二重には記録されません。",
    next_en="Send it again with the same Idempotency-Key: nothing is recorded twice.",
)


@dataclass(frozen=True)
class Fixed:
    """A finished answer without the fields that belong to a connection."""

    status: int
    fields: bytes
    body: bytes

    def bytes_for(self, method: str, *, keep_alive: bool) -> bytes:
        """As it is sent."""
        phrase = HTTPStatus(self.status).phrase
        connection = "keep-alive" if keep_alive else "close"
        first = f"HTTP/1.1 {self.status} {phrase}\r\nDate: {formatdate(usegmt=True)}\r\n"
        head = f"{first}Connection: {connection}\r\n".encode()
        return head + self.fields + b"\r\n" + (b"" if method == "HEAD" else self.body)


def refusal_of(error: Exception, limit_line: int) -> tuple[Refusal, int]:
    """What is said to a request that gunicorn could not parse, and the status."""
    match error:
        case errors.LimitRequestLine():
            return ADDRESS_TOO_LONG(limit=f"{limit_line:,}"), 414
        case errors.LimitRequestHeaders():
            return HEAD_TOO_LARGE(), 431
        case errors.ExpectationFailed():
            return HTTP_PROBLEM(status=417), 417
        case errors.UnsupportedTransferCoding():
            return HTTP_PROBLEM(status=501), 501
        case errors.ParseException() | errors.ForbiddenProxyRequest():
            return REQUEST_MALFORMED(), 400
        case _:
            return INTERNAL(), 500


class FixedAnswers:
    """What the loop may say, rendered by the application when it is first said."""

    def __init__(self, app: Flask):
        self.app = app
        self._known: dict[str, Fixed] = {}

    def render_all(self, *, line: str, body: str) -> None:
        """Make what can be said without a request, so that nothing has to be rendered under attack. ``line``
        and ``body``: how many bytes of an address and of a body are taken, as they are written."""
        refusals = (
            (REQUEST_SLOW(), 408),
            (ADDRESS_TOO_LONG(limit=line), 414),
            (HEAD_TOO_LARGE(), 431),
            (REQUEST_MALFORMED(), 400),
            (SERVICE_BUSY(), 503),
            (ANSWER_LOST(), 500),
            (INTERNAL(), 500),
            (BODY_TOO_LARGE(limit=body), 413),
            (HTTP_PROBLEM(status=417), 417),
            (HTTP_PROBLEM(status=501), 501),
        )
        for refused, status in refusals:
            for path in ("/", "/en/", "/api/v1"):
                for accepted in ("ja", "en") if path.startswith("/api") else ("",):
                    self.no(refused, status, path, accepted)
        self.render_alive()

    def alive(self) -> Fixed | None:
        """That the process answers; None while it is not rendered yet."""
        return self._known.get("livez")

    def render_alive(self) -> Fixed:
        """:meth:`alive`, rendered if need be."""
        return self._kept("livez", "/livez", "ja", lambda: self.app.view_functions["livez"]())

    def known(self, refused: Refusal, path: str = "/", accepted: str = "") -> Fixed | None:
        """:meth:`no`, if it has been rendered already: this waits for nothing."""
        return self._known.get(self._place(refused, path, accepted)[0])

    def no(self, refused: Refusal, status: int, path: str = "/", accepted: str = "") -> Fixed:
        """A refusal, as data or as a page by the address that was asked for."""
        key, shown, language = self._place(refused, path, accepted)
        return self._kept(key, shown, language, lambda: respond(document(refused, status=status)))

    def _place(self, refused: Refusal, path: str, accepted: str) -> tuple[str, str, str]:
        """Under which key it is kept, and for which address and language it is rendered."""
        known = tags(self.app)
        if is_data_path(path):
            language, shown = preferred(accepted, known), "/api/v1"
        else:
            language = next((tag for tag in known if path.startswith(f"/{tag}/")), "ja")
            shown = "/" if language == "ja" else f"/{language}/"
        return f"{shown} {language} {refused.sentence('en')}", shown, language

    def _kept(self, key: str, path: str, accepted: str, say: Callable[[], Any]) -> Fixed:
        counted = self._known.get(key)
        if counted is None:
            counted = self._known[key] = self._rendered(path, accepted, say)
        return counted

    def _rendered(self, path: str, accepted: str, say: Callable[[], Any]) -> Fixed:
        with self.app.test_request_context(path, headers={"Accept-Language": accepted}):
            answer = self.app.process_response(self.app.make_response(say()))
            fields = "".join(f"{name}: {value}\r\n" for name, value in answer.headers)
            return Fixed(answer.status_code, fields.encode("latin-1"), answer.get_data())
