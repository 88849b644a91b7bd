"""The description of the API (OpenAPI 3.1), made from the same declarations as the endpoints themselves.

``/api/openapi.json`` and, for people, ``/api/docs``: Swagger UI from its wheel, with nothing fetched from
elsewhere.
"""

from __future__ import annotations

import hashlib
import inspect
from collections import defaultdict
from collections.abc import Sequence
from importlib.resources import files
from threading import Lock
from typing import Any, NoReturn

import flask_smorest
import msgspec
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask, Request, Response, current_app, render_template, request, send_from_directory
from marshmallow import Schema, ValidationError, fields
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import HTTPException

from api.http import json_body, json_fields
from api.http.language import tr
from api.http.problems import PROBLEM_JSON, InvalidInput, on_http_error, status_of
from api.http.query import query_of
from domain.kernel.commands import Command
from domain.kernel.roles import ROLE_NAMES
from domain.recording.command_refusals import refusals_of

ABOUT = """\
金沢市と「協働をすすめる市民会議」の記録を読み、記録に加えるための API です。
読むのにサインインは要りません。加えるには、役割を持つアカウントのトークンが要ります。
記録は消せません。誤りは訂正として残します。

The API to read, and to add to, the record of how the city of Kanazawa and its citizens' council decide.
Reading needs no sign-in; a command needs the token of an account with one of its roles. Nothing is erased.

- `record` (optional in every command): what the envelope of the event will say. 効力の日 `effective` may be
  an object or a text: `平成18年3月1日`, `2006-03-01`, `FY2008`; `{"precision": "unknown"}` is a full answer.
  `"live": true` says that it is happening now. The moment of recording is never taken for it: what nobody
  dates is recorded as “date not recorded”, and the receipt warns (`WHEN_NOT_TOLD`).
- `If-Match: "<version>"` makes a command conditional; `Idempotency-Key` makes repeating it harmless.
- `Kyodo-Role` names the role in which an account acts that has several.
- Every error is a problem document (RFC 9457) in the language of `Accept-Language`, Japanese by default.
"""


class StrictParser(FlaskParser):
    """Reads bodies strictly (:mod:`api.http.json_body`) and raises what is wrong with them as refusals."""

    def load_json(self, req: Request, schema: Schema) -> Any:
        return json_body.read(req)

    def handle_error(self, error: ValidationError, *args: Any, **kwargs: Any) -> NoReturn:
        (messages,) = error.messages_dict.values()  # webargs puts them under the place they are from
        raise InvalidInput(list(json_fields.faults_of(messages))) from None


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]  # flask-smorest ships no types
    """A blueprint whose endpoints describe themselves."""

    ARGUMENTS_PARSER = StrictParser()


class ErrorSchema(Schema):
    """One thing that is wrong with the input."""

    pointer = fields.String(required=True, metadata={"description": "JSON pointer into the body (RFC 6901)"})
    detail = fields.String(required=True)
    code = fields.String(required=True)


