"""What is due, over HTTP, on the staff page and in the terminal."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask.testing import FlaskClient

from api.access.accounts import Account
from tests.api.conftest import Run, Teller, TellerOf, codes, told
from tests.api.signing_in import sign_in
from tests.api.site import Page

FOLLOW_UPS = {"follow-up-a": "2026-05-31", "follow-up-b": "2026-04-30", "follow-up-c": "2026-06-30"}


def given_promises(secretary: Teller) -> None:
    for name, day in FOLLOW_UPS.items():
        promised = {"text_ja": f"架空の約束 {name}", "commitment": "will_do"}
        body: dict[str, Any] = {"id": name, **promised, "due": {"value": day, "precision": "day"}}
        answer = secretary.post("reflections/-/plan-follow-up", body)
        assert answer.status_code == 201, answer.get_data(as_text=True)


def ask(caller: Teller, query: str = "") -> Any:
    return caller.client.get(f"/api/v1/due{query}", headers={"Authorization": f"Bearer {caller.token}"})


def test_what_is_due_is_listed_latest_first_and_page_by_page(secretary: Teller) -> None:
    given_promises(secretary)
    answer = ask(secretary, "?on=2026-06-01&limit=2")
    assert (answer.json["on"], answer.json["total"]) == ("2026-06-01", 3)
    assert [(i["thing"], i["days_late"]) for i in answer.json["items"]] == [
        ("follow-up-b", 32),
        ("follow-up-a", 1),
    ]
    assert answer.json["items"][0]["due"]["label"]["ja"] == "令和8年(2026年)4月30日"
    assert answer.headers["Link"] == '</api/v1/due?on=2026-06-01&limit=2&cursor=2>; rel="next"'
    rest = ask(secretary, answer.json["next"].removeprefix("/api/v1/due"))
    assert [(i["thing"], i["days_late"]) for i in rest.json["items"]] == [("follow-up-c", -29)]
    assert rest.json["next"] is None
    assert ask(secretary, "?kind=minutes").json["items"] == []
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_only_staff_may_ask(client: FlaskClient, teller: TellerOf) -> None:
    assert client.get("/api/v1/due").status_code == 401
    nobody = teller()
    refused = ask(nobody)
    assert (refused.status_code, refused.json["code"]) == (403, "FORBIDDEN")
    assert client.get("/due.json").status_code == 401


def test_a_wrong_parameter_is_refused(secretary: Teller) -> None:
    for query in ("kind=everything", "on=tomorrow", "limit=0", "cursor=-1", "late=1"):
        answer = ask(secretary, f"?{query}")
        assert answer.status_code in (400, 422)
        assert list(codes(answer)) == [f"/{query.partition('=')[0]}"]


def test_the_page_asks_to_sign_in_and_shows_it_afterwards(
    client: FlaskClient, staff: Account, secretary: Teller
) -> None:
    given_promises(secretary)
    answer = client.get("/due?on=2026-06-01")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/signin?next=%2Fdue%3Fon%3D2026-06-01")
    sign_in(client)
    for path, late, left in (("/due", "32日超過", "あと29日"), ("/en/due", "32 days late", "29 days left")):
        answer = client.get(f"{path}?on=2026-06-01")
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-store"
        page = Page(path, answer.status_code, answer.get_data(as_text=True))
        assert late in page.text and left in page.text
        rules = path.replace("/due", "/rules")
        assert f"http://site{rules}#groups-stated-day" in page.links
        asked = client.get(path.replace("/due", "/questions/S21") + "?on=2026-06-01")
        answered = Page(path, asked.status_code, asked.get_data(as_text=True))
        assert f"http://site{rules}#groups-stated-day" in answered.links
        assert list(page.unmarked_japanese()) == []
    data = client.get("/due.json?on=2026-06-01").json
    assert (data["counts"]["follow_up"], len(data["items"])) == (3, 3)
    assert client.get("/due?on=2026-06-01&kind=minutes").status_code == 200


def test_the_terminal_lists_what_is_due(run: Run, secretary: Teller) -> None:
    given_promises(secretary)
    found = told(run("due", "--json", "--on", "2026-06-01"))
    assert [i["days_late"] for i in found["items"]] == [32, 1, -29]
    lines = run("due", "--kind", "follow_up", "--on", "2026-06-01").stdout.splitlines()
    assert lines[1].split("\t")[:3] == ["32", "令和8年(2026年)4月30日", "今後の取り組み"]
    today = dt.datetime.now(dt.UTC).date()
    assert abs((dt.date.fromisoformat(told(run("due", "--json"))["on"]) - today).days) <= 1
