"""The records on which words for people are looked at; words are the same on every database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.history import KANAZAWA
from domain.history.importing import import_history, read_history
from domain.sample.record import make_sample
from projections.engine.store import Store
from projections.registry import open_store
from tests.support.copies import Copies
from tests.support.stories.year.record import make_the_year


def kanazawa(url: str) -> None:
    store = open_store(url)
    store.create()
    import_history(store.application, read_history(KANAZAWA))
    store.close()


def sample(url: str) -> None:
    store = open_store(url)
    store.create()
    make_sample(store.application, 16)
    store.close()


RECORDS = {"kanazawa-words": kanazawa, "sample-words": sample, "year": make_the_year}


def _opened(name: str, copies: Copies, folder: Path) -> Iterator[Store]:
    store = open_store(copies.sqlite(name, RECORDS[name], folder))
    yield store
    store.close()


@pytest.fixture(scope="package", params=list(RECORDS))
def record(
    request: pytest.FixtureRequest, copies: Copies, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """The real history, the sample, and one real year of a fictional council."""
    yield from _opened(request.param, copies, tmp_path_factory.mktemp("words"))


@pytest.fixture(scope="package")
def year_store(copies: Copies, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    yield from _opened("year", copies, tmp_path_factory.mktemp("words"))
