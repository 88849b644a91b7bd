"""``kyodo events``, ``trail``, ``views``, ``rebuild`` and ``verify``: the log, and what is made from it."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from api.cli.shell import DIFFERS, OK, REFUSED, USAGE
from projections.engine.store import Store
from tests.api.conftest import Run, record_documents, told

# --------------------------------------------------------------------------------------------- events


def test_events_are_read_in_order_as_cloudevents(run: Run, store: Store) -> None:
    record_documents(store, "a", "b", "c")
    lines = [json.loads(line) for line in run("events", "--json").stdout.splitlines()]
    assert [line["subject"] for line in lines] == ["doc-a", "doc-b", "doc-c"]
    first = lines[0]
    assert first["specversion"] == "1.0"
    assert first["source"] == "/api/v1/documents/doc-a"
    assert first["type"] == "DocumentRegistered"
    assert int(first["sequence"]) < int(lines[1]["sequence"])
    assert first["data"]["data"]["title"] == "a"
    assert first["data"]["actor"] == {"role": "SEC", "party": "p-1"}
    assert first["correlationid"] == "k-1"


@pytest.mark.parametrize(
    ("options", "subjects"),
    [
        (["--limit", "2"], ["doc-a", "doc-b"]),
        (["--after", "2"], ["doc-c"]),
        (["--stream", "document-doc-b"], ["doc-b"]),
        (["--type", "DocumentRegistered", "--limit", "1"], ["doc-a"]),
        (["--type", "DocumentRevised"], []),
        (["--correlation", "k-1", "--after", "1"], ["doc-b", "doc-c"]),
        (["--correlation", "k-2"], []),
        (["--correlation", "k-1", "--type", "DocumentRevised"], []),
        (["--role", "SEC"], ["doc-a", "doc-b", "doc-c"]),
        (["--role", "CHR"], []),
        (["--since", "2000-01-01", "--until", "2100-01-01"], ["doc-a", "doc-b", "doc-c"]),
        (["--since", "2100-01-01"], []),
        (["--until", "2000-01-01", "--follow"], []),
        (["--follow", "--limit", "3"], ["doc-a", "doc-b", "doc-c"]),
    ],
)
def test_events_may_be_chosen(run: Run, store: Store, options: list[str], subjects: list[str]) -> None:
    record_documents(store, "a", "b", "c")
    lines = run("events", "--json", *options).stdout.splitlines()
    assert [json.loads(line)["subject"] for line in lines] == subjects


def test_following_goes_on_with_what_comes(run: Run, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    record_documents(store, "a")
    monkeypatch.setattr("api.cli.events.time.sleep", lambda _: record_documents(store, "b"))
    lines = run("events", "--json", "--follow", "--limit", "2").stdout.splitlines()
    assert [json.loads(line)["subject"] for line in lines] == ["doc-a", "doc-b"]


def test_an_unknown_event_type_is_no_empty_answer(run: Run) -> None:
    assert run("events", "--type", "Nonsense").exit_code == REFUSED


def test_the_trail_of_a_thing_is_told(run: Run, store: Store) -> None:
    record_documents(store, "a")
    text = run("trail", "doc-a").stdout
    assert "文書 doc-a a" in text
    assert "文書の登録" in text
    assert told(run("trail", "doc-a", "--json"))["subject"]["id"] == "doc-a"
    assert run("trail", "doc-z").exit_code == REFUSED


# ---------------------------------------------------------------------------------------------- views


def test_views_tell_who_built_them(run: Run) -> None:
    assert {view["state"] for view in told(run("views", "--json"))["items"]} == {"current"}
    assert "経緯とつながり" in run("views").stdout


def tamper(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE trail_thing SET title='別の題'"))


def test_verify_ends_with_3_when_a_view_differs_from_the_log(run: Run, store: Store) -> None:
    record_documents(store, "a")
    assert all(proof["equal"] for proof in told(run("verify", "--json")))
    tamper(store)
    result = run("verify")
    assert result.exit_code == DIFFERS
    assert "別の題" in result.stdout


def test_rebuild_swaps_a_differing_view_only_when_it_is_to_repair(run: Run, store: Store) -> None:
    record_documents(store, "a")
    assert run("rebuild").exit_code == OK
    tamper(store)
    differs = run("rebuild", "decision_trail")
    assert differs.exit_code == DIFFERS
    assert "VIEW_DIFFERS" in differs.stderr
    as_json = run("rebuild", "decision_trail", "--json")
    assert json.loads(as_json.stderr.splitlines()[-1])["refused"]["code"] == "VIEW_DIFFERS"
    assert [proof["view"] for proof in json.loads(as_json.stdout)] == ["decision_trail"]
    assert run("rebuild", "--repair").exit_code == USAGE
    assert run("rebuild", "--repair", "--yes").exit_code == OK
    assert run("verify").exit_code == OK
    assert run("rebuild", "no_such_view").exit_code == REFUSED
