from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.history import KANAZAWA
from domain.history.importing import import_history, read_history
from projections.engine.store import Store
from projections.registry import open_store
from tests.support.copies import copied
from tests.support.given import START, counted_ids, ticking_clock
from tests.support.measured import Told

ON_EACH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


def new_store(url: str) -> Store:
    """An empty record with a clock and ids that make the same history the same bytes."""
    store = open_store(url, clock=ticking_clock(), new_id=counted_ids())
    store.create()
    return store


def created(url: str) -> None:
    new_store(url).close()


def imported(url: str) -> None:
    store = new_store(url)
    import_history(store.application, read_history(KANAZAWA))
    store.close()


@pytest.fixture(params=ON_EACH)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty record, on each database."""
    for url in copied(request, "empty", created, tmp_path):
        made = open_store(url, clock=ticking_clock(), new_id=counted_ids())
        yield made
        made.close()


@pytest.fixture
def told(store: Store) -> Told:
    """An empty record, to give commands to and to ask for metrics."""
    return Told(store)


@pytest.fixture(params=ON_EACH)
def kanazawa_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A copy of the record with Kanazawa's own history, on each database."""
    yield from copied(request, "kanazawa", imported, tmp_path)


@pytest.fixture
def kanazawa(kanazawa_url: str) -> Iterator[Store]:
    """The record with Kanazawa's own history, to add to; ids and times go on from where it ends."""
    opened = open_store(kanazawa_url, clock=ticking_clock(START.replace(hour=6)), new_id=counted_ids(1))
    yield opened
    opened.close()
