"""公開から外す /desk/mend/{position}/close: what of a line of the record the public is not shown, why, and
until when.

What it says stays; the public page shows that something is closed, and on which ground. The page is shown
beforehand as the public will see it. The disclosure officer closes on a ground; for somebody's safety anybody
of the secretariat closes at once, and a second person confirms it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from api.access.auth import required_caller
from api.http.clock import today
from api.http.json_fields import MISSING_FIELD
from api.http.language import href, tr
from api.office.desk.acts import Act, fingerprint, record, rehearse
from api.office.desk.frame import office_page
from api.office.desk.refused import shown as refusal_shown
from api.office.forms.command_form import new_key
from api.office.forms.fields import words
from api.office.forms.fields.choices import ChoiceField
from api.office.forms.fields.dates import DateField
from api.office.forms.fields.field import MISSING, Field
from api.office.forms.fields.numbers import NumberField
from api.office.forms.fields.picking import PickField
from api.office.forms.fields.texts import TextField
from api.office.forms.fields.things import Things
from api.office.forms.fields.typed import Typed
from api.office.mending.at_hand import AtHand, at_hand, made_from, mend_path, shown, told
from api.office.mending.ways import ways
from api.pages.parts.details import inner_ids
from api.pages.parts.details import words as in_words
from api.pages.parts.names import Names
from api.pages.parts.sentences import plain as as_text
from api.setup.one_moment import living
from api.words.days import office_day
from domain.kernel.closed_values import pointer, segments
from domain.kernel.closing import ClosedParts, event_part
from domain.kernel.corrected import plain
from domain.kernel.correction import TO_CONFIRM
from domain.kernel.correction_events import PartRedacted
from domain.kernel.id_fields import Named
from domain.kernel.viewer import PUBLIC
from domain.values.disclosure import GROUNDS, Disclosure
from domain.values.refusal import Refusal
from domain.values.working_days import working_days_after
from projections.answers.describing import Describer
from projections.engine.event_json import Json
from projections.views.record.closed_parts import closed_in, with_its_day

KEY, CHECKED, CASE, PARTS, WHOLE = "key", "checked", "case", "parts", "whole"
AT_ONCE = "at-once"
_LAW = Named(("LegalInstrument",))
_ENVELOPE = ("note", "reason")


class Closing:
    """The form of one closing."""

    def __init__(self, connection: sa.Connection, hand: AtHand, typed: Typed):
        self.connection, self.hand, self.typed = connection, hand, typed
        things = Things(connection, hand.kind, hand.entity)
        self.ground = ChoiceField(
            "/redacted/ground",
            tr("非公開の理由", "Ground"),
            required=True,
            choices=[(ground, tr(*pair)) for ground, pair in GROUNDS.items()],
        )
        self.visibility = ChoiceField(
            "/redacted/visibility",
            tr("だれに見せるか", "Who may see it"),
            choices=[
                ("closed", tr("公開しない", "nobody outside the office")),
                ("internal", tr("市民会議の中だけ", "the council too")),
            ],
            default="closed",
        )
        self.until = DateField(
            "/redacted/review_on", tr("いつまで（見直す日）", "Until (day of review)"), of="day"
        )
        self.law: dict[str, Field] = {
            "instrument_id": PickField(
                "/redacted/citation/instrument_id",
                tr("根拠の条例・法令", "Ordinance or law"),
                things=things,
                named=_LAW,
                search=things.search(_LAW),
            ),
            "article": NumberField("/redacted/citation/article", tr("条", "Article")),
            "paragraph": NumberField("/redacted/citation/paragraph", tr("項", "Paragraph")),
            "item": NumberField("/redacted/citation/item", tr("号", "Item")),
        }
        self.reason = TextField("/reason", tr("理由", "Reason"), required=True, lines=True, limit=20_000)

    @property
    def at_once(self) -> bool:
        return bool(self.typed.text(AT_ONCE))

    @property
    def command(self) -> str:
        return "close_at_once" if self.at_once else "redact"

    def parts(self) -> list[str]:
        """What is marked to be closed; nothing for the whole."""
        return [] if self.typed.text("what") == WHOLE else self.typed.all(PARTS)

    def body(self) -> Json | None:
        typed = self.typed
        citation = _said({name: field.read(typed) for name, field in self.law.items()})
        redacted = _said(
            {
                "visibility": self.visibility.read(typed),
                "ground": self.ground.read(typed),
                "review_on": self.until.read(typed),
                "citation": citation if "instrument_id" in citation else MISSING,
            }
        )
        parts = self.parts()
        if typed.text("what") != WHOLE and not parts:
            typed.refuse(MISSING_FIELD(), f"/{PARTS}")
        body: Json = {
            "redaction_id": made_from(typed.text(KEY), "redaction-"),
            "target_version": self.hand.stored.version,
            "redacted": redacted,
            **_said({"reason": self.reason.read(typed)}),
            **({"fields": parts} if parts else {}),
        }
        if typed.text(CASE):
            body["record"] = {"document_no": typed.text(CASE)}
        return None if typed.faults else body

    # -- what can be closed

    def choices(self) -> list[Json]:
        """The fields of the event, the items of its lists and the sentences of its long texts."""
        marked, data = set(self.typed.all(PARTS)), plain(self.hand.stands.data)
        names = Names(self.connection, data)
        kind = type(self.hand.stored.data)
        listed = []
        for name, value in data.items():
            if value in (None, [], "", {}) or name.endswith("_id") or name in kind.LINKS:
                continue
            label = words.label_of(name, kind)
            hides_names = name in inner_ids(self.hand.stored.type) and str(value) not in names.things
            text = "" if hides_names else as_text(in_words(name, value, names, data))
            listed.append(_choice(name, label, text, marked))
            if hides_names:
                continue
            listed += [_choice(at, f"{label} {n}", text, marked) for at, n, text in _within(name, value)]
        for name in _ENVELOPE:
            text = getattr(self.hand.stored, name)
            if text:
                listed.append(_choice(f"/{name}", words.envelope_label(name), text, marked))
        return [{**choice, "id": f"part-{n}"} for n, choice in enumerate(listed)]

    # -- as the public will see it

    def preview(self, redacted: Disclosure, fields: tuple[str, ...]) -> str:
        """The sentence as the public page will say it."""
        hand = self.hand
        describer = Describer(self.connection, [hand.stored], viewer=PUBLIC)
        part = event_part(hand.stored.stream, hand.stored.event_id)
        known = closed_in(self.connection, {hand.stored.stream})
        named: dict[str, tuple[str, ...]] = {k: v for k, v in known.fields.items() if k != part}
        if fields:
            earlier = known.fields.get(part, ())
            named[part] = with_its_day(hand.stored.type, (*earlier, *fields))
        describer.closed = ClosedParts({**known.parts, part: redacted}, named, known.originals)
        return told(self.connection, hand.stored, describer).text

    def shown(self) -> Json:
        return {
            "ground": self.ground.shown(self.typed),
            "visibility": self.visibility.shown(self.typed),
            "until": self.until.shown(self.typed),
            "law": [field.shown(self.typed) for field in self.law.values()],
            "reason": self.reason.shown(self.typed),
        }


def _said(values: Mapping[str, Any]) -> Json:
    return {name: value for name, value in values.items() if value is not MISSING}


def _choice(value: str, label: str, text: str, marked: set[str]) -> Json:
    short = " ".join(text.split())
    return {
        "value": value,
        "label": label,
        "text": short if len(short) <= 80 else f"{short[:80]}…",
        "chosen": value in marked,
        "inner": value.startswith("/data/"),
    }


def _within(name: str, value: Any) -> Iterator[tuple[str, int, str]]:
    """The items of a list, and the sentences of a long text: each with its pointer."""
    if isinstance(value, str):
        parts = segments(value)
        if len(parts) > 1:
            for n, part in enumerate(parts):
                yield pointer(("data", name, "@text", n)), n + 1, part
    elif isinstance(value, list):
        for n, item in enumerate(value):
            inner = item.values() if isinstance(item, dict) else [item]
            yield pointer(("data", name, n)), n + 1, " ".join(str(part) for part in inner if part)


# -- the screen


def show(position: int) -> AnyResponse:
    typed = Typed.of(request.form) if request.method == "POST" else Typed()
    if request.method == "GET":
        if case := request.args.get("case", "").strip():
            typed.texts[CASE] = [case[:300]]
        if "DIS" not in required_caller().roles:
            typed.texts[AT_ONCE] = ["1"]
    with living() as connection:
        return _page(connection, at_hand(connection, position), typed)


def act(position: int) -> AnyResponse:
    typed = Typed.of(request.form)
    with living() as connection:
        hand = at_hand(connection, position)
        made = Closing(connection, hand, typed)
        body = made.body()
        if body is None:
            return _page(connection, hand, typed, status=422)
        acts = [Act(hand.kind, made.command, hand.entity, body)]
        rehearsal = rehearse(acts)
        typed.faults += rehearsal.faults
        if typed.faults:
            return _page(connection, hand, typed, status=422)
        if request.form.get("act") != "record" or typed.text(CHECKED) != fingerprint(acts):
            redacted = next(e.data for e in rehearsal.recorded if isinstance(e.data, PartRedacted))
            preview = made.preview(redacted.redacted, redacted.fields)
            return _page(connection, hand, typed, preview=preview, checked=fingerprint(acts))
        try:
            record(acts, f"close.{typed.text(KEY)}")
        except Refusal as refused:
            typed.refuse(refused)
            return _page(connection, hand, typed, status=422)
    flash(_done(made.at_once), "success")
    return redirect(href("/desk/mend"), 303)


def _done(at_once: bool) -> str:
    if not at_once:
        return tr(
            "公開から外しました。公開の画面には理由が出ます。",
            "Closed. The public page says on which ground.",
        )
    until = office_day(working_days_after(today(), TO_CONFIRM))
    return tr(
        f"公開から外しました。{until}までに、ほかの人が確認します。",
        f"Closed. Somebody else confirms it by {until}.",
    )


def _page(
    connection: sa.Connection,
    hand: AtHand,
    typed: Typed,
    *,
    preview: str | None = None,
    checked: str = "",
    status: int = 200,
) -> AnyResponse:
    if not typed.text(KEY):
        typed.texts[KEY] = [new_key()]
    made = Closing(connection, hand, typed)
    until: dt.date = working_days_after(today(), TO_CONFIRM)
    return office_page(
        "office/mending/close.html",
        "mending",
        status=status,
        now=shown(hand, connection),
        ways=ways(hand, "close"),
        action=mend_path(hand.stored.position, "close"),
        hidden=[(KEY, typed.text(KEY)), (CHECKED, checked), (CASE, typed.text(CASE))],
        choices=made.choices(),
        whole=typed.text("what") == WHOLE,
        at_once=made.at_once,
        may_choose="DIS" in required_caller().roles,
        confirm_by=office_day(until),
        preview=preview,
        faults=[{**refusal_shown(fault), "id": None} for fault in typed.faults],
        **made.shown(),
    )
