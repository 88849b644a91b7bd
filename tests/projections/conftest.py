from collections.abc import Iterator

import pytest

from domain.history import KANAZAWA
from domain.history.importing import import_history, read_history
from projections.engine.store import Store
from projections.registry import open_store
from tests.support.given import counted_ids, ticking_clock
from tests.support.measured import Told


def new_store(url: str) -> Store:
    """An empty record with a clock and ids that make the same history the same bytes."""
    store = open_store(url, clock=ticking_clock(), new_id=counted_ids())
    store.create()
    return store


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An empty record, on each database."""
    made = new_store(database_url)
    yield made
    made.close()


@pytest.fixture
def told(store: Store) -> Told:
    """An empty record, to give commands to and to ask for metrics."""
    return Told(store)


@pytest.fixture
def kanazawa(store: Store) -> Store:
    """The record with Kanazawa's own history."""
    import_history(store.application, read_history(KANAZAWA))
    return store
