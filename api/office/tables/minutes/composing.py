"""A past meeting from minutes that have been read: whose it was, who spoke, what comes of it if it is
recorded now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from api.http.problems import declare
from api.office.desk.acts import rehearse
from api.office.meetings.bodies import Body, Member, body_on
from api.office.meetings.moments import read_day
from api.office.tables.minutes.attendance_sheet import attendees
from api.office.tables.minutes.becoming import PastMeeting
from api.office.tables.minutes.composed import AS_ROLE, Composed, read
from api.office.tables.minutes.parsing import Minutes, narrow
from api.office.tables.reading.sheet import Workbook
from api.office.tables.reading.values import name_key, plain
from api.office.tables.reading.vocabulary import (
    CHAIR,
    DEPUTY,
    NO_NAME,
)
from api.office.tables.rows.declared import ONCE_NEEDED
from api.setup import rules_of_service

SPEAKER_UNKNOWN = declare(
    422,
    "SPEAKER_UNKNOWN",
    ja="「{text}」がだれか、その日の委員の中から決められません。",
    en="Who “{text}” is cannot be told from the members of that day.",
    rule=rules_of_service.SHEETS,
    next_ja="「発言した人」で選んでください。だれか分からなければ、書いてあるとおりの立場として記録できます。",
    next_en="Choose under “Who spoke”. If nobody knows, record it by the role that is written there.",
)


def compose(
    connection: sa.Connection,
    minutes: Minutes,
    values: Mapping[str, str],
    choices: Mapping[str, str],
    files: tuple[tuple[bytes, str], tuple[bytes, str] | None],
    sheet: Workbook | None,
) -> Composed:
    """``values``: the fields of the form; ``choices``: who the speakers are (``who-…``), and what is left
    out; ``files``: the minutes and the attendance sheet, each with its media type."""
    outcome = Composed()
    council, outcome.day = values["council"], read(outcome, "day", values["day"], read_day)
    for name, words in (("council", ("会議体", "Council")), ("day", ("開催日", "Day"))):
        if not values[name].strip():
            outcome.faults[name] = ONCE_NEEDED(column=words[0], column_en=words[1])
    if outcome.day is None or not council:
        return outcome
    outcome.body = body_on(connection, council, outcome.day)
    if outcome.body is None:
        outcome.faults["council"] = ONCE_NEEDED(column="会議体", column_en="Council")
        return outcome
    _who_spoke(outcome, minutes, choices)
    if sheet is not None:
        outcome.attendees = attendees(outcome, sheet, values)
    outcome.acts = PastMeeting(outcome, minutes, values, choices, files, sheet).acts()
    outcome.rehearsal = rehearse(outcome.acts)
    outcome.refused = outcome.rehearsal.faults
    return outcome


# -- who spoke


def _who_spoke(outcome: Composed, minutes: Minutes, choices: Mapping[str, str]) -> None:
    for n, label in enumerate(minutes.speakers):
        chosen = choices.get(f"who-{n}", "")
        known = chosen or seat_of(label, outcome.body)
        outcome.speakers[label] = known
        if known is None:
            outcome.faults[f"who-{n}"] = SPEAKER_UNKNOWN(text=label)


def seat_of(label: str, body: Body | None) -> str | None:
    """Whose label it is: a seat of the day, ``role`` for one that names no member, None where it may be one
    of several, or nobody."""
    if body is None:
        return AS_ROLE
    word = plain(narrow(label)).partition("(")[0]
    if word in CHAIR:
        return body.chair or AS_ROLE
    if word in DEPUTY:
        return body.deputy or AS_ROLE
    ending = next((end for end in sorted(NO_NAME, key=len, reverse=True) if word.endswith(end)), "")
    name = word.removesuffix(ending)
    if not name:
        return AS_ROLE  # 委員: one of them, and nobody knows which
    fits = [m.seat for m in body.members if name in _names_of(m)]
    if len(fits) == 1:
        return fits[0]
    return None if fits or ending else AS_ROLE


def _names_of(member: Member) -> set[str]:
    """What minutes may call a member: the whole name, the family name, or the given name."""
    family = name_key(member.family)
    return {name_key(member.name), family, name_key(member.name).removeprefix(family)} - {""}


def seats(body: Body | None) -> Sequence[tuple[str, str]]:
    """The members of the day, to choose from."""
    return [] if body is None else [(member.seat, member.name) for member in body.members]