class ProblemSchema(Schema):
    """A problem document (RFC 9457)."""

    type = fields.String(required=True, metadata={"description": "/api/problems/<code> explains it"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True, metadata={"description": "stable; for programs"})
    rule = fields.String(required=True, metadata={"description": "the rule it comes from, and its source"})
    rule_url = fields.String(required=True, metadata={"description": "where that rule can be read"})
    what_next = fields.String(required=True, metadata={"description": "what to do next"})
    errors = fields.List(fields.Nested(ErrorSchema), required=True)
    instance = fields.String(metadata={"description": "reference to the log, for internal problems"})
    # further members, each of its own problem (RFC 9457, 3.2)
    retry_after = fields.Integer(metadata={"description": "TOO_MANY_REQUESTS: seconds to wait"})
    impossible = fields.List(
        fields.Dict(), metadata={"description": "CORRECTION_BREAKS: the later events that could not stand"}
    )
    ground = fields.String(
        allow_none=True, metadata={"description": "CONTENT_CLOSED: on which ground it is closed"}
    )
    review_on = fields.Date(
        allow_none=True, metadata={"description": "CONTENT_CLOSED: the day on which that is looked at again"}
    )
    public_versions = fields.List(
        fields.String(),
        metadata={"description": "CONTENT_CLOSED: documents that are versions for the public"},
    )


class Api(flask_smorest.Api):  # type: ignore[misc]
    """flask-smorest with this service's errors and its own pages for the description."""

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_ERROR_RESPONSE_NAME = None  # each operation lists its own problems

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._to_describe: list[flask_smorest.Blueprint] = []
        self._describing = Lock()
        super().__init__(*arguments, **options)

    def handle_http_exception(self, error: HTTPException) -> Response:
        return on_http_error(error)

    def register_blueprint(self, blp: flask_smorest.Blueprint, **options: Any) -> None:
        """As flask-smorest does, but for the description: that is most of the work of a start, and nobody
        asks for it in most processes (:meth:`described`)."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp, **options)
        self._to_describe.append(blp)

    def described(self) -> APISpec:
        """The description, with every command and everything that can be read in it."""
        with self._describing:
            if self._to_describe:
                for blp in self._to_describe:
                    blp.register_views_in_doc(self, self._app, self.spec, name=blp.name, parameters=None)
                    self.spec.tag({"name": blp.name, "description": blp.description})
                self._to_describe.clear()
                _describe_reads(self._app, self)
            spec: APISpec = self.spec
            return spec


def init_app(app: Flask) -> Api:
    """The API of the application; blueprints are registered with it."""
    api = Api(
        app,
        spec_kwargs={
            "title": "協働の記録 / Kyodo Record",
            "version": "1",
            "openapi_version": "3.1.0",
            "info": {"description": ABOUT, "license": {"name": "PDL 1.0", "url": _LICENCE}},
            "security": [{}, {"token": []}, {"session": []}],
            "marshmallow_plugin": MarshmallowPlugin(schema_name_resolver=_schema_name),
        },
    )
    schemes = api.spec.components
    schemes.security_scheme("token", {"type": "http", "scheme": "bearer", "description": "kyodo_…"})
    schemes.security_scheme("session", {"type": "apiKey", "in": "cookie", "name": "session"})
    for field, json_type, format in _JSON_TYPES:
        api.register_field(field, json_type, format)
    api.ma_plugin.converter.add_attribute_function(_alternatives)
    app.extensions["kyodo-api"] = api
    app.add_url_rule("/api/openapi.json", "openapi", show_description)
    app.add_url_rule("/api/docs", "docs", show_docs)
    app.add_url_rule(f"/api/docs/<any({', '.join(map(repr, _ASSETS))}):name>", "docs_asset", show_asset)
    return api


_LICENCE = "https://www.digital.go.jp/resources/open_data/public_data_license_v1.0"
_ASSETS = ("swagger-ui.css", "swagger-ui-bundle.js")


_JSON_TYPES = (
    (json_fields.Text, "string", None),
    (json_fields.Whole, "integer", None),
    (json_fields.Truth, "boolean", None),
    (json_fields.Day, "string", "date"),
    (json_fields.Instant, "string", "date-time"),
    (json_fields.Choice, None, None),
)


_ERA_NUMBER = "([0-9]{1,2}|[〇一二三四五六七八九十]{1,3})"
_ERA_DATE = (
    f"^(令和|平成|昭和|大正|明治|[RHSTM]) ?(元|{_ERA_NUMBER})(年度?|年{_ERA_NUMBER}月({_ERA_NUMBER}日)?)?$"
)
_DATES = (
    {"type": "string", "format": "date"},
    {"type": "string", "pattern": "^(FY)?[1-9][0-9]{3}$", "description": "2005, FY2008"},
    {"type": "string", "pattern": "^[1-9][0-9]{3}-(0[1-9]|1[0-2])$", "description": "2006-03"},
    {
        "type": "string",
        "pattern": _ERA_DATE,
        "description": "平成18年3月1日, 平成18年3月, 平成20年度, H18",
    },
)
"""Texts that are read as a date. (Whether an era had such a day, no pattern tells.)"""


def _schema_name(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    return str(kind.__name__).removesuffix("Schema")


def _alternatives(self: Any, field: fields.Field[Any], **kwargs: Any) -> dict[str, Any]:
    """How the fields that take several shapes or only some values are described."""
    nothing = [None] if field.allow_none else []
    if isinstance(field, json_fields.Choice):
        return {"enum": [*field.choices, *nothing]}
    if isinstance(field, json_fields.Either):
        shapes = [self.field2property(arm) for arm in field.arms]
    elif isinstance(field, json_fields.When):
        shapes = [*_DATES, self.resolve_nested_schema(field.schema)]
        kwargs["ret"].pop("$ref", None)
    else:
        return {}
    return {"anyOf": [*shapes, *({"type": "null"} for _ in nothing)]}


# ------------------------------------------------------------------------------------------- commands


OF_EVERY_COMMAND: dict[int, tuple[str, ...]] = {
    400: (
        "HEADER_MALFORMED",
        "MALFORMED_JSON",
        "NOT_UTF8",
        "BODY_TOO_DEEP",
        "DUPLICATE_KEY",
        "NOT_A_JSON_NUMBER",
        "CSRF_MISSING",
    ),
    401: ("SESSION_ENDED", "SIGN_IN_REQUIRED", "TOKEN_INVALID"),
    403: ("ROLE_NOT_YOURS",),
    413: ("BODY_TOO_LARGE",),
    415: ("MEDIA_TYPE",),
    422: ("INVALID_INPUT",),
    503: ("DATABASE_UNAVAILABLE", "DATABASE_DAMAGED", "RECORD_NEWER", "RECORD_OUTDATED", "RECORD_MISSING"),
}
"""What the service itself may answer to any command, beside what the domain refuses."""


def command_documentation(command: Command) -> dict[str, Any]:
    """What the description says of a command, beside the schemas of its body and of its receipt."""
    roles = "、".join(f"{ROLE_NAMES[role][0]} ({role})" for role in command.roles)
    by_status: dict[int, list[str]] = defaultdict(list)
    for status, codes in OF_EVERY_COMMAND.items():
        by_status[status] += codes
    for known in refusals_of(command):
        by_status[status_of(known)].append(known.code)
    return {
        "operationId": f"{command.aggregate.__name__}.{command.name}",
        "summary": " / ".join(command.about),
        "description": f"{command.doc}\n\n役割 / roles: {roles}",
        "x-roles": list(command.roles),
        "x-refusals": [known.code for known in refusals_of(command)],
        "security": [{"token": []}, {"session": []}],
        "parameters": _CONDITIONS,
        "responses": {status: problem_response(codes) for status, codes in sorted(by_status.items())},
    }


def problem_response(codes: Sequence[str]) -> dict[str, Any]:
    """How an answer with one of these problems is described."""
    return {
        "description": ", ".join(sorted(codes)),
        "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


_CONDITIONS = [
    {
        "name": name,
        "in": "header",
        "required": False,
        "schema": {"type": "string"},
        "description": description,
    }
    for name, description in (
        ("If-Match", 'その版のときだけ行う / only if the stream is at this version: "5"'),
        ("Idempotency-Key", '繰り返しても一度だけ / done once, however often it is sent: "8e03978e"'),
        ("Kyodo-Role", "どの役割で行うか / the role to act in, where an account has several"),
    )
]


# ------------------------------------------------------------------------------------------- questions


def _describe_reads(app: Flask, api: Api) -> None:
    """Describe what can be read below ``/api/v1``: each address, from its view's docstring and its path."""
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/api/v1/") or "GET" not in (rule.methods or ()):
            continue
        view = app.view_functions[rule.endpoint]
        name = rule.endpoint.rpartition(".")[2]
        summary, _, more = (inspect.getdoc(view) or name.replace("_", " ")).partition("\n\n")
        query = query_of(view)
        operation = {
            "operationId": name,
            "summary": summary.replace("\n", " "),
            "description": more,
            "tags": [rule.rule.split("/")[3]],
            "parameters": query.described() if query else [],
            "security": [{}, {"token": []}, {"session": []}],
            "responses": {
                "200": {"description": "OK", "content": {"application/json": {"schema": {}}}},
                "default": problem_response(["NOT_FOUND", "UNKNOWN_ID", "INVALID_INPUT"]),
            },
        }
        api.spec.path(rule=rule, operations={"get": operation})


# ---------------------------------------------------------------------------------------------- pages


def show_description() -> Response:
    """The description of the API, as OpenAPI 3.1."""
    app = current_app
    if "kyodo-openapi" not in app.extensions:
        body = msgspec.json.encode(app.extensions["kyodo-api"].described().to_dict())
        app.extensions["kyodo-openapi"] = body, hashlib.sha256(body).hexdigest()[:16]
    body, tag = app.extensions["kyodo-openapi"]
    answer = Response(body, content_type="application/json")
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = "no-cache"
    answer.make_conditional(request)
    return answer


def show_docs() -> str:
    """The description of the API, to read and to try."""
    return render_template("apidocs.html", page={"title": tr("API の説明", "API documentation")})


def show_asset(name: str) -> Response:
    """A file of Swagger UI."""
    return send_from_directory(str(files("flask_swagger_ui") / "dist"), name, max_age=86_400)
