"""対話の結果 on the page of a sheet: the dialogue, why the sides differ, what they settle item by item, and
what is to be done better, as one act."""

from __future__ import annotations

from typing import Any

from api.http.language import tr
from api.http.problems import declare
from api.office.desk.acts import Act
from api.office.desk.drafts import About
from api.office.meetings.composing import Composing
from api.words import wording
from api.words.days import office_day
from domain.evaluation_sheet.aggregate import AFTER_MUTUAL
from domain.rules import dates
from projections.engine.event_json import Json

KEEP, NOT_APPLICABLE = "keep", "na"
IMPROVEMENTS = 3
OWNERS = ("c", "g", "both")
IN_DIALOGUE = ("unsealed", "dialogue_held")
AFTER_DIALOGUE = (*AFTER_MUTUAL, "improvement_agreed")
ALIAS = {
    "comment": "why",
    "score": "result",
    "item": "result",
    "record.effective": "held_on",
    "applies_to_fiscal_year": "year",
}
OF_CODE = {"GAP_UNDISCUSSED": "cause", "REASON_REQUIRED": "why", "NO_DIFFERENCE": "result"}
DIALOGUE_DAY_MISSING = declare(
    422,
    "DIALOGUE_DAY_MISSING",
    ja="対話の日が書かれていません。",
    en="The day of the dialogue is not said.",
    rule=dates.NOT_BY_TYPING,
    next_ja="例: 令和8年5月20日、R8.5.20、2026-05-20",
    next_en="For example 2026-05-20, R8.5.20 or 令和8年5月20日.",
)


class Dialogue(Composing):
    """The form of one sheet, of which both sides are in."""

    def __init__(self, sheet: Json, title: str):
        self.sheet = sheet
        entity = sheet["sheet_id"]
        super().__init__(
            About("sheet-dialogue", title, f"/desk/sheets/{entity}", entity), ALIAS, self._label, OF_CODE
        )
        for n in range(IMPROVEMENTS):
            self.form.begins(f"better.{n}.owner", "both")
            self.form.begins(f"better.{n}.year", str(sheet["fiscal_year"] + 1))

    @property
    def is_open(self) -> bool:
        """Whether there is something to record here."""
        return self.sheet["state"] in (*IN_DIALOGUE, *AFTER_DIALOGUE)

    @property
    def settles(self) -> bool:
        """Whether items are still to be settled."""
        return self.sheet["state"] in IN_DIALOGUE

    def acts(self) -> list[Act]:
        """What the form says, in the order in which the commands follow one another."""
        form = self.form
        held = form.day("held_on")
        if held is None:
            if not form.text("held_on"):
                form.refuse(DIALOGUE_DAY_MISSING(), "held_on")
            return []
        self._record = {"effective": {"value": held.isoformat(), "precision": "day"}}
        acts: list[Act] = []
        if self.settles and not self._is_on_record(held.isoformat()):
            acts.append(self._act("hold_dialogue", {"held_on": held.isoformat()}, "", dates_itself=True))
        if self.settles:
            for item in self.sheet["items"]:
                acts += self._of_item(item["item"])
            if form.marked("conclude"):
                acts.append(self._act("conclude_mutual", {}, "/conclude"))
        return [*acts, *self._improvements()]

    def _is_on_record(self, day: str) -> bool:
        return any(dialogue.get("held_on") == day for dialogue in self.sheet["dialogues"])

    def _of_item(self, code: str) -> list[Act]:
        cause, result, why = (self.form.text(f"{code}.{name}") for name in ("cause", "result", "why"))
        acts = []
        if cause:
            acts.append(self._act("discuss_gap", {"item": code, "cause": cause}, f"/{code}"))
        if result == KEEP:
            acts.append(self._act("keep_difference", {"item": code, "why": why}, f"/{code}"))
        elif result == NOT_APPLICABLE or (result.isascii() and result.isdecimal() and len(result) < 3):
            score = None if result == NOT_APPLICABLE else int(result)
            comment = {"comment": why} if why else {}
            acts.append(self._act("agree_score", {"item": code, "score": score, **comment}, f"/{code}"))
        return acts

    def _improvements(self) -> list[Act]:
        acts = []
        for n in range(IMPROVEMENTS):
            text = self.form.text(f"better.{n}.text")
            year = self.form.count(f"better.{n}.year") if text else None
            if text and year is not None:
                body = {
                    "improvement_id": self.made.id("improvement-", str(n)),
                    "text": text,
                    "owner": self.form.text(f"better.{n}.owner"),
                    "applies_to_fiscal_year": year,
                }
                acts.append(self._act("agree_improvement", body, f"/better/{n}"))
        return acts

    def _act(self, name: str, body: Json, place: str, *, dates_itself: bool = False) -> Act:
        """``dates_itself``: it has a date of its own; else its date is that of the dialogue."""
        record: dict[str, Any] = {} if dates_itself else {"record": self._record}
        return Act("EvaluationSheet", name, self.sheet["sheet_id"], {**body, **record}, place)

    def _label(self, name: str) -> str:
        code, _, which = name.partition(".")
        labels = {item["item"]: tr(item["label"]["ja"], item["label"]["en"]) for item in self.sheet["items"]}
        if code in labels:
            words = {
                "cause": tr("差の原因", "cause of the gap"),
                "result": tr("結果", "outcome"),
                "why": tr("理由", "reason"),
            }
            return f"{labels[code]} {words.get(which, which)}"
        return {"held_on": tr("対話の日", "Day of the dialogue")}.get(name, tr("改善", "Improvement"))

    def shown_form(self) -> Json:
        """What the template of the form takes, beside the comparison."""
        held = self.form.day("held_on") if self.form.text("held_on") else None
        settled = {
            item["item"]
            for item in self.sheet["items"]
            if item["agreed"] is not None or item["kept"] is not None
        }
        return {
            "settles": self.settles,
            "open": self.is_open,
            "settled": sorted(settled),
            "held_read": office_day(held) if held is not None else "",
            "results": [
                {"value": "", "label": tr("まだ", "not yet")},
                *({"value": str(n), "label": tr(f"{n}で合意", f"agree on {n}")} for n in range(1, 6)),
                {"value": NOT_APPLICABLE, "label": tr("該当しないで合意", "agree: does not apply")},
                {"value": KEEP, "label": tr("差を併記", "keep the difference")},
            ],
            "owners": [{"value": owner, "label": wording.value("owner", owner)} for owner in OWNERS],
            "rows": list(range(IMPROVEMENTS)),
        }
