"""市への送付、回答と決定 /desk/matters/{id}/city: what went to the city, its answer, its decision, in one.

They are three events. As many of them as are known are told beforehand together, and recorded together or not
at all: the conclusion is sent on one day, and weeks later the rest is added in the same place.

One story: what the form of the city asks, how it is read, and how it is recorded.
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
from api.office.desk.points import read_points
from api.office.forms.fields.choices import ChoiceField
from api.office.forms.fields.dates import DateField, read_date
from api.office.forms.fields.field import MISSING, Field, at_control
from api.office.forms.fields.picking import PickField
from api.office.forms.fields.texts import TextField
from api.office.forms.fields.things import Things
from api.office.forms.fields.typed import Typed
from api.pages.matter.matter_outcome import onward
from api.pages.parts.names import Names
from api.pages.parts.serving import one
from api.reads.reading import reading
from api.setup.store import record_store
from api.words import wording
from domain.kernel.events import EVIDENCE_KINDS
from domain.kernel.id_fields import DOCUMENT, PARTY
from domain.matter.refusals import NOT_TRANSMITTED
from domain.values.refusal import Refusal
from projections.engine.event_json import Json
from projections.views.council.party_register import party

SENT, ANSWER, DECISION, EVIDENCE = "/sent", "/answer", "/decision", "/evidence"
FORMS = ("proposal", "report", "formal_reply")
DISPOSITIONS = ("accepted", "partly", "deferred", "declined")
AUTHORITIES = ("mayor", "delegated_officer", "assembly")
MOST_ORGANISATIONS = 300
KEY = "key"
_BETWEEN_POSTS = "、"


def _words(name: str, values: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(value, wording.value(name, value)) for value in values]


def _sent_fields(organisations: list[tuple[str, str]]) -> dict[str, Field]:
    """``organisations``: to whom it may have been sent, the city first."""
    return {
        "on": DateField(f"{SENT}/on", tr("送った日", "Sent on")),
        "document_no": TextField(f"{SENT}/document_no", tr("送付の番号", "Number of the letter"), limit=300),
        "form": ChoiceField(
            f"{SENT}/form",
            tr("送り方", "Sent as"),
            required=True,
            choices=_words("form", FORMS),
            default=FORMS[0],
        ),
        "to": ChoiceField(
            f"{SENT}/to",
            tr("送り先", "Sent to"),
            required=True,
            choices=organisations,
            default=organisations[0][0] if organisations else None,
        ),
    }


OF_ITSELF = ("form", "to")
"""What stands in the fields of the sending before anybody types: it says nothing by itself."""


def _answer_fields() -> dict[str, Field]:
    return {
        "disposition": ChoiceField(
            f"{ANSWER}/disposition",
            tr("提言への答え", "The answer"),
            choices=_words("disposition", DISPOSITIONS),
        ),
        "reason": TextField(f"{ANSWER}/reason", tr("その理由", "Why"), limit=20_000, lines=True),
        "document_no": TextField(
            f"{ANSWER}/document_no", tr("回答書の番号", "Number of the reply"), limit=300
        ),
        "on": DateField(f"{ANSWER}/on", tr("回答の日", "Day of the reply")),
        "promised": TextField(
            f"{ANSWER}/promised",
            tr("約束したこと", "What it promised"),
            help=tr(
                "一行に一つ。「利用状況を報告する：R8.2.28」のように期限を付けられます",
                "one a line; a day may follow a colon: “report how it is used: 2026-02-28”",
            ),
            limit=20_000,
            lines=True,
        ),
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
        "points": TextField(
            f"{DECISION}/points",
            tr("論点ごとの決定", "Point by point"),
            help=tr(
                "一行に一つ、「場所：市役所1階」のように。結論と比べられます",
                "one a line, as in “place: city hall”; compared with the conclusion",
            ),
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
        "by": PickField(
            f"{EVIDENCE}/by",
            tr("市のだれが（分かれば）", "Who of the city (if known)"),
            things=things,
            named=PARTY,
            search=things.search(PARTY),
        ),
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

    def __init__(self, connection: sa.Connection, entity: str, typed: Typed, *, sent: bool):
        self.entity, self.typed, self.sent = entity, typed, sent
        things = Things(connection, "Matter", entity)
        self.sending = {} if sent else _sent_fields(_organisations(connection))
        self.answer, self.decision = _answer_fields(), _decision_fields()
        self.evidence = _evidence_fields(things)

    def acts(self) -> list[Act]:
        """The sending, the answer and the decision, of which anything is said."""
        envelope = self._envelope()
        sending = self._read(self.sending)
        answer, decision = self._read(self.answer), self._read(self.decision)
        if posts := decision.pop("consulted", None):
            named = [post.strip() for post in posts.split(_BETWEEN_POSTS)]
            decision["consulted"] = [{"post": post} for post in named if post]
        if text := answer.pop("promised", None):
            answer["promised"] = self._promised(text)
        if text := decision.pop("points", None):
            decision["points"] = self._points(text)
        acts = []
        if not sending.keys() <= {*OF_ITSELF}:
            acts.append(self._act("transmit", sending, {}, SENT))
        if answer or not (acts or decision):
            acts.append(self._act("record_city_response", answer, envelope, ANSWER))
        if decision:
            acts.append(self._act("record_city_decision", decision, envelope, DECISION))
        return acts

    def _promised(self, text: str) -> list[Json]:
        """Each step that was promised, with the day that follows a colon, if one does."""
        steps = []
        for n, line in enumerate(filter(None, map(str.strip, text.split("\n"))), 1):
            what, _, until = line.rpartition("：" if "：" in line else ":")
            step: Json = {"step_id": f"step-{self.typed.text(KEY)[:8]}-{n}", "what": what.strip() or line}
            if what.strip():
                try:
                    day = read_date(until)
                except Refusal:
                    step["what"] = line  # no day: the colon is one of the sentence's own
                else:
                    step["by_when"] = {"value": day.value, "precision": day.precision}
            steps.append(step)
        return steps

    def _points(self, text: str) -> list[Json]:
        points, wrong = read_points(text)
        for refused in wrong:
            self.typed.refuse(refused, f"{DECISION}/points")
        return [{"point": point, "text": words} for point, words in points]

    def _act(self, name: str, body: Json, envelope: Json, place: str) -> Act:
        return Act("Matter", name, self.entity, {**body, **({"record": envelope} if envelope else {})}, place)

    def _read(self, fields: dict[str, Field]) -> dict[str, Any]:
        values = {name: field.read(self.typed) for name, field in fields.items()}
        return {name: value for name, value in values.items() if value is not MISSING}

    def _envelope(self) -> Json:
        """The city's approver acts; whoever is the approver writes it down for themselves."""
        values = self._read(self.evidence)
        source = {name: values.pop(name) for name in SOURCE if name in values}
        envelope, by = {"source": source} if source else {}, values.pop("by", None)
        if "APR" in required_caller().roles:
            return envelope
        actor = {"role": "APR"} | ({"party": by} if by else {})
        return {**envelope, "actor": actor, **({"evidence": values} if values else {})}

    def shown(self) -> Json:
        return {
            "sending": [field.shown(self.typed) for field in self.sending.values()],
            "answer": [field.shown(self.typed) for field in self.answer.values()],
            "decision": [field.shown(self.typed) for field in self.decision.values()],
            "evidence": [field.shown(self.typed) for field in self.evidence.values()],
        }


