"""市の回答と決定 /desk/matters/{id}/city: what the city answered and what it decided, as one act.

The answer to the council and the decision are two events. They are told beforehand together, and recorded
together or not at all. Either may be left out: the decision where there is none yet, the answer where one is
on record.
"""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from api.access.auth import required_caller
from api.http.language import href, tr
from api.office.desk.acts import Act, fingerprint, record, rehearse, sentences
from api.office.desk.frame import Screen, office_page
from api.office.desk.refused import shown
from api.office.forms.fields.choices import ChoiceField
from api.office.forms.fields.dates import DateField
from api.office.forms.fields.field import MISSING, Field, control_id
from api.office.forms.fields.picking import PickField
from api.office.forms.fields.texts import TextField
from api.office.forms.fields.things import Things
from api.office.forms.fields.typed import Typed
from api.pages.matter.matter_outcome import onward
from api.pages.parts.names import Names
from api.pages.parts.serving import one
from api.reads.reading import reading
from api.words import wording
from domain.kernel.events import EVIDENCE_KINDS
from domain.kernel.id_fields import DOCUMENT
from domain.values.refusal import Refusal
from projections.engine.event_json import Json

ANSWER, DECISION, EVIDENCE = "/answer", "/decision", "/evidence"
DISPOSITIONS = ("accepted", "partly", "deferred", "declined")
AUTHORITIES = ("mayor", "delegated_officer", "assembly")
KEY = "key"
_BETWEEN_POSTS = "、"


def _words(name: str, values: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(value, wording.value(name, value)) for value in values]


def _answer_fields(*, required: bool) -> dict[str, Field]:
    return {
        "disposition": ChoiceField(
            f"{ANSWER}/disposition",
            tr("提言への答え", "The answer"),
            required=required,
            choices=_words("disposition", DISPOSITIONS),
        ),
        "reason": TextField(f"{ANSWER}/reason", tr("その理由", "Why"), limit=20_000, lines=True),
        "document_no": TextField(
            f"{ANSWER}/document_no", tr("回答書の番号", "Number of the reply"), limit=300
        ),
        "on": DateField(f"{ANSWER}/on", tr("回答の日", "Day of the reply")),
    }


def _decision_fields() -> dict[str, Field]:
    day = tr("分からないものは空けておけます。「記録なし」と残ります", "Leave open what nobody knows")
    return {
        "authority": ChoiceField(
            f"{DECISION}/authority", tr("決裁", "Decided by"), choices=_words("authority", AUTHORITIES)
        ),
        "text": TextField(
            f"{DECISION}/text",
            tr("決めたこと（提言とちがうところ）", "What was decided (where it differs)"),
            limit=20_000,
            lines=True,
        ),
        "drafted_on": DateField(f"{DECISION}/drafted_on", tr("起案の日", "Drafted on"), help=day),
        "consulted": TextField(
            f"{DECISION}/consulted",
            tr("合議した職", "Posts consulted"),
            help=tr("「財政課長、建築課長」のように、読点で区切ります", "several with 、 between them"),
        ),
        "approved_by_post": TextField(f"{DECISION}/approved_by_post", tr("決裁した職", "Post that approved")),
        "decided_on": DateField(f"{DECISION}/decided_on", tr("決裁の日", "Decided on")),
        "in_force_from": DateField(f"{DECISION}/in_force_from", tr("施行の日", "In force from")),
        "document_no": TextField(
            f"{DECISION}/document_no", tr("決裁の文書番号", "Number of the decision"), limit=300
        ),
    }


def _evidence_fields(things: Things) -> dict[str, Field]:
    kinds = [(kind, tr(*words)) for kind, words in EVIDENCE_KINDS.items()]
    return {
        "document_id": PickField(
            f"{EVIDENCE}/document_id",
            tr("根拠の文書", "The document it rests on"),
            things=things,
            named=DOCUMENT,
            search=things.search(DOCUMENT),
        ),
        "locator": TextField(
            f"{EVIDENCE}/locator", tr("その箇所", "Where in it"), help=tr("例: 1頁", "e.g. p. 1")
        ),
        "kind": ChoiceField(
            f"{EVIDENCE}/kind",
            tr("文書が登録されていないとき", "Where no document is on record"),
            choices=kinds,
        ),
        "on": DateField(f"{EVIDENCE}/on", tr("その日付", "Of which day"), of="day"),
        "reference": TextField(
            f"{EVIDENCE}/reference",
            tr("どこを見れば分かるか", "Where it is found"),
            help=tr("事務局だけが見ます。氏名は書きません", "for the office only; no name belongs here"),
            limit=300,
        ),
    }


SOURCE = ("document_id", "locator")


