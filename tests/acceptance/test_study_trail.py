"""The trail of the centre study: back to article 17, on to the four questions, and no outcome invented."""

from typing import Any

from flask.testing import FlaskClient
from prov.model import ProvDocument

from tests.acceptance.conftest import get

PATH = "/api/v1/studies/study-centre/trail"


def ids(side: dict[str, Any]) -> set[str]:
    return {thing["id"] for thing in side["things"]}


def test_it_reaches_back_to_the_article_the_council_and_the_measure(kanazawa_client: FlaskClient) -> None:
    backward = ids(get(kanazawa_client, PATH)["backward"])
    assert {
        "measure-centre",
        "plan-kyodo-suishin",
        "council-shimin-kaigi",
        "law-participation-ordinance#17",
        "law-participation-ordinance",
        "background-community",
        "background-decentralisation",
    } <= backward


def test_it_reaches_forward_to_the_four_questions(kanazawa_client: FlaskClient) -> None:
    trail = get(kanazawa_client, PATH)
    asked = [s["data"]["question"] for s in trail["forward"]["steps"] if s["type"] == "StudyQuestionOpened"]
    assert asked == ["necessity", "functions", "location", "operation"]
    assert {"study-centre#necessity", "future-issue-centre"} <= ids(trail["forward"])


def test_it_says_that_no_outcome_is_recorded(kanazawa_client: FlaskClient) -> None:
    said = {gap["en"] for gap in get(kanazawa_client, PATH)["not_recorded"]}
    assert "the outcome of the study: no outcome is recorded" in said
    assert "an answer to the question “necessity”" in said


def test_every_step_tells_who_when_whence_and_how_certain(kanazawa_client: FlaskClient) -> None:
    trail = get(kanazawa_client, PATH)
    for side in ("backward", "own", "forward"):
        steps = trail[side]["steps"]
        assert steps
        for step in steps:
            assert step["effective"]["precision"] and step["recorded_at"] and step["who"]["role"]
            assert step["certainty"] and step["source"]["document_id"] == "doc-case-sheet"
        keys = [(s["effective"]["earliest"] or "0000", s["effective"]["latest"] or "9999") for s in steps]
        assert keys == sorted(keys)
    assert {s["order_after_previous"] for s in trail["own"]["steps"][1:]} <= {"order_unknown", "before"}


def test_links_say_who_made_them_and_how_certain_they_are(kanazawa_client: FlaskClient) -> None:
    links = get(kanazawa_client, PATH)["links"]
    assert any(made["relation"] == "pursues" and made["to"]["id"] == "measure-centre" for made in links)
    assert all(made["made"]["by"] and made["made"]["certainty"] for made in links)


def test_the_prov_json_loads_in_the_prov_library(kanazawa_client: FlaskClient) -> None:
    response = kanazawa_client.get(f"{PATH}.prov.json")
    assert response.status_code == 200
    document = ProvDocument.deserialize(content=response.get_data(as_text=True), format="json")
    assert document is not None
    names = {str(record.identifier) for record in document.get_records() if record.identifier}
    assert any("study-centre" in name for name in names)
    assert len(document.get_records()) > 30
    addresses = {record.identifier.uri for record in document.get_records() if record.identifier}
    assert "https://kyodo.example.jp/id/study/study-centre" in addresses
    for address in addresses:
        named = kanazawa_client.get(address.removeprefix("https://kyodo.example.jp"))
        assert named.status_code == 303, address
