"""Problem documents (RFC 9457): every no of the service in one form, in the reader's language.

Under ``/api`` each refusal and each error is ``application/problem+json`` with the members ``type`` (an
address that explains the code), ``title``, ``status``, ``detail``, ``code``, ``rule``, ``rule_url`` (where
the rule can be read), ``what_next`` and ``errors`` (``pointer`` into the body, ``detail``, ``code``);
elsewhere it is a page with the same words.
A problem with one cause carries that cause's code; several at once are ``INVALID_INPUT``.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from flask import Flask, Response, g, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from api.http.language import in_language, language, spoken, wants_data
from api.setup import rules_of_service
from domain.recording.receipts import OutcomeUnknown
from domain.rules.rule import Rule
from domain.values.refusal import REFUSALS, Declared, Kind, Language, Refusal

log = structlog.get_logger("kyodo")

PROBLEM_JSON = "application/problem+json"
MOST_ERRORS = 50
"""Errors told at once: who sends a thousand mistakes needs the first fifty."""

STATUS_OF_KIND: dict[Kind, int] = {
    "invalid": 422,
    "conflict": 409,
    "forbidden": 403,
    "not_found": 404,
    "unavailable": 503,
}

PROBLEMS: dict[str, Declared] = {}
"""What the service itself refuses, by code, beside the domain's :data:`domain.values.refusal.REFUSALS`."""
_STATUS: dict[str, int] = {"VERSION_CONFLICT": 412}


def declare(status: int, code: str, *, ja: str, en: str, rule: Rule, next_ja: str, next_en: str) -> Declared:
    """Declare a problem of the service, with its HTTP status. Raise it as a refusal is raised."""
    PROBLEMS[code] = Declared(code, ja, en, rule, next_ja, next_en, "invalid")
    _STATUS[code] = status
    return PROBLEMS[code]


INVALID_INPUT = declare(
    422,
    "INVALID_INPUT",
    ja="入力に{count}か所の誤りがあります。",
    en="The input has {count} mistakes.",
    rule=rules_of_service.SEVERAL,
    next_ja="示された箇所をそれぞれ直して送り直してください。",
    next_en="Mend each entry of “errors” (its pointer says where) and send it again.",
)
NOT_FOUND = declare(
    404,
    "NOT_FOUND",
    ja="このアドレスには何もありません。",
    en="There is nothing at this address.",
    rule=rules_of_service.NOTHING_THERE,
    next_ja="アドレスを確かめてください。API の一覧は /api/docs にあります。",
    next_en="Check the address. The API is listed at /api/docs.",
)
METHOD_NOT_ALLOWED = declare(
    405,
    "METHOD_NOT_ALLOWED",
    ja="このアドレスで {method} は使えません。",
    en="{method} is not allowed at this address.",
    rule=rules_of_service.METHOD,
    next_ja="Allow ヘッダーにあるメソッドを使ってください。",
    next_en="Use one of the methods in the Allow header.",
)
BODY_TOO_LARGE = declare(
    413,
    "BODY_TOO_LARGE",
    ja="送られた内容が大きすぎます（上限 {limit} バイト）。",
    en="The body is too large (at most {limit} bytes).",
    rule=rules_of_service.BODY_LIMIT,
    next_ja="要点だけを記録し、全文は文書として登録してください。",
    next_en="Record the essence, and register the full text as a document.",
)
INTERNAL = declare(
    500,
    "INTERNAL",
    ja="サービスの内部で問題が起きました。",
    en="Something went wrong inside the service.",
    rule=rules_of_service.FAULT,
    next_ja="もう一度お試しください。続くときは、示された番号を添えて管理者に知らせてください。",
    next_en="Try again. If it happens again, tell the administrator the value of “instance”.",
)
MAY_BE_RECORDED = declare(
    500,
    "MAY_BE_RECORDED",
    ja="記録されたかもしれませんが、結果をお知らせできません。",
    en="It may have been recorded, but what came of it cannot be told.",
    rule=rules_of_service.FAULT,
    next_ja="同じ Idempotency-Key を付けて送り直すと、二重には記録されずに結果が分かります。"
    "キーがなければ、先に記録を確かめてください。",
    next_en="Send it again with the same Idempotency-Key: nothing is recorded twice, and you learn what "
    "came of it. Without a key, look at the record first.",
)
HTTP_PROBLEM = declare(
    400,
    "HTTP_PROBLEM",
    ja="この要求は処理できません（HTTP {status}）。",
    en="This request cannot be handled (HTTP {status}).",
    rule=rules_of_service.OTHER_ERRORS,
    next_ja="要求の形を /api/docs で確かめてください。",
    next_en="See /api/docs for the form of the request.",
)

