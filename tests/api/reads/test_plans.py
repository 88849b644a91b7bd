"""Warnings in a receipt; the plan, its comments, officers and parties as the public reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from domain.kernel.events import Recorded
from tests.api.conftest import Teller, over

Log = Callable[[], list[Recorded[Any]]]
NAME, ADDRESS = "架空 花子", "架空市架空町1-1"
STEP_UP = {"training_id": "t-1", "kind": "step_up", "title_ja": "研修（架空）", "attended": ["p-officer"]}


@pytest.fixture
def app(one_app: Flask, any_record_url: str) -> Iterator[Flask]:
    yield from over(one_app, any_record_url)


def given_officers(secretary: Teller) -> None:
    posts = {"id": "officers-x", "title_ja": "担当者（架空）", "scope": "every_section"}
    assert secretary.post("officer-networks", posts).status_code == 201
    assert secretary.post("parties", {"id": "p-officer", "name": NAME}).status_code == 201
    section = {"section_id": "s-park", "name": "公園課（架空）"}
    assert secretary.post("officer-networks/officers-x/register-section", section).status_code == 200
    officer = {"section_id": "s-park", "party_id": "p-officer"}
    assert secretary.post("officer-networks/officers-x/designate-officer", officer).status_code == 200


@pytest.mark.parametrize(("language", "said"), [("ja", "基礎研修"), ("en", "basic training")])
def test_a_receipt_tells_what_is_unusual_in_the_readers_language(
    secretary: Teller, language: str, said: str
) -> None:
    given_officers(secretary)
    path = "officer-networks/officers-x/hold-training"
    first = secretary.post(path, STEP_UP, Accept_Language=language, Idempotency_Key="k-1")
    assert first.status_code == 200
    (unusual,) = first.json["warnings"]
    assert unusual.keys() == {"code", "detail", "rule", "rule_url", "what_next"}
    assert unusual["code"] == "BASIC_MISSING" and said in unusual["detail"] and unusual["what_next"]
    again = secretary.post(path, STEP_UP, Accept_Language=language, Idempotency_Key="k-1")
    assert (again.json["replayed"], again.json["warnings"]) == (True, [])


def test_the_public_sees_that_a_post_is_filled_and_not_by_whom(
    secretary: Teller, client: FlaskClient
) -> None:
    given_officers(secretary)
    secretary.post("officer-networks/officers-x/hold-training", STEP_UP)
    (section,) = client.get("/api/v1/officers").json["items"]
    assert (section["name"], section["state"]) == ("公園課（架空）", "filled") and "holder" not in section
    (training,) = client.get("/api/v1/trainings?state=held").json["items"]
    assert "p-officer" not in str(training) and "p-officer" not in str(section)
    (network,) = client.get("/api/v1/officer-networks").json["items"]
    assert network["network_id"] == "officers-x"


def test_the_public_lists_organisations_and_no_people(secretary: Teller, client: FlaskClient) -> None:
    secretary.post("parties", {"id": "p-one", "name": NAME})
    npo = {"id": "org-x", "name_ja": "縁側（架空）", "category": "npo"}
    secretary.post("parties/-/register-organisation", npo)
    (shown,) = client.get("/api/v1/parties").json["items"]
    assert shown["party_id"] == "org-x"
    assert NAME not in client.get("/api/v1/parties").text


def given_a_comment(secretary: Teller) -> None:
    """A comment on a draft, kept for reference."""
    law = {"instrument_id": "law-x", "article": 17}
    secretary.post("councils", {"id": "council-x", "name_ja": "架空の会議", "legal_basis": law})
    secretary.post(
        "plans/-/start-formulation", {"id": "plan-x", "title_ja": "計画", "council_id": "council-x"}
    )
    secretary.post("documents", {"id": "doc-1", "kind": "draft", "disclosure": {"visibility": "public"}})
    secretary.post("plans/plan-x/prepare-draft", {"document_id": "doc-1"})
    measure = {"measure_id": "measure-x", "text_ja": "施策（架空）", "art16_item": 4}
    secretary.post("plans/plan-x/state-measure", measure)
    days = {"from_date": "2026-02-06", "to_date": "2026-02-26"}
    secretary.post("plans/plan-x/open-public-comment", days)
    letter = {"visibility": "closed", "ground": "personal"}
    secretary.post("documents", {"id": "doc-letter", "kind": "public_comment", "disclosure": letter})
    comment = {"comment_id": "c-1", "channel": "post", "text_ref": "doc-letter", "received_on": "2026-02-10"}
    answer = secretary.post("plans/plan-x/receive-comment", {**comment, "name": NAME, "address": ADDRESS})
    assert answer.status_code == 200, answer.json
    said = {"comment_id": "c-1", "disposition": "for_reference", "reply": "参考にします。"}
    assert secretary.post("plans/plan-x/dispose-comment", said).status_code == 200


PATHS = ("plans", "plans/plan-x", "plans/plan-x/measures", "plans/plan-x/comments", "plans/plan-x/trail")


def test_nothing_public_leads_to_whoever_commented(secretary: Teller, client: FlaskClient, log: Log) -> None:
    given_a_comment(secretary)
    vault_ref = next(e.data.vault_ref for e in log() if e.type == "CommentReceived")
    for path in (*PATHS, "timeline", "questions/P6", "questions/P7"):
        answer = client.get(f"/api/v1/{path}")
        assert answer.status_code == 200, path
        told = answer.text
        assert vault_ref not in told and NAME not in told and ADDRESS not in told, path


def test_the_plan_its_measures_and_its_comments(secretary: Teller, client: FlaskClient) -> None:
    given_a_comment(secretary)
    assert client.get("/api/v1/plans/plan-x").json["state"] == "public_comment"
    (measure,) = client.get("/api/v1/plans/plan-x/measures").json["items"]
    assert (measure["measure_id"], measure["actions"]) == ("measure-x", [])
    told = client.get("/api/v1/plans/plan-x/comments").json
    assert told["counts"]["for_reference"] == 1
    assert told["items"][0]["reply"] == "参考にします。" and "text_ref" not in told["items"][0]["received"]
    assert client.get("/api/v1/plans/plan-x/comments?disposition=reflected").json["items"] == []
