"""One side's own answers on a sheet: twelve items, each with a score or why it does not apply, and the whole.

Nothing here depends on what the other side has done, not even what is told before it is recorded: that a
sheet would unseal with this submission is known to nobody beforehand (docs/decisions/0010-sealed-sheets.md).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from api.access.access_log import refusals_noted
from api.http.language import tr
from api.http.problems import declare
from api.office.desk.acts import Act
from api.office.desk.drafts import About
from api.office.meetings.composing import Composing
from api.office.meetings.filled import Filled
from api.pages.parts.names import Names
from api.pages.parts.sentences import plain
from api.pages.plan import sheets
from api.words import wording
from api.words.days import office_day
from domain.evaluation_sheet.events import BLIND, Side
from domain.kernel.events import Recorded
from domain.rules.sheets import TEMPLATE
from projections.engine.event_json import Json

NOT_APPLICABLE = "na"
ITEMS_OPEN = declare(
    422,
    "ITEMS_OPEN",
    ja="まだ答えていない項目があります（{items}）。",
    en="Some items have no answer yet ({items}).",
    rule=TEMPLATE,
    next_ja="点数を選ぶか、「該当しない」を選んで理由を書いてください。途中でも下書きは保存できます。",
    next_en="Choose a score, or “does not apply” and say why. A draft can be saved before that.",
)


class OwnAnswers(Composing):
    """The form of one side. ``sheet``: as its reader may see it; ``address``: where its draft goes on."""

    def __init__(self, sheet: Json, side: Side, names: Names, address: str):
        self.sheet, self.side, title = sheet, side, title_of(sheet, names)
        self.submitted: Json | None = sheet["sides"][side]
        entity = sheet["sheet_id"]
        super().__init__(About(f"sheet-{side}", title, address, entity), label=self._label)
        self._begin()
        self.form = Filled(self.drafting.fields, self._alias())

    def may_be_told(self, recorded: Recorded[Any]) -> bool:
        return isinstance(recorded.data, BLIND)

    @property
    def is_open(self) -> bool:
        """Whether this side may write now."""
        return bool(self.sheet["state"] == "self_evaluating")

    def _begin(self) -> None:
        """What this side submitted before stands in the form that replaces it."""
        for score in (self.submitted or {}).get("scores") or ():
            code, number = score["item"], score.get("score")
            self.form.begins(f"{code}.score", NOT_APPLICABLE if number is None else str(number))
            self.form.begins(f"{code}.words", score.get("na_reason") or score.get("comment"))
        self.form.begins("overall", (self.submitted or {}).get("overall"))

    def _answered(self) -> list[str]:
        every = [item["item"] for item in self.sheet["items"]]
        return [code for code in every if self._mark(code)]

    def _mark(self, code: str) -> str:
        mark = str(self.drafting.fields.get(f"{code}.score", ""))
        return (
            mark if mark == NOT_APPLICABLE or (mark.isascii() and mark.isdecimal() and len(mark) < 3) else ""
        )

    def _alias(self) -> dict[str, str]:
        """Where in the form the parts of the command stand: answered items alone are sent, in order."""
        alias = {}
        for n, code in enumerate(self._answered()):
            alias[f"scores.{n}.score"] = f"{code}.score"
            alias |= dict.fromkeys((f"scores.{n}.na_reason", f"scores.{n}.comment"), f"{code}.words")
        return alias

    def _label(self, name: str) -> str:
        code, _, which = name.partition(".")
        labels = {item["item"]: tr(item["label"]["ja"], item["label"]["en"]) for item in self.sheet["items"]}
        if code not in labels:
            return tr("総合所見", "Overall") if name == "overall" else name
        part = tr("点数", "score") if which == "score" else tr("ことば", "words")
        return tr(f"{labels[code]}（{part}）", f"{labels[code]} ({part})")

    def acts(self) -> list[Act]:
        """The submission, or what replaces it while the sheet is sealed."""
        answered = self._answered()
        still_open = [item["item"] for item in self.sheet["items"] if item["item"] not in answered]
        if still_open:
            self.form.refuse(ITEMS_OPEN(items=tr("、", ", ").join(still_open)), f"{still_open[0]}.score")
            return []
        body: Json = {"side": self.side, "scores": [self._score(code) for code in answered]}
        if overall := self.form.text("overall"):
            body["overall"] = overall
        name = "submit_self_evaluation"
        if self.submitted is not None:
            name, body = "correct_self_evaluation", {**body, "reason": self.form.text("reason")}
        return [Act("EvaluationSheet", name, self.sheet["sheet_id"], {**body, "record": {"live": True}})]

    def _score(self, code: str) -> Json:
        mark, words = self._mark(code), self.form.text(f"{code}.words")
        if mark == NOT_APPLICABLE:
            return {"item": code} | ({"na_reason": words} if words else {})
        return {"item": code, "score": int(mark)} | ({"comment": words} if words else {})

    def submit(self, acts: list[Act]) -> bool:
        """Record it; a refusal is noted as every refused command is, without telling why."""
        with refusals_noted(acts[0].command, acts[0].entity):
            return self.record(acts)

    def shown_form(self, names: Names) -> Json:
        """What the template of the form takes."""
        page = sheets.show({"sheet": self.sheet, "not_recorded": []}, names)
        return {
            **self.shown(),
            "action_label": page["action"],
            "title": page["title"],
            "scale": page["scale"],
            "targets": page["targets"],
            "without_targets": page["without_targets"],
            "groups": page["groups"],
            "side": wording.value("side", self.side),
            "submitted": self.submitted is not None,
            "open": self.is_open,
            "state_label": page["state_label"],
            "due_on": _due(self.sheet),
            "sides": page["sides"] if self.sheet["unsealed"] is not None else [],
            "marks": [*(str(n) for n in range(1, 6)), NOT_APPLICABLE],
        }


def title_of(sheet: Json, names: Names) -> str:
    """What a draft on a sheet is called: the action, and which of its sheets."""
    page = sheets.show({"sheet": sheet, "not_recorded": []}, names)
    return f"{plain(names.label(sheet['action_id']))} {plain(page['title'])}"


def _due(sheet: Json) -> str | None:
    day = (sheet["asked"] or {}).get("due_on")
    return office_day(dt.date.fromisoformat(day)) if day else None