def _organisations(connection: sa.Connection) -> list[tuple[str, str]]:
    """Every organisation on record by its name, the city first."""
    table = party.table
    chosen = (
        sa.select(table.c.party_id, table.c.name)
        .where(table.c.kind == "organisation", table.c.name.is_not(None))
        .order_by(table.c.category != "municipality", table.c.name)
        .limit(MOST_ORGANISATIONS)
    )
    return [(row.party_id, row.name) for row in connection.execute(chosen)]


# -- the screen


def show(id: str) -> AnyResponse:
    typed = Typed.of(request.form) if request.method == "POST" else Typed()
    return _page(id, typed)


def act(id: str) -> AnyResponse:
    typed = Typed.of(request.form)
    matter_url = href(f"/desk/matters/{quote(id)}")
    key, records = f"city.{typed.text(KEY)}", request.form.get("do") == "record"
    if records and record_store().application.already_done(f"{required_caller().account_id}:{key}"):
        return redirect(matter_url, 303)
    with reading() as connection:
        sent = bool(one(connection, "matters", id).get("ConclusionTransmitted"))
        acts = CityAnswer(connection, id, typed, sent=sent).acts()
    if typed.faults:
        return _page(id, typed, status=422)
    rehearsal = rehearse(acts)
    for fault in rehearsal.faults:
        typed.refuse(_in_form(fault, sent=sent))
    if typed.faults:
        return _page(id, typed, status=422)
    if not records or typed.text("checked") != _said(acts):
        with reading() as connection:
            lines = [{"text": s.text, "by": s.by} for s in sentences(connection, rehearsal)]
        return _page(id, typed, lines=lines, checked=_said(acts))
    try:
        record(acts, key)
    except Refusal as refused:
        typed.refuse(_in_form(refused, sent=sent))
        return _page(id, typed, status=422)
    flash(_done(acts), "success")
    return redirect(matter_url, 303)


def _done(acts: list[Act]) -> str:
    words = {
        "transmit": tr("市への送付", "what was sent to the city"),
        "record_city_response": tr("市の回答", "its answer"),
        "record_city_decision": tr("市の決定", "its decision"),
    }
    done = tr("、", ", ").join(words[act.name] for act in acts)
    return tr(f"{done}を記録しました。", f"On record: {done}.")


def _said(acts: list[Act]) -> str:
    """A digest of what was checked: what is recorded is what was shown."""
    return fingerprint(acts)


def _in_form(fault: Refusal, *, sent: bool) -> Refusal:
    """What is wrong with the envelope, at the fields of the evidence; what was not sent yet, where that is
    said."""
    pointer = fault.pointer or ""
    if fault.declared is NOT_TRANSMITTED and not sent:
        return fault.at(f"{SENT}/on")
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
        drawn = CityAnswer(connection, entity, typed, sent=before["transmission"] is not None).shown()
    return office_page(
        "office/matters/city.html",
        "matters",
        status=status,
        title=title,
        url=href(f"/desk/matters/{quote(entity)}"),
        action=href(f"/desk/matters/{quote(entity)}/city"),
        key=typed.text(KEY),
        checked=checked,
        for_oneself="APR" in required_caller().roles,
        sent=_sent(before["transmission"]),
        told=lines or [],
        faults=[at_control(fault, typed) for fault in typed.faults],
        **drawn,
    )


def _sent(transmission: Json | None) -> str | None:
    """When and under which number the conclusion went to the city."""
    if transmission is None:
        return None
    date = transmission["date"]
    on = date["full_label"] if date else tr("日付の記録なし", "date not recorded")
    return " ".join(filter(None, (on, transmission["document_no"])))


def register(blueprint: Blueprint) -> None:
    Screen("/matters/<id>/city", show, act).register(blueprint)
