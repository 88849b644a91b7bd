"""The date of one event, asked of an aggregate that is made up: from where it comes, and what is refused."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, ClassVar

import msgspec
import pytest

from domain.kernel.commands import Context
from domain.kernel.dating import date_of
from domain.kernel.events import Event, Evidence
from domain.kernel.when import TOLD, by_recording, inherit
from domain.values.calendar import EffectiveDate
from domain.values.refusal import Refusal
from tests.support.shelf import START, context

DATE = EffectiveDate.parse
TODAY, TOMORROW = dt.date(2026, 4, 1), dt.date(2026, 4, 2)
assert START.astimezone(dt.timezone(dt.timedelta(hours=9))).date() == TODAY


class Step(msgspec.Struct, frozen=True):
    checked_on: dt.date | EffectiveDate | None = None
    unnamed: dt.date | None = None


class Checked(Event):
    LABEL = ("点検", "Checked")
    WHEN = "on"
    DONE = ("steps.checked_on", "steps.unnamed")
    FIELDS: ClassVar = {"checked_on": ("確かめた日", "Checked on")}
    on: dt.date | None = None
    steps: tuple[Step, ...] = ()


class Said(Event):
    LABEL = ("発言", "Said")
    WHEN = TOLD


class InRoom(Event):
    LABEL = ("入室", "Came in")
    WHEN = inherit("room_id")
    room_id: str | None = None


@dataclass
class Aggregate:
    """Nothing but what dating asks for."""

    context: Context
    entity: str = "shelf-a"
    known: EffectiveDate | None = None
    first_of: dict[str, EffectiveDate] = field(default_factory=dict)

    def named(self, entity: str) -> Aggregate:
        return self

    def happened(self, part: str | None) -> EffectiveDate | None:
        return self.known

    def is_going_on(self) -> bool:
        return False


def dated(data: Event, known: EffectiveDate | None = None, **more: Any) -> tuple[EffectiveDate, str]:
    return date_of(Aggregate(context(**more), known=known), data, START)


def refused(code: str, data: Event, known: EffectiveDate | None = None, **more: Any) -> Refusal:
    with pytest.raises(Refusal, match=f"^{code}: ") as caught:
        dated(data, known, **more)
    return caught.value


# ------------------------------------------------------------------------------------ from where it comes


@pytest.mark.parametrize(
    ("told", "how"),
    [
        (EffectiveDate.unknown(), "field"),
        (EffectiveDate.unknown(latest=TODAY), "told"),
        (EffectiveDate.unknown(earliest=TODAY), "told"),
        (DATE("2026-03"), "told"),
    ],
)
def test_an_import_that_says_of_nothing_when_leaves_what_the_event_says(
    told: EffectiveDate, how: str
) -> None:
    own = Checked(on=dt.date(2026, 3, 4))
    assert dated(own, importing=True, effective=told) == (
        (DATE("2026-03-04"), "field") if how == "field" else (told, "told")
    )
    assert dated(own, effective=told) == (told, "told"), "who is asked says that it is not known"
    assert dated(Checked(), importing=True, effective=told) == (told, "told")


def test_a_date_that_is_inherited_gets_the_bounds_that_follow_from_it() -> None:
    as_typed = EffectiveDate("2026-03", "month")
    date, how = dated(InRoom(room_id="room-1"), known=as_typed)
    assert (date, how) == (msgspec.structs.replace(DATE("2026-03"), basis="inferred"), "inherited")


# ------------------------------------------------------------------------------- what has not happened yet


def said_of(day: str) -> dict[str, str]:
    return {"day": DATE(day).full_label("ja"), "day_en": DATE(day).full_label("en")}


def test_what_an_import_tells_of_has_happened() -> None:
    no = refused("NOT_HAPPENED", Checked(on=TOMORROW), importing=True)
    assert no.pointer == "/on"
    assert no.params == {"what": "点検", "what_en": "Checked", **said_of("2026-04-02")}
    no = refused("NOT_HAPPENED", Said(), importing=True, effective=DATE("2026-05"))
    assert no.pointer == "/record/effective"
    assert no.params == {"what": "発言", "what_en": "Said", **said_of("2026-05")}
    assert dated(Checked(on=TODAY), importing=True)[1] == "field"


def test_every_day_on_which_something_was_done_has_come() -> None:
    steps = (Step(), Step(checked_on=TODAY), Step(checked_on=TOMORROW))
    no = refused("NOT_HAPPENED", Checked(on=TODAY, steps=steps))
    assert no.pointer == "/steps/2/checked_on"
    assert no.params == {"what": "確かめた日", "what_en": "Checked on", **said_of("2026-04-02")}
    dated(Checked(on=TODAY, steps=steps[:2]))
    no = refused(
        "NOT_HAPPENED", Checked(on=TODAY, steps=(Step(checked_on=EffectiveDate("2026-05", "month")),))
    )
    assert no.params == {"what": "確かめた日", "what_en": "Checked on", **said_of("2026-05")}


def test_a_day_without_a_name_of_its_own_is_called_by_the_event() -> None:
    no = refused("NOT_HAPPENED", Checked(on=TODAY, steps=(Step(unnamed=TOMORROW),)))
    assert no.pointer == "/steps/0/unnamed"
    assert no.params == {"what": "点検", "what_en": "Checked", **said_of("2026-04-02")}


@pytest.mark.parametrize("seen", [None, dt.date(2026, 3, 31), TODAY])
def test_what_it_rests_on_was_seen_already(seen: dt.date | None) -> None:
    assert dated(Said(), evidence=Evidence("mail", seen))[1] == "not_told"


def test_what_it_rests_on_is_not_seen_tomorrow() -> None:
    no = refused("NOT_HAPPENED", Said(), evidence=Evidence("mail", TOMORROW))
    assert no.pointer == "/record/evidence/on"
    assert no.params == {"what": "メール", "what_en": "a mail", **said_of("2026-04-02")}


def test_what_nobody_dated_had_happened_by_now() -> None:
    assert dated(Said()) == (by_recording(START), "not_told")


@pytest.mark.parametrize(("seconds", "ahead"), [(0, False), (300, False), (301, True)])
def test_clocks_differ_by_some_minutes(seconds: int, ahead: bool) -> None:
    moment = EffectiveDate.at(START + dt.timedelta(seconds=seconds))
    if ahead:
        assert refused("NOT_HAPPENED", Said(), effective=moment).pointer == "/record/effective"
    else:
        assert dated(Said(), effective=moment) == (moment, "told")


def test_what_is_wrong_is_said_where_it_was_given() -> None:
    assert refused("NOT_YET", Checked(on=TOMORROW)).pointer == "/on"
    assert refused("NOT_YET", Checked(on=TODAY), effective=DATE("2026-05")).pointer == "/record/effective"
    assert refused("NOT_YET", InRoom(room_id="room-1"), known=DATE("2026-05")).pointer == "/record/effective"
