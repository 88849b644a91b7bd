"""An event's own date and that of its envelope are one fact: who corrects the one corrects the other."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

import msgspec
import pytest

from domain.kernel.corrected import change_of, corrected, plain, same_fact, standing_after
from domain.kernel.correction_events import EFFECTIVE, INHERITED, Change, Wanted
from domain.kernel.events import Event, Recorded
from domain.kernel.when import RECORDING, TOLD
from domain.values.calendar import EffectiveDate
from domain.values.refusal import Refusal
from tests.support.shelf import recorded

DATE = EffectiveDate.parse


class OnDate(Event):
    WHEN = "on"
    on: EffectiveDate | None = None
    title: str = "x"


class OnDay(Event):
    WHEN = "day"
    FIELDS: ClassVar = {"day": ("日", "Day"), "present": ("出席", "Present"), "quorum": ("定足数", "Quorum")}
    COMPUTED: ClassVar = {"quorum": ("present", "day")}
    day_: dt.date = msgspec.field(default=dt.date(2026, 4, 1), name="day")
    present: int = 3
    quorum: int = 2


class OnDayIfAny(Event):
    WHEN = "day"
    day: dt.date | None = None


class AtHour(Event):
    WHEN = "at"
    at: dt.datetime = dt.datetime(2026, 4, 1, 5, tzinfo=dt.UTC)


class InYear(Event):
    WHEN = "fiscal_year"
    fiscal_year: int = 2026


class Told(Event):
    WHEN = TOLD
    on: EffectiveDate | None = None


class Dated(Event):
    WHEN = TOLD
    on: EffectiveDate = EffectiveDate.unknown()
    rows: tuple[dict[str, Any], ...] = ()


class AboutRecord(Event):
    WHEN = RECORDING


def of(data: Event, day: str = "2026-04-01", **envelope: Any) -> Recorded[Any]:
    return msgspec.structs.replace(recorded(data, 1), effective=DATE(day), **envelope)


def fix(field: str, after: Any, before: Any = "2026-04-01") -> Change:
    return Change(field, before, after)


# ----------------------------------------------------------------------------- the envelope says it anew


@pytest.mark.parametrize(
    ("data", "after", "own", "says"),
    [
        (OnDate(on=DATE("2026-04-01")), "2026-05", "on", DATE("2026-05")),
        (OnDate(on=DATE("2026-04-01")), None, "on", EffectiveDate.unknown()),
        (OnDay(), "2026-05-10", "day_", dt.date(2026, 5, 10)),
        (OnDay(), "2026-05-10T14:00:00+09:00", "day_", dt.date(2026, 5, 10)),
        (OnDayIfAny(day=dt.date(2026, 4, 1)), "2026-05-10", "day", dt.date(2026, 5, 10)),
        (OnDayIfAny(day=dt.date(2026, 4, 1)), "2026-05", "day", None),
        (OnDayIfAny(day=dt.date(2026, 4, 1)), None, "day", None),
        (AtHour(), "2026-05-10T14:00:00+09:00", "at", dt.datetime(2026, 5, 10, 5, tzinfo=dt.UTC)),
        (InYear(), "FY2027", "fiscal_year", 2027),
        (InYear(), "2027-05", "fiscal_year", 2027),
    ],
)
def test_the_field_says_what_the_envelope_was_corrected_to(
    data: Event, after: Any, own: str, says: Any
) -> None:
    stands = corrected(of(data), [fix(EFFECTIVE, after)])
    assert getattr(stands.data, own) == says
    assert stands.effective == (EffectiveDate.unknown() if after is None else DATE(after))


@pytest.mark.parametrize(
    ("data", "after", "needed", "needed_en"),
    [
        (OnDay(), "2026-05", "日", "day"),
        (OnDay(), None, "日", "day"),
        (AtHour(), "2026-05-10", "時刻", "hour"),
        (InYear(), "2026", "年度", "fiscal year"),
        (InYear(), None, "年度", "fiscal year"),
    ],
)
def test_a_date_that_the_field_cannot_say_is_refused(
    data: Event, after: Any, needed: str, needed_en: str
) -> None:
    with pytest.raises(Refusal) as refused:
        corrected(of(data), [fix(EFFECTIVE, after)])
    date = EffectiveDate.unknown() if after is None else DATE(after)
    assert refused.value.code == "DATE_TOO_COARSE"
    assert refused.value.params == {
        "value": date.label("ja"),
        "value_en": date.label("en"),
        "needed": needed,
        "needed_en": needed_en,
    }


# ------------------------------------------------------------------------------- the field says it anew


@pytest.mark.parametrize(
    ("data", "change", "effective"),
    [
        (OnDate(on=DATE("2026-04-01")), fix("on", "2026-05"), DATE("2026-05")),
        (OnDate(on=DATE("2026-04-01")), fix("on", None), EffectiveDate.unknown()),
        (OnDay(), fix("day", "2026-05-10"), DATE("2026-05-10")),
        (OnDayIfAny(day=dt.date(2026, 4, 1)), fix("day", None), EffectiveDate.unknown()),
        (InYear(), fix("fiscal_year", 2027, 2026), DATE("FY2027")),
        (OnDate(on=DATE("2026-04-01")), fix("title", "y", "x"), DATE("2026-04-01")),
        (Told(on=DATE("2026-04-01")), fix("on", "2026-05"), DATE("2026-04-01")),
    ],
)
def test_the_envelope_says_what_the_field_was_corrected_to(
    data: Event, change: Change, effective: EffectiveDate
) -> None:
    assert corrected(of(data), [change]).effective == effective


def test_a_part_of_the_own_date_is_the_date() -> None:
    e = of(OnDate(on=DATE("2026-04")), "2026-04")
    stands = corrected(
        e, [fix("on.value", "2026-05"), fix("on.earliest", "2026-05-01"), fix("on.latest", None)]
    )
    assert stands.effective == DATE("2026-05")


@pytest.mark.parametrize("bounds", [{}, {"earliest": "2026-05-01"}, {"latest": "2026-05-31"}])
def test_bounds_that_are_not_given_follow_from_the_date(bounds: dict[str, str]) -> None:
    month = {"value": "2026-05", "precision": "month", **bounds}
    assert corrected(of(OnDate()), [fix("on", month)]).effective == DATE("2026-05")


def test_no_date_keeps_the_bounds_that_are_known() -> None:
    open_ended = {"precision": "unknown", "basis": "none", "latest": "2026-05-31"}
    stands = corrected(of(OnDate()), [fix("on", open_ended)])
    assert stands.effective == EffectiveDate.unknown(latest=dt.date(2026, 5, 31))


def test_a_part_of_a_date_that_the_envelope_gave_can_be_corrected() -> None:
    e = of(OnDate(on=DATE("2026-04-01")))
    stands = corrected(e, [fix(EFFECTIVE, "2026-05"), fix("on.basis", "inferred", "stated")])
    assert stands.effective == msgspec.structs.replace(DATE("2026-05"), basis="inferred")


def test_the_last_of_both_stands() -> None:
    e = of(OnDay())
    both = [fix("day", "2026-05-10"), fix(EFFECTIVE, "2026-06-10")]
    for changes, day in ((both, 6), (both[::-1], 5)):
        stands = corrected(e, changes)
        assert (stands.data.day_.month, stands.effective.earliest.month) == (day, day)  # type: ignore[union-attr]


# ---------------------------------------------------------------------------------------- how it is known


@pytest.mark.parametrize(
    ("data", "dated", "then"),
    [
        (Told(), "none", "told"),
        (Told(), None, None),
        (AboutRecord(), "clock", "told"),
        (OnDay(), "own", "own"),
    ],
)
def test_a_date_that_was_corrected_is_one_that_somebody_told(data: Event, dated: Any, then: Any) -> None:
    assert corrected(of(data, dated=dated), [fix(EFFECTIVE, "2026-05-10")]).dated == then


def test_a_date_that_follows_what_it_was_inherited_from_is_known_as_it_was() -> None:
    inferred = msgspec.structs.replace(DATE("2026-04-01"), basis="inferred")
    e = msgspec.structs.replace(of(Told(), dated="inherited"), effective=inferred)
    stands = corrected(e, [fix(INHERITED, "2026-05-10")])
    assert stands.effective == msgspec.structs.replace(DATE("2026-05-10"), basis="inferred")
    assert stands.dated == "inherited"


def test_without_a_change_it_is_the_same_event() -> None:
    e = of(OnDay())
    assert corrected(e, []) is e


# --------------------------------------------------------------------------------- what replaces what


def test_the_two_names_of_a_date_are_one_fact() -> None:
    assert same_fact(OnDay, "day") == same_fact(OnDay, EFFECTIVE) == {"day", EFFECTIVE}
    assert same_fact(OnDay, "present") == {"present"}
    assert (same_fact(Told, EFFECTIVE), same_fact(Told, "on")) == ({EFFECTIVE}, {"on"})


def test_a_later_correction_replaces_the_earlier_and_parts_of_it() -> None:
    standing = [fix("tally.for", 1, 0), fix("tally_of", 2, 0), fix("day", "2026-05-01"), fix("other", 1, 0)]
    whole = fix("tally", None)
    assert standing_after(OnDay, standing, [whole]) == (*standing[1:], whole)
    date = fix(EFFECTIVE, "2026-06-01")
    assert standing_after(OnDay, standing, [date]) == (standing[0], standing[1], standing[3], date)
    part = fix("tally.against", 1, 0)
    assert standing_after(OnDay, standing, [part]) == (*standing, part)


# -------------------------------------------------------------------------------- what is not corrected


def test_what_is_computed_says_of_what() -> None:
    with pytest.raises(Refusal) as refused:
        change_of(of(OnDay()), Wanted("quorum.present", 3), "/changes/0")
    assert (refused.value.code, refused.value.pointer) == ("FIELD_COMPUTED", "/changes/0/field")
    assert refused.value.params == {
        "field": "定足数",
        "field_en": "Quorum",
        "inputs": "出席、日",
        "inputs_en": "Present, Day",
    }


@pytest.mark.parametrize("field", ["weather", "present.x", "title.0"])
def test_what_is_no_field_is_named_where_it_was_asked_for(field: str) -> None:
    with pytest.raises(Refusal) as refused:
        change_of(of(OnDay()), Wanted(field, 3), "/changes/0")
    assert (refused.value.code, refused.value.pointer) == ("FIELD_NOT_CORRECTABLE", "/changes/0/field")


def test_a_value_that_does_not_fit_is_named_where_it_was_given() -> None:
    for e, field, after in ((of(OnDay()), "present", "many"), (of(Told(on=DATE("2026"))), "on", [1])):
        with pytest.raises(Refusal) as refused:
            change_of(e, Wanted(field, after), "/changes/0")
        assert (refused.value.code, refused.value.pointer) == ("VALUE_NOT_FITTING", "/changes/0/after")


DAY = {"value": "2026-05-10", "precision": "day"}
MONTH_13 = {"value": "2026-13", "precision": "month"}
UNTIL = {"precision": "unknown", "basis": "none", "latest": "2026-05-31"}


@pytest.mark.parametrize(
    ("data", "after", "written"),
    [
        (OnDate(on=DATE("2026")), DAY, "2026-05-10"),
        (OnDate(on=DATE("2026")), "2026-05-10", "2026-05-10"),
        (OnDate(on=DATE("2026")), "令和8年5月10日", "令和8年5月10日"),  # the words of a source stay
        (Told(on=DATE("2026")), DAY, "2026-05-10"),
        (Told(on=DATE("2026")), "令和8年5月10日", "令和8年5月10日"),
        (OnDate(on=DATE("2026")), UNTIL, UNTIL),
        (Dated(on=DATE("2026")), UNTIL, UNTIL),
        (
            Told(on=DATE("2026")),
            MONTH_13,
            MONTH_13,
        ),  # that there is no such month is said by the rule of dates
    ],
)
def test_a_date_is_written_as_the_one_before_it_unless_it_says_more(
    data: Event, after: Any, written: Any
) -> None:
    assert change_of(of(data), Wanted("on", after), "/changes/0") == Change("on", "2026", written)


def test_the_words_of_a_source_stay_in_the_envelope() -> None:
    change = change_of(of(Told()), Wanted(EFFECTIVE, "令和8年5月10日"), "/changes/0")
    assert change == Change(EFFECTIVE, "2026-04-01", "令和8年5月10日")


def test_yes_is_not_one() -> None:
    e = of(Dated(rows=({"n": 1},)))
    assert change_of(e, Wanted("rows.0.n", True), "/changes/0") == Change("rows.0.n", 1, True)
    with pytest.raises(Refusal) as refused:
        change_of(e, Wanted("rows.0.n", 1), "/changes/0")
    assert (refused.value.code, refused.value.pointer) == ("NOTHING_CORRECTED", "/changes/0/after")


def test_a_value_is_told_with_its_defaults_under_the_names_of_the_log() -> None:
    assert plain(OnDay()) == {"day": "2026-04-01", "present": 3, "quorum": 2}
    assert plain([(OnDay(), 1)]) == [[plain(OnDay()), 1]]
