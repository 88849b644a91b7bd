"""How it is known when something happened: what each event class declares as its ``WHEN``.

The moment of typing is ``recorded_at``. It is never, by itself, the time at which something happened
(docs/decisions/0026-dates.md). So a date comes from a field of the event's own, from what the event names,
or from whoever gives the command: who may say a date, that it is now (``live``), or nothing. Of what nobody
said, it is known only that it had happened by the day on which it was recorded.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from domain.rules import dates
from domain.values.calendar import EffectiveDate, day_in_japan
from domain.values.refusal import refusal

Dated = Literal["field", "inherited", "live", "told", "not_told", "recording"]
"""How the date in an envelope came there: by a field of the event's own; that of what it names; the clock,
because the caller said that it is happening now; as the caller said; nobody said; by being recorded."""

WHEN_NOT_TOLD = refusal(
    "WHEN_NOT_TOLD",
    ja="いつのことかの記載がありません。「日付の記録なし（{day}まで）」として記録しました。",
    en="Nobody said when this happened. It was recorded as “date not recorded (not after {day_en})”.",
    rule=dates.NOT_BY_TYPING,
    next_ja="分かる場合は、日付の訂正を提案してください。次からは日付を、"
    "分からなければ不明と記入してください。",
    next_en="If it is known, propose a correction of the date. Next time give it, "
    "or say that it is not known.",
)
FAR_AHEAD = refusal(
    "FAR_AHEAD",
    ja="日付（{day}）は、翌年度より先です。年の書き誤りではありませんか。",
    en="The date ({day_en}) lies beyond the next fiscal year. Is the year right?",
    rule=dates.ACTS_HAVE_HAPPENED,
    next_ja="正しければ何もする必要はありません。誤りであれば訂正を提案してください。",
    next_en="If it is right there is nothing to do; if not, propose a correction.",
)
NOT_YET = refusal(
    "NOT_YET",
    ja="{day}は、まだ来ていません。行われたことだけを記録します。",
    en="{day_en} has not come yet. Only what has been done is recorded.",
    rule=dates.ACTS_HAVE_HAPPENED,
    next_ja="日付を確かめるか、その日が来てから記録してください。",
    next_en="Check the date, or record it when the day has come.",
    kind="invalid",
    since=7,
)
NOT_HAPPENED = refusal(
    "NOT_HAPPENED",
    ja="「{what}」の日時（{day}）は、まだ来ていません。行われたことだけを記録します。",
    en="The day or hour of “{what_en}” ({day_en}) has not come yet. Only what has been done is recorded.",
    rule=dates.ACTS_HAVE_HAPPENED,
    next_ja="出典で日時を確かめてください。分からなければ、不明として記録できます。",
    next_en="Check day and hour in the source; if they are not known, record them as unknown.",
    kind="invalid",
    since=8,
)
IMPOSSIBLE_ORDER = refusal(
    "IMPOSSIBLE_ORDER",
    ja="「{what}」（{day}）が、それより先に行われるはずの「{before}」（{before_day}）より前になります。",
    en="“{what_en}” ({day_en}) would come before “{before_en}” ({before_day_en}), which it follows.",
    rule=dates.ORDER,
    next_ja="二つの日付を出典で確かめてください。先に記録した方が誤りであれば、その訂正を提案してください。",
    next_en="Check both dates in their sources. If the one on record is wrong, propose a correction of it.",
    since=7,
)
NOT_LIVE = refusal(
    "NOT_LIVE",
    ja="この会議は今日開かれているものではないため、「今」のこととしては記録できません。",
    en="This meeting is not being held today, so nothing in it can be recorded as happening now.",
    rule=dates.NOT_BY_TYPING,
    next_ja="「今」とせず、日時を記入してください。",
    next_en="Do not say that it is happening now; give day and time.",
    kind="invalid",
    since=7,
)


CLOCKS_DIFFER = dt.timedelta(minutes=5)
"""By how much the clock of whoever says a moment may be ahead of ours."""


class Known(Enum):
    """How a date is known that neither the event nor what it names can tell."""

    TOLD = "told"
    """The caller must say it, or say that it is not known."""
    RECORDING = "recording"
    """It is done by being recorded: a correction, a redaction, a link between two records."""


TOLD, RECORDING = Known.TOLD, Known.RECORDING


@dataclass(frozen=True)
class Inherited:
    """The date of what a field names, looked up when it is recorded. ``field``: where the public id of the
    named thing stands (``entity``: the aggregate itself); ``part``: where that of the part of it stands;
    ``is_act``: the thing named is the act itself, so that its date is stated and not inferred."""

    field: str
    part: str | None = None
    is_act: bool = False


When = str | Inherited | Known
"""``WHEN`` of an event class: the name of its own date field, or one of the other ways."""


def inherit(field: str, part: str | None = None, *, is_act: bool = False) -> Inherited:
    """Declare that an event happened when what it names did."""
    return Inherited(field, part, is_act)


def as_date(value: object) -> EffectiveDate | None:
    """The date that an event's own field gives; None if it gives none."""
    if isinstance(value, EffectiveDate):
        return value
    if isinstance(value, dt.datetime):
        return EffectiveDate.at(value)
    if isinstance(value, dt.date):
        return EffectiveDate.on(value)
    if isinstance(value, int):
        return EffectiveDate.in_fiscal_year(value)
    return None


def by_recording(now: dt.datetime) -> EffectiveDate:
    """The date of what nobody dated: it had happened by the day on which it was recorded."""
    return EffectiveDate.unknown(latest=day_in_japan(now))


def as_it_was_meant(when: When, effective: EffectiveDate, recorded_at: dt.datetime) -> EffectiveDate:
    """How the date of an event is read that was recorded before envelopes said how it is known: the clock
    dated whatever nobody had dated, to the moment."""
    if isinstance(when, str) or when is RECORDING or effective.precision != "instant":
        return effective
    moment = dt.datetime.fromisoformat(effective.value or "")
    if abs(moment - recorded_at) < dt.timedelta(seconds=1):
        return by_recording(recorded_at)
    return effective