_TITLES: dict[int, tuple[str, str]] = {
    202: ("用意しています", "Being prepared"),
    400: ("要求の形が正しくありません", "The request is malformed"),
    401: ("サインインが必要です", "Sign-in is required"),
    403: ("この操作は許可されていません", "This is not permitted"),
    404: ("見つかりません", "Not found"),
    405: ("このメソッドは使えません", "This method is not allowed"),
    408: ("時間内に届きませんでした", "The request took too long"),
    409: ("いまの記録の状態ではできません", "The state of the record does not allow this"),
    412: ("前提とした版が古くなっています", "The version you expected is no longer current"),
    413: ("内容が大きすぎます", "The content is too large"),
    414: ("アドレスが長すぎます", "The address is too long"),
    415: ("この形式は受け付けません", "This media type is not accepted"),
    417: ("この求めには応じられません", "This expectation cannot be met"),
    422: ("入力に誤りがあります", "The input is not valid"),
    429: ("しばらく受け付けられません", "Too many attempts"),
    431: ("ヘッダーが大きすぎます", "The header fields are too large"),
    500: ("内部の問題です", "Internal problem"),
    501: ("この送り方には対応していません", "This transfer coding is not supported"),
    503: ("いまは利用できません", "Not available at the moment"),
}

_HEADERS = {
    202: {"Retry-After": "5", "Refresh": "5"},  # a browser asks again by itself
    401: {"WWW-Authenticate": 'Bearer realm="kyodo"'},
    503: {"Retry-After": "5"},
}


class InvalidInput(Exception):
    """Several things are wrong with the input at once; each refusal says where by its pointer."""

    def __init__(self, faults: Sequence[Refusal]):
        self.faults = faults
        super().__init__(", ".join(f.code for f in faults))


def declared(code: str) -> Declared | None:
    """The refusal or problem with this code."""
    return PROBLEMS.get(code) or REFUSALS.get(code)


def status_of(known: Declared) -> int:
    """The HTTP status that refusals of this declaration are answered with."""
    return _STATUS.get(known.code) or STATUS_OF_KIND[known.kind]


def status_for(refused: Refusal) -> int:
    """The HTTP status of one refusal: what is not found is 404 as the address, 422 as a part of the input."""
    status = status_of(refused.declared)
    return 422 if status == 404 and refused.pointer is not None else status


def title(status: int, of: Language) -> str:
    """A short name for problems of this status."""
    phrase = HTTPStatus(status).phrase
    return _TITLES.get(status, (phrase, phrase))[of == "en"]


_in_words: list[Callable[[Refusal], Refusal]] = []
"""How refusals are put into words for people; nothing as long as the application is not made."""


def say_in(words: Callable[[Refusal], Refusal]) -> None:
    """Let every refusal be put into words by this function (api/reads/refusal_words.py)."""
    _in_words[:] = [words]


def worded(refused: Refusal) -> Refusal:
    """A refusal in words for people. Whatever goes wrong with that, it is told."""
    for words in _in_words:
        try:
            return words(refused)
        except Exception:
            log.exception("a refusal cannot be put into words", code=refused.code)
    return refused


def document(
    refused: Refusal, *, status: int | None = None, faults: Sequence[Refusal] = ()
) -> dict[str, Any]:
    """The problem document of a refusal, in the language of the request."""
    status = status or status_for(refused)
    refused, faults = worded(refused), [worded(fault) for fault in faults[:MOST_ERRORS]]
    errors = faults or ([refused] if refused.pointer is not None else [])
    return {
        "type": f"/api/problems/{refused.code}",
        "title": spoken(partial(title, status)),
        "status": status,
        "detail": spoken(refused.sentence),
        "code": refused.code,
        "rule": spoken(refused.rule),
        "rule_url": in_language(language(), refused.declared.rule.address),
        "what_next": spoken(refused.what_next),
        "errors": [
            {"pointer": f.pointer or "", "detail": spoken(f.sentence), "code": f.code}
            for f in errors[:MOST_ERRORS]
        ],
    }


