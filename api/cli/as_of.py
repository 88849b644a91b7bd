"""``kyodo as-of`` and ``kyodo changes``: the record as it was, and what came in between."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import click
import sqlalchemy as sa

from api.cli.ask import ask, outline
from api.cli.events import told_trail
from api.cli.shell import Shell, json_option, pass_shell, past_options
from api.reads.changes_query import changes_of, period_of
from api.reads.collections import COLLECTIONS, Collection, item_of, row_json
from domain.kernel.record import KINDS
from domain.kernel.refusals import UNKNOWN_ID
from domain.kernel.viewer import Viewer
from projections.answers.public_cut import row_as_seen
from projections.answers.trail import trail
from projections.engine.event_json import Json
from projections.engine.log import head
from projections.past import changes as changed
from projections.questions.question import QUESTIONS
from projections.views.matter import decision_trail

STAFF = Viewer(staff=True)


@click.command("as-of")
@click.argument("what", required=False)
@click.argument("parameters", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--trail", "with_trail", is_flag=True, help="経緯も。 Its trail instead of its row.")
@click.option("--limit", type=click.IntRange(1, 200), default=50, show_default=True, help="件数。 How many.")
@past_options
@json_option
@pass_shell
@click.pass_context
def as_of(
    context: click.Context,
    shell: Shell,
    what: str | None,
    parameters: tuple[str, ...],
    with_trail: bool,
    limit: int,
) -> None:
    """過去の時点で見る。 A thing, a list or a question as it was: kyodo as-of --known-on 2027-03-31 WHAT

    WHAT is an id (matter-0001, or matters/matter-0001), a collection or its view (matters, matter_list), or a
    question (S6, followed by NAME=VALUE). Without it: how much was on record.
    """
    if not shell.moment.is_past:
        ja, en = "--known-on か --in-force-on を付けてください。", "Say when: --known-on or --in-force-on."
        raise click.UsageError(shell.tr(ja, en))
    collection = next((c for c in COLLECTIONS if what in (c.name, c.table.view.name)), None)
    if what is not None and what.upper() in QUESTIONS:
        context.invoke(ask, code=what, parameters=parameters)
    elif what is None:
        _counts(shell)
    elif collection is not None:
        _list(shell, collection, limit)
    else:
        _thing(shell, what.rpartition("/")[2], with_trail)


def _counts(shell: Shell) -> None:
    with shell.reading() as connection:
        count = sa.select(sa.func.count())
        rows = [
            (c.name, shell.tr(c.ja, c.en), connection.scalar(count.select_from(c.table.table)))
            for c in COLLECTIONS
        ]
        events = head(connection)
    shell.result({"position": events, "counts": {name: count for name, _, count in rows}})
    shell.table((shell.tr("一覧", "list"), "", shell.tr("件数", "how many")), rows)


def _list(shell: Shell, collection: Collection, limit: int) -> None:
    kind = KINDS[collection.kind or ""]
    with shell.reading() as connection:
        things = [
            row_as_seen(connection, row_json(collection.table, row), kind.stream_for(row[0]), STAFF)
            for row in connection.execute(collection.chosen().limit(limit))
        ]
    shell.result({"items": things})
    headings = ("id", shell.tr("題名", "title"), shell.tr("状態", "state"))
    rows = [
        (row[collection.id_column], row.get("title") or row.get("name"), row.get("state")) for row in things
    ]
    shell.table(headings, rows)


def _thing(shell: Shell, entity: str, with_trail: bool) -> None:
    with shell.store() as store, store.engine.connect() as living:
        known = decision_trail.things(living, [entity]).get(entity, {})
    collection = next((c for c in COLLECTIONS if c.kind == known.get("kind")), None)
    view = collection.table.view if collection is not None else None
    with shell.reading_of(entity, view, around=with_trail) as connection:
        thing = _as_it_was(connection, entity, collection, with_trail)
    shell.result(thing)
    if not shell.as_json:
        lines = told_trail(thing, shell.language) if with_trail else outline(thing, shell.language)
        for line in lines:
            click.echo(line)


def _as_it_was(
    connection: sa.Connection, entity: str, collection: Collection | None, with_trail: bool
) -> Json:
    if with_trail:
        return trail(connection, entity, staff=True)
    if collection is None:
        raise UNKNOWN_ID(kind="記録", kind_en="record", id=entity)
    return item_of(connection, collection, entity, STAFF)


@click.command("changes")
@click.argument("id", required=False)
@click.option("--from", "since", metavar="DAY", required=True, help="この日の終わりから。 Since the end of.")
@click.option("--to", metavar="DAY", help="この日の終わりまで（既定は今日）。 Until the end of; today.")
@click.option("--limit", type=click.IntRange(1, 200), default=50, show_default=True, help="件数。 How many.")
@json_option
@pass_shell
def changes(shell: Shell, id: str | None, since: str, to: str | None, limit: int) -> None:
    """二つの日のあいだの変更。 What changed between two days, on the recorded axis: of all, or of this ID."""
    raw = {"from": since} | ({"to": to} if to else {})
    with shell.reading() as connection:
        if id is not None:
            answer = changes_of(connection, id, raw, STAFF)
        else:
            answer = changed.of_all(connection, *period_of(raw), STAFF, limit=limit)
    shell.result(answer)
    if not shell.as_json:
        click.echo(answer["axis"][shell.language])
        for line in _fields(answer, shell) if id is not None else _things(answer, shell):
            click.echo(line)


def _fields(thing: Json, shell: Shell) -> Iterator[str]:
    for item in thing["items"]:
        yield f"\n{item['field'] or thing['id']}"
        for day, value in ((thing["from"], item["before"]), (thing["to"], item["after"])):
            yield f"  {day}:"
            yield from outline({"": value} if not isinstance(value, dict) else value, shell.language, 2)
        yield from (_event(e, shell.language) for e in item["events"])
    if not thing["items"]:
        yield shell.tr("変わったところはありません。", "Nothing says anything else.")


def _things(listing: Json, shell: Shell) -> Iterator[str]:
    for item in listing["items"]:
        label = item["kind_label"][shell.language] if item["kind_label"] else ""
        yield f"\n{label} {item['id']} {item['title'] or ''} ({item['count']})"
        yield from (_event(e, shell.language) for e in item["events"])
    if not listing["items"]:
        yield shell.tr("記録されたものはありません。", "Nothing was recorded.")


def _event(e: dict[str, Any], language: str) -> str:
    recorded = dt.datetime.fromisoformat(e["recorded_at"]).date().isoformat()
    when = e["effective"]["full_label"][language]
    return f"  #{e['position']}  {e['label'][language]}  {when}  [{recorded}]"
