"""Collections: each view's list and single items, declared as data and served by one pair of functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
import sqlalchemy as sa
from flask import Blueprint, Response

from api.query import Read, asks
from api.reading import (
    answer,
    is_staff,
    listed,
    listed_at_once,
    open_entries,
    reading,
    reading_of,
    viewer,
)
from domain.council import Council
from domain.record import KINDS, UNKNOWN_ID
from projections import (
    action_ledger,
    council_roster,
    evaluation_board,
    group_register,
    issue_board,
    legal_basis,
    matter_list,
    meeting_register,
    officer_directory,
    party_register,
    plan_progress,
    public_timeline,
    sources,
    study_board,
)
from projections.naming import Json
from projections.public_cut import row_as_seen
from projections.sealed import version_seen
from projections.trail import account_of
from projections.view import ViewTable
from projections.viewer import Viewer


@dataclass(frozen=True)
class Collection:
    """A list at ``/api/v1/<name>`` and its items. ``kind`` is the aggregate behind an item, if any.

    ``public``: what the list is narrowed to for the public. ``finish``: what is computed from a row when it
    has been cut to what the caller may see.
    """

    name: str
    ja: str
    en: str
    table: ViewTable
    chosen: Callable[..., sa.Select[Any]]
    filters: tuple[str, ...] = ()
    kind: str | None = None
    public: dict[str, str] = field(default_factory=dict)
    finish: Callable[[Json], Json] = dict

    @property
    def id_column(self) -> str:
        return self.table.key_columns[0]


COLLECTIONS = (
    Collection(
        "councils", "市民会議", "Councils", council_roster.council, council_roster.councils, (), "Council"
    ),
    Collection(
        "meetings",
        "会議",
        "Meetings",
        meeting_register.meeting,
        meeting_register.meetings,
        ("council_id", "state"),
        "Meeting",
    ),
    Collection(
        "matters",
        "案件",
        "Matters",
        matter_list.matter,
        matter_list.matters,
        ("council_id", "state"),
        "Matter",
    ),
    Collection(
        "groups",
        "グループ",
        "Groups",
        group_register.group,
        group_register.groups,
        ("council_id", "state"),
        "WorkingGroup",
    ),
    Collection("actions", "事業", "Actions", action_ledger.action, action_ledger.actions, (), "PlanAction"),
    Collection(
        "sheets",
        "評価シート",
        "Evaluation sheets",
        evaluation_board.sheet,
        evaluation_board.sheets,
        ("action_id", "fiscal_year", "state"),
        "EvaluationSheet",
        public={"state": "published"},
        finish=evaluation_board.compared,
    ),
    Collection(
        "plans",
        "推進計画",
        "Promotion plans",
        plan_progress.plan,
        plan_progress.plans,
        ("state",),
        "PromotionPlan",
    ),
    Collection(
        "officer-networks",
        "協働推進担当者",
        "Officer networks",
        officer_directory.network,
        officer_directory.networks,
        (),
        "OfficerNetwork",
    ),
    Collection(
        "parties",
        "人と団体",
        "People and organisations",
        party_register.party,
        party_register.parties,
        ("kind", "category", "state"),
        "Party",
        public={"kind": "organisation"},
    ),
    Collection("studies", "検討", "Studies", study_board.study, study_board.studies, (), "CenterStudy"),
    Collection(
        "issues", "課題と対応", "Issues", issue_board.issue, issue_board.issues, ("category",), "Reflection"
    ),
    Collection(
        "ordinances",
        "条例",
        "Ordinances",
        legal_basis.instrument,
        legal_basis.instruments,
        (),
        "LegalInstrument",
    ),
    Collection("sources", "出典", "Sources", sources.document, sources.documents, ("kind",), "Document"),
)
"""Every collection that a reader can list. A new one is a line here and its view."""


def present(table: ViewTable, row: Any) -> Json:
    """A view's row as JSON: its document and its columns, cut to what the caller may see."""
    shown: Json = {}
    for name in table.columns:
        value = getattr(row, name)
        if name == "doc":
            shown.update(msgspec.json.decode(value))
        elif name in table.json_columns:
            shown[name] = msgspec.json.decode(value)
        else:
            shown[name] = value
    return shown


def cut(connection: sa.Connection, stream: str | None, shown: Json) -> Json:
    """What of a row the caller may see: for staff everything that is not sealed, else the public cut."""
    return row_as_seen(connection, shown, stream, viewer())


