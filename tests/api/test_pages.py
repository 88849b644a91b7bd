"""The public site over Kanazawa's own history and over a fictional record: true, complete, in two languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from api.pages import timeline
from api.settings import FICTIONAL, keep_setting
from domain.history import import_history, read_history
from domain.sample import make_sample
from projections.store import Store
from tests.api.conftest import Teller, over
from tests.support.html import Page, walk

HISTORY = Path(__file__).parents[2] / "data" / "kanazawa_history.yaml"

MENU = (
    "/",
    "/timeline",
    "/council",
    "/meetings",
    "/matters",
    "/actions",
    "/study",
    "/issues",
    "/ordinance",
    "/sources",
)
DAY = re.compile(
    r"\d+月\d+日|\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December) \d{4}"
)
FOUNDING = {"3月1日", "1 March 2006"}


@pytest.fixture(scope="module")
def kanazawa(one_app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The site over Kanazawa's own history."""
    yield from _site(one_app, tmp_path_factory, lambda s: import_history(s.application, read_history(HISTORY)))


@pytest.fixture(scope="module")
def fictional(one_app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The site over a fictional record with meetings, matters and money."""

    def fill(store: Store) -> None:
        make_sample(store.application, 6)
        keep_setting(store.engine, FICTIONAL, "yes")

    yield from _site(one_app, tmp_path_factory, fill)


def _site(
    one_app: Flask, tmp_path_factory: pytest.TempPathFactory, fill: Callable[[Store], Any]
) -> Iterator[FlaskClient]:
    url = f"sqlite:///{tmp_path_factory.mktemp('site') / 'record.sqlite'}"
    store = Store(url)
    store.create()
    fill(store)
    store.close()
    for app in over(one_app, url):
        yield app.test_client()


@pytest.fixture(scope="module")
def kanazawa_pages(kanazawa: FlaskClient) -> dict[str, Page]:
    """Every page that can be reached from the two home pages."""
    return walk(kanazawa, ["/", "/en/"])
