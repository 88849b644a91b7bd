"""Commands over HTTP: one endpoint for each declared command, derived from its declaration.

====================================================  ====================================================
``POST /api/v1/<collection>``                         the first declared command that creates
``POST /api/v1/<collection>/-/<command>``             any other command that creates
``POST /api/v1/<collection>/<id>/<command>``          a command on what is on record
``POST /api/v1/documents/<id>/content``               the content of a document: a file, not JSON
====================================================  ====================================================

No id begins with a hyphen, so the paths cannot meet. The answer is a receipt: stream, id, version, position,
event ids, warnings; 201 with Location where something was created, and the new version as ETag.

``If-Match: "<version>"`` makes the command conditional (412). ``Idempotency-Key`` makes a repeated command
harmless: the same key with the same content gives the first receipt again, with other content 422. Nobody
ever sees a command "in progress": its key is written in the transaction of its events, so there is either
nothing yet (and of two at once the second finds the first's receipt) or the receipt. A refused command keeps
no key and may be sent again. Keys belong to an account.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import http_sf
from flask import Response, g, request
from marshmallow import Schema, fields

from api.access.access_log import refusals_noted, roles_changed
from api.access.auth import required_caller
from api.http import schemas
from api.http.language import in_language, language, spoken
from api.http.openapi import Api, Blueprint, command_documentation
from api.http.problems import declare, worded
from api.http.schemas import PUBLIC_ID
from api.setup import rules_of_service
from api.setup.store import record_store
from domain.kernel.commands import Command
from domain.kernel.record import KINDS, Record
from domain.kernel.refusals import UNKNOWN_ID, VERSION_CONFLICT
from domain.kernel.streams import entity_of
from domain.recording.receipts import CommandTerms, Receipt
from domain.recording.unit_of_work import UnitOfWork
from domain.values.refusal import Refusal

HEADER_MALFORMED = declare(
    400,
    "HEADER_MALFORMED",
    ja="ヘッダー {name} を読み取れません。",
    en="The header {name} cannot be read.",
    rule=rules_of_service.CONDITIONAL_HEADERS,
    next_ja='If-Match: "5"、Idempotency-Key: "8e03978e-40d5" の形にしてください。',
    next_en='Write If-Match: "5" and Idempotency-Key: "8e03978e-40d5".',
)

_PLAIN_KEY = re.compile(r"[A-Za-z0-9._~:/+=-]{1,255}")


class WarningSchema(Schema):
    """What is unusual but was not refused."""

    code = fields.String(required=True)
    detail = fields.String(required=True)
    rule = fields.String(required=True)
    rule_url = fields.String(required=True)
    what_next = fields.String(required=True)


class ReceiptSchema(Schema):
    """What a command did."""

    stream = fields.String(required=True, metadata={"description": "イベントの列 / the stream of events"})
    id = fields.String(required=True, metadata={"description": "公開の識別子 / public id"})
    version = fields.Integer(required=True, metadata={"description": "新しい版 / the stream's new version"})
    position = fields.Integer(required=True, metadata={"description": "全体での位置 / position in the log"})
    event_ids = fields.List(fields.String(), required=True)
    replayed = fields.Boolean(
        required=True, metadata={"description": "同じキーで済んでいた / done before under the same key"}
    )
    warnings = fields.List(
        fields.Nested(WarningSchema),
        required=True,
        metadata={"description": "拒否はしないが注意を要すること / unusual, but not refused; said once"},
    )


# ----------------------------------------------------------------------------------------- giving


def give(command: Command, entity: str | None, body: Mapping[str, Any], **conditions: Any) -> Receipt:
    """Give a command as the current caller. ``body`` has been accepted (:func:`api.http.schemas.accept`);
    ``conditions``: ``expected_version``, ``key``. Refuses as the domain does, pointing into the body."""
    arguments, terms = _taken(command, entity, body, **conditions)
    try:
        receipt = record_store().application.execute(
            command, entity or arguments.entity, arguments.arguments, terms
        )
    except Refusal as refused:
        raise pointed(refused, entity, body) from None
    g.recorded = True  # from here on no failure may say that nothing was recorded
    roles_changed(command, entity_of(receipt.stream))
    return receipt


def rehearse(
    command: Command, entity: str | None, body: Mapping[str, Any], **conditions: Any
) -> UnitOfWork | None:
    """Refuse what :func:`give` would refuse now, and record nothing: what would be recorded. What was done
    already under its key is not decided again (None)."""
    arguments, terms = _taken(command, entity, body, **conditions)
    application = record_store().application
    if terms.key is not None and application.already_done(terms.key) is not None:
        return None
    try:
        return application.rehearse(command, entity or arguments.entity, arguments.arguments, terms)
    except Refusal as refused:
        raise pointed(refused, entity, body) from None


def _taken(
    command: Command, entity: str | None, body: Mapping[str, Any], **conditions: Any
) -> tuple[schemas.CommandInput, CommandTerms]:
    arguments = schemas.command_input(command, body)
    terms = required_caller().terms(command, envelope=arguments.envelope, **conditions)
    if entity is not None and not PUBLIC_ID.fullmatch(entity):
        raise UNKNOWN_ID(kind=command.aggregate.LABEL[0], kind_en=command.aggregate.LABEL[1], id=entity[:80])
    return arguments, terms


def pointed(refused: Refusal, entity: str | None, body: Mapping[str, Any]) -> Refusal:
    """An unknown id with its place in the body, if it came from there and not from the path."""
    if refused.declared is not UNKNOWN_ID or refused.pointer is not None:
        return refused
    unknown = refused.params.get("id")
    return refused if unknown == entity else refused.at(next(_places(body, unknown), ""))


def _places(value: Any, wanted: Any, pointer: str = "") -> Iterator[str]:
    """The JSON pointers at which ``wanted`` stands in ``value``; a part's id (``a#b``) names ``a`` too."""
    if isinstance(value, str) and (value == wanted or value.split("#")[0] == wanted):
        yield pointer
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _places(inner, wanted, f"{pointer}/{key}")
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from _places(inner, wanted, f"{pointer}/{n}")


