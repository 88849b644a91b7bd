"""What a read takes in its query string: declared at its function; read, refused and described from there.

    @asks("kind", "on", paged=True)
    def list_due(asked: dict[str, str]) -> Response: ...

A name that was not declared is refused, so that a typing error is no answer. The API's description lists what
is declared here in the words of :data:`MEANINGS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Response, request
from marshmallow import Schema

from api.http.language import AXES
from domain.values.refusal import refusal
from projections.engine import rules

FILTER_UNKNOWN = refusal(
    "FILTER_UNKNOWN",
    ja="「{name}」という絞り込みはありません（{known}）。",
    en="There is no filter “{name}” (known: {known}).",
    rule=rules.KNOWN_NAMES,
    next_ja="使える絞り込みを確かめてください。",
    next_en="Look at the filters this list has.",
    kind="invalid",
)

MEANINGS: dict[str, tuple[str, str]] = {
    "action_id": ("この事業だけ", "only of this action"),
    "after": ("この位置より後", "after this position"),
    "as_known_on": ("この日の終わりに分かっていたこと", "as it was known at the end of this day"),
    "body": ("この市民会議・グループだけ", "only of this council or group"),
    "category": ("この区分だけ", "only of this category"),
    "code": ("この答えの種類だけ", "only this sort of answer"),
    "council_id": ("この市民会議だけ", "only of this council"),
    "cursor": ("next にある続きの印", "where to go on: from “next”"),
    "disposition": ("この取扱いの意見だけ", "only comments with this disposition"),
    "document_id": ("この文書だけ", "only of this document"),
    "fiscal_year": ("年度（4月から）", "the fiscal year, from April"),
    "format": ("json（既定）または ndjson", "json (default) or ndjson"),
    "from": ("最初の日", "the first day"),
    "in_force_on": ("この日に効力のあったこと", "as it was in force on this day"),
    "kind": ("この種類だけ", "only of this kind"),
    "limit": ("1から200まで（既定50）", "1 to 200 (50 by default)"),
    "name": ("この名だけ", "only of this name"),
    "network_id": ("このネットワークだけ", "only of this network"),
    "on": ("この日に数える（既定は今日）", "counted on this day (today by default)"),
    "party_id": ("この人だけ", "only of this person"),
    "period": ("年表のこの時期だけ", "only this period of the timeline"),
    "q": ("探す言葉（空白で区切る）", "the words to look for, blanks between them"),
    "role": ("この役割の人が述べたものだけ", "only what somebody in this role said"),
    "sha256": ("この内容（既定は最新）", "this content (the newest by default)"),
    "state": ("この状態だけ", "only in this state"),
    "stream": ("この列だけ", "only this stream"),
    "to": ("最後の日", "the last day"),
    "type": ("この種類の出来事だけ", "only events of this type"),
    "wait": ("新しいものを待つ秒数（0から25まで）", "seconds to wait for something new (0 to 25)"),
}
"""What every parameter means, in both languages."""
DAY: dict[str, Any] = {"type": "string", "format": "date"}
SHAPES: dict[str, dict[str, Any]] = {
    "after": {"type": "integer", "minimum": 0},
    "limit": {"type": "integer", "minimum": 1, "maximum": 200},
    "wait": {"type": "integer", "minimum": 0, "maximum": 25},
    "fiscal_year": {"type": "string", "pattern": "^(FY)?(19|20|21)[0-9]{2}$"},
    "format": {"type": "string", "enum": ["json", "ndjson"]},
    "q": {"type": "string", "minLength": 2},
    **dict.fromkeys(("from", "to", "on", *AXES), DAY),
}
"""What their values look like; of the others, any text."""

Read = Callable[..., Response]


@dataclass(frozen=True)
class Query:
    """The names that a read takes. ``paged``: the answer comes in pages. Every read takes both axes.
    ``schema``: parameters that have types of their own, those of a question."""

    names: tuple[str, ...] = ()
    paged: bool = False
    schema: type[Schema] | None = None
    needs: tuple[str, ...] = ()
    """Those without which there is no answer."""

    @property
    def known(self) -> tuple[str, ...]:
        """All that may stand in the query string."""
        return (*self.names, *(("limit", "cursor") if self.paged else ()), *AXES)

    def asked(self) -> dict[str, str]:
        """What this request asks for, of ``names``. Refuses ``FILTER_UNKNOWN``."""
        for name in request.args:
            if name not in self.known:
                raise FILTER_UNKNOWN(name=name[:40], known=", ".join(self.known)).at(f"/{name[:40]}")
        return {name: request.args[name] for name in self.names if name in request.args}

    def described(self) -> list[dict[str, Any]]:
        """The parameters as OpenAPI describes them."""
        typed = [{"in": "query", "schema": self.schema}] if self.schema else []
        return [*typed, *(parameter(name, required=name in self.needs) for name in self.known)]


def asks(*names: str, paged: bool = False, needs: tuple[str, ...] = ()) -> Callable[[Read], Read]:
    """Declare what a read takes. Its function is given what was asked for, before what its path names."""
    query = Query(names, paged, needs=needs)

    def declare(read: Read) -> Read:
        @wraps(read)
        def answered(*args: Any, **path: Any) -> Response:
            return read(query.asked(), *args, **path)

        answered.query = query  # type: ignore[attr-defined]
        return answered

    return declare


def query_of(view: Any) -> Query | None:
    """What was declared of a view function; None if nothing was."""
    return getattr(view, "query", None)


def parameter(name: str, *, required: bool = False) -> dict[str, Any]:
    """One parameter of a query string, for OpenAPI."""
    return {
        "name": name,
        "in": "query",
        "required": required,
        "schema": SHAPES.get(name, {"type": "string"}),
        "description": " / ".join(MEANINGS[name]),
    }
