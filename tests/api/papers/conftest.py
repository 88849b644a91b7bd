"""Papers of one real year (tests/support/stories/year/story.md), asked for over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.access.accounts import Accounts
from api.access.tokens import Tokens
from api.papers import routes
from api.papers.structure import Paper
from tests.support.copies import Copies
from tests.support.served import served
from tests.support.stories.year.record import make_the_year


@pytest.fixture(scope="package")
def year(copies: Copies, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application over the year."""
    with served(copies.sqlite("year", make_the_year, tmp_path_factory.mktemp("papers"))) as app:
        yield app


@pytest.fixture
def anybody(year: Flask) -> FlaskClient:
    return year.test_client()


@pytest.fixture(scope="package")
def office(year: Flask) -> dict[str, str]:
    """The headers with which somebody of the secretariat asks."""
    engine = year.extensions["kyodo-store"].get().engine
    with year.app_context():
        account = Accounts(engine).add("papers-office", ["SEC"], "p-secretary")
        return {"Authorization": f"Bearer {Tokens(engine).make(account, 'papers')}"}


@pytest.fixture
def own(year: Flask) -> Iterator[Path]:
    """The city's folder of papers, empty at first and taken away afterwards."""
    folder = Path(year.extensions["kyodo-store"].settings.past_folder).parent / "papers"
    folder.mkdir()
    yield folder
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()


class Asked:
    """Papers as their makers give them, in a request of their own."""

    def __init__(self, app: Flask):
        self.app = app

    def paper(self, path: str, headers: dict[str, str] | None = None) -> Paper:
        """The paper at an address."""
        with self.request(path, headers) as (kind, ids):
            return kind.paper(**ids)

    @contextmanager
    def request(self, path: str, headers: dict[str, str] | None = None) -> Iterator[tuple[routes.Kind, Any]]:
        """A request to the address of a paper: its kind and what the address says."""
        with self.app.test_request_context(path, headers=headers) as context:
            rule, ids = context.request.url_rule, context.request.view_args
            assert rule is not None
            plain = rule.rule.removeprefix("/en")
            yield next(kind for kind in routes.KINDS if kind.path == plain), ids


@pytest.fixture(scope="package")
def asked(year: Flask) -> Asked:
    return Asked(year)


def said(paper: Paper, n: int) -> str:
    """Everything that a part says, by its number."""
    from api.papers.structure import texts_of

    return "\n".join(text for block in paper.sections[n - 1].blocks for text in texts_of(block))