# ---------------------------------------------------------------------------------- conditions of a request


def conditions() -> dict[str, Any]:
    """The conditions that the request puts on its command, as :func:`give` takes them."""
    return {"expected_version": expected_version(), "key": command_key(required_caller().account_id)}


def expected_version() -> int | None:
    """The version that If-Match names; None if it names none. A tag that is no version matches nothing."""
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return None
    tag = re.fullmatch(r'\s*(W/)?"([\x21\x23-\x7e]*)"\s*', header)
    if tag is None:
        raise HEADER_MALFORMED(name="If-Match")
    if tag[1] or not re.fullmatch(r"0|[1-9][0-9]{0,9}", tag[2]):
        raise VERSION_CONFLICT(expected=tag[2][:40])
    return int(tag[2])


def command_key(account_id: str) -> str | None:
    """The caller's Idempotency-Key, within the account; None if there is none."""
    header = request.headers.get("Idempotency-Key")
    if header is None:
        return None
    key: Any = header.strip()
    if key.startswith('"'):
        try:
            key = http_sf.parse(key.encode("latin-1", "replace"), tltype="item")[0]  # type: ignore[index]
        except http_sf.StructuredFieldError:
            key = ""
    elif not _PLAIN_KEY.fullmatch(key):
        key = ""
    if not isinstance(key, str) or not 1 <= len(key) <= 255:
        raise HEADER_MALFORMED(name="Idempotency-Key")
    return f"{account_id}:{key}"


# ------------------------------------------------------------------------------------------ endpoints


Make = Callable[[Blueprint, Command], Callable[..., Response]]
"""Makes the view of a command."""

OWN_PATHS = {"attach_content": "/<id>/content"}
"""Paths of commands whose body is not JSON."""


def register(api: Api, own: Mapping[str, Make]) -> None:
    """An endpoint for every command of every kind; ``own`` makes those of :data:`OWN_PATHS`."""
    for kind in KINDS.values():
        if kind.COMMANDS:
            api.register_blueprint(_blueprint(kind, own))


def _blueprint(kind: type[Record], own: Mapping[str, Make]) -> Blueprint:
    about = f"{kind.LABEL[0]} / {kind.LABEL[1]}"
    blueprint = Blueprint(
        kind.COLLECTION, __name__, url_prefix=f"/api/v1/{kind.COLLECTION}", description=about
    )
    for command in kind.COMMANDS.values():
        view = own.get(command.name, _endpoint)(blueprint, command)
        blueprint.add_url_rule(path_of(command), command.name, view, methods=["POST"])
    return blueprint


def path_of(command: Command) -> str:
    """The path of a command below its collection."""
    if not command.creates:
        return OWN_PATHS.get(command.name, f"/<id>/{command.path}")
    default = next(c for c in command.aggregate.COMMANDS.values() if c.creates)
    return "" if command.name == default.name else f"/-/{command.path}"


def _endpoint(blueprint: Blueprint, command: Command) -> Callable[..., Response]:
    status = 201 if command.creates else 200

    def act(body: dict[str, Any], **path: str) -> tuple[dict[str, Any], int, dict[str, str]]:
        receipt = give(command, path.get("id"), body, **conditions())
        return answer(command, receipt), status, headers(command, receipt)

    act.__name__ = command.name
    documented = blueprint.doc(**command_documentation(command))(act)
    answered = blueprint.response(status, ReceiptSchema)(documented)
    read = blueprint.arguments(schemas.body_of(command))(answered)
    return guarded(command, read)


def guarded(command: Command, inner: Callable[..., Response]) -> Callable[..., Response]:
    """Ask who is calling before the body is read, and leave one line in the log if the answer is no."""

    @functools.wraps(inner)
    def endpoint(**path: str) -> Response:
        with refusals_noted(command, path.get("id")):
            required_caller().may_give(command)
            return inner(**path)

    return endpoint


def answer(command: Command, receipt: Receipt) -> dict[str, Any]:
    """What a command did, as :class:`ReceiptSchema` describes it."""
    return {
        "stream": receipt.stream,
        "id": entity_of(receipt.stream),
        "version": receipt.version,
        "position": receipt.position,
        "event_ids": list(receipt.event_ids),
        "replayed": receipt.replayed,
        "warnings": [_warning(unusual) for unusual in receipt.warnings],
    }


def _warning(unusual: Refusal) -> dict[str, str]:
    unusual = worded(unusual)
    return {
        "code": unusual.code,
        "detail": spoken(unusual.sentence),
        "rule": spoken(unusual.rule),
        "rule_url": in_language(language(), unusual.declared.rule.address),
        "what_next": spoken(unusual.what_next),
    }


def headers(command: Command, receipt: Receipt) -> dict[str, str]:
    """The headers of the answer to a command: its version as ETag, and where to find what it created."""
    named = {"ETag": f'"{receipt.version}"', "Cache-Control": "no-store"}
    if command.creates:
        entity = entity_of(receipt.stream)
        named["Location"] = f"/api/v1/{command.aggregate.COLLECTION}/{entity}"
    return named
