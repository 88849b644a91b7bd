"""Drafts: whose they are, two clerks at one, what is never lost, and that they go."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from api.access.accounts import Accounts
from api.access.auth import Caller
from api.office.desk.drafting import every_line, own_address, put_together, what_each_adds
from api.office.desk.drafts import LIFE, About, Drafts, Newer, is_ending, new_draft_id
from domain.values.refusal import Refusal
from projections.registry import open_store
from tests.api.conftest import PASSWORD
from tests.api.signing_in import csrf_of, sign_in

NOW = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)
MEETING = About("meeting-day", "第2回全体会", "/desk/meetings/meeting-2/day", "meeting-2", ("council-a",))
MINE = About("meeting-new", "新しい会議", "/desk/meetings/new")


def fields(**texts: str) -> dict[str, list[list[str]]]:
    return {"fields": [[name, text] for name, text in texts.items()]}


def test_a_draft_is_saved_shared_conflicts_and_goes(any_record_url: str) -> None:
    """One story on one record, on both databases."""
    store = open_store(any_record_url)
    try:
        for name in ("aoki", "baba", "chiba"):
            Accounts(store.engine).add(name, ["SEC"], password=PASSWORD)
        ids = {account.login: account.account_id for account in Accounts(store.engine).all()}
        tell_the_story(store.engine, ids)
    finally:
        store.close()


def tell_the_story(engine: sa.Engine, ids: dict[str, str]) -> None:
    of_all = Drafts(engine, Caller(ids["aoki"], "aoki", None, frozenset({"SEC"})), NOW)
    of_a = {"SEC": frozenset({"council-a"})}
    colleague = Drafts(engine, Caller(ids["baba"], "baba", None, frozenset({"SEC"}), bodies=of_a), NOW)
    of_b = {"SEC": frozenset({"council-b"})}
    stranger = Drafts(engine, Caller(ids["chiba"], "chiba", None, frozenset({"SEC"}), bodies=of_b), NOW)

    private = of_all.save(new_draft_id(), 0, MINE, fields(place="市民センター"))
    shared = of_all.save(new_draft_id(), 0, MEETING, fields(talk="○座長　はじめます。"))
    assert {draft.draft_id for draft in of_all.all()} == {private.draft_id, shared.draft_id}
    assert [draft.draft_id for draft in colleague.all()] == [shared.draft_id]
    assert stranger.all() == []
    for nobody, draft in ((stranger, shared), (colleague, private)):
        with pytest.raises(Refusal) as gone:
            nobody.find(draft.draft_id)
        assert gone.value.code == "DRAFT_GONE"

    # two clerks at one draft
    opened = colleague.find(shared.draft_id)
    assert [login for login, _ in of_all.others_at_it(shared.draft_id)] == ["baba"]
    again = colleague.save(shared.draft_id, opened.version, MEETING, fields(talk="○座長　再開します。"))
    assert (again.version, again.saved_by, again.account_id) == (2, ids["baba"], ids["aoki"])
    with pytest.raises(Newer) as newer:
        of_all.save(shared.draft_id, 1, MEETING, fields(talk="○座長　別の文です。"))
    assert newer.value.draft.fields["talk"] == "○座長　再開します。"
    aside = of_all.set_aside(newer.value.draft)
    of_all.save(shared.draft_id, 2, MEETING, fields(talk="○座長　別の文です。"))
    assert of_all.find(aside.draft_id).fields["talk"] == "○座長　再開します。"
    assert of_all.find(shared.draft_id).version == 3

    # a month later
    later = Drafts(
        engine, Caller(ids["aoki"], "aoki", None, frozenset({"SEC"})), NOW + LIFE - dt.timedelta(days=3)
    )
    assert all(is_ending(draft, NOW + LIFE - dt.timedelta(days=3)) for draft in later.all())
    later.save(private.draft_id, 1, MINE, fields(place="市役所"))
    gone_by = Drafts(
        engine, Caller(ids["aoki"], "aoki", None, frozenset({"SEC"})), NOW + LIFE + dt.timedelta(days=1)
    )
    assert [draft.draft_id for draft in gone_by.all()] == [private.draft_id]
    stranger.discard(private.draft_id)
    assert gone_by.find(private.draft_id).fields["place"] == "市役所"
    gone_by.discard(private.draft_id)
    assert gone_by.all() == []


# -- two texts


@given(st.lists(st.text("あいう", max_size=2)), st.lists(st.text("あいう", max_size=2)))
def test_every_line_of_both_texts_is_in_what_is_put_together(one: list[str], other: list[str]) -> None:
    made = every_line("\n".join(one), "\n".join(other)).split("\n")
    for text in (one, other):
        left = list(made)
        for line in text:  # in their order
            assert line in left
            left = left[left.index(line) + 1 :]


def test_what_each_of_two_texts_adds_is_told() -> None:
    told = what_each_adds("座長　はい\n佐藤　一", "座長　はい\n佐藤　二\n")
    assert told == {"only_mine": ["佐藤　一"], "only_theirs": ["佐藤　二"]}


def test_fields_that_one_alone_filled_in_are_both_there() -> None:
    mine = MultiDict([("a", "10"), ("b", ""), ("c", "18:30")])
    theirs = MultiDict([("a", "10"), ("b", "19:40"), ("c", "18:40")])
    made, whole = put_together(mine, theirs)
    assert (made["b"], made["c"], whole) == ("19:40", "18:30", False)


@pytest.mark.parametrize("address", ["https://x.example/", "//x", "/signin", "/desk//x", "/desk/\\x", ""])
def test_a_draft_leads_to_the_desk_alone(address: str) -> None:
    assert own_address(address) == "/desk/drafts"


# -- screens


@pytest.mark.usefixtures("staff")
def test_a_script_saves_a_draft_and_the_desk_lists_it(client: FlaskClient) -> None:
    sign_in(client)
    token = csrf_of(client.get("/desk"))
    form = {"csrf_token": token, "draft_kind": "trial", "draft_title": "ためし", "place": "市役所"}
    form |= {"draft_address": "/desk/drafts", "draft_version": "0"}
    saved = client.post("/desk/drafts/-/save", data=form)
    assert saved.json is not None
    assert saved.json["version"] == 1
    assert "ためし" in client.get("/desk").get_data(as_text=True)
    stale = client.post("/desk/drafts/-/save", data=form | {"draft": saved.json["draft"]})
    assert stale.status_code == 409
    listed = client.get("/en/desk/drafts").get_data(as_text=True)
    assert listed.count("ためし") >= 1
    client.post("/desk/drafts", data={"csrf_token": token, "draft": saved.json["draft"], "do": "discard"})
    assert "下書きはありません。" in client.get("/desk/drafts").get_data(as_text=True)


@pytest.mark.usefixtures("staff")
def test_without_the_token_nothing_is_saved(client: FlaskClient, app: Flask) -> None:
    sign_in(client)
    assert client.post("/desk/drafts/-/save", data={"place": "市役所"}).status_code == 303
    with app.extensions["kyodo-store"].get().engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM office_draft")).scalar() == 0
