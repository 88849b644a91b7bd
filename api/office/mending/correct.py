"""訂正する /desk/mend/{position}/correct: what a line of the record should say, why, and what follows of it.

The sentence stands as it is, then field by field old and new, the reason and what it rests on, what changes
and what does not, and the sentence as it will stand. A later event that would become impossible is shown with
its rule: it is corrected together with this one, or stands though, with a reason. Nothing changes before
somebody else has approved it.
"""

from __future__ import annotations

import sqlalchemy as sa
from flask import flash, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from api.access.auth import accounts, required_caller, role_label
from api.http.language import href, tr
from api.office.desk.acts import Act, fingerprint, record
from api.office.desk.frame import office_page
from api.office.desk.refused import shown as refusal_shown
from api.office.forms.command_form import new_key
from api.office.forms.fields.field import control_id
from api.office.forms.fields.typed import Typed
from api.office.mending import following
from api.office.mending.at_hand import AtHand, at_hand, mend_path, shown, told
from api.office.mending.correction_form import ALSO, CASE, KEY, STANDS, Correction
from api.office.mending.following import Outcome
from api.office.mending.ways import ways
from api.pages.parts.names import Names
from api.setup.one_moment import living
from domain.values.refusal import Refusal
from projections.engine.event_json import Json

CHECKED = "checked"
APPROVERS = ("APR", "CHR")


# -- the screen


def show(position: int) -> AnyResponse:
    typed = Typed.of(request.form) if request.method == "POST" else Typed()
    if request.method == "GET":
        if case := request.args.get("case", "").strip():
            typed.texts[CASE] = [case[:300]]
        typed.texts[ALSO] = request.args.getlist("also")
    with living() as connection:
        return _page(connection, at_hand(connection, position), typed)


def act(position: int) -> AnyResponse:
    typed = Typed.of(request.form)
    button = request.form.get("act", "check")
    with living() as connection:
        hand = at_hand(connection, position)
        if button.startswith("also "):
            typed.texts[ALSO] = [*typed.all(ALSO), button.removeprefix("also ")]
            return _page(connection, hand, typed)
        if button == "show" or Correction(connection, hand, typed).press(button):
            return _page(connection, hand, typed)
        return _checked(connection, hand, typed, button)


def _checked(connection: sa.Connection, hand: AtHand, typed: Typed, button: str) -> AnyResponse:
    made = Correction(connection, hand, typed)
    body = made.body()
    if body is None:
        return _page(connection, hand, typed, status=422)
    outcome = following.tried(hand.kind, hand.entity, body)
    for fault in outcome.faults:
        typed.refuse(_in_form(fault))
    if typed.faults:
        return _page(connection, hand, typed, outcome=outcome, status=422)
    acts = [Act(hand.kind, "propose_correction", hand.entity, body)]
    if button != "record" or typed.text(CHECKED) != fingerprint(acts):
        lines = made.sentences(body)
        return _page(connection, hand, typed, outcome=outcome, lines=lines, checked=fingerprint(acts))
    try:
        record(acts, f"mend.{typed.text(KEY)}")
    except Refusal as refused:
        typed.refuse(_in_form(refused))
        return _page(connection, hand, typed, status=422)
    flash(
        tr(
            "訂正を出しました。承認されるまで、公開の画面は今のままです。",
            "The correction is proposed. Until somebody approves it, the public pages stay as they are.",
        ),
        "success",
    )
    return redirect(href("/desk/mend"), 303)


def _in_form(fault: Refusal) -> Refusal:
    """What is refused of the envelope, at the control it came from."""
    pointer = fault.pointer or ""
    if pointer.startswith("/record/source"):
        return fault.at(pointer.replace("/record/source", "/evidence"))
    if pointer.startswith("/record/evidence"):
        return fault.at(pointer.replace("/record", ""))
    return fault


def _page(
    connection: sa.Connection,
    hand: AtHand,
    typed: Typed,
    *,
    outcome: Outcome | None = None,
    lines: list[Json] | None = None,
    checked: str = "",
    status: int = 200,
) -> AnyResponse:
    if not typed.text(KEY):
        typed.texts[KEY] = [new_key()]
    made = Correction(connection, hand, typed)
    names = Names(connection, [hand.entity, made.own.data, *(fields.data for _, fields in made.also)])
    first = lines[0] if lines else None
    now = shown(hand, connection)
    tables = [{"title": None, "position": None, **made.own.shown(typed, names)}]
    tables += [
        {
            "title": f"{tr(*type(other.stored.data).LABEL)}{tr('（一緒に直す）', ' (corrected together)')}",
            "position": other.stored.position,
            **fields.shown(typed, names),
        }
        for other, fields in made.also
    ]
    broken = following.impossible(connection, outcome.impossible if outcome else (), names)
    return office_page(
        "office/mending/correct.html",
        "mending",
        status=status,
        now={**now, "pieces": first["old"]} if first else now,
        ways=ways(hand, "correct"),
        action=mend_path(hand.stored.position, "correct"),
        hidden=[
            (KEY, typed.text(KEY)),
            (CHECKED, checked),
            (CASE, typed.text(CASE)),
            *((ALSO, str(other.stored.position)) for other, _ in made.also),
        ],
        tables=tables,
        why=made.why.shown(typed),
        reason=made.reason.shown(typed),
        evidence=[field.shown(typed) for field in made.evidence.values()],
        approvers=approvers(),
        actor=told(connection, hand.stored).by,
        lines=lines or [],
        follows=following.follows(connection, outcome, names) if outcome and outcome.stands else None,
        impossible=[
            {
                **one,
                "together": one["position"] in [other.stored.position for other, _ in made.also],
                "name": f"{STANDS}/{one['event_id']}",
                "value": typed.text(f"{STANDS}/{one['event_id']}"),
                "id": control_id(f"{STANDS}/{one['event_id']}"),
            }
            for one in [*broken, *_excused(connection, typed, broken)]
        ],
        faults=[{**refusal_shown(fault), "id": _linked(fault, typed)} for fault in typed.faults],
    )


def _excused(connection: sa.Connection, typed: Typed, listed: list[Json]) -> list[Json]:
    """What was named as standing though: it stays in the form when nothing is refused any more."""
    known = {one["event_id"] for one in listed}
    named = [
        n.removeprefix(f"{STANDS}/") for n in typed.texts if n.startswith(f"{STANDS}/") and typed.text(n)
    ]
    return [
        {"event_id": event_id, "position": None, "what": None, "when": None, "url": None}
        for event_id in named
        if event_id not in known
    ]


def approvers() -> list[str]:
    """Who can approve a correction: other accounts in the roles that may."""
    own = required_caller().account_id
    listed = []
    for account in accounts().all():
        roles = [role for role in APPROVERS if role in account.roles]
        if roles and account.account_id != own and not account.disabled:
            listed.append(
                tr(f"{account.login}（{role_label(roles)}）", f"{account.login} ({role_label(roles)})")
            )
    return listed


def _linked(fault: Refusal, typed: Typed) -> str | None:
    """The control that a refusal is about, if it has one."""
    pointer = fault.pointer or ""
    while pointer and pointer not in typed.places:
        pointer = pointer.rpartition("/")[0]
    return control_id(pointer) if pointer else None
