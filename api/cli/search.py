"""``kyodo search``: full text search in the terminal."""

from __future__ import annotations

from typing import Any

import click

from api.access import access_log
from api.cli.shell import Shell, json_option, pass_shell, past_options
from api.reads.reading import MOST
from api.words.search_words import vocabulary
from domain.kernel.viewer import PUBLIC, Viewer
from projections.answers.finding import searching
from projections.engine.event_json import Json


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--kind", help="種類（Matter など）。 Only this kind of thing.")
@click.option("--fiscal-year", help="年度（2008、平成20年度）。 Only this fiscal year.")
@click.option("--body", help="会議・グループの識別子。 Only what concerns this council or group.")
@click.option("--role", help="述べた人の役割（MEM など）。 Only what was said in this role.")
@click.option("--state", help="現在の状態。 Only things that are in this state now.")
@click.option("--public", is_flag=True, help="公開部分だけ。 Only what the public may see.")
@click.option("--limit", type=click.IntRange(1, MOST), default=20, show_default=True, help="件数。 How many.")
@past_options
@json_option
@pass_shell
def search(shell: Shell, /, words: tuple[str, ...], public: bool, limit: int, **filters: str | None) -> None:
    """全文検索する。 Find what people wrote, all the WORDS of it: kyodo search 協働 条例"""
    used = {name: value for name, value in filters.items() if value}
    wanted = searching.search_for(" ".join(words), used, vocabulary(shell.record))
    viewer = PUBLIC if public else Viewer(staff=True)
    with shell.reading() as connection:
        chosen = searching.hits(wanted, viewer, postgres=connection.dialect.name == "postgresql")
        rows = connection.execute(chosen.limit(limit)).all()
        hits: dict[str, Any] = {
            "items": searching.shown(connection, rows, wanted.words),
            "total": searching.count(connection, chosen),
        }
        if viewer.staff:
            hits["people"] = searching.people(connection, wanted)
    people = hits.get("people", [])
    if people:
        with shell.store() as store:
            access_log.read_on_server(store.engine, [one["party_id"] for one in people], "kyodo search")
    shell.result(hits)
    if not shell.as_json:
        _tell(shell, hits)


def _tell(shell: Shell, hits: Json) -> None:
    language, total = shell.language, hits["total"]
    for item in hits["items"]:
        when, label = item["effective"]["full_label"][language], item["label"][language]
        click.echo(f"#{item['position']}  {when}  {label}  {item['subject']}  {item['subject_title'] or ''}")
        for passage in item["passages"]:
            parts = (click.style(p["text"], bold=True) if p["hit"] else p["text"] for p in passage["parts"])
            click.echo(f"    {' '.join(''.join(parts).split())}")
    for person in hits.get("people", ()):
        click.echo(f"{person['party_id']}  {person['name']}")
    more = "" if total["exact"] else shell.tr("以上", " or more")
    shell.say(f"{total['count']}件{more}", f"{total['count']}{more} found")
