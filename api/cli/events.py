"""``kyodo events`` and ``kyodo trail``: what happened, in order, and how one thing came about."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import click
import msgspec
import sqlalchemy as sa

from api.cli.shell import INTERRUPTED, Shell, json_option, pass_shell, past_options
from api.http.cloudevents import cloud_event, sealed_event
from domain.kernel.events import EVENTS, Recorded, names_of
from domain.kernel.refusals import UNKNOWN_ID
from domain.kernel.roles import ROLE_NAMES
from domain.kernel.viewer import Viewer
from domain.values.calendar import day_in_japan
from projections.answers.trail import trail as trail_of
from projections.engine.log import events_after, events_at
from projections.past.files import position_on
from projections.views.matter.decision_trail import step
from projections.views.plan.sealed import STUB, seals_for

PAGE = 500
DAY = click.DateTime(["%Y-%m-%d"])
LOOK_EVERY = 1.0
"""Seconds between two looks at the log; SQLite has nothing that would tell us."""

Read = Callable[[sa.Connection, int, int], list[Recorded[Any]]]
"""Events after a position, at most so many."""
Look = Callable[[], AbstractContextManager[sa.Connection]]


@click.command()
@click.option("--stream", metavar="STREAM", help="一つの列だけ。 Only this stream.")
@click.option(
    "--type", "types", multiple=True, metavar="TYPE", help="この種類だけ（複数可）。 Only these types."
)
@click.option("--correlation", metavar="ID", help="一つの操作から生じたもの。 Only what one command led to.")
@click.option(
    "--after", type=click.IntRange(min=0), default=0, metavar="N", help="この位置より後。 After position N."
)
@click.option("--since", type=DAY, metavar="DAY", help="この日以後に記録。 Recorded on this day or later.")
@click.option("--until", type=DAY, metavar="DAY", help="この日以前に記録。 Recorded on this day or earlier.")
@click.option("--role", metavar="ROLE", help="この役割の人が記録。 Recorded by somebody in this role.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="最大N件。 At most N.")
@click.option("--follow", is_flag=True, help="新しいものを待ち続ける。 Go on with new ones as they come.")
@past_options
@json_option
@pass_shell
def events(
    shell: Shell,
    stream: str | None,
    types: tuple[str, ...],
    correlation: str | None,
    after: int,
    since: dt.datetime | None,
    until: dt.datetime | None,
    role: str | None,
    limit: int | None,
    follow: bool,
) -> None:
    """出来事を順に読む。 Read the events in order; with --json one CloudEvent a line (NDJSON).

    A sealed self-evaluation shows as a stub; where the list is narrowed it is left out. Ctrl-C stops it.
    As of a day, these are the events that the record consisted of then.
    """
    if follow and shell.moment.is_past:
        raise click.UsageError(shell.tr("過去に新しいものは来ません。", "Nothing new comes in the past."))
    for name in types:
        if name not in EVENTS:
            raise UNKNOWN_ID(kind="出来事の種類", kind_en="event type", id=name)
    if role is not None and role not in ROLE_NAMES:
        raise UNKNOWN_ID(kind="役割", kind_en="role", id=role)
    read = _of_correlation(correlation) if correlation else _of(stream, types)
    chosen = _Chosen(
        stream, frozenset(t for name in types for t in names_of(name)), role, _day(since), _day(until)
    )
    narrowed = bool(correlation or stream or types or role)
    with _looking(shell) as look, _stopping_at_ctrl_c():
        if since is not None:
            with look() as connection:
                after = max(after, position_on(connection, since.date() - dt.timedelta(days=1)))
        for recorded, sealed in _read_on(look, read, chosen, after, limit, follow, narrowed):
            click.echo(_sealed_line(shell, recorded.position) if sealed else _line(shell, recorded))


@dataclass(frozen=True)
class _Chosen:
    """What an event has to be to be told; whatever is None or empty does not matter."""

    stream: str | None
    types: frozenset[str]
    role: str | None
    since: dt.date | None
    until: dt.date | None

    def holds(self, e: Recorded[Any]) -> bool:
        day = day_in_japan(e.recorded_at)
        return (
            self.stream in (None, e.stream)
            and (not self.types or e.type in self.types)
            and self.role in (None, e.actor.role)
            and (self.since is None or day >= self.since)
            and not self.is_past(e)
        )

    def is_past(self, e: Recorded[Any]) -> bool:
        """Whether it was recorded after the last day: then so were all that follow."""
        return self.until is not None and day_in_japan(e.recorded_at) > self.until


@contextmanager
def _looking(shell: Shell) -> Iterator[Look]:
    """What gives a connection for each page: a new one of the record today, that of the past otherwise."""
    if shell.moment.is_past:
        with shell.reading() as past:
            yield lambda: nullcontext(past)
    else:
        with shell.store() as store:
            yield store.engine.connect


def _day(moment: dt.datetime | None) -> dt.date | None:
    return None if moment is None else moment.date()


@contextmanager
def _stopping_at_ctrl_c() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        raise click.exceptions.Exit(INTERRUPTED) from None


def _of(stream: str | None, types: tuple[str, ...]) -> Read:
    def read(connection: sa.Connection, after: int, limit: int) -> list[Recorded[Any]]:
        return events_after(connection, after, stream=stream, types=types, limit=limit)

    return read


def _of_correlation(correlation: str) -> Read:
    def read(connection: sa.Connection, after: int, limit: int) -> list[Recorded[Any]]:
        table = step.table
        chosen = sa.select(table.c.position).where(
            table.c.correlation_id == correlation, table.c.position > after
        )
        positions = connection.scalars(chosen.order_by(table.c.position).limit(limit)).all()
        return events_at(connection, list(positions))

    return read


def _read_on(
    look: Look, read: Read, chosen: _Chosen, after: int, limit: int | None, follow: bool, narrowed: bool
) -> Iterator[tuple[Recorded[Any], bool]]:
    """Events page by page, each page in a transaction of its own; with each whether it is sealed. Nobody at a
    terminal is one of the sides."""
    left = limit
    while left is None or left > 0:
        wanted = PAGE if left is None else min(PAGE, left)
        with look() as connection:
            page = read(connection, after, wanted)
            seals = seals_for(connection, Viewer(staff=True), (e.stream for e in page))
        matching = [e for e in page if chosen.holds(e)]
        shown = [(e, seals.hides(e)) for e in matching if not (narrowed and seals.hides(e))]
        yield from shown
        if page and chosen.is_past(page[-1]):
            return
        if page:
            after = page[-1].position
            left = None if left is None else left - len(shown)
        elif follow:
            time.sleep(LOOK_EVERY)
        else:
            return


def _sealed_line(shell: Shell, position: int) -> str:
    if shell.as_json:
        return msgspec.json.encode(sealed_event(position)).decode()
    return f"{position:>6}  {STUB[shell.language == 'en']}"


def _line(shell: Shell, recorded: Recorded[Any]) -> str:
    if shell.as_json:
        return msgspec.json.encode(cloud_event(recorded)).decode()
    label = type(recorded.data).LABEL[shell.language == "en"]
    when = recorded.effective.full_label(shell.language)
    return f"{recorded.position:>6}  {recorded.type} {label}  {recorded.subject}  {when}"


@click.command()
@click.argument("id")
@past_options
@json_option
@pass_shell
def trail(shell: Shell, id: str) -> None:
    """なぜあるのか、何につながったか。 Why a thing exists, what happened to it, what came of it."""
    with shell.reading_of(id, around=True) as connection:
        answer = trail_of(connection, id, staff=True)
    shell.result(answer)
    if not shell.as_json:
        for line in told_trail(answer, shell.language):
            click.echo(line)


def told_trail(answer: dict[str, Any], language: str) -> Iterator[str]:
    headings = {
        "backward": {"ja": "なぜあるのか", "en": "Why it exists"},
        "own": {"ja": "これについて", "en": "What happened to it"},
        "forward": {"ja": "何につながったか", "en": "What came of it"},
    }
    subject = answer["subject"]
    yield f"{subject['kind_label'][language]} {subject['id']} {subject['title'] or ''}".rstrip()
    for side, heading in headings.items():
        yield f"\n{heading[language]}"
        for entry in answer[side]["steps"]:
            yield _step_line(entry, language)
    yield {"ja": "\nつながり", "en": "\nLinks"}[language]
    for made in answer["links"]:
        mark = {"ja": "（取消）", "en": " (withdrawn)"}[language] if made["withdrawn"] else ""
        yield f"  {made['from']['id']} — {made['relation_label'][language]} → {made['to']['id']}{mark}"
    yield {"ja": "\n記録にないもの", "en": "\nNot recorded"}[language]
    for gap in answer["not_recorded"]:
        yield f"  {gap[language]}"


def _step_line(entry: dict[str, Any], language: str) -> str:
    who = entry["who"]["name"] or entry["who"]["role_label"][language]
    text = f"  {entry['effective']['full_label'][language]}  {entry['label'][language]}  {entry['subject']}"
    source = entry["source"]
    facts = f" [{', '.join(source['facts'])}]" if source and source["facts"] else ""
    return f"{text}  {who}  {entry['certainty']}{facts}"
