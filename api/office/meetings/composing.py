"""A screen that composes several commands: its form with its draft, what would come of it, and recording it.

What is recorded is what was shown: a form is recorded when the sentences of just these words have been before
somebody's eyes (``checked``), by a press of たしかめる or, where there is a script, while they typed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import g

from api.office.desk import refused
from api.office.desk.acts import Act, Rehearsal, record, rehearse, sentences
from api.office.desk.drafting import Drafting, required_account
from api.office.desk.drafts import About
from api.office.desk.frame import typed
from api.office.meetings.filled import Filled, Making, new_key
from api.reads.reading import reading
from api.setup.store import record_store
from domain.kernel.events import Recorded
from domain.kernel.refusals import UNKNOWN_ID
from domain.values.refusal import Refusal
from projections.engine.event_json import Json

ON_ITS_WAY = "on-its-way"
"""``checked`` of what a browser kept while it was cut off: nobody could show its sentences."""


class Composing:
    """One request of such a screen. ``alias``: what fields of commands are called in the form."""

    def __init__(
        self,
        about: About,
        alias: Mapping[str, str] | None = None,
        label: Callable[[str], str] | None = None,
        of_code: Mapping[str, str] | None = None,
    ):
        self.drafting = Drafting(about, label)
        self.form = Filled(self.drafting.fields, alias)
        self._of_code = of_code
        self.key = typed().get("key") or new_key()
        self.made = Making(self.key)
        self.button = typed().get("do", "")
        self.rehearsal: Rehearsal | None = None
        self._lines: list[Json] = []
        self.told: list[tuple[Recorded[Any], Json]] = []
        """Each event that would come of it, with its sentence."""

    @property
    def was_shown(self) -> bool:
        """Whether somebody has seen what will stand, for just these words."""
        return typed().get("checked") in (self.form.print(), ON_ITS_WAY)

    @property
    def is_done(self) -> bool:
        """Whether this form is on record already, so that it was sent twice."""
        key = f"{required_account()}:{self.key}"
        return record_store().application.already_done(key) is not None

    def may_be_told(self, recorded: Recorded[Any]) -> bool:
        """Whether whoever fills in the form may know beforehand that this would come of it."""
        return True

    def rehearse(self, acts: Sequence[Act]) -> Rehearsal:
        """What would come of the acts; what they refuse is noted at its field."""
        self.rehearsal = rehearse(acts)
        self.rehearsal.recorded = [e for e in self.rehearsal.recorded if self.may_be_told(e)]
        self.form.refuse_all(_by_themselves(self.rehearsal.faults, acts), self._of_code)
        with reading() as connection:
            lines = sentences(connection, self.rehearsal)
        self._lines = [{"text": line.text, "by": line.by} for line in lines]
        self.told = list(zip(self.rehearsal.recorded, self._lines, strict=True))
        return self.rehearsal

    def record(self, acts: Sequence[Act]) -> bool:
        """Record them, if nothing is wrong; whether they are on record now."""
        if not self.form.stands:
            return False
        try:
            record(acts, self.key)
        except Refusal as refused:
            self.form.refuse_all([refused], self._of_code)
            return False
        g.recorded = True
        return True

    def shown(self, *, apart: str = "") -> Json:
        """What every such screen's template takes; ``apart``: what it shows in its own way."""
        warnings = self.rehearsal.warnings if self.rehearsal is not None else ()
        values = {
            "draft": self.drafting.shown(),
            "key": self.key,
            "checked": self.form.print() if self.rehearsal is not None and self.form.stands else "",
            "faults": self.form.shown_faults(),
            "kiroku": self._lines,
            "warnings": [refused.shown(warning) for warning in warnings],
            "typed": Values(self.form),
        }
        return {name: value for name, value in values.items() if name != apart}


def _by_themselves(faults: Sequence[Refusal], acts: Sequence[Act]) -> list[Refusal]:
    """What is wrong, without what is only wrong because something before it is."""
    made = {act.entity for act in acts if act.command.creates}
    return [f for f in faults if not (f.declared is UNKNOWN_ID and f.params.get("id") in made)]


class Values:
    """What stands in the fields of a form, as a template asks for it."""

    def __init__(self, form: Filled):
        self._form = form

    def __call__(self, name: str) -> str:
        return self._form.whole(name)

    def all(self, name: str) -> list[str]:
        texts: list[Any] = self._form.fields.getlist(name)
        return [str(text) for text in texts]
