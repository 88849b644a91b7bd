"""A correction reaches every view, a redaction every reader; and a replay gives the same rows."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from projections.answers.describing import Describer
from projections.answers.ledger import ledger_of
from projections.answers.public_cut import public_row
from projections.answers.timeline import entries_seen
from projections.answers.trail import trail
from projections.engine.log import events_after
from projections.engine.store import Store
from projections.rebuild.replay import rebuild, verify
from projections.views.matter.decision_trail import things
from projections.views.plan import action_ledger
from projections.views.record import public_timeline
from projections.views.record.closed_parts import closed_in
from projections.views.record.corrections import fix, fixes
from tests.support.given import give

FORUM = "action-citizens-forum"
WHY = "集計表の転記を誤ったため（架空）"


def version_of(store: Store, stream: str, type_: str) -> int:
    with store.engine.connect() as connection:
        return next(e.version for e in events_after(connection, stream=stream, types=[type_]))


def correct(store: Store, kind: str, entity: str, stream: str, type_: str, **after: Any) -> None:
    name = f"fix-{store.head()}"
    changes = [{"field": field, "after": value} for field, value in after.items()]
    target = version_of(store, stream, type_)
    asked = {"correction_id": name, "target_version": target, "changes": changes, "reason": WHY}
    give(store.application, "SEC", kind, entity, "propose_correction", **asked)
    give(store.application, "CHR", kind, entity, "approve_correction", correction_id=name)


def redact(
    store: Store, kind: str, entity: str, stream: str, type_: str, *fields: str, name: str = "r-1"
) -> None:
    closed = {"visibility": "closed", "ground": "personal"}
    asked = {"redaction_id": name, "target_version": version_of(store, stream, type_), "redacted": closed}
    give(store.application, "DIS", kind, entity, "redact", **asked, reason=WHY, fields=list(fields))


def then_a_replay_agrees(store: Store) -> None:
    assert [p.view for p in verify(store) if not p.equal] == []


def test_a_corrected_budget_stands_in_the_ledger_the_trail_and_the_timeline(kanazawa: Store) -> None:
    correct(kanazawa, "PlanAction", FORUM, FORUM, "BudgetAllocated", amount_yen=210_000, stated_amount=210)
    with kanazawa.engine.connect() as connection:
        (year,) = ledger_of(connection, action_id=FORUM)
        assert (year["initial_yen"], year["current_yen"], year["spent_yen"]) == (210_000, 210_000, None)
        found = trail(connection, FORUM, staff=True)
        (step,) = [s for s in found["own"]["steps"] if s["type"] == "BudgetAllocated"]
        assert step["data"]["amount_yen"] == 210_000
        ((change, _),) = [c["changes"] for c in step["corrections"]]
        assert change == {"field": "amount_yen", "before": 200_000, "after": 210_000}
        assert "RecordCorrected" in {s["type"] for s in found["own"]["steps"]}
        rows = connection.execute(public_timeline.entries(kind="PlanAction")).all()
        shown = entries_seen(rows, closed_in(connection, []))
        (entry,) = [e for e in shown if e["subject"] == FORUM and e["type"] == "BudgetAllocated"]
        assert entry["money"]["yen"] == 210_000
        assert [c["reason"] for c in entry["corrections"]] == [WHY]
    then_a_replay_agrees(kanazawa)


def test_a_corrected_title_names_the_thing(kanazawa: Store) -> None:
    title = "市民協働フォーラムの開催"
    correct(kanazawa, "PlanAction", FORUM, FORUM, "ActionRegistered", title_ja=title)
    with kanazawa.engine.connect() as connection:
        assert things(connection, [FORUM])[FORUM]["title"] == title
        row = connection.execute(
            action_ledger.actions().where(action_ledger.action.table.c.action_id == FORUM)
        )
        assert row.one().title == title
    then_a_replay_agrees(kanazawa)


def test_a_corrected_date_moves_its_entry_in_the_timeline(kanazawa: Store) -> None:
    group = "group-centre-study-team"
    correct(kanazawa, "WorkingGroup", group, group, "GroupFormed", effective="2008-06")
    with kanazawa.engine.connect() as connection:
        rows = connection.execute(public_timeline.entries(kind="WorkingGroup")).all()
        (entry,) = entries_seen(rows, closed_in(connection, []))[:1]
    assert (entry["effective"]["value"], entry["effective"]["precision"]) == ("2008-06", "month")
    then_a_replay_agrees(kanazawa)


def test_a_rebuild_after_corrections_gives_the_same_rows(kanazawa: Store) -> None:
    correct(kanazawa, "PlanAction", FORUM, FORUM, "ActionRegistered", title_ja="第一の題名")
    correct(kanazawa, "PlanAction", FORUM, FORUM, "ActionRegistered", title_ja="第二の題名")
    assert [p.view for p in rebuild(kanazawa) if not p.equal] == []


def test_corrections_are_listed_with_what_became_of_them(kanazawa: Store) -> None:
    correct(kanazawa, "PlanAction", FORUM, FORUM, "ActionRegistered", title_ja="第一の題名")
    with kanazawa.engine.connect() as connection:
        (row,) = connection.execute(fixes(act="correction", entity=FORUM)).all()
    assert (row.state, row.target_type, row.kind) == ("approved", "ActionRegistered", "PlanAction")
    assert '"approved_by":"p-chr"' in row.doc and '"proposed_by":"p-sec"' in row.doc


@pytest.mark.parametrize("fields", [(), ("text_ja",)])
def test_a_redacted_text_is_nowhere_for_the_public_and_stays_for_staff(
    kanazawa: Store, fields: tuple[str, ...]
) -> None:
    stream, entity = "reflection-problem-fixed-participants", "problem-fixed-participants"
    with kanazawa.engine.connect() as connection:
        (event,) = events_after(connection, stream=stream, types=["ReflectionRecorded"])
        text = event.data.text_ja
    redact(kanazawa, "Reflection", entity, stream, "ReflectionRecorded", *fields)
    with kanazawa.engine.connect() as connection:
        closed = closed_in(connection, [stream])
        public = Describer(connection, [event], staff=False).describe(event)
        assert text not in repr(public)
        assert "非公開（理由: 個人情報）" in repr(public)
        assert text in repr(Describer(connection, [event], staff=True).describe(event))
        assert text not in repr(trail(connection, entity, staff=False))
        rows = connection.execute(public_timeline.entries(kind="Reflection")).all()
        assert text not in repr(entries_seen(rows, closed_in(connection, [stream])))
        from projections.views.matter import issue_board

        table = issue_board.issue.table
        row = connection.execute(sa.select(table).where(table.c.issue_id == entity)).one()
        stored = issue_board.issue.as_row(tuple(row))
        assert text in repr(stored)
        assert text not in repr(public_row(stored, closed, stream))
    then_a_replay_agrees(kanazawa)


def test_a_lifted_redaction_gives_the_name_back(kanazawa: Store) -> None:
    with kanazawa.engine.connect() as connection:
        title = things(connection, [FORUM])[FORUM]["title"]
    redact(kanazawa, "PlanAction", FORUM, FORUM, "ActionRegistered")
    with kanazawa.engine.connect() as connection:
        assert things(connection, [FORUM])[FORUM]["title"] is None
    give(kanazawa.application, "DIS", "PlanAction", FORUM, "lift_redaction", redaction_id="r-1", reason=WHY)
    with kanazawa.engine.connect() as connection:
        assert things(connection, [FORUM])[FORUM]["title"] == title
        state = sa.select(fix.table.c.state).where(fix.table.c.act == "redaction")
        assert connection.scalar(state) == "lifted"
    then_a_replay_agrees(kanazawa)


def test_what_is_redacted_twice_is_closed_until_both_are_lifted(kanazawa: Store) -> None:
    about = ("Reflection", "problem-fixed-participants", "reflection-problem-fixed-participants")
    redact(kanazawa, *about, "ReflectionRecorded", name="r-1")
    redact(kanazawa, *about, "ReflectionRecorded", "text_ja", name="r-2")
    kind, entity, stream = about
    with kanazawa.engine.connect() as connection:
        (event,) = events_after(connection, stream=stream, types=["ReflectionRecorded"])
    seen = []
    for name in ("r-1", "r-2"):
        give(kanazawa.application, "DIS", kind, entity, "lift_redaction", redaction_id=name, reason=WHY)
        with kanazawa.engine.connect() as connection:
            seen.append(Describer(connection, [event], staff=False).describe(event)["data"]["text_ja"])
    assert seen == [
        "非公開（理由: 個人情報） / not public (personal information)",
        event.data.text_ja,
    ]
    then_a_replay_agrees(kanazawa)
