"""The line of the record that is put right: the event as it stands, and the sentence that says it."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any
from urllib.parse import quote

import msgspec
import sqlalchemy as sa

from api.access.auth import required_caller
from api.http.clock import today
from api.http.language import href, tr
from api.http.problems import NOT_FOUND
from api.office.forms.fields.things import Things
from api.pages.parts.names import Names
from api.pages.parts.sentences import Sentence, sentence
from api.pages.parts.steps import step
from api.reads.reading import viewer
from api.words.days import office_day
from domain.kernel.corrected import corrected
from domain.kernel.correction import Correctable
from domain.kernel.correction_events import CORRECTING, CorrectionProposed, EventWithdrawn
from domain.kernel.events import Recorded
from domain.kernel.new_ids import made_id
from domain.kernel.record import kind_of
from domain.values.calendar import JAPAN, day_in_japan
from projections.answers.describing import Describer
from projections.engine.event_json import Json
from projections.engine.log import event_of, events_at
from projections.views.record.corrections import standing_and_withdrawn

ANEW = "as it would stand"
"""The id of an event that is not on record in these words: no correction of the stored one changes them."""


@dataclass(frozen=True)
class AtHand:
    """``stored``: as the log has it; ``stands``: with what was corrected of it. ``withdrawn``: it was taken
    back."""

    stored: Recorded[Any]
    stands: Recorded[Any]
    withdrawn: bool

    @property
    def kind(self) -> str:
        return kind_of(self.stored.stream).__name__

    @property
    def entity(self) -> str:
        return self.stored.entity

    @property
    def can_be_fixed(self) -> bool:
        """A link is withdrawn and made anew; what is about other events is not fixed itself."""
        return issubclass(kind_of(self.stored.stream), Correctable) and not isinstance(
            self.stored.data, CORRECTING
        )

    @property
    def recorded_on(self) -> dt.date:
        return day_in_japan(self.stored.recorded_at)

    @property
    def is_mine_of_today(self) -> bool:
        """Whether whoever is at the desk recorded it, today."""
        by, party = self.stored.recorded_by or self.stored.actor, required_caller().party_id
        return party is not None and by.party == party and self.recorded_on == today()

    def with_changes(self, changes: Sequence[Any]) -> Recorded[Any]:
        """The event as these changes would leave it, under an id that no correction on record names."""
        return msgspec.structs.replace(corrected(self.stands, changes), event_id=ANEW)


def at_hand(connection: sa.Connection, position: int) -> AtHand:
    """The event at a position. Refuses NOT_FOUND: there is none, or it lies under a seal of somebody else."""
    stored = next(iter(events_at(connection, [position])), None)
    if stored is None or Describer(connection, [stored], viewer=viewer()).hides(stored):
        raise NOT_FOUND()
    standing, withdrawn = standing_and_withdrawn(connection, [stored.stream])
    made = standing.get(stored.event_id)
    stands = corrected(stored, made[-1].data.standing) if made else stored
    return AtHand(stored, stands, stored.event_id in withdrawn)


def meant(connection: sa.Connection, stored: Recorded[Any]) -> int:
    """The position of what a fixing event is about; its own where it is about nothing else."""
    if isinstance(stored.data, CORRECTING) and not isinstance(stored.data, CorrectionProposed):
        version = getattr(stored.data, "target_version", None)
        target = event_of(connection, stored.stream, version) if version else None
        if target is not None:
            return target.position
    return stored.position


def mend_path(position: int, way: str = "") -> str:
    """The address at which a line of the record is put right."""
    return href(f"/desk/mend/{position}{f'/{way}' if way else ''}").partition("?")[0]


# -- in words


def told(connection: sa.Connection, e: Recorded[Any], describer: Describer | None = None) -> Sentence:
    """An event as one sentence, as this reader sees it; by ``describer``, as another would."""
    describer = describer or Describer(connection, [e], viewer=viewer())
    described = describer.describe(e)
    return sentence(step(described, [], Names(connection, described)))


def shown(hand: AtHand, connection: sa.Connection) -> Json:
    """What every way of putting a line right says first: the sentence as it stands, of what it is, and who
    recorded it when."""
    line, names = told(connection, hand.stored), Names(connection, [hand.entity])
    at = hand.stored.recorded_at.astimezone(JAPAN)
    day = tr("今日", "today") if at.date() == today() else office_day(at.date())
    label = Things(connection, hand.kind, hand.entity).labels([hand.entity])[hand.entity]
    return {
        "text": line.text,
        "pieces": plainly(line.text),
        "by": line.by,
        "recorded": tr(f"{day} {at:%H時%M分}に書いたもの", f"written {day} at {at:%H:%M}"),
        "what": tr(*type(hand.stored.data).LABEL),
        "thing": {"label": label, "url": names.url(hand.entity)},
        "desk_url": href(f"/desk/{kind_of(hand.stored.stream).COLLECTION}/{quote(hand.entity)}/-"),
        "withdrawn": hand.withdrawn or isinstance(hand.stored.data, EventWithdrawn),
    }


_WORDS = re.compile(r"[^\s、。：「」（）;:,.]+|.", re.DOTALL)


def differing(before: str, after: str) -> tuple[list[Json], list[Json]]:
    """Two sentences in pieces, each with whether only that sentence has it."""
    one, other = _WORDS.findall(before), _WORDS.findall(after)
    old, new = list[Json](), list[Json]()
    for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        old.append({"text": "".join(one[a:b]), "changed": tag != "equal"})
        new.append({"text": "".join(other[c:d]), "changed": tag != "equal"})
    return [p for p in old if p["text"]], [p for p in new if p["text"]]


def plainly(text: str) -> list[Json]:
    """A sentence of which nothing changes, in the same form."""
    return [{"text": text, "changed": False}]


# -- identifiers


def made_from(key: str, prefix: str) -> str:
    """An identifier that follows from the key of a form: the same however often it is sent."""
    day, _, random = key.partition(".")
    return made_id(prefix, dt.date.fromisoformat(day), str(uuid.uuid5(uuid.UUID(random), prefix)))
