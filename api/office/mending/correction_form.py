"""The form of one correction: what should stand, why, and what it rests on, as the body of its command."""

from __future__ import annotations

import sqlalchemy as sa

from api.http.json_fields import MISSING_FIELD
from api.http.language import tr
from api.office.forms.fields.choices import ChoiceField
from api.office.forms.fields.dates import DateField
from api.office.forms.fields.field import MISSING, Field
from api.office.forms.fields.picking import PickField
from api.office.forms.fields.texts import TextField
from api.office.forms.fields.things import Things
from api.office.forms.fields.typed import Typed
from api.office.mending.at_hand import AtHand, at_hand, differing, made_from, told
from api.office.mending.field_by_field import FieldByField
from domain.kernel.corrected import change_of
from domain.kernel.correction_events import Change, Wanted
from domain.kernel.correction_refusals import NOTHING_CORRECTED
from domain.kernel.events import EVIDENCE_KINDS
from domain.kernel.id_fields import DOCUMENT
from projections.engine.event_json import Json

KEY, ALSO, CASE = "key", "also", "case"
AFTER, REASON, WHY, STANDS = "/after", "/reason", "/why", "/stands"
WHYS: tuple[tuple[str, str], ...] = (
    ("読みあやまり", "misread"),
    ("打ちまちがい", "mistyped"),
    ("聞きちがい", "misheard"),
    ("後から分かった", "known later"),
)


class Correction:
    """The form of one correction: of the event at hand, and of those that are corrected together with it."""

    def __init__(self, connection: sa.Connection, hand: AtHand, typed: Typed):
        self.connection, self.hand, self.typed = connection, hand, typed
        self.things = Things(connection, hand.kind, hand.entity)
        self.own = FieldByField(hand.stands, self.things, AFTER)
        self.also = [self._of(position) for position in self._positions()]
        self.why = ChoiceField(
            WHY,
            tr("まちがいの理由", "Why it is wrong"),
            choices=[(ja, tr(ja, en)) for ja, en in WHYS],
            default=WHYS[0][0],
        )
        self.reason = TextField(REASON, tr("理由", "Reason"), lines=True, limit=20_000)
        self.evidence = evidence_fields(self.things)
        for fields in (self.own, *(fields for _, fields in self.also)):
            fields.begin(typed)

    def _positions(self) -> list[int]:
        """The events that are corrected together with this one."""
        known = dict.fromkeys(self.typed.all(ALSO))
        return [int(text) for text in known if text.isdecimal() and len(text) < 16]

    def _of(self, position: int) -> tuple[AtHand, FieldByField]:
        hand = at_hand(self.connection, position)
        things = Things(self.connection, hand.kind, hand.entity)
        return hand, FieldByField(hand.stands, things, f"/also/{position}{AFTER}")

    def press(self, button: str) -> bool:
        return any(fields.press(self.typed, button) for fields in (self.own, *(f for _, f in self.also)))

    # -- what is proposed

    def body(self) -> Json | None:
        """The body of the command; None if something cannot be read, or nothing is changed."""
        typed = self.typed
        changes = self.own.changes(typed)
        also = [(hand, fields.changes(typed)) for hand, fields in self.also]
        if not changes and not typed.faults:
            typed.refuse(NOTHING_CORRECTED(), None)
        reason = self._reason()
        if reason is None:
            typed.refuse(MISSING_FIELD(), REASON)
        body: Json = {
            "correction_id": made_from(typed.text(KEY), "correction-"),
            "target_version": self.hand.stored.version,
            "changes": changes,
            "reason": reason or "",
            "also": [
                {
                    "target_version": hand.stored.version,
                    "changes": made,
                    **(
                        {}
                        if hand.stored.stream == self.hand.stored.stream
                        else {"stream": hand.stored.stream}
                    ),
                }
                for hand, made in also
                if made
            ],
            "stands": [
                {"event": name.removeprefix(f"{STANDS}/"), "reason": typed.text(name)}
                for name in typed.texts
                if name.startswith(f"{STANDS}/") and typed.text(name)
            ],
        }
        envelope = self._envelope()
        if envelope:
            body["record"] = envelope
        return None if typed.faults else body

    def _reason(self) -> str | None:
        """The kind of mistake and the words about it, as one text."""
        kind, text = self.why.read(self.typed), self.reason.read(self.typed)
        parts = [tr(*next(w for w in WHYS if w[0] == kind)) if kind is not MISSING else None, text]
        words = [part for part in parts if part not in (None, MISSING)]
        return tr("。", ". ").join(str(part) for part in words) or None

    def _envelope(self) -> Json:
        values = {name: field.read(self.typed) for name, field in self.evidence.items()}
        known = {name: value for name, value in values.items() if value is not MISSING}
        source = {name: known.pop(name) for name in ("document_id", "locator") if name in known}
        envelope: Json = {"source": source} if source.get("document_id") else {}
        if known.get("kind"):
            envelope["evidence"] = known
        if self.typed.text(CASE):
            envelope["document_no"] = self.typed.text(CASE)
        return envelope

    # -- the sentence that will stand

    def sentences(self, body: Json) -> list[Json]:
        """What will stand in place of each corrected sentence, and of what it differs."""
        pairs = [(self.hand, body["changes"])]
        pairs += [
            (hand, made["changes"])
            for (hand, _), made in zip(self._changed_also(), body["also"], strict=True)
        ]
        return [self._sentence(hand, changes) for hand, changes in pairs]

    def _changed_also(self) -> list[tuple[AtHand, FieldByField]]:
        looked = Typed(dict(self.typed.texts), sent=True)
        return [(hand, fields) for hand, fields in self.also if fields.changes(looked)]

    def _sentence(self, hand: AtHand, changes: list[Json]) -> Json:
        return as_corrected_sentence(
            self.connection,
            hand,
            [change_of(hand.stands, Wanted(c["field"], c["after"]), "") for c in changes],
        )


def as_corrected_sentence(connection: sa.Connection, hand: AtHand, changes: list[Change]) -> Json:
    """An event's sentence before and after these changes, in pieces."""
    now, then = told(connection, hand.stored), told(connection, hand.with_changes(changes))
    old, new = differing(now.text, then.text)
    return {"old": old, "new": new, "by": then.by, "what": tr(*type(hand.stored.data).LABEL)}


def evidence_fields(things: Things) -> dict[str, Field]:
    """What a correction rests on: a document and the place in it, or else what."""
    kinds = [(kind, tr(*words)) for kind, words in EVIDENCE_KINDS.items()]
    at = "/evidence"
    return {
        "document_id": PickField(
            f"{at}/document_id",
            tr("根拠の文書", "The document it rests on"),
            things=things,
            named=DOCUMENT,
            search=things.search(DOCUMENT),
        ),
        "locator": TextField(
            f"{at}/locator", tr("頁・箇所", "Page or place"), help=tr("例: 1頁", "e.g. p. 1")
        ),
        "kind": ChoiceField(
            f"{at}/kind", tr("文書が登録されていないとき", "Where no document is on record"), choices=kinds
        ),
        "on": DateField(f"{at}/on", tr("その日付", "Of which day"), of="day"),
    }
