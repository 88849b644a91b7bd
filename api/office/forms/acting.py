"""行為者・記録者・根拠: who did it, who writes it down, and what it rests on; asked in every form in these
words.

The secretariat may write down what others did, where nobody has to act in person; everybody else acts for
themselves. What the envelope can say besides stands here too, from its declaration (api/http/schemas.py).
"""

from __future__ import annotations

import typing
from dataclasses import replace
from typing import Any

from api.access.auth import Caller, role_label
from api.http.language import tr
from api.http.schemas import EnvelopeInput, wire_names
from api.office.forms.fields import words
from api.office.forms.fields.choices import ChoiceField
from api.office.forms.fields.field import Field
from api.office.forms.fields.lists import read_all
from api.office.forms.fields.of_types import Maker
from api.office.forms.fields.picking import PickField
from api.office.forms.fields.typed import Typed
from domain.kernel.commands import Command
from domain.kernel.events import EVIDENCE_KINDS
from domain.kernel.id_fields import PARTY
from domain.kernel.roles import ROLE_NAMES
from domain.recording.asserting import WRITES_DOWN, may_be_on_behalf
from projections.engine.event_json import Json

FIRST = ("source", "evidence", "reason", "document_no", "legal_basis")
THEN = ("certainty", "asserted_by", "note")
AT = "/record"
ONESELF = "oneself"


class Acting:
    """The fieldset of one form."""

    def __init__(self, command: Command, maker: Maker, caller: Caller):
        self.command, self.caller = command, caller
        self._maker = replace(maker, owner=None, label=lambda name, _: words.envelope_label(name))
        self._hints = typing.get_type_hints(EnvelopeInput, include_extras=True)
        own = wire_names(command)
        self.first = [self._control(name) for name in FIRST if not (name == "reason" and name in own)]
        self.then = [self._control(name) for name in THEN]
        self.actor = self._actor() if self._may_write_down else []

    @property
    def _may_write_down(self) -> bool:
        return WRITES_DOWN in self.caller.roles and may_be_on_behalf(self.command)

    @property
    def _acts_oneself(self) -> bool:
        return not self.caller.roles.isdisjoint(self.command.roles)

    def _actor(self) -> list[tuple[str, Field]]:
        others = [role for role in self.command.roles if role != "IMP"]
        oneself = [(ONESELF, tr("自分", "myself"))] if self._acts_oneself else []
        role = ChoiceField(
            f"{AT}/actor/role",
            tr("行為者（した人）", "Who did it"),
            required=True,
            choices=[*oneself, *((role, tr(*ROLE_NAMES[role])) for role in others)],
            default=ONESELF if oneself else others[0] if len(others) == 1 else None,
        )
        party = PickField(
            f"{AT}/actor/party",
            words.envelope_label("party"),
            things=self._maker.things,
            named=PARTY,
            search=self._maker.things.search(PARTY),
        )
        return [("role", role), ("party", party)]

    def _control(self, name: str) -> tuple[str, Field]:
        pointer = f"{AT}/{name}"
        if name == "asserted_by":
            roles = tuple(
                (role, tr(*words))
                for role, words in ROLE_NAMES.items()
                if role not in ("system", "import", "IMP")
            )
            picked = PickField(
                pointer,
                words.envelope_label(name),
                things=self._maker.things,
                named=PARTY,
                search=self._maker.things.search(PARTY),
                more=roles,
            )
            return name, picked
        made = self._maker.control(name, self._hints[name], pointer)
        if name == "evidence":
            _with_words_of_evidence(made)
        return name, made

    def read(self, typed: Typed) -> dict[str, Any]:
        """What the envelope is told."""
        envelope = read_all([*self.first, *self.then], typed)
        acted = read_all(self.actor, typed) if self.actor else {}
        if acted.get("role", ONESELF) != ONESELF:
            envelope["actor"] = acted
        return envelope

    def shown(self, typed: Typed) -> Json:
        """The fieldset as its template draws it."""
        roles = [role for role in ROLE_NAMES if role in self.caller.roles]
        return {
            "actor": [field.shown(typed) for _, field in self.actor],
            "writer": tr(
                f"{self.caller.login}（{role_label(roles)}）", f"{self.caller.login} ({role_label(roles)})"
            ),
            "first": [field.shown(typed) for _, field in self.first],
            "then": [field.shown(typed) for _, field in self.then],
            "then_open": any(not field.is_untouched(typed) for _, field in self.then),
        }


def _with_words_of_evidence(evidence: Any) -> None:
    """The kinds of evidence in the words of the record."""
    for name, field in evidence.fields:
        if name == "kind":
            field.choices = [(value, tr(*envelope)) for value, envelope in EVIDENCE_KINDS.items()]
            field.__post_init__()
