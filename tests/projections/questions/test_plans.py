"""Questions about the plan: what it is, what was done, why an action exists, what became of comments."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from domain.kernel.viewer import PUBLIC, Viewer
from domain.values.refusal import Refusal
from projections.engine.store import Store
from projections.questions.question import QUESTIONS, Ask
from projections.rebuild.replay import verify
from projections.views.council import officer_directory, party_register
from projections.views.plan import plan_progress
from tests.support.given import give

PLAN, FORUM = "plan-new", "action-forum"
STAFF = Viewer(staff=True)
NAME, ADDRESS = "架空 花子", "架空市架空町1-1"
WINDOW = {
    "from_date": {"value": "2026-02-06", "precision": "day"},
    "to_date": {"value": "2026-02-26", "precision": "day"},
    "channels": ["post"],
}


def put(store: Store, code: str, viewer: Viewer = STAFF, **arguments: Any) -> Any:
    with store.engine.connect() as connection:
        return QUESTIONS[code].put(Ask(connection, viewer, dt.date(2026, 7, 1)), arguments)


def do(store: Store, role: str, kind: str, entity: str, command: str, /, **arguments: Any) -> None:
    give(store.application, role, kind, entity, command, **arguments)


def given_a_plan_with_comments(store: Store) -> None:
    """Three comments by two people: one reflected after it had been kept for reference, one not adopted."""
    law = {"instrument_id": "law-x", "article": 17}
    council = {"name_ja": "架空の会議", "legal_basis": law}
    do(store, "IMP", "Council", "council-x", "establish", importing=True, **council)
    begun = {"title_ja": "推進計画（架空）", "council_id": "council-x"}
    do(store, "SEC", "PromotionPlan", PLAN, "start_formulation", **begun)
    do(store, "SEC", "Document", "doc-draft", "register", kind="draft", disclosure={"visibility": "public"})
    do(store, "SEC", "PromotionPlan", PLAN, "prepare_draft", document_id="doc-draft")
    measure = {"measure_id": "measure-centre", "text_ja": "拠点を設ける（架空）", "art16_item": 4}
    do(store, "SEC", "PromotionPlan", PLAN, "state_measure", **measure)
    do(store, "SEC", "PromotionPlan", PLAN, "open_public_comment", **WINDOW)
    closed = {"visibility": "closed", "ground": "personal"}
    do(store, "SEC", "Document", "doc-letter", "register", kind="public_comment", disclosure=closed)
    received = {"text_ref": "doc-letter", "received_on": {"value": "2026-02-10", "precision": "day"}}
    person = {"name": NAME, "address": ADDRESS}
    for comment_id, by in (("c-1", person), ("c-2", {"same_person_as": "c-1"}), ("c-3", person)):
        do(store, "SEC", "PromotionPlan", PLAN, "receive_comment", comment_id=comment_id, **received, **by)
    for said in (
        {"comment_id": "c-1", "disposition": "for_reference", "reply": "参考にします。"},
        {
            "comment_id": "c-1",
            "disposition": "reflected",
            "reply": "改めます。",
            "draft_change": "第2章",
        },
        {"comment_id": "c-2", "disposition": "not_adopted", "reply": "国の権限のため。"},
    ):
        do(store, "SEC", "PromotionPlan", PLAN, "dispose_comment", **said)


def given_an_action(store: Store) -> None:
    action = {"title": "フォーラム（架空）", "measure_id": "measure-centre", "art16_item": 1}
    do(store, "SEC", "PlanAction", FORUM, "propose", **action)
    do(store, "IMP", "PlanAction", FORUM, "adopt", importing=True, fiscal_year=2026)
    budget = {"fiscal_year": 2026, "kind": "initial", "amount_yen": 200_000}
    do(store, "SEC", "PlanAction", FORUM, "allocate_budget", **budget)


# -- S10 and P6


def test_what_became_of_a_comment_is_told_without_its_author(store: Store) -> None:
    given_a_plan_with_comments(store)
    told = put(store, "S10", plan_id=PLAN, comment_id="c-1")
    answer = told["answer"]
    assert (answer["disposition"], answer["reply"], answer["draft_change"]) == (
        "reflected",
        "改めます。",
        "第2章",
    )
    assert [r["disposition"] for r in answer["replaced"]] == ["for_reference"]
    assert [e["type"] for e in told["events"]] == ["CommentReceived", "CommentDisposed", "CommentDisposed"]
    assert told["unknown"] == []
    written = json.dumps(told, ensure_ascii=False)
    assert NAME not in written and ADDRESS not in written and "commenter-" not in written


def test_what_is_not_on_record_of_a_comment_is_said(store: Store) -> None:
    given_a_plan_with_comments(store)
    told = put(store, "S10", plan_id=PLAN, comment_id="c-3")
    assert told["answer"]["disposition"] is None
    assert [u["en"] for u in told["unknown"]] == ["what became of comment no. 3"]
    with pytest.raises(Refusal, match="UNKNOWN_ID"):
        put(store, "S10", plan_id=PLAN, comment_id="c-9")
    with pytest.raises(Refusal, match="UNKNOWN_ID"):
        put(store, "S10", plan_id="doc-draft", comment_id="c-1")


@pytest.mark.parametrize("viewer", [STAFF, PUBLIC])
def test_comments_are_counted_by_what_became_of_them(store: Store, viewer: Viewer) -> None:
    given_a_plan_with_comments(store)
    told = put(store, "P6", viewer)
    (asked,) = told["answer"]["plans"]
    assert asked["counts"] == {
        "received": 3,
        "reflected": 1,
        "already_included": 0,
        "for_reference": 0,
        "not_adopted": 1,
        "open": 1,
    }
    assert asked["people"] is None and asked["result_published"] is None
    assert asked["windows"][0]["to"]["label"]["en"] == "26 February 2026"
    assert [r["reply"] for r in asked["replies"]] == ["改めます。", "国の権限のため。"]
    assert len(told["unknown"]) == 3
    written = json.dumps(told, ensure_ascii=False)
    assert NAME not in written and "commenter-" not in written


def test_the_published_result_counts_people(store: Store) -> None:
    given_a_plan_with_comments(store)
    last = {"comment_id": "c-3", "disposition": "already_included"}
    do(store, "SEC", "PromotionPlan", PLAN, "dispose_comment", **last)
    do(store, "SEC", "PromotionPlan", PLAN, "publish_comment_result")
    told = put(store, "P6", PUBLIC, plan_id=PLAN)
    (asked,) = told["answer"]["plans"]
    assert (asked["people"], asked["counts"]["received"], told["unknown"]) == (2, 3, [])
    assert all(proof.equal for proof in verify(store))


def test_nothing_to_tell_of_comments_is_said(kanazawa: Store) -> None:
    told = put(kanazawa, "P6", PUBLIC)
    assert told["answer"] == {"plans": []} and told["unknown"]


# -- P7 and S12


def test_measures_actions_and_states(store: Store) -> None:
    given_a_plan_with_comments(store)
    given_an_action(store)
    (plan,) = put(store, "P7", PUBLIC)["answer"]["plans"]
    assert plan["state"] == "public_comment"
    (measure,) = plan["measures"]
    assert (measure["measure_id"], measure["art16_item"]) == ("measure-centre", 4)
    assert measure["actions"] == [
        {"action_id": FORUM, "title": "フォーラム（架空）", "state": "adopted", "certainty": "stated"}
    ]


def test_actions_of_kanazawa_are_known_by_inference(kanazawa: Store) -> None:
    told = put(kanazawa, "P7", PUBLIC)
    (plan,) = told["answer"]["plans"]
    assert {a["certainty"] for a in plan["actions_of_the_whole"]} == {"inferred"}
    assert len(plan["actions_of_the_whole"]) == 3 and plan["period"]["from_fy"] is None
    assert "the period of “協働推進計画”" in [u["en"] for u in told["unknown"]]


def test_why_an_action_exists(store: Store) -> None:
    given_a_plan_with_comments(store)
    given_an_action(store)
    told = put(store, "S12", action_id=FORUM)
    answer = told["answer"]
    assert [m["measure_id"] for m in answer["measures"]] == ["measure-centre"]
    assert answer["art16_items"] == [1, 4]
    assert answer["first_budget"]["amount"]["yen"] == 200_000
    assert {e["type"] for e in told["events"]} == {"ActionProposed", "ActionAdopted", "BudgetAllocated"}
    assert [u["en"] for u in told["unknown"]] == ["the matter in which “フォーラム（架空）” was decided"]


def test_what_the_rulebook_rests_on_is_inferred(kanazawa: Store) -> None:
    told = put(kanazawa, "S12", action_id="action-rulebook")
    (basis,) = told["answer"]["rests_on"]
    assert (basis["id"], basis["certainty"]) == ("plan-kyodo-suishin", "inferred")
    assert "（推定）" in told["says"]["ja"] and len(told["unknown"]) == 3


# -- the other views of this family


def test_the_directory_shows_posts_and_hides_who_holds_them(store: Store) -> None:
    network = "officers-x"
    do(store, "SEC", "OfficerNetwork", network, "create_posts", title_ja="担当者", scope="every_section")
    do(
        store,
        "SEC",
        "OfficerNetwork",
        network,
        "register_section",
        section_id="s-park",
        name="公園課（架空）",
    )
    do(store, "SEC", "Party", "p-staff", "register_person", name=NAME)
    do(store, "SEC", "OfficerNetwork", network, "designate_officer", section_id="s-park", party_id="p-staff")
    training = {"training_id": "t-1", "kind": "basic", "title_ja": "基礎研修（架空）", "attendees": 12}
    do(store, "SEC", "OfficerNetwork", network, "plan_training", training_id="t-1", kind="basic")
    do(store, "SEC", "OfficerNetwork", network, "hold_training", **training)
    with store.engine.connect() as connection:
        (filled,) = connection.execute(officer_directory.sections(network_id=network, state="filled"))
        assert (filled.name, filled.holder) == ("公園課（架空）", "p-staff")
        assert "party_id" not in json.loads(filled.doc)["course"][0]
        (held,) = connection.execute(officer_directory.trainings(network_id=network, state="held"))
        assert (held.title, held.attendees) == ("基礎研修（架空）", 12)
        assert connection.execute(officer_directory.networks()).one().network_id == network
    do(store, "SEC", "OfficerNetwork", network, "abolish_section", section_id="s-park")
    with store.engine.connect() as connection:
        (gone,) = connection.execute(officer_directory.sections(state="abolished"))
        assert gone.holder is None


def test_the_register_knows_people_by_id(store: Store) -> None:
    do(store, "SEC", "Party", "p-one", "register_person", name=NAME)
    do(store, "SEC", "Party", "p-double", "register_person", name=NAME)
    do(store, "SEC", "Party", "p-one", "give_name_consent")
    do(store, "SEC", "Party", "p-double", "merge", into="p-one")
    do(store, "SEC", "Party", "org-x", "register_organisation", name_ja="縁側（架空）", category="npo")
    with store.engine.connect() as connection:
        people = connection.execute(party_register.parties(kind="person")).all()
        assert [(p.party_id, p.state, p.may_be_named, p.merged_into) for p in people] == [
            ("p-one", "person", 1, None),
            ("p-double", "merged", 0, "p-one"),
        ]
        (npo,) = connection.execute(party_register.parties(category="npo", state="organisation"))
        assert npo.name == "縁側（架空）" and NAME not in str(people)


def test_a_plan_goes_through_its_states(store: Store) -> None:
    given_a_plan_with_comments(store)
    with store.engine.connect() as connection:
        (row,) = connection.execute(plan_progress.plans(state="public_comment"))
        assert len(json.loads(row.doc)["drafts"]) == 1
        assert [
            c.comment_id for c in connection.execute(plan_progress.comments(PLAN, disposition="reflected"))
        ] == ["c-1"]
