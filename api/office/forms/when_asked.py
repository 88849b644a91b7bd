"""いつのことか: the one question of every form about when it happened, as the event says that its date is
known.

Where the date is a field of the event's own, or recording is the act, nothing is asked. What is inherited
may be left to what it names. A date that nobody is asked for would be the day of typing, which is no date of
the act."""

from __future__ import annotations

from typing import Any

import msgspec

from api.http.clock import today
from api.http.json_fields import MISSING_FIELD
from api.http.language import tr
from api.http.problems import declare
from api.office.forms.fields.dates import DateField
from api.office.forms.fields.field import MISSING, control_id
from api.office.forms.fields.things import Things
from api.office.forms.fields.typed import Typed
from api.words.days import office_day
from domain.kernel.commands import Command
from domain.kernel.when import RECORDING, Inherited
from domain.rules import dates
from domain.values.calendar import EffectiveDate
from projections.engine.event_json import Json

AT = "/record/effective"
HOW, MEETING = f"{AT}#how", f"{AT}#meeting"

WHEN_UNSAID = declare(
    422,
    "WHEN_UNSAID",
    ja="いつのことかが選ばれていません。",
    en="It is not said when this happened.",
    rule=dates.NOT_BY_TYPING,
    next_ja="今日・会議の日・書類の日付から選んでください。分からなければ「不明」にします。",
    next_en="Choose today, the day of the meeting, or the day on the paper; if nobody knows, “not known”.",
)


class WhenAsked:
    """The fieldset of one form."""

    def __init__(self, command: Command, things: Things):
        self.when = command.records.WHEN
        self.things = things
        self.paper = DateField(AT, tr("その日", "The day"))

    @property
    def is_asked(self) -> bool:
        return not isinstance(self.when, str) and self.when is not RECORDING

    @property
    def _may_be_live(self) -> bool:
        return self.things.kind == "Meeting" and self.things.entity is not None

    def read(self, typed: Typed) -> dict[str, Any]:
        """What the envelope is told of it: ``effective``, or ``live``, or nothing where it is inherited."""
        if not self.is_asked:
            return {}
        how = typed.text(HOW)
        if how == "live" and self._may_be_live:
            return {"live": True}
        if how == "named" and isinstance(self.when, Inherited):
            return {}
        date = self._date(how, typed)
        if date is MISSING and not typed.faults_at(AT):
            typed.refuse(WHEN_UNSAID() if not how else MISSING_FIELD(), AT)
        return {} if date is MISSING else {"effective": date}

    def _date(self, how: str, typed: Typed) -> Any:
        if how == "today":
            return msgspec.to_builtins(EffectiveDate.on(today()))
        if how == "unknown":
            typed.texts[f"{AT}#precision"] = ["unknown"]
            return self.paper.read(typed)
        if how == "meeting":
            day = dict(self._meeting_days()).get(typed.text(MEETING))
            return MISSING if day is None else msgspec.to_builtins(EffectiveDate.on(day))
        return self.paper.read(typed)

    def _meeting_days(self) -> list[tuple[str, Any]]:
        return [(meeting, day) for meeting, _, day in self.things.meetings_near()]

    def shown(self, typed: Typed) -> Json | None:
        """The fieldset as its template draws it; None where nothing is asked."""
        if not self.is_asked:
            return None
        is_inherited = isinstance(self.when, Inherited)
        typed.begins(HOW, "named" if is_inherited else "")
        how = typed.text(HOW) or ("paper" if not self.paper.is_untouched(typed) else "")
        meetings = [
            {"value": meeting, "label": label, "chosen": meeting == typed.text(MEETING)}
            for meeting, label, _ in self.things.meetings_near()
        ]
        answers = [
            *([("named", tr("もとになるものの日", "the day of what it names"))] if is_inherited else []),
            *([("live", tr("いま", "now"))] if self._may_be_live else []),
            ("today", tr("今日", "today")),
            *([("meeting", tr("会議の日", "the day of the meeting"))] if meetings else []),
            ("paper", tr("書類の日付", "the day on the paper")),
            ("unknown", tr("不明", "not known")),
        ]
        return {
            "name": HOW,
            "id": control_id(AT),
            "answers": [
                {"value": value, "label": label, "chosen": value == how, "id": control_id(f"{HOW}-{value}")}
                for value, label in answers
            ],
            "today": office_day(today()),
            "meetings": meetings,
            "meeting_name": MEETING,
            "meeting_id": control_id(MEETING),
            "paper": self.paper.shown(typed),
        }
