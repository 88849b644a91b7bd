"""Reading a request's JSON body strictly: what is ambiguous or hostile is refused before it means anything.

A key given twice, a number JSON does not have, text that is not UTF-8, half a surrogate pair and nesting
without end each get a problem of their own. (RFC 8259 leaves them open; RFC 7493, I-JSON, closes them.)
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from flask import Request

from api.http.problems import declare
from api.setup import rules_of_service
from domain.values.fields import TEXT_NOT_PLAIN
from domain.values.plain_text import with_line_feeds

DEEPEST = 32
"""Levels of nesting accepted; no command needs ten."""
LONGEST_NUMBER = 100

MEDIA_TYPE = declare(
    415,
    "MEDIA_TYPE",
    ja="本文の形式「{given}」は受け付けません（application/json のみ）。",
    en="The media type “{given}” is not accepted (only application/json).",
    rule=rules_of_service.MEDIA_TYPE,
    next_ja="Content-Type: application/json を付けて送り直してください。",
    next_en="Send it again with Content-Type: application/json.",
)
NOT_UTF8 = declare(
    400,
    "NOT_UTF8",
    ja="本文が UTF-8 ではありません（{at}バイト目）。",
    en="The body is not UTF-8 (at byte {at}).",
    rule=rules_of_service.UTF8,
    next_ja="UTF-8 で保存し直して送ってください。",
    next_en="Encode it as UTF-8 and send it again.",
)
MALFORMED_JSON = declare(
    400,
    "MALFORMED_JSON",
    ja="本文を JSON として読み取れません（{line}行{column}列）。",
    en="The body is not JSON (line {line}, column {column}).",
    rule=rules_of_service.JSON,
    next_ja="その位置の前後で、引用符・カンマ・括弧を確かめてください。",
    next_en="Check quotes, commas and brackets around that place.",
)
NOT_A_JSON_NUMBER = declare(
    400,
    "NOT_A_JSON_NUMBER",
    ja="「{text}」は JSON の数ではありません。",
    en="“{text}” is not a JSON number.",
    rule=rules_of_service.JSON_NUMBERS,
    next_ja="不明な値は省いてください。",
    next_en="Use null for what is not known, or leave it out.",
)
DUPLICATE_KEY = declare(
    400,
    "DUPLICATE_KEY",
    ja="同じ項目名「{key}」が二度使われています。",
    en="The name “{key}” is used twice in one object.",
    rule=rules_of_service.JSON_NAMES,
    next_ja="どちらか一方だけを残してください。",
    next_en="Keep only one of them.",
)
BODY_TOO_DEEP = declare(
    400,
    "BODY_TOO_DEEP",
    ja="本文の入れ子が深すぎます（上限{limit}段）。",
    en="The body is nested too deeply (at most {limit} levels).",
    rule=rules_of_service.JSON_DEPTH,
    next_ja="命令の形を /api/docs で確かめてください。",
    next_en="See /api/docs for the form of the command.",
)

_SURROGATE = re.compile("[\ud800-\udfff]")


def read(request: Request) -> Any:
    """The value of the request's body; an empty body is an empty object. Refuses everything ambiguous."""
    body = request.get_data(cache=False)
    if not body:
        return {}
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype != "application/json" or charset not in ("utf-8", "utf8"):
        raise MEDIA_TYPE(given=(request.content_type or "")[:80])
    return parse(body)


def parse(body: bytes) -> Any:
    """The value of a JSON text."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise NOT_UTF8(at=wrong.start + 1) from None
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_whole_number,
            parse_float=_number,
            parse_constant=_not_a_number,
        )
    except json.JSONDecodeError as wrong:
        raise MALFORMED_JSON(line=wrong.lineno, column=wrong.colno) from None
    except RecursionError:
        raise BODY_TOO_DEEP(limit=DEEPEST) from None
    _inspect(value)
    return _with_line_feeds(value)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise DUPLICATE_KEY(key=_SURROGATE.sub("?", key[:80]))
            seen.add(key)
    return made


def _whole_number(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        _not_a_number(f"{text[:20]}…")
    return int(text)


def _number(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        _not_a_number(text[:20])
    return value


def _not_a_number(text: str) -> NoReturn:
    raise NOT_A_JSON_NUMBER(text=text)


def _inspect(value: Any) -> None:
    """Refuse nesting without end and half surrogate pairs, wherever they stand. No recursion of its own."""
    front = [value]
    for _ in range(DEEPEST + 1):
        texts = [item for item in front if isinstance(item, str)]
        if any(map(_SURROGATE.search, texts)):
            raise TEXT_NOT_PLAIN(codepoint="D800–DFFF")
        front = [inner for item in front for inner in _inside(item)]
        if not front:
            return
    raise BODY_TOO_DEEP(limit=DEEPEST)


def _with_line_feeds(value: Any) -> Any:
    """The value with lines ended by line feeds in every text of it (names are left as they are)."""
    if isinstance(value, str):
        return with_line_feeds(value)
    if isinstance(value, dict):
        return {name: _with_line_feeds(inner) for name, inner in value.items()}
    return [_with_line_feeds(inner) for inner in value] if isinstance(value, list) else value


def _inside(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value
        yield from value.values()
    elif isinstance(value, list):
        yield from value
