"""Fixtures that every test may use: a record in memory, a database of its own, a PostgreSQL, a browser."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser

from projections import registry
from tests.support import declared_refusals
from tests.support.browsing.browser import find_chromium, running_browser
from tests.support.copies import Copies
from tests.support.given import TestRecord, broken_laws
from tests.support.postgres import Postgres, running_postgres

gc.disable()  # until all tests are collected: what is imported for them stays
registry.load()  # tests ask for what is declared when they are collected
declared_refusals.watch()  # no test may meet a refusal that its command does not declare

# No deadlines: a busy machine is not a wrong answer. In CI the same examples are tried every time.
settings.register_profile("developer", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, database=None, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "developer")


def pytest_collection_finish() -> None:
    """What was imported is there to the end of the process: no collection of garbage looks through it again.
    For what tests leave, every hundred thousandth object is soon enough. An eighth of all work was that."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    gc.enable()


@pytest.fixture
def record() -> Iterator[TestRecord]:
    """An empty record in memory, to give commands to. What it holds in the end is decided anew."""
    made = TestRecord()
    yield made
    assert broken_laws(made) == []


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server, one for each test process."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Copies:
    """Records on SQLite that are made once and copied."""
    return Copies(tmp_path_factory.mktemp("copies"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database: a test that takes it runs on SQLite, and again on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'record.sqlite'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.fresh()
    yield url
    server.drop(url)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def module_database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """As ``database_url``, for what is recorded once for all tests of a file."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('record') / 'record.sqlite'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.fresh()
    yield url
    server.drop(url)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium, for one test file: playwright keeps an event loop running as long as it is there.
    Without a Chromium the test is reported as not run."""
    executable = find_chromium()
    if executable is None:
        reason = "not run: no Chromium found"
        pytest.fail(reason) if os.environ.get("KYODO_BROWSER_REQUIRED") else pytest.skip(reason)
    with running_browser(executable) as started:
        yield started
