"""A small city for tables: a council with two kinds of seats, bodies, a plan on which comments are asked, an
action with a year, a meeting that was held and one that lies ahead."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.access.accounts import Accounts
from domain.kernel.events import Recorded
from projections.engine.log import events_after
from projections.registry import open_store
from tests.api.conftest import PASSWORD, created
from tests.api.signing_in import csrf_of, sign_in
from tests.support.copies import copied
from tests.support.served import served
from tests.support.stories.year.teller import Teller, at, day

COUNCIL, PLAN = "Council council-small", "PromotionPlan plan-small"


def small_city(year: Teller) -> None:
    for party, name in (
        ("org-town", "架空町会連合会"),
        ("org-shops", "架空市商工会"),
        ("org-city", "架空市"),
    ):
        year.do("SEC", f"Party {party}", "register_organisation", name_ja=name, category="other")
    enacted = {"title_ja": "架空市協働条例", "number": "令和6年条例第3号", "enacted": day("2024-03-22")}
    year.do("SEC", "LegalInstrument law-small", "enact", **enacted, in_force_from=day("2024-04-01"))
    basis = {"instrument_id": "law-small", "article": 17}
    year.do(
        "SEC",
        COUNCIL,
        "establish",
        name_ja="架空市民会議",
        established_on=day("2024-04-01"),
        legal_basis=basis,
    )
    seats = [
        {"category": "organisation", "label_ja": "団体", "seats": 8},
        {"category": "public_recruitment", "label_ja": "公募", "seats": 8},
    ]
    year.do("SEC", COUNCIL, "define_composition", when="2024-04-01", seat_categories=seats)
    year.do("SEC", COUNCIL, "open_term", term_no=1, from_date=day("2024-04-01"), to_date=day("2025-03-31"))
    for n, name in enumerate(("架空 一葉", "架空 二葉", "架空 三枝"), 1):
        year.do("SEC", f"Party p-0{n}", "register_person", name=name)
        seat = {"appointment_id": f"seat-0{n}", "party_id": f"p-0{n}", "category": "public_recruitment"}
        days = {"from_date": day("2024-04-01"), "to_date": day("2025-03-31")}
        year.do("SEC", COUNCIL, "appoint", **seat, **days, term_no=1)
    for n, starts in ((1, at("2024-06-20", 19)), (2, at("2024-09-12", 19))):
        about = {"council_id": "council-small", "kind": "plenary", "no": n, "title": f"第{n}回全体会"}
        year.do("SEC", f"Meeting meeting-{n}", "schedule", **about, starts_at=starts, place="市役所")
    year.do(
        "SEC", PLAN, "start_formulation", when="2024-05-01", title_ja="架空計画", council_id="council-small"
    )
    draft = {
        "kind": "draft",
        "title": "計画案",
        "disclosure": {"visibility": "public"},
        "dated": day("2024-10-01"),
    }
    year.do("SEC", "Document doc-draft", "register", **draft)
    year.do("SEC", PLAN, "prepare_draft", when="2024-10-01", document_id="doc-draft")
    window = {"from_date": day("2024-11-01"), "to_date": day("2024-11-30")}
    year.do("SEC", PLAN, "open_public_comment", **window)
    for action, title in (("action-forum", "協働フォーラム"), ("action-desk", "相談窓口")):
        known = {"title_ja": title, "owner": "org-city"}
        year.do("SEC", f"PlanAction {action}", "register", when="2024-04-01", **known)


def prepare(url: str) -> None:
    created(url)
    store = open_store(url)
    Teller(store.application).write_down("2025-03-20", small_city)
    Accounts(store.engine).add("staff", ["SEC"], "p-staff", PASSWORD)
    store.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def city_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    yield from copied(request, "small city", prepare, tmp_path)


@pytest.fixture
def city(city_url: str, tmp_path: Path) -> Iterator[Flask]:
    with served(city_url, attachments_url=str(tmp_path / "held")) as app:
        yield app


class Desk:
    """A clerk at the desk, without JavaScript."""

    def __init__(self, app: Flask):
        self.app = app
        self.client: FlaskClient = app.test_client()
        sign_in(self.client)
        self.page = self.client.get("/desk/past")

    @property
    def text(self) -> str:
        return self.page.get_data(as_text=True)

    def plain(self) -> str:
        """The words of the page, without its markup."""
        main = re.sub(r"<(script|style).*?</\1>", "", self.text.split("<main", 1)[1], flags=re.DOTALL)
        return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)))

    def get(self, path: str) -> Desk:
        self.page = self.client.get(path, follow_redirects=True)
        return self

    def start(self, kind: str, content: bytes | str, name: str = "表.xlsx") -> Desk:
        """Send a file, or paste a text."""
        path = f"/desk/tables/{kind}"
        data: dict[str, Any] = {"csrf_token": csrf_of(self.client.get(path))}
        data |= {"text": content} if isinstance(content, str) else {"file": (io.BytesIO(content), name)}
        self.page = self.client.post(
            path, data=data, content_type="multipart/form-data", follow_redirects=True
        )
        return self

    def fields(self) -> dict[str, str]:
        """Every field of the form as a browser would send it."""
        form = self.text.split('id="sheet-form"', 1)[1].split("</form>", 1)[0]
        fields = {}
        for tag in re.findall(r"<input[^>]*>", form):
            name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
            if name is not None and ('type="checkbox"' not in tag or " checked" in tag):
                fields[unescape(name[1])] = unescape(value[1]) if value is not None else ""
        for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
            chosen = re.search(r'value="([^"]*)" selected', options)
            fields[unescape(name)] = unescape(chosen[1]) if chosen else ""
        return fields

    def buttons(self) -> list[str]:
        return [unescape(do) for do in re.findall(r'name="do" value="([^"]+)"', self.text)]

    def press(self, do: str, **typed: str) -> Desk:
        """Send the form with a button; ``typed``: other fields, with ``_`` for the first ``-`` of a name."""
        assert do in self.buttons(), self.buttons()
        given = {name.replace("_", "-", 1): text for name, text in typed.items()}
        address = self.page.request.path
        self.page = self.client.post(address, data=self.fields() | given | {"do": do}, follow_redirects=True)
        return self

    def log(self) -> list[Recorded[Any]]:
        store = self.app.extensions["kyodo-store"].get()
        with store.engine.connect() as connection:
            return list(events_after(connection, 0, limit=5_000))


@pytest.fixture
def desk(city: Flask) -> Desk:
    return Desk(city)


Press = Callable[..., TestResponse]
