"""Whatever can be recorded is reached from the rail by what pages say: a kind, a thing of it, an act."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient

from api.access.accounts import Accounts
from domain.kernel.record import KINDS
from tests.api.conftest import PASSWORD
from tests.api.office.test_matter_desk import clerk, text, year
from tests.api.signing_in import sign_in

__all__ = ["clerk", "year"]


def links(page: str) -> dict[str, str]:
    """Where the links of a page lead, by what they say."""
    main = page.partition("<body")[2]
    said = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', main, re.DOTALL)
    return {re.sub(r"<[^>]+>", "", words).strip(): where for where, words in said}


def test_every_kind_and_what_begins_it_is_a_link_away(clerk: FlaskClient) -> None:
    hub = links(text(clerk.get(links(text(clerk.get("/desk")))["記録する（すべて）"])))
    for kind in KINDS.values():
        began = links(text(clerk.get(hub[kind.LABEL[0]])))
        mine = [c for c in kind.COMMANDS.values() if c.creates and "SEC" in c.roles]
        if kind.COLLECTION not in ("meetings", "matters", "sheets"):  # of screens of their own
            assert {c.about[0] for c in mine} <= began.keys(), kind.COLLECTION


def test_who_acts_in_person_comes_from_the_page_to_their_own_act(year: Flask) -> None:
    """The chair approves, a side evaluates: from the public page, and to nothing else of the office."""
    accounts = Accounts(year.extensions["kyodo-store"].get().engine)
    for login, role, page, act in (
        ("chair", "CHR", "/matters/matter-plan", "訂正を承認する"),
        ("side", "EV-C", "/sheets/sheet-forum-2025", "自己評価を提出する"),
    ):
        accounts.add(login, [role], password=PASSWORD)
        client = year.test_client()
        sign_in(client, login)
        there = text(client.get(page))
        where = links(there)["このページのことを記録する"]
        own = text(client.get(where))
        assert act in own and "案件を取り下げる" not in own
        assert client.get("/desk/record").status_code == 403


def test_a_thing_is_chosen_by_its_name(clerk: FlaskClient) -> None:
    people = "/desk/parties"
    there = links(text(clerk.get(people)))
    assert clerk.get(there["まちの灯り（架空）"]).status_code == 200
    assert clerk.get(f"{people}?name=まちの灯り（架空）").location.startswith("/desk/parties/org-npo")
    assert "見つかりません" in text(clerk.get(f"{people}?name=だれも"))
