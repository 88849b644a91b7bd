"""Whatever can be recorded is reached from the rail by what pages say: a kind, a thing of it, an act."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from domain.kernel.record import KINDS
from tests.api.office.test_matter_desk import clerk, text, year

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
        if kind.COLLECTION not in ("meetings", "matters"):  # they have screens of their own
            assert {c.about[0] for c in mine} <= began.keys(), kind.COLLECTION


def test_a_thing_is_chosen_by_its_name(clerk: FlaskClient) -> None:
    people = "/desk/parties"
    there = links(text(clerk.get(people)))
    assert clerk.get(there["まちの灯り（架空）"]).status_code == 200
    assert clerk.get(f"{people}?name=まちの灯り（架空）").location.startswith("/desk/parties/org-npo")
    assert "見つかりません" in text(clerk.get(f"{people}?name=だれも"))