def respond(content: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    """A problem document as data or as a page, by the kind of address that was asked for."""
    status: int = content["status"]
    if wants_data():
        answer = Response(msgspec.json.encode(content), status, content_type=PROBLEM_JSON)
        answer.headers["Content-Language"] = language()
        answer.vary.add("Accept-Language")
    else:
        answer = make_response(render_template("problem.html", page=content), status)
    answer.headers.update(_HEADERS.get(status, {}))
    if "retry_after" in content:
        answer.headers["Retry-After"] = str(content["retry_after"])
    answer.headers.update(headers or {})
    answer.headers["Cache-Control"] = "no-store"
    return answer


# ------------------------------------------------------------------------------------------- handlers


def on_refusal(refused: Refusal) -> Response:
    if g.get("recorded"):  # refused after something was recorded: not what the caller asked for
        return on_error(refused)
    content = document(refused)
    if content["status"] == 429 and "seconds" in refused.params:
        content["retry_after"] = refused.params["seconds"]
    if "impossible" in refused.params:  # which later events a correction would make impossible
        content["impossible"] = refused.params["impossible"]
    return respond(content)


def on_invalid_input(invalid: InvalidInput) -> Response:
    if len(invalid.faults) == 1:
        return on_refusal(invalid.faults[0])
    return respond(document(INVALID_INPUT(count=len(invalid.faults)), faults=invalid.faults))


def on_http_error(error: HTTPException) -> Response:
    """Errors of Flask, Werkzeug and flask-smorest, with their headers (Allow, Retry-After) kept."""
    if error.response is not None or (error.code or 500) < 400:
        return make_response(error.get_response())
    status = error.code or 500
    refused = {
        404: NOT_FOUND(),
        405: METHOD_NOT_ALLOWED(method=request.method),
        413: BODY_TOO_LARGE(limit=f"{request.max_content_length or 0:,}"),
    }.get(status, HTTP_PROBLEM(status=status))
    headers = {name: value for name, value in error.get_headers() if name != "Content-Type"}
    return respond(document(refused, status=status), headers)


def on_error(error: Exception) -> Response:
    """A fault of ours: the whole story goes to the log, a reference to it to the caller."""
    instance = f"urn:uuid:{uuid.uuid4()}"
    recorded = bool(g.get("recorded")) or isinstance(error, OutcomeUnknown)
    log.error("internal error", instance=instance, path=request.path, recorded=recorded, exc_info=error)
    return respond(document(MAY_BE_RECORDED() if recorded else INTERNAL()) | {"instance": instance})


def init_app(app: Flask) -> None:
    app.register_error_handler(Refusal, on_refusal)
    app.register_error_handler(InvalidInput, on_invalid_input)
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(Exception, on_error)
    app.add_url_rule("/api/problems", "problems", list_problems)
    app.add_url_rule("/api/problems/<code>", "problem", explain)


# --------------------------------------------------------------------------------------- explanations


def explanation(known: Declared) -> dict[str, Any]:
    """What a code means, in both languages; the sentences keep their blanks."""
    status = status_of(known)
    return {
        "type": f"/api/problems/{known.code}",
        "code": known.code,
        "status": status,
        "title": {"ja": title(status, "ja"), "en": title(status, "en")},
        "sentence": {"ja": known.ja, "en": known.en},
        "rule": {"ja": known.rule.line("ja"), "en": known.rule.line("en")},
        "rule_url": known.rule.address,
        "what_next": {"ja": known.next_ja, "en": known.next_en},
    }


def explanations() -> list[dict[str, Any]]:
    """What every code means, the domain's and the service's, in alphabetical order."""
    return [explanation(known) for _, known in sorted({**REFUSALS, **PROBLEMS}.items())]


def list_problems() -> Response:
    """Every problem there is."""
    return Response(msgspec.json.encode({"problems": explanations()}), content_type="application/json")


def explain(code: str) -> Response:
    """What one code means: as a page for a browser, as data otherwise."""
    known = declared(code)
    if known is None:
        raise NOT_FOUND()
    best = request.accept_mimetypes.best_match(("application/json", "text/html"), "application/json")
    if best == "application/json":
        answer = Response(msgspec.json.encode(explanation(known)), content_type=best)
    else:
        page = document(known()) | {"type": None}
        answer = make_response(render_template("problem.html", page=page))
        answer.headers["Content-Language"] = language()
    answer.vary.update(("Accept", "Accept-Language"))
    return answer
