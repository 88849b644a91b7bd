"""Kanazawa's record, imported once for each database and copied for every test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.history import KANAZAWA
from domain.history.importing import import_history, read_history
from projections.engine.store import Store
from projections.registry import open_store
from tests.projections.conftest import new_store
from tests.support.given import START, counted_ids, ticking_clock
from tests.support.postgres import Postgres


def imported(url: str) -> None:
    store = new_store(url)
    import_history(store.application, read_history(KANAZAWA))
    store.close()


@pytest.fixture(scope="session")
def kanazawa_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kanazawa") / "record.sqlite"
    imported(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def kanazawa_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A copy of the imported record, on each database."""
    if request.param == "sqlite":
        original: Path = request.getfixturevalue("kanazawa_file")
        for file in original.parent.glob(f"{original.name}*"):
            shutil.copy(file, tmp_path / file.name)
        yield f"sqlite:///{tmp_path / original.name}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.fresh(server.template("kanazawa", imported))
    yield url
    server.drop(url)


@pytest.fixture
def kanazawa(kanazawa_url: str) -> Iterator[Store]:
    """The record with Kanazawa's own history, to add to; ids and times go on from where it ends."""
    opened = open_store(kanazawa_url, clock=ticking_clock(START.replace(hour=6)), new_id=counted_ids(1))
    yield opened
    opened.close()
