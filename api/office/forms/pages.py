"""The screens of forms: what can be recorded of a thing, and the form of each command.

======================================================  ====================================================
``/desk/<collection>``                                  what can be begun: a new one of this kind; and those
                                                        there are (kinds.py)
``/desk/<collection>/<id>``                             この○○に記録する: every command, in its order
``/desk/<collection>/<id>/-``                           the same, where the thing has a screen of its own
``/desk/<collection>/-/<command>``                      the form of a command that begins something
``/desk/<collection>/<id>/<command>``                   the form of a command on what is on record
``/desk/-/names``                                       what is called like this, for typing ahead
======================================================  ====================================================

Of a POST the button says what is wanted: ``check`` shows what will stand in the record, ``record`` records
it, ``show`` draws the form anew, and the others add or take out a row."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from flask import Blueprint, flash, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from api.access.auth import current_caller, required_caller
from api.commands import OWN_PATHS
from api.contents.uploads import takes_a_file
from api.http.language import href, tr
from api.http.problems import NOT_FOUND
from api.office.desk.frame import Entry, Screen, office_page
from api.office.desk.refused import shown
from api.office.forms import kinds, offered
from api.office.forms.command_form import CHECKED, KEY, VERSION, CommandForm, new_key
from api.office.forms.fields.field import at_control
from api.office.forms.fields.things import Things
from api.office.forms.fields.typed import Typed
from api.office.forms.rehearsal import Tried, accepted, digest_of, given, tried
from api.pages.parts.names import Names
from api.reads.reading import viewer
from api.reads.staff_only import office_only
from api.setup.one_moment import living
from api.setup.store import record_store
from domain.kernel.commands import Command
from domain.kernel.id_fields import Named
from domain.kernel.record import KINDS, Record
from domain.kernel.refusals import UNKNOWN_ID, VERSION_CONFLICT
from domain.recording.asserting import may_be_on_behalf
from domain.values.refusal import Refusal
from projections.engine.event_json import Json
from projections.engine.log import version_of

ENTRIES: tuple[Entry, ...] = ()
CHECK, RECORD, SHOW = "check", "record", "show"
_FOUND = 20


# -- who may come, and to what


def permit() -> None:
    """The office. What nobody does for another, whoever may do it, and what of a thing that is: a side its
    own evaluation, a chair the approval of a correction. What each may do the commands say."""
    caller = current_caller()
    path: dict[str, Any] = request.view_args or {}
    if path.get("command") in {name.replace("_", "-") for name in OWN_PATHS}:
        takes_a_file()
    if viewer().staff:
        return
    command = None
    if "command" in path:
        own = _kind(path["collection"]).COMMANDS.values()
        command = next((c for c in own if c.path == path["command"]), None)
    elif "id" in path and caller is not None and offered.in_person(_kind(path["collection"]), caller):
        return
    if caller is None or command is None or may_be_on_behalf(command):
        raise office_only()
    caller.may_give(command)


def _kind(collection: str) -> type[Record]:
    matching = next((kind for kind in KINDS.values() if collection == kind.COLLECTION), None)
    if matching is None:
        raise NOT_FOUND()
    return matching


def _command(kind: type[Record], path: str, *, creates: bool) -> Command:
    matching = next((c for c in kind.COMMANDS.values() if c.path == path and c.creates is creates), None)
    if matching is None:
        raise NOT_FOUND()
    return matching


def _on_record(connection: sa.Connection, kind: type[Record], entity: str) -> None:
    if version_of(connection, kind.stream_for(entity)) == 0:
        raise UNKNOWN_ID(kind=kind.LABEL[0], kind_en=kind.LABEL[1], id=entity[:80])


def form_path(command: Command, entity: str | None) -> str:
    """The address of the form of a command."""
    of = "-" if entity is None else quote(entity)
    return href(f"/desk/{command.aggregate.COLLECTION}/{of}/{command.path}").partition("?")[0]


def list_path(kind: type[Record], entity: str | None) -> str:
    """The address of what can be recorded of a thing."""
    of = f"/{quote(entity)}/-" if entity is not None else ""
    return href(f"/desk/{kind.COLLECTION}{of}").partition("?")[0]


# -- what can be recorded


def show_list(collection: str, id: str | None = None) -> AnyResponse:
    kind, caller = _kind(collection), required_caller()
    with living() as connection:
        if id is not None:
            _on_record(connection, kind, id)
        about = _about(connection, kind, id)
        called = request.args.get("name", "").strip()[:200]
        chosen, others = kinds.of_kind(connection, kind, called) if id is None else (None, kinds.NONE)
    if chosen is not None:
        return redirect(href(f"/desk/{collection}/{quote(chosen)}").partition("?")[0], 303)
    commands = offered.shown(kind.__name__, id, caller, lambda command: form_path(command, id))
    about = {name: about[name] for name in ("title", "thing")}
    return office_page("office/forms/list.html", "record", **about, **others, **commands)


def _about(connection: sa.Connection, kind: type[Record], entity: str | None) -> Json:
    """What the screen is about: its name, its kind, and where it is shown."""
    label = tr(*kind.LABEL)
    if entity is None:
        return {
            "title": tr(f"{label}を新しく記録する", f"Record a new {label}"),
            "thing": None,
            "kind": label,
        }
    names = Names(connection, [entity])
    title = Things(connection, kind.__name__, entity).labels([entity])[entity]
    return {
        "title": tr(f"この{label}に記録する", f"Record about this {label}"),
        "thing": {"label": title, "url": names.url(entity)},
        "kind": label,
    }


# -- a form


def show_form(collection: str, command: str, id: str | None = None) -> AnyResponse:
    kind = _kind(collection)
    declared = _command(kind, command, creates=id is None)
    typed = Typed.of(request.form) if request.method == "POST" else Typed(_begun())
    with living() as connection:
        form, version = _opened(connection, declared, id, typed)
        return _page(connection, form, id, typed, version, Tried())


def _begun() -> dict[str, list[str]]:
    """What a link to a form fills in of it: fields by their pointers. Nothing comes of it before somebody has
    looked, and pressed."""
    return {name: [text] for name, text in request.args.items() if name.startswith("/")}


def act_on_form(collection: str, command: str, id: str | None = None) -> AnyResponse:
    kind = _kind(collection)
    declared = _command(kind, command, creates=id is None)
    typed = Typed.of(request.form)
    button = request.form.get("act", CHECK)
    with living() as connection:
        form, version = _opened(connection, declared, id, typed)
        if button == SHOW or form.press(typed, button):
            return _page(connection, form, id, typed, version, Tried())
        if button == RECORD:
            done = _recorded(connection, form, id, typed, version)
            if done is not None:
                return done
            if typed.faults:
                return _page(connection, form, id, typed, version, Tried(), status=422)
        outcome = tried(connection, form, id, typed, version)
        changed = button == RECORD and not typed.faults
        return _page(
            connection,
            form,
            id,
            typed,
            version,
            outcome,
            changed=changed,
            status=422 if typed.faults else 200,
        )


def _opened(
    connection: sa.Connection, command: Command, entity: str | None, typed: Typed
) -> tuple[CommandForm, int | None]:
    """The form, with the key and the version it was opened with."""
    if entity is not None:
        _on_record(connection, command.aggregate, entity)
    key, sent = typed.text(KEY), typed.text(VERSION)
    if not _is_key(key):
        key = new_key()
    stream = command.aggregate.stream_for(entity) if entity is not None else None
    version = int(sent) if sent.isascii() and sent.isdecimal() else None
    if version is None and stream is not None:
        version = _version(connection, command.aggregate, entity or "", stream)
    things = Things(connection, command.aggregate.__name__, entity)
    form = CommandForm(command, things, required_caller(), key, files=command.name in OWN_PATHS)
    return form, version


def _version(connection: sa.Connection, kind: type[Record], entity: str, stream: str) -> int:
    """The version that whoever opens the form may know of: under a seal, without what the other side did."""
    if kind.version_for is Record.version_for:
        return version_of(connection, stream)
    aggregate = record_store().application.unit().find(kind, entity)
    return 0 if aggregate is None else aggregate.version_for(required_caller().roles)


def _is_key(key: str) -> bool:
    day, _, random = key.partition(".")
    try:
        dt.date.fromisoformat(day)
        uuid.UUID(random)
    except ValueError:
        return False
    return True


def _recorded(
    connection: sa.Connection, form: CommandForm, entity: str | None, typed: Typed, version: int | None
) -> AnyResponse | None:
    """Record what was checked, and go to what can be recorded next of the thing (whoever is not of the
    office: to where it stands); None if the words are others than those shown, or
    something is refused."""
    body = accepted(form, typed)
    if body is None or digest_of(body) != typed.text(CHECKED):
        return None
    try:
        receipt = given(form, entity, body, version)
    except Refusal as refused:
        typed.refuse(refused)
        return None
    label = tr(*form.command.about)
    flash(tr(f"記録しました: {label}", f"Recorded: {label}"), "success")
    for unusual in receipt.warnings:
        flash(shown(unusual)["sentence"], "notice")
    about = form.entity or entity or ""
    if viewer().staff:
        return redirect(href(f"/desk/{form.command.aggregate.COLLECTION}/{quote(about)}"), 303)
    with living() as fresh:
        url = Names(fresh, [about]).url(about)
    return redirect((url or list_path(form.command.aggregate, about)).partition("?")[0], 303)


def _page(
    connection: sa.Connection,
    form: CommandForm,
    entity: str | None,
    typed: Typed,
    version: int | None,
    outcome: Tried,
    *,
    changed: bool = False,
    status: int = 200,
) -> AnyResponse:
    command, caller = form.command, required_caller()
    drawn = form.shown(typed)
    about = _about(connection, command.aggregate, entity)
    cannot = offered.offer(command, entity, caller)
    return office_page(
        "office/forms/form.html",
        "record",
        status=status,
        title=tr(*command.about),
        thing=about["thing"],
        kind=about["kind"],
        list_url=list_path(command.aggregate, entity),
        action=form_path(command, entity),
        hidden=[
            (KEY, form.key),
            (VERSION, "" if version is None else str(version)),
            (CHECKED, outcome.digest),
        ],
        faults=[at_control(fault, typed) for fault in typed.faults],
        cannot=shown(cannot.refused) if cannot.refused is not None and not typed.faults else None,
        not_mine=cannot.not_mine,
        sentences=outcome.sentences,
        warnings=outcome.warnings,
        done_already=outcome.done_already,
        changed=changed,
        conflict=any(fault.declared is VERSION_CONFLICT for fault in typed.faults),
        **drawn,
    )


# -- typing ahead


def find_names() -> AnyResponse:
    """Names of what is called like ``q``, for whoever may see them."""
    args = request.args
    kind = args.get("kind", "")
    if kind not in KINDS:
        raise NOT_FOUND()
    kinds = tuple(k for k in args.get("kinds", "").split(",") if k in KINDS)
    of = tuple(k for k in args.get("of", "").split(",") if k in KINDS)
    named = Named(kinds, tuple(part for part in args.get("parts", "").split(",") if part), of)
    with living() as connection:
        things = Things(connection, kind, args.get("entity") or None)
        matching = things.found(named, args.get("q", "")[:200], _FOUND)
    return jsonify({"names": [choice.label for choice in matching]})


def register(blueprint: Blueprint) -> None:
    for screen in (
        Screen("/-/names", find_names, permit=permit),
        Screen("/<collection>", show_list, permit=permit),
        Screen("/<collection>/<id>", show_list, permit=permit),
        Screen("/<collection>/<id>/-", show_list, permit=permit),
        Screen("/<collection>/-/<command>", show_form, act_on_form, permit=permit),
        Screen("/<collection>/<id>/<command>", show_form, act_on_form, permit=permit),
    ):
        screen.register(blueprint)
