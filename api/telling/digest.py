"""A digest: what falls due for an account, what waits for it, and what others have recorded since.

It travels over mail servers of others and lies in mailboxes for years. So it names no person and quotes
nothing: it holds counts, days, titles that anybody may read, and links. What is closed by name is counted.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from api.http.addresses import id_of
from api.mail.letters import NAME, Letter
from api.telling.meetings import meeting_called, meetings_where
from api.telling.scope import Scope
from domain.evaluation_sheet.events import BLIND
from domain.kernel.events import Recorded
from domain.kernel.record import KINDS
from domain.values.calendar import day_in_japan
from projections.answers.due import Due
from projections.answers.due_list import KINDS as DUE_KINDS
from projections.answers.due_list import what_is_due
from projections.engine.log import events_after, head
from projections.tables.durable import SUBMISSION
from projections.views.matter import decision_trail
from projections.views.meeting.meeting_register import meeting
from projections.views.record import corrections
from projections.views.record.closed_parts import closed_in

AHEAD = 14
"""Days: what falls due within them is told."""
SHOWN, LOOKED_AT = 12, 2_000
"""Lines of each part, and events that are looked at: who was away for a year is told that there are more."""
LONGEST_TITLE = 60


@dataclass(frozen=True)
class Digest:
    """What there is to tell, and up to which position."""

    letter: Letter | None
    position: int


@dataclass(frozen=True)
class Named:
    """A thing as a digest may tell of it: the title that anybody may read, if it has one."""

    kind: tuple[str, str]
    title: str | None
    path: str


@dataclass(frozen=True)
class Reader:
    """Whom a digest is for: what concerns them, in which language, how their links begin and lead."""

    scope: Scope
    language: str
    address: str
    leave: str

    def say(self, ja: str, en: str) -> str:
        return ja if self.language == "ja" else en

    def link(self, path: str) -> str:
        return f"{self.address}{path}"

    def page(self, path: str) -> str:
        """The address of a page in their language."""
        return self.link(path if self.language == "ja" else f"/en{path}")


def digest(connection: sa.Connection, reader: Reader, after: int, since: str | None, day: dt.date) -> Digest:
    """What an account is told on a day, having been told up to the position ``after``, on the day ``since``.
    No letter where there is nothing."""
    position = head(connection)
    due = _due(connection, reader, day)
    waits, waiting = _waiting(connection, reader)
    changed, number, more = _changed(connection, reader, after, position)
    parts = [part for part in (_due_part(connection, reader, due, day), waits, changed) if part]
    if not parts:
        return Digest(None, position)
    counts = [
        (len(due), reader.say("期限{}件", "{} due")),
        (waiting, reader.say("確認待ち{}件", "{} waiting for you")),
        (number, reader.say("新しい記録{}件" + ("以上" if more else ""), "{} new" + ("+" if more else ""))),
    ]
    what = reader.say("・", ", ").join(words.format(n) for n, words in counts if n)
    date = reader.say(f"{day.month}月{day.day}日", f"{day.day} {day:%B}")
    lines = [line for part in parts for line in ("", *part)][1:]
    subject = reader.say(f"【{NAME[0]}】{what}（{date}）", f"[{NAME[1]}] {what} ({date})")
    return Digest(Letter(subject, "\n".join([*lines, *_foot(reader)])), position)


def _foot(reader: Reader) -> list[str]:
    return [
        "",
        "-- ",
        reader.say(
            "このメールは、あなたのアカウントの「お知らせ」の設定によりお送りしています。",
            "You get this because of the notices that your account is set to.",
        ),
        reader.say("変える: ", "To change that: ") + reader.page("/account/notices"),
        reader.say("止める（サインイン不要）: ", "To stop it, without signing in: ") + reader.leave,
        "",
    ]


# ------------------------------------------------------------------------------------------------ due


def _due(connection: sa.Connection, reader: Reader, day: dt.date) -> list[Due]:
    """What is over, or falls due soon, the latest first."""
    kinds = reader.scope.due_kinds
    items = what_is_due(connection, day, kinds) if kinds else []
    near = [item for item in items if (late := item.days_late(day)) is not None and late >= -AHEAD]
    own = reader.scope.concerning(connection, {item.thing for item in near if item.thing})
    return [item for item in near if item.thing is None or item.thing in own]


def _due_part(connection: sa.Connection, reader: Reader, due: Sequence[Due], day: dt.date) -> list[str]:
    if not due:
        return []
    names = names_of(connection, {item.thing for item in due if item.thing}, reader.language)
    lines = [reader.say(f"■ 期限のあるもの（{len(due)}件）", f"# Due ({len(due)})")]
    for item in due[:SHOWN]:
        named = names.get(item.thing or "")
        title = _short(named.title) if named and named.title else None
        kind, until = reader.say(*DUE_KINDS[item.kind]), _until(reader, item, day)
        name = reader.say(f"「{title}」", f" “{title}”") if title else ""
        lines.append(reader.say(f"・{kind}{name} {until}", f"- {kind}{name}: {until}"))
        if named is not None:
            lines.append(f"  {reader.link(named.path)}")
    rest = len(due) - SHOWN
    if rest > 0:
        lines.append(reader.say(f"ほか{rest}件", f"{rest} more"))
    return [*lines, reader.say("すべて: ", "All of it: ") + reader.page("/due")]


def _until(reader: Reader, item: Due, day: dt.date) -> str:
    late = item.days_late(day) or 0
    last = day - dt.timedelta(days=late)
    on = reader.say(f"{last.month}月{last.day}日", f"{last.day} {last:%B}")
    if late > 0:
        return reader.say(f"{on}まで（{late}日すぎ）", f"by {on} ({late} days late)")
    if late == 0:
        return reader.say(f"{on}まで（今日）", f"by {on} (today)")
    return reader.say(f"{on}まで（あと{-late}日）", f"by {on} ({-late} days left)")


# -------------------------------------------------------------------------------------------- waiting


def _waiting(connection: sa.Connection, reader: Reader) -> tuple[list[str], int]:
    """What somebody in these roles has to look at before it goes on, and how much that is."""
    lines: list[str] = []
    corrected = _proposed(connection, reader.scope) if "APR" in reader.scope.roles else 0
    if corrected:
        lines += [
            reader.say(f"・承認を待つ訂正 {corrected}件", f"- corrections to be approved: {corrected}"),
            f"  {reader.page('/changes')}",
        ]
    submitted = _sent_in(connection) if "SEC" in reader.scope.roles else 0
    if submitted:
        lines += [
            reader.say(f"・市民から届いた申出・意見 {submitted}件", f"- sent in by citizens: {submitted}"),
            f"  {reader.page('/desk/submissions')}",
        ]
    if not lines:
        return [], 0
    return [reader.say("■ あなたの確認を待つもの", "# Waiting for you"), *lines], corrected + submitted


def _proposed(connection: sa.Connection, scope: Scope) -> int:
    table = corrections.fix.table
    things = [
        row.entity for row in connection.execute(sa.select(table.c.entity).where(table.c.state == "proposed"))
    ]
    own = scope.concerning(connection, set(things))
    return sum(thing in own for thing in things)


def _sent_in(connection: sa.Connection) -> int:
    counted = sa.select(sa.func.count()).select_from(SUBMISSION).where(SUBMISSION.c.state == "waiting")
    return int(connection.execute(counted).scalar_one())


# -------------------------------------------------------------------------------------------- changed


def _changed(
    connection: sa.Connection, reader: Reader, after: int, position: int
) -> tuple[list[str], int, bool]:
    """What others have recorded since, thing by thing; how many events, and whether there are more."""
    events = [e for e in events_after(connection, after, limit=LOOKED_AT) if e.position <= position]
    more = len(events) == LOOKED_AT
    others = [e for e in events if _by_another(e, reader.scope.party) and type(e.data) not in BLIND]
    own = reader.scope.concerning(connection, {e.entity for e in others})
    counted = Counter(e.entity for e in others if e.entity in own)
    number = counted.total()
    if not number:
        return [], 0, False
    names = names_of(connection, counted, reader.language)
    titled = [(thing, n) for thing, n in counted.most_common() if names[thing].title]
    untitled: Counter[tuple[str, str]] = Counter()
    for thing, n in counted.items():
        if not names[thing].title:
            untitled[names[thing].kind] += n
    since = day_in_japan(events[0].recorded_at)
    begin = reader.say(f"{since.month}月{since.day}日", f"{since.day} {since:%B}")
    lines = [reader.say(f"■ ほかの人が記録したもの（{begin}から）", f"# Recorded by others since {begin}")]
    for thing, n in titled[:SHOWN]:
        kind = reader.say(*names[thing].kind)
        lines.append(
            reader.say(
                f"・{kind}「{_short(names[thing].title)}」 {n}件",
                f"- {kind} “{_short(names[thing].title)}”: {n}",
            )
        )
        lines.append(f"  {reader.link(names[thing].path)}")
    rest = sum(n for _, n in titled[SHOWN:])
    lines += [
        reader.say(f"・{ja}（題名は非公開か、ない） {n}件", f"- {en}, without a public title: {n}")
        for (ja, en), n in untitled.most_common(SHOWN)
    ]
    if rest:
        lines.append(reader.say(f"ほか{rest}件", f"{rest} more"))
    return [*lines, reader.say("すべて: ", "All of it: ") + reader.page("/changes")], number, more


def _by_another(e: Recorded[Any], party: str | None) -> bool:
    wrote = e.recorded_by or e.actor
    return party is None or wrote.party != party


# ---------------------------------------------------------------------------------------------- names


def names_of(connection: sa.Connection, things: Iterable[str], language: str) -> dict[str, Named]:
    """What things are called to anybody; what is closed, or has no title, by its kind alone."""
    wanted = set(things)
    known = decision_trail.things(connection, wanted)
    streams = {thing: KINDS[row["kind"]].stream_for(row["entity"]) for thing, row in known.items()}
    closed = closed_in(connection, set(streams.values()))
    nameless = [row["entity"] for row in known.values() if row["kind"] == "Meeting" and not row["title"]]
    meetings = meetings_where(connection, meeting.table.c.meeting_id.in_(nameless)) if nameless else []
    called = {row["meeting_id"]: meeting_called(row, language) for row in meetings}
    names = {}
    for thing in wanted:
        row = known.get(thing)
        if row is None:
            names[thing] = Named(("記録", "record"), None, f"/id/{id_of(None, thing)}")
            continue
        shut = closed.parts.get(streams[thing]) is not None or row["kind"] == "Party"
        title = None if shut else row["title"] or called.get(row["entity"])
        names[thing] = Named(KINDS[row["kind"]].LABEL, title, f"/id/{id_of(row['kind'], thing)}")
    return names


def _short(title: str | None) -> str:
    text = " ".join((title or "").split())
    return text if len(text) <= LONGEST_TITLE else f"{text[: LONGEST_TITLE - 1]}…"