def list_narrowed(collection: Collection, wanted: dict[str, str]) -> Response:
    """One page of a collection, narrowed by its filters and to what the caller may find in it."""
    chosen = collection.chosen(**wanted)
    for name, value in () if is_staff() else collection.public.items():
        chosen = chosen.where(collection.table.table.c[name] == value)
    kind = KINDS[collection.kind] if collection.kind else None

    def one(row: Any) -> Json:
        stream = kind.stream_for(getattr(row, collection.id_column)) if kind else None
        return collection.finish(cut(connection, stream, present(collection.table, row)))

    with reading() as connection:
        return listed(connection, chosen, one)


def show_item(collection: Collection, entity: str) -> Response:
    """An item, with what is not recorded of it."""
    stream = KINDS[collection.kind or ""].stream_for(entity)
    with reading_of(entity, collection.table.view) as connection:
        shown = item_of(connection, collection, entity, viewer())
        shown["trail"] = f"/api/v1/{collection.name}/{entity}/trail"
        return answer(shown, version=version_seen(connection, stream, viewer()))


def item_of(connection: sa.Connection, collection: Collection, entity: str, reader: Viewer) -> Json:
    """An item as this reader may see it, with what is not recorded of it. Refuses ``UNKNOWN_ID``."""
    own = collection.table.table
    row = connection.execute(sa.select(own).where(own.c[collection.id_column] == entity)).first()
    if row is None:
        raise UNKNOWN_ID(kind=collection.ja, id=entity)
    stream = KINDS[collection.kind or ""].stream_for(entity)
    seen = row_as_seen(connection, present(collection.table, row), stream, reader)
    return {**collection.finish(seen), **account_of(connection, entity)}


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
        found = public_timeline.periods(connection)
        return answer(
            {"items": [{"period": period, "entries": count} for period, count in found]}, tagged=True
        )


@asks("action_id")
def list_budgets(wanted: dict[str, str]) -> Response:
    """Budget, spending and what is left, by action and fiscal year."""
    with reading() as connection:
        return answer({"items": action_ledger.ledger(connection, **wanted, staff=is_staff())}, tagged=True)


@asks(paged=True)
def list_members(_: dict[str, str], entity: str) -> Response:
    """Who sits, or sat, on a council."""
    with reading() as connection:
        table, stream = council_roster.seat_holder, Council.stream_for(entity)

        def one(row: Any) -> Json:
            shown = cut(connection, stream, present(table, row))
            if not is_staff() and shown.get("ended"):  # that somebody left is public, why is theirs
                shown["ended"] = {**shown["ended"], "reason": None}
                shown["ended"]["said"] = {**shown["ended"]["said"], "reason": None}
            return shown

        return listed(connection, council_roster.roster(entity), one)


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
            lambda rows: [
                cut(connection, stream, row) for row in plan_progress.with_actions(connection, rows)
            ],
        )


@asks("disposition", paged=True)
def list_comments(wanted: dict[str, str], entity: str) -> Response:
    """The public comments on a plan, and what became of each."""
    with reading() as connection:
        stream = KINDS["PromotionPlan"].stream_for(entity)
        return listed_at_once(
            connection,
            plan_progress.comments(entity, **wanted),
            lambda rows: [cut(connection, stream, present(plan_progress.comment, row)) for row in rows],
            counts=plan_progress.comment_counts(connection, entity),
        )


def list_of_officers(table: ViewTable, chosen: sa.Select[Any]) -> Response:
    """Sections or trainings."""
    with reading() as connection:
        return listed(connection, chosen, lambda row: cut(connection, row.network_id, present(table, row)))


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
        return listed(connection, legal_basis.articles(entity), lambda row: present(legal_basis.article, row))


@asks("document_id", "name", paged=True)
def list_facts(wanted: dict[str, str]) -> Response:
    """The facts that sources state, by the names they have there."""
    with reading() as connection:
        return listed(connection, sources.facts(**wanted), lambda row: present(sources.fact, row))


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
        ("/actions/<entity>/sheets", list_sheets_of_action),
        ("/ordinances/<entity>/articles", list_articles),
        ("/plans/<entity>/measures", list_measures),
        ("/plans/<entity>/comments", list_comments),
        ("/officers", list_officers),
        ("/trainings", list_trainings),
        ("/facts", list_facts),
    ):
        blueprint.add_url_rule(path, view_func=view)
