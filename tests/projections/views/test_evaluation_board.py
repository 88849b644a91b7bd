"""The evaluation board, on both databases: what each reader sees of a sheet; a rebuild is the same."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from domain.kernel.events import Recorded
from domain.kernel.viewer import PUBLIC, Side, Viewer
from projections.answers.describing import Describer
from projections.answers.public_cut import row_as_seen
from projections.answers.trail import trail
from projections.engine.log import events_after, version_of
from projections.engine.store import Store
from projections.rebuild.replay import verify
from projections.views.plan import evaluation_board
from projections.views.plan.sealed import readable, seals_for, version_seen
from tests.support.given import give
from tests.support.stories.sheets import (
    ITEMS,
    SHEET,
    given_a_sheet,
    given_an_action_under_way,
    scores,
    submission,
)

STAFF, CITIZEN, CITY = Viewer(True), Viewer(True, frozenset("c")), Viewer(True, frozenset("g"))
MARK = "ひみつの言葉（架空）"


def given_sheet(store: Store, until: str) -> None:
    """A sheet on a store; each side's comments hold a word that can be looked for."""
    do = partial(give, store.application)
    given_an_action_under_way(do)
    given_a_sheet(do, "self_evaluating" if until in ("one side", "the other side") else until)
    if until == "one side":
        do("EV-C", "EvaluationSheet", SHEET, "submit_self_evaluation", **submission("c", MARK))
    if until == "the other side":
        do("EV-G", "EvaluationSheet", SHEET, "submit_self_evaluation", **submission("g", MARK))


def seen(store: Store, viewer: Viewer) -> dict[str, Any]:
    """The sheet as a reader sees it."""
    with store.engine.connect() as connection:
        row = connection.execute(evaluation_board.sheets()).one()
        plain = evaluation_board.sheet.as_row(tuple(row))
        shown = row_as_seen(connection, {**plain, **plain.pop("doc")}, SHEET, viewer)
        return evaluation_board.compared(shown)


def log(connection: sa.Connection) -> list[Recorded[Any]]:
    return events_after(connection, limit=1_000)