class CityAnswer:
    """The form of one matter: what is typed, as acts."""

    def __init__(self, connection: sa.Connection, entity: str, typed: Typed, *, answered: bool):
        self.entity, self.typed, self.answered = entity, typed, answered
        self.answer, self.decision = _answer_fields(required=not answered), _decision_fields()
        self.evidence = _evidence_fields(Things(connection, "Matter", entity))

    def acts(self) -> list[Act]:
        """The answer, and the decision where anything of it is said."""
        envelope = self._envelope()
        answer, decision = self._read(self.answer), self._read(self.decision)
        if posts := decision.pop("consulted", None):
            named = [post.strip() for post in posts.split(_BETWEEN_POSTS)]
            decision["consulted"] = [{"post": post} for post in named if post]
        acts = []
        if answer or not (self.answered and decision):
            acts.append(self._act("record_city_response", answer, envelope, ANSWER))
        if decision:
            acts.append(self._act("record_city_decision", decision, envelope, DECISION))
        return acts

    def _act(self, name: str, body: Json, envelope: Json, place: str) -> Act:
        return Act("Matter", name, self.entity, {**body, **({"record": envelope} if envelope else {})}, place)

    def _read(self, fields: dict[str, Field]) -> dict[str, Any]:
        values = {name: field.read(self.typed) for name, field in fields.items()}
        return {name: value for name, value in values.items() if value is not MISSING}

    def _envelope(self) -> Json:
        """The city's approver acts; whoever is the approver writes it down for themselves."""
        values = self._read(self.evidence)
        source = {name: values.pop(name) for name in SOURCE if name in values}
        envelope = {"source": source} if source else {}
        if "APR" in required_caller().roles:
            return envelope
        return {**envelope, "actor": {"role": "APR"}, **({"evidence": values} if values else {})}

    def shown(self) -> Json:
        return {
            "answer": [field.shown(self.typed) for field in self.answer.values()],
            "decision": [field.shown(self.typed) for field in self.decision.values()],
            "evidence": [field.shown(self.typed) for field in self.evidence.values()],
        }


# -- the screen


def show(id: str) -> AnyResponse:
    typed = Typed.of(request.form) if request.method == "POST" else Typed()
    return _page(id, typed)


def act(id: str) -> AnyResponse:
    typed = Typed.of(request.form)
    with reading() as connection:
        answered = bool(one(connection, "matters", id).get("CityResponseRecorded"))
        acts = CityAnswer(connection, id, typed, answered=answered).acts()
    if typed.faults:
        return _page(id, typed, status=422)
    rehearsal = rehearse(acts)
    for fault in rehearsal.faults:
        typed.refuse(_in_form(fault))
    if typed.faults:
        return _page(id, typed, status=422)
    if request.form.get("act") != "record" or typed.text("checked") != _said(acts):
        with reading() as connection:
            lines = [{"text": s.text, "by": s.by} for s in sentences(connection, rehearsal)]
        return _page(id, typed, lines=lines, checked=_said(acts))
    try:
        record(acts, f"city.{typed.text(KEY)}")
    except Refusal as refused:
        typed.refuse(_in_form(refused))
        return _page(id, typed, status=422)
    flash(tr("市の回答と決定を記録しました。", "The city's answer and decision are on record."), "success")
    return redirect(href(f"/desk/matters/{quote(id)}"), 303)


def _said(acts: list[Act]) -> str:
    """A digest of what was checked: what is recorded is what was shown."""
    return fingerprint(acts)


def _in_form(fault: Refusal) -> Refusal:
    """What is wrong with the envelope, at the fields of the evidence."""
    pointer = fault.pointer or ""
    for place in (ANSWER, DECISION):
        if pointer.startswith(f"{place}/record"):
            return fault.at(f"{EVIDENCE}/document_id")
    return fault


def _page(
    entity: str, typed: Typed, *, lines: list[Json] | None = None, checked: str = "", status: int = 200
) -> AnyResponse:
    if not typed.text(KEY):
        typed.texts[KEY] = [str(uuid.uuid4())]
    with reading() as connection:
        matter = one(connection, "matters", entity)
        names = Names(connection, matter)
        before = onward(matter, names)
        title = names.label(entity)
        answered = before["city_response"] is not None
        drawn = CityAnswer(connection, entity, typed, answered=answered).shown()
    return office_page(
        "office/matters/city.html",
        "matters",
        status=status,
        title=title,
        url=href(f"/desk/matters/{quote(entity)}"),
        action=href(f"/desk/matters/{quote(entity)}/city"),
        hidden=[(KEY, typed.text(KEY)), ("checked", checked)],
        for_oneself="APR" in required_caller().roles,
        sent=_sent(before["transmission"]),
        told=lines or [],
        faults=[{**shown(fault), "id": _linked(fault, typed)} for fault in typed.faults],
        **drawn,
    )


def _sent(transmission: Json | None) -> str | None:
    """When and under which number the conclusion went to the city."""
    if transmission is None:
        return None
    date = transmission["date"]
    on = date["full_label"] if date else tr("日付の記録なし", "date not recorded")
    return " ".join(filter(None, (on, transmission["document_no"])))


def _linked(fault: Refusal, typed: Typed) -> str | None:
    """The control that a refusal is about, if it has one."""
    pointer = fault.pointer or ""
    while pointer and pointer not in typed.places:
        pointer = pointer.rpartition("/")[0]
    return control_id(pointer) if pointer else None


def register(blueprint: Blueprint) -> None:
    Screen("/matters/<id>/city", show, act).register(blueprint)
