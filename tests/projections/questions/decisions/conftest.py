"""Records that many questions only read: made once on each database."""

from collections.abc import Iterator

import pytest

from domain.history import KANAZAWA
from domain.history.importing import import_history, read_history
from projections.engine.store import Store
from tests.projections.conftest import new_store
from tests.support.decided import tell_it_all


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def decided(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A record with Kanazawa's history and, beside it, the fictional decisions of tests/support/decided.py.
    Read only: it is shared."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('decided') / 'record.sqlite'}"
    else:
        url = request.getfixturevalue("postgres").fresh()
    made = new_store(url)
    import_history(made.application, read_history(KANAZAWA))
    tell_it_all(made)
    yield made
    made.close()
