"""情報公開・個人情報の請求 /desk/cases: the cases with their terms, and one case on one page.

A case is what was asked for, until when it is decided, the material that was searched for it, the decision on
each item with its ground, the letter that answers, and what was corrected or closed of the same things since.
Who asked lies in the vault and is not told here.

One story: a case from the list to its answer.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from api.access.access_log import closed_parts_read
from api.access.auth import current_caller, required_caller
from api.http.clock import today
from api.http.language import href, tr
from api.http.problems import NOT_FOUND
from api.office.desk.acts import Act, record
from api.office.desk.frame import Entry, Screen, for_the_office, office_page
from api.office.desk.refused import shown as refusal_shown
from api.office.forms.fields.dates import DateField
from api.office.forms.fields.field import MISSING
from api.office.forms.fields.typed import Typed
from api.office.mending.at_hand import mend_path
from api.pages.parts.names import Names
from api.pages.parts.sentences import plain as as_text
from api.pages.record.disclosure_requests import OPEN, show
from api.reads.collections import row_json
from api.reads.reading import viewer
from api.setup.one_moment import living
from api.words.days import away, office_day
from domain.disclosure_request.events import OUTCOMES
from domain.kernel.events import EVENTS
from domain.recording.permission import forbidden
from domain.values.disclosure import GROUNDS
from domain.values.refusal import Refusal
from projections.answers.finding import searching
from projections.engine.event_json import Json
from projections.views.matter.decision_trail import thing
from projections.views.record import corrections, request_register

CLERKS = ("SEC", "DIS")
TERM, LONGER = 15, 30
"""Days within which most ordinances have a city decide, and by which it may take longer. They are proposed:
the day that the case states is what holds."""
MATCHES = 12


def clerks_only() -> None:
    """Who receives requests, and who decides them."""
    for_the_office()
    caller = current_caller()
    held_roles = caller.roles if caller is not None else frozenset[str]()
    if held_roles.isdisjoint(CLERKS):
        raise forbidden(CLERKS, held_roles)


ENTRIES = (Entry("cases", "/desk/cases", "情報公開などの請求", "Requests", permit=clerks_only),)


def case_path(case: str) -> str:
    return href(f"/desk/cases/{quote(case)}").partition("?")[0]


# -- the list


def show_list() -> AnyResponse:
    """Cases that are open, those due first, and those that are over."""
    with living() as connection:
        rows = [
            row_json(request_register.request, row)
            for row in connection.execute(request_register.requests().limit(200))
        ]
        lines = [_line(row, names) for names in [Names(connection, rows)] for row in rows]
        under_way = [line for line in lines if line["open"]]
        return office_page(
            "office/cases.html",
            "cases",
            open=sorted(under_way, key=lambda line: line["due_on"] or "9999"),
            over=[line for line in lines if not line["open"]],
            new_url=href("/desk/disclosure-requests/-/receive"),
            sent_in_url=href("/desk/submissions"),
        )


def _shown(row: Json, names: Names) -> Json:
    page = show({"items": [row], "on": today().isoformat(), "state": None, "next": None}, names)
    case: Json = page["requests"][0]
    return case


def _line(row: Json, names: Names) -> Json:
    case = _shown(row, names)
    return {
        "url": case_path(row["request_id"]),
        "kind": case["kind"],
        "no": case["no"],
        "what": tr("、", "; ").join(_what(item) for item in case["items"]),
        "state": case["state"],
        "open": row["state"] in OPEN,
        "due_on": row["due_on"],
        **_until(row),
    }


def _what(item: Json) -> str:
    return str(item["what"] or "") or tr("、", ", ").join(as_text(d["label"]) for d in item["documents"])


def _until(row: Json) -> Json:
    """The day by which it is decided, and how far away that is."""
    if row["due_on"] is None:
        return {"due": tr("期日の定めなし", "no due date on record"), "away": None, "late": False}
    day = dt.date.fromisoformat(row["due_on"])
    waits = row["state"] == "received"
    return {
        "due": office_day(day),
        "away": away(day, today()) if waits else None,
        "late": waits and day < today(),
    }


# -- one case


def _row(connection: sa.Connection, case: str) -> Json:
    table = request_register.request.table
    row = connection.execute(sa.select(table).where(table.c.request_id == case)).first()
    if row is None:
        raise NOT_FOUND()
    return row_json(request_register.request, row)


def show_one(id: str) -> AnyResponse:
    with living() as connection:
        return _page(connection, _row(connection, id), Typed())


def act_on_one(id: str) -> AnyResponse:
    """Attach material, take longer, or decide on the items: whatever is decided is recorded together."""
    typed = Typed.of(request.form)
    with living() as connection:
        row = _row(connection, id)
        acts = _acts(row, typed, request.form.get("act", ""))
        if typed.faults or not acts:
            return _page(connection, row, typed, status=422)
        try:
            record(acts, f"case.{typed.text('key')}")
        except Refusal as refused:
            typed.refuse(refused)
            return _page(connection, row, typed, status=422)
    flash(tr("記録しました。", "Recorded."), "success")
    return redirect(case_path(id), 303)


def _acts(row: Json, typed: Typed, button: str) -> list[Act]:
    case = row["request_id"]
    if button == "extend":
        body = {
            "on": today().isoformat(),
            "due_on": _day("due_on", typed),
            "reason": typed.text("extend-reason"),
        }
        return [Act("DisclosureRequest", "extend", case, body)]
    if button.startswith("attach "):
        return [_attached(row, button.removeprefix("attach "))]
    decided_on = _day("decided_on", typed)
    return [
        Act("DisclosureRequest", "decide", case, _decision(item["item_id"], decided_on, typed))
        for item in _requested(row)
        if typed.text(f"decision-{item['item_id']}")
    ]


def _day(name: str, typed: Typed) -> Any:
    value = DateField(name, "", of="day").read(typed)
    return None if value is MISSING else value


def _decision(item: str, decided_on: Any, typed: Typed) -> Json:
    words = {
        "decision": typed.text(f"decision-{item}"),
        "ground": typed.text(f"ground-{item}"),
        "reason": typed.text(f"reason-{item}"),
        "document_no": typed.text("document_no"),
    }
    body: Json = {"item_id": item, "decided_on": decided_on, **{n: text for n, text in words.items() if text}}
    law, article = typed.text("law"), typed.text("article")
    if law and body.get("decision") not in ("disclosed", "corrected"):
        body["citation"] = {
            "instrument_id": law,
            **({"article": int(article)} if article.isdecimal() else {}),
        }
    return body


def _requested(row: Json) -> list[Json]:
    """What is asked for, as it was made clearer last."""
    amended = [e for e in row["course"] if e["type"] == "RequestAmended"]
    listed: list[Json] = (amended or [row["received"]])[-1]["requested"]
    return listed


def _attached(row: Json, entity: str) -> Act:
    """The request made clearer by something on record: a document as such, anything else as what it is
    about."""
    items = [{name: value for name, value in item.items() if value is not None} for item in _requested(row)]
    name = "document_id" if entity.startswith("doc") else "thing_id"
    added = {
        "item_id": f"item-{len(items) + 1}",
        name: entity,
        "what": tr("調べて見つかった資料", "found by search"),
    }
    body = {"on": today().isoformat(), "requested": [*items, added]}
    return Act("DisclosureRequest", "amend", row["request_id"], body)


def _page(connection: sa.Connection, row: Json, typed: Typed, status: int = 200) -> AnyResponse:
    words = (request.args.get("q") or typed.text("q"))[:200]
    hits = _found(connection, words) if words else []
    fixes = _fixes(connection, row)
    names = Names(connection, [row, [hit.subject for hit in hits], [fix.entity for fix in fixes]])
    case = _shown(row, names)
    closed_parts_read([row["request_id"]])
    received = dt.date.fromisoformat(row["received"]["received_on"])
    due = dt.date.fromisoformat(row["due_on"]) if row["due_on"] else received + dt.timedelta(days=TERM)
    laws = connection.execute(_LAWS).all()
    law_names = Names(connection, [law.id for law in laws])
    correcting = row["kind"] == "correction"
    number = case["no"] or row["request_id"]
    return office_page(
        "office/case.html",
        "cases",
        status=status,
        title=tr(f"{case['kind']}　{case['no'] or ''}", f"{case['kind']} {case['no'] or ''}").strip(),
        case=case,
        items=[
            {
                **shown,
                "id": item["item_id"],
                "text": _what(shown),
                "mend": _mend(connection, item, number),
            }
            for shown, item in zip(case["items"], _requested(row), strict=True)
        ],
        until=_until(row),
        received=office_day(received),
        extended=(due + dt.timedelta(days=LONGER)).isoformat(),
        today=today().isoformat(),
        is_open=row["state"] in OPEN,
        is_received=row["state"] == "received",
        decides="DIS" in required_caller().roles and row["state"] in OPEN,
        outcomes=[
            {"value": code, "label": tr(*pair)}
            for code, pair in OUTCOMES.items()
            if code in ("transferred", "dismissed") or (code.endswith("corrected") == correcting)
        ],
        grounds=[{"value": code, "label": tr(*pair)} for code, pair in GROUNDS.items()],
        laws=[{"value": law.id, "label": as_text(law_names.label(law.id))} for law in laws],
        typed=defaultdict(str, {name: typed.text(name) for name in typed.texts}),
        query=words,
        hits=[_hit(hit, names) for hit in hits],
        fixes=[_fix(fix, names) for fix in fixes],
        letter=_letter(case, received),
        action=case_path(row["request_id"]),
        all_acts=href(f"/desk/disclosure-requests/{quote(row['request_id'])}/-"),
        key=typed.text("key") or str(uuid.uuid4()),
        faults=[{**refusal_shown(fault), "id": None} for fault in typed.faults],
    )


_THING = thing.table
_LAWS = sa.select(_THING.c.id).where(_THING.c.kind == "LegalInstrument", _THING.c.id == _THING.c.entity)


def _found(connection: sa.Connection, words: str) -> list[Any]:
    """What the record has about these words, for whoever is at the desk."""
    try:
        wanted = searching.search_for(words, {})
    except Refusal:
        return []
    chosen = searching.hits(wanted, viewer(), postgres=connection.dialect.name == "postgresql")
    return list(connection.execute(chosen.limit(MATCHES)))


def _hit(hit: Any, names: Names) -> Json:
    entity = names.entity(hit.subject)
    return {
        "label": as_text(names.label(hit.subject)),
        "url": names.url(hit.subject),
        "what": tr(*EVENTS[hit.type].LABEL),
        "attach": entity,
        "mend_url": mend_path(hit.position),
    }


def _mend(connection: sa.Connection, item: Json, number: str) -> str | None:
    """Where what the item is about is put right, under the number of the case."""
    about = item.get("thing_id") or item.get("document_id")
    if about is None:
        return None
    position = connection.scalar(sa.select(_THING.c.position).where(_THING.c.id == about))
    return href(f"/desk/mend/{position}/correct", case=number) if position is not None else None


def _fixes(connection: sa.Connection, row: Json) -> list[Any]:
    """What was corrected, taken back or closed, since the request, of the things that it names."""
    about = {item.get(name) for item in _requested(row) for name in ("thing_id", "document_id")} - {None}
    table = corrections.fix.table
    chosen = corrections.fixes().where(table.c.entity.in_(about), table.c.position > row["position"])
    return list(connection.execute(chosen)) if about else []


def _fix(fix: Any, names: Names) -> Json:
    acts = {
        "correction": tr("訂正", "correction"),
        "redaction": tr("非公開", "closing"),
        "withdrawal": tr("取消", "taken back"),
    }
    return {
        "act": acts[fix.act],
        "label": as_text(names.label(fix.entity)),
        "url": mend_path(fix.position),
    }


def _letter(case: Json, received: dt.date) -> str:
    """The answer as a text to copy into the city's letter: each item with its decision, ground and reason."""
    lines = [
        tr("決定の通知", "Notice of decision"),
        tr(
            f"{office_day(received)}付けの{case['kind']}について、次のとおり決定しました。",
            f"On your request ({case['kind']}) of {office_day(received)} it was decided as follows.",
        ),
        "",
    ]
    for n, item in enumerate(case["items"], 1):
        decision = item["decision"] or tr("（まだ決定していません）", "(not decided yet)")
        lines.append(f"{n}　{_what(item)}{tr('：', ': ')}{decision}")
        if item["ground"]:
            lines.append(tr(f"　　開示しない理由の区分：{item['ground']}", f"    ground: {item['ground']}"))
        if item["reason"]:
            lines.append(tr(f"　　理由：{item['reason']}", f"    reason: {item['reason']}"))
    lines += [
        "",
        tr(
            "この決定に不服があるときは、決定を知った日の翌日から三か月以内に審査請求をすることができます。",
            "Whoever does not accept this may ask for a review within three months of the day after learning "
            "of it.",
        ),
    ]
    return "\n".join(lines)


def register(blueprint: Blueprint) -> None:
    Screen("/cases", show_list, permit=clerks_only).register(blueprint)
    Screen("/cases/<id>", show_one, act_on_one, permit=clerks_only).register(blueprint)
