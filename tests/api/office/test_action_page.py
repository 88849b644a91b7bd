"""An action at the desk: plan, do, evaluate, improve, year by year, with what is missing and the next act."""

from __future__ import annotations

import re
from pathlib import Path

from api.access.accounts import Accounts
from tests.api.conftest import PASSWORD
from tests.api.signing_in import sign_in
from tests.support.copies import Copies
from tests.support.served import served
from tests.support.stories.year.record import make_the_year


def test_a_year_says_how_far_it_came_and_what_is_next(copies: Copies, tmp_path: Path) -> None:
    with served(copies.sqlite("year", make_the_year, tmp_path)) as app:
        Accounts(app.extensions["kyodo-store"].get().engine).add("clerk", ["SEC"], password=PASSWORD)
        client = app.test_client()
        sign_in(client, "clerk")
        page = client.get("/desk/actions/action-forum").get_data(as_text=True)
        later, earlier = page.split('<ol class="year">')[1:3]
        states = [re.findall(r'<li class="(\w+)"><b>', year) for year in (later, earlier)]
        assert states == [["ok", "ok", "need", "todo"], ["ok", "ok", "ok", "ok"]]
        assert "双方の自己評価を待っています" in later and "準備中は週に一度連絡する" in earlier
        assert "/desk/sheets/sheet-forum-2025" in later and "463.2" in earlier
        (place,) = re.findall(r'href="(/desk/actions/action-forum/evaluate-cycle\?[^"]+)"', later)
        assert 'value="2025"' in client.get(place).get_data(as_text=True)
        assert "463,200" in client.get("/desk/actions/action-forum?unit=yen").get_data(as_text=True)
        assert "Evaluate" in client.get("/en/desk/actions/action-forum").get_data(as_text=True)
        assert "/desk/actions/action-forum" in client.get("/desk/budgets").get_data(as_text=True)
