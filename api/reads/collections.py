"""What is listed: each view's list and single items, declared as data. Resources serve them, pages show
them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from api.reads.closed_reads import note_closed_reads
from api.reads.reading import is_evaluator, is_staff, viewer
from domain.kernel.record import KINDS
from domain.kernel.refusals import UNKNOWN_ID
from domain.kernel.viewer import Viewer
from projections.answers.labels import document
from projections.answers.public_cut import row_as_seen, rows_as_seen
from projections.answers.trail import account_of
from projections.engine.event_json import ORDER_COLUMNS, Json
from projections.engine.view import ViewTable
from projections.views.council import council_roster, group_register, officer_directory, party_register
from projections.views.matter import issue_board, legal_basis, matter_list
from projections.views.meeting import meeting_register
from projections.views.plan import action_ledger, evaluation_board, plan_progress, study_board
from projections.views.record import sources


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


def row_json(table: ViewTable, row: Any) -> Json:
    """A view's row as JSON and in words: its document and its columns."""
    shown: Json = {}
    for name in table.columns:
        value = getattr(row, name)
        if name in ORDER_COLUMNS:
            continue
        if name == "doc":
            shown.update(document(value))
        elif name in table.json_columns:
            shown[name] = document(value)
        else:
            shown[name] = value
    return shown


def cut_all(connection: sa.Connection, rows: Iterable[tuple[Json, str | None]]) -> list[Json]:
    """What of rows, each with its stream, the caller may see: for staff everything that is not sealed, else
    the public cut. What is closed and shown all the same is noted."""
    listed = list(rows)
    if is_staff():
        note_closed_reads(connection, (stream for _, stream in listed))
    return rows_as_seen(connection, listed, viewer())


def sees_all(collection: Collection) -> bool:
    """Whether the caller finds more in a list than the public does."""
    return is_evaluator() if collection.kind == "EvaluationSheet" else is_staff()


def item_of(connection: sa.Connection, collection: Collection, entity: str, reader: Viewer) -> Json:
    """An item as this reader may see it, with what is not recorded of it. Refuses ``UNKNOWN_ID``."""
    own = collection.table.table
    row = connection.execute(sa.select(own).where(own.c[collection.id_column] == entity)).first()
    if row is None:
        raise UNKNOWN_ID(kind=collection.ja, kind_en=collection.en, id=entity)
    stream = KINDS[collection.kind or ""].stream_for(entity)
    if reader.staff:
        note_closed_reads(connection, [stream])
    seen = row_as_seen(connection, row_json(collection.table, row), stream, reader)
    return {**collection.finish(seen), **account_of(connection, entity)}
