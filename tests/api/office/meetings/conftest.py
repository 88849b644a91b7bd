"""A council of fourteen with a chair, an acting chair and rules; and the secretariat at the desk, which knows
no JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from api.access.accounts import Accounts
from domain.kernel.events import Recorded
from projections.engine.log import events_after
from projections.registry import open_store
from tests.api.conftest import PASSWORD
from tests.api.signing_in import sign_in
from tests.support.copies import copied
from tests.support.served import served
from tests.support.stories.year import before, spring
from tests.support.stories.year.teller import Teller


def make_the_council(url: str) -> None:
    """The council as it began in April 2025, with an account of the secretariat."""
    store = open_store(url)
    store.create()
    teller = Teller(store.application)
    for day, told in (
        ("2024-04-01", before.city_and_ordinance),
        ("2025-04-01", spring.the_council_begins),
        ("2025-04-02", spring.the_first_meeting_is_announced),
        ("2025-04-11", spring.a_chair_is_elected),
    ):
        teller.write_down(day, told)
    Accounts(store.engine).add("tamura", ["SEC"], "p-clerk", PASSWORD)
    store.close()


class Desk:
    """The secretariat's browser: it reads forms, fills them in and sends them."""

    def __init__(self, app: Flask):
        self.app = app
        self.client: FlaskClient = app.test_client()
        sign_in(self.client, "tamura")

    def get(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.get_data(as_text=True)

    def press(self, path: str, page: str, button: str, **typed: Any) -> TestResponse:
        """Fill in the form of a page and press a button of it. ``a__b`` stands for the name ``a.b``."""
        form = form_of(page, typed.get("which"))
        for name, value in typed.items():
            form.setlist(name.replace("__", "."), value if isinstance(value, list) else [value])
        form["do"] = button
        return self.client.post(path, data=form)

    def records(self, path: str, **typed: Any) -> str:
        """Fill in a form, check it, and record it: to where it leads."""
        checked = self.press(path, self.get(path), "check", **typed)
        page = checked.get_data(as_text=True)
        assert checked.status_code == 200, errors_of(page)
        assert "記録に残る文" in page
        done = self.press(path, page, "record")
        assert done.status_code == 303, errors_of(done.get_data(as_text=True))
        return done.headers["Location"]

    def log(self) -> list[Recorded[Any]]:
        with self.app.extensions["kyodo-store"].get().engine.connect() as connection:
            return events_after(connection, 0, limit=2_000)

    def newest(self, number: int) -> list[str]:
        return [e.type for e in self.log()[-number:]]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def record(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from copied(request, "council", make_the_council, tmp_path_factory.mktemp("council"))


@pytest.fixture(scope="module")
def desk(record: str) -> Iterator[Desk]:
    with served(record) as app:
        yield Desk(app)


def errors_of(page: str) -> list[str]:
    """What a page says is wrong."""
    return [
        unescape(re.sub("<[^>]+>", "", text)) for text in re.findall(r'class="err"[^>]*>(.*?)</p>', page)
    ] or [unescape(re.sub(r"<[^>]+>|\s+", " ", page.split('id="faults"')[-1][:1200]))]


def form_of(page: str, which: str | None = None) -> MultiDict[str, str]:
    """The form that a page is about, as a browser would send it untouched: the one of this name, or where
    something was checked; else the largest."""
    main = page.split("<main", 1)[1]
    forms = re.findall(r"<form .*?</form>", main, re.S)
    about = [f for f in forms if (f'value="{which}"' if which else 'name="checked"') in f] or forms
    form = max(about, key=len)
    found: MultiDict[str, str] = MultiDict()
    for tag, attributes, inner in re.findall(
        r"<(input|textarea|select)\b([^>]*)>(?:(.*?)</(?:textarea|select)>)?", _separated(form), re.S
    ):
        name = _attribute(attributes, "name")
        kind = _attribute(attributes, "type") or "text"
        if not name or re.search(r"\bdisabled\b", attributes):
            continue
        if tag == "textarea":
            found.add(name, unescape(inner).removeprefix("\n"))
        elif tag == "select":
            found.add(name, _chosen(inner))
        elif kind not in ("radio", "checkbox") or re.search(r"\bchecked\b", attributes):
            found.add(name, _attribute(attributes, "value") or ("on" if kind == "checkbox" else ""))
    return found


def _separated(form: str) -> str:
    """Inputs have no end: each is closed, so that one expression reads all controls."""
    return re.sub(r"<input\b([^>]*)>", r"<input\1></select>", form).replace("</select></select>", "</select>")


def _attribute(attributes: str, name: str) -> str:
    found = re.search(rf'(?:^|\s){name}="([^"]*)"', attributes)
    return unescape(found[1]) if found else ""


def _chosen(options: str) -> str:
    every = re.findall(r"<option\b([^>]*)>", options)
    marked = [o for o in every if re.search(r"\bselected\b", o)] or every[:1]
    return _attribute(marked[0], "value") if marked else ""
