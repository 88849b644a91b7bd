"""Collections: each view's list and single items, declared as data and served by one pair of functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response

from api.http.query import Read, asks
from api.reads.as_of import day_shown
from api.reads.collections import COLLECTIONS, Collection, cut_all, item_of, row_json, sees_all
from api.reads.group_members import as_seen
from api.reads.people import is_open_seat, people_for_reader, publishes_roster
from api.reads.reading import (
    answer,
    is_staff,
    listed,
    listed_at_once,
    open_entries,
    reading,
    reading_of,
    viewer,
)
from domain.council.aggregate import Council
from domain.kernel.record import KINDS
from projections.answers.labels import with_words
from projections.answers.ledger import ledger_of
from projections.engine.event_json import Json
from projections.engine.view import ViewTable
from projections.views.council import officer_directory
from projections.views.council.council_roster import roster, seat_holder, standing_of
from projections.views.council.group_register import members as group_members
from projections.views.matter import legal_basis
from projections.views.matter.decision_trail import things
from projections.views.plan import plan_progress
from projections.views.plan.sealed import version_seen
from projections.views.record import public_timeline, sources


def list_narrowed(collection: Collection, wanted: dict[str, str]) -> Response:
    """One page of a collection, narrowed by its filters and to what the caller may find in it."""
    chosen = collection.chosen(**wanted)
    for name, value in () if sees_all(collection) else collection.public.items():
        chosen = chosen.where(collection.table.table.c[name] == value)
    kind = KINDS[collection.kind] if collection.kind else None

    def stream_of(row: Any) -> str | None:
        return kind.stream_for(getattr(row, collection.id_column)) if kind else None

    def present(rows: Sequence[Any]) -> list[Json]:
        seen = cut_all(connection, ((row_json(collection.table, row), stream_of(row)) for row in rows))
        return [collection.finish(shown) for shown in seen]

    with reading() as connection:
        return listed_at_once(connection, chosen, present)


def show_item(collection: Collection, entity: str) -> Response:
    """An item, with what is not recorded of it."""
    stream = KINDS[collection.kind or ""].stream_for(entity)
    with reading_of(entity, collection.table.view) as connection:
        shown = item_of(connection, collection, entity, viewer())
        shown["trail"] = f"/api/v1/{collection.name}/{entity}/trail"
        return answer(shown, version=version_seen(connection, stream, viewer()))


@asks("period", "kind", paged=True)
def list_timeline(wanted: dict[str, str]) -> Response:
    """What has happened, the oldest first."""
    with reading() as connection:
        return listed_at_once(
            connection,
            public_timeline.entries(**wanted),
            lambda rows: open_entries(connection, rows),
        )


@asks()
def list_periods(_: dict[str, str]) -> Response:
    """The periods of the timeline, and how many entries each has."""
    with reading() as connection:
        periods = public_timeline.periods(connection)
        return answer(
            {"items": [{"period": period, "entries": count} for period, count in periods]}, tagged=True
        )


@asks("action_id")
def list_budgets(wanted: dict[str, str]) -> Response:
    """Budget, spending and what is left, by action and fiscal year."""
    with reading() as connection:
        items = ledger_of(connection, action_id=wanted.get("action_id"), staff=is_staff())
        return answer({"items": items}, tagged=True)


@asks(paged=True)
def list_members(_: dict[str, str], entity: str) -> Response:
    """Who sits, or sat, on a council. The name of whoever serves, if the council's rules publish the roster,
    or of whoever consents; for the secretariat every name, with post and contact, which is noted."""
    with reading() as connection:
        table, stream = seat_holder, Council.stream_for(entity)
        on = day_shown()
        by_rule = publishes_roster(connection, entity, on)

        def present(rows: Sequence[Any]) -> list[Json]:
            seen = cut_all(connection, ((row_json(table, row), stream) for row in rows))
            held = [
                row.party_id if is_open_seat(shown) else None for row, shown in zip(rows, seen, strict=True)
            ]
            serving = {row.party_id for row in rows if standing_of(row, on) == "serving" and by_rule}
            people = people_for_reader(connection, filter(None, held), by_rule=serving.intersection(held))
            for row, party, shown in zip(rows, held, seen, strict=True):
                shown |= {"state": standing_of(row, on), "name": None, **people.get(party or "", {})}
            for shown in () if is_staff() else seen:
                if shown.get("ended"):  # that somebody left is public, why is theirs
                    shown["ended"] = {**shown["ended"], "reason": None}
                    shown["ended"]["said"] = {**shown["ended"]["said"], "reason": None}
            return seen

        return listed_at_once(connection, roster(entity), present)


@asks(paged=True)
def list_group_members(_: dict[str, str], entity: str) -> Response:
    """Who is, and was, in a group, in which roles; by name as the members of its council are."""
    with reading() as connection:
        return listed_at_once(
            connection, group_members(entity), lambda rows: as_seen(connection, entity, list(rows))
        )


@asks("fiscal_year", "state", paged=True)
def list_sheets_of_action(wanted: dict[str, str], entity: str) -> Response:
    """The evaluation sheets of an action."""
    sheets = next(c for c in COLLECTIONS if c.name == "sheets")
    return list_narrowed(sheets, {**wanted, "action_id": entity})


@asks(paged=True)
def list_measures(_: dict[str, str], entity: str) -> Response:
    """The measures of a plan, each with the actions that carry it out."""
    with reading() as connection:
        stream = KINDS["PromotionPlan"].stream_for(entity)
        return listed_at_once(
            connection,
            plan_progress.measures(entity),
            lambda rows: cut_all(connection, ((row, stream) for row in _measures(connection, rows))),
        )


def _measures(connection: sa.Connection, rows: Sequence[Any]) -> list[Json]:
    """Measures with their actions, which are called what they are called everywhere: a title that was closed
    names nothing."""
    measures = [with_words(row) for row in plan_progress.with_actions(connection, rows)]
    actions = [action for measure in measures for action in measure["actions"]]
    names = things(connection, [action["action_id"] for action in actions])
    for action in actions:
        action["title"] = names.get(action["action_id"], {}).get("title")
    return measures


@asks("disposition", paged=True)
def list_comments(wanted: dict[str, str], entity: str) -> Response:
    """The public comments on a plan, and what became of each."""
    with reading() as connection:
        stream = KINDS["PromotionPlan"].stream_for(entity)
        return listed_at_once(
            connection,
            plan_progress.comments(entity, **wanted),
            lambda rows: cut_all(
                connection, ((row_json(plan_progress.comment, row), stream) for row in rows)
            ),
            counts=plan_progress.comment_counts(connection, entity),
        )


def list_of_officers(table: ViewTable, chosen: sa.Select[Any]) -> Response:
    """Sections or trainings."""
    with reading() as connection:
        return listed_at_once(
            connection,
            chosen,
            lambda rows: cut_all(connection, ((row_json(table, row), row.network_id) for row in rows)),
        )


@asks("network_id", "state", paged=True)
def list_officers(wanted: dict[str, str]) -> Response:
    """The sections of the city and their officers, of one network or of all."""
    return list_of_officers(officer_directory.section, officer_directory.sections(**wanted))


@asks("network_id", "state", paged=True)
def list_trainings(wanted: dict[str, str]) -> Response:
    """The trainings of officers, of one network or of all."""
    return list_of_officers(officer_directory.training, officer_directory.trainings(**wanted))


@asks(paged=True)
def list_articles(_: dict[str, str], entity: str) -> Response:
    """The articles of an ordinance, as far as their text is on record."""
    with reading() as connection:
        stream = KINDS["LegalInstrument"].stream_for(entity)
        return listed_at_once(
            connection,
            legal_basis.articles(entity),
            lambda rows: cut_all(connection, ((row_json(legal_basis.article, row), stream) for row in rows)),
        )


@asks("document_id", "name", paged=True)
def list_facts(wanted: dict[str, str]) -> Response:
    """The facts that sources state, by the names they have there."""
    with reading() as connection:
        return listed(connection, sources.facts(**wanted), lambda row: row_json(sources.fact, row))


def _list_of(collection: Collection) -> Read:
    @asks(*collection.filters, paged=True)
    def read(wanted: dict[str, str]) -> Response:
        return list_narrowed(collection, wanted)

    read.__doc__ = f"{collection.ja}の一覧 / {collection.en}: a list."
    return read


def _item_of(collection: Collection) -> Read:
    @asks()
    def read(_: dict[str, str], entity: str) -> Response:
        return show_item(collection, entity)

    read.__doc__ = f"{collection.ja} / {collection.en}: one of them, with what is not recorded of it."
    return read


def register(blueprint: Blueprint) -> None:
    for collection in COLLECTIONS:
        name = collection.name
        blueprint.add_url_rule(f"/{name}", f"list_{name}", _list_of(collection))
        blueprint.add_url_rule(f"/{name}/<entity>", f"show_{name}", _item_of(collection))
    for path, view in (
        ("/timeline", list_timeline),
        ("/timeline/periods", list_periods),
        ("/budgets", list_budgets),
        ("/councils/<entity>/members", list_members),
        ("/groups/<entity>/members", list_group_members),
        ("/actions/<entity>/sheets", list_sheets_of_action),
        ("/ordinances/<entity>/articles", list_articles),
        ("/plans/<entity>/measures", list_measures),
        ("/plans/<entity>/comments", list_comments),
        ("/officers", list_officers),
        ("/trainings", list_trainings),
        ("/facts", list_facts),
    ):
        blueprint.add_url_rule(path, view_func=view)