def item(sheet: dict[str, Any], code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(i for i in sheet["items"] if i["item"] == code)
    return found


def test_both_sides_stand_next_to_each_other_after_the_unsealing(store: Store) -> None:
    given_sheet(store, "published")
    sheet = seen(store, STAFF)
    assert (sheet["action_id"], sheet["fiscal_year"], sheet["stage"], sheet["state"]) == (
        "action-forum",
        2026,
        "end",
        "published",
    )
    assert [i["item"] for i in sheet["items"]] == list(ITEMS)
    wide, agreed, same = item(sheet, "P3"), item(sheet, "R1"), item(sheet, "P1")
    assert (wide["c"]["score"], wide["g"]["score"], wide["gap"], wide["wide"]) == (2, 4, -2, True)
    assert wide["discussed"][0]["cause"].startswith("会議の時間") and wide["kept"]["why"]
    assert (agreed["gap"], agreed["wide"], agreed["agreed"]["score"]) == (1, False, 4)
    assert (same["gap"], same["differs"], same["discussed"], same["kept"]) == (0, False, [], None)
    assert sheet["third_party"][0]["grade"] == "B"
    assert sheet["improvements"][0]["applies_to_fiscal_year"] == 2027
    assert sheet["status"] == {"c": "submitted", "g": "submitted"}


@pytest.mark.parametrize(
    ("until", "viewer", "status"),
    [
        ("self_evaluating", CITIZEN, {"c": "not_known", "g": "not_known"}),
        ("one side", CITIZEN, {"c": "submitted", "g": "not_known"}),
        ("one side", CITY, {"c": "not_known", "g": "not_known"}),
        ("one side", STAFF, {"c": "not_known", "g": "not_known"}),
        ("the other side", CITY, {"c": "not_known", "g": "submitted"}),
        ("the other side", CITIZEN, {"c": "not_known", "g": "not_known"}),
        ("unsealed", CITIZEN, {"c": "submitted", "g": "submitted"}),
        ("unsealed", STAFF, {"c": "submitted", "g": "submitted"}),
    ],
)
def test_under_the_seal_each_side_sees_its_own(
    store: Store, until: str, viewer: Viewer, status: dict[Side, str]
) -> None:
    given_sheet(store, until)
    sheet = seen(store, viewer)
    assert sheet["status"] == status
    assert (MARK in str(sheet)) == ("submitted" in status.values() and until != "unsealed")
    assert all(i["gap"] is None for i in sheet["items"]) == (until != "unsealed")


@pytest.mark.parametrize("viewer", [STAFF, CITIZEN, PUBLIC])
def test_a_sheet_with_the_other_sides_submission_looks_as_one_without(store: Store, viewer: Viewer) -> None:
    given_sheet(store, "self_evaluating")
    before = everything(store, viewer)
    give(
        store.application,
        "EV-G",
        "EvaluationSheet",
        SHEET,
        "submit_self_evaluation",
        **submission("g", MARK),
    )
    assert everything(store, viewer) == before
    again = submission("g", MARK) | {"reason": MARK, "scores": scores(MARK, P1=5)}
    give(store.application, "EV-G", "EvaluationSheet", SHEET, "correct_self_evaluation", **again)
    assert everything(store, viewer) == before
    with store.engine.connect() as connection:
        assert version_of(connection, SHEET) == 5
        assert version_seen(connection, SHEET, CITY) == 5


def everything(store: Store, viewer: Viewer) -> list[Any]:
    """All that a reader can find out about a sheet: its row, its trail, its version, its events."""
    with store.engine.connect() as connection:
        events = readable(connection, viewer, log(connection))
        describer = Describer(connection, events, viewer=viewer)
        return [
            seen(store, viewer),
            trail(connection, SHEET, staff=viewer.staff),
            trail(connection, "action-forum", staff=viewer.staff),
            version_seen(connection, SHEET, viewer),
            [describer.describe(e) for e in events],
        ]


def test_the_log_has_a_stub_of_the_same_form_in_place_of_what_is_sealed(store: Store) -> None:
    given_sheet(store, "one side")
    with store.engine.connect() as connection:
        events = log(connection)
        theirs, own = (Describer(connection, events, viewer=v) for v in (CITY, CITIZEN))
        stub, told = theirs.describe(events[-1]), own.describe(events[-1])
        assert stub.keys() == told.keys()
        assert {name for name, value in stub.items() if value} == {
            "position",
            "label",
            "who",
            "asserted_by",
            "closed",
            "sealed",
        }
        assert told["data"]["scores"] and not told["sealed"]
        assert Describer(connection, events, staff=True).describe(events[-1]) == stub
        assert Describer(connection, events, staff=False).describe(events[-1]) == stub


def test_what_is_not_known_to_be_unsealed_is_sealed(store: Store) -> None:
    given_sheet(store, "unsealed")
    with store.engine.begin() as connection:
        assert all(not seals_for(connection, STAFF, [SHEET]).hides(e) for e in log(connection))
        connection.execute(sa.text("DELETE FROM sheet_seal"))
        assert sum(seals_for(connection, STAFF, [SHEET]).hides(e) for e in log(connection)) == 2
        connection.rollback()


def test_the_public_reads_a_sheet_when_it_is_published_and_never_who(store: Store) -> None:
    given_sheet(store, "improvement_agreed")
    hidden = seen(store, PUBLIC)
    assert hidden["closed"]["ja"] == "非公開（理由: 審議検討情報）"
    assert hidden.keys() == {"sheet_id", "state", "closed", "ground"}
    with store.engine.connect() as connection:
        events = [e for e in log(connection) if e.stream == SHEET]
        describer = Describer(connection, events, staff=False)
        assert {d["data"] for e in events if (d := describer.describe(e))} == {None}
    give(store.application, "SEC", "EvaluationSheet", SHEET, "publish")
    shown = seen(store, PUBLIC)
    assert item(shown, "P3")["c"]["comment"] and shown["improvements"][0]["text"]
    assert "p-ev" not in str(shown) and "p-sec" not in str(shown)


def test_a_replaced_evaluation_is_kept_and_hidden_with_it(store: Store) -> None:
    given_sheet(store, "one side")
    do = partial(give, store.application)
    again = submission("c") | {"reason": "記入の誤り（架空）", "overall": "改めた（架空）"}
    do("EV-C", "EvaluationSheet", SHEET, "correct_self_evaluation", **again)
    assert seen(store, CITY)["replaced"] == [] and MARK not in str(seen(store, STAFF))
    own = seen(store, CITIZEN)
    assert own["replaced"][0]["overall"] == MARK and own["sides"]["c"]["overall"] == "改めた（架空）"
    do("EV-G", "EvaluationSheet", SHEET, "submit_self_evaluation", **submission("g"))
    assert seen(store, CITY)["replaced"][0]["overall"] == MARK


def test_a_wrong_entry_is_corrected_in_the_open_and_shows_as_corrected(store: Store) -> None:
    given_sheet(store, "mutual_differs")
    do = partial(give, store.application)
    agreed = seen(store, STAFF)["agreed"][0]
    assert (agreed["item"], agreed["score"]) == ("R1", 4)
    with store.engine.connect() as connection:
        (entered,) = [e for e in log(connection) if e.event_id == agreed["said"]["event_id"]]
    wrong = {
        "correction_id": "correction-1",
        "target_version": entered.version,
        "changes": [{"field": "score", "after": 3}],
        "reason": "転記の誤り（架空）",
    }
    do("SEC", "EvaluationSheet", SHEET, "propose_correction", **wrong)
    assert seen(store, STAFF)["agreed"][0]["score"] == 4
    do("CHR", "EvaluationSheet", SHEET, "approve_correction", correction_id="correction-1")
    assert item(seen(store, STAFF), "R1")["agreed"]["score"] == 3
    assert [proof.view for proof in verify(store) if not proof.equal] == []


@pytest.mark.parametrize("until", ["one side", "published"])
def test_a_rebuild_gives_the_same_rows(store: Store, until: str) -> None:
    given_sheet(store, until)
    assert [proof.view for proof in verify(store) if not proof.equal] == []
