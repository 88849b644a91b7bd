"""``kyodo due``: what is due, by which rule, and how late it is."""

from __future__ import annotations

import datetime as dt
from typing import Any, get_args

import click

from api.cli.check import last_check
from api.cli.shell import Shell, json_option, pass_shell, past_options
from api.http.clock import today
from projections.answers.due import Kind
from projections.answers.due_list import as_json, what_is_due


@click.command()
@click.option("--kind", type=click.Choice(get_args(Kind)), help="種類。 Only of this kind.")
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="基準日（既定は今日）。 The day; today.",
)
@past_options
@json_option
@pass_shell
def due(shell: Shell, kind: Kind | None, on: dt.datetime | None) -> None:
    """期限のあるもの。 What is due, the latest first: by which rule, until when, how many days late."""
    day = on.date() if on is not None else today()
    with shell.reading() as connection:
        items = as_json(connection, what_is_due(connection, day, None if kind is None else [kind]), day)
    shell.result({"on": day.isoformat(), "total": len(items), "items": items})
    _say_unless_sound(shell)
    headings = (
        shell.tr("遅れ（日）", "days late"),
        shell.tr("期限", "due"),
        shell.tr("種類", "kind"),
        shell.tr("対象", "thing"),
        shell.tr("規則", "rule"),
    )
    shell.table(headings, [_line(item, shell.language) for item in items])


def _say_unless_sound(shell: Shell) -> None:
    """The record itself may be what is due: a check that failed, or none for long."""
    outcome = shell.record.outcome_file.read()
    if outcome.standing(dt.datetime.now(dt.UTC)) in ("fails", "old"):
        shell.say(*last_check(outcome))


def _line(item: dict[str, Any], language: str) -> tuple[Any, ...]:
    thing = " ".join(str(item[name]) for name in ("thing", "part", "title") if item[name] is not None)
    return (
        item["days_late"],
        item["due"]["label"][language] if item["due"] else None,
        item["kind_label"][language],
        thing,
        item["rule"][language],
    )
