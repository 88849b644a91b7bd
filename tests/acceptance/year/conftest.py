"""The year, on each database, for tests that only ask."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from projections.registry import open_store
from tests.support.copies import copied
from tests.support.stories.year.record import Year, make_the_year


@pytest.fixture(scope="package", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def year(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """One real year of a council that does not exist (tests/support/stories/year/story.md)."""
    folder: Path = tmp_path_factory.mktemp("year")
    for url in copied(request, "year", make_the_year, folder):
        store = open_store(url)
        yield Year(store)
        store.close()
