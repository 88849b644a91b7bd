"""A record in memory that may hold kinds of things made up for these tests: it is not decided anew."""

from __future__ import annotations

import pytest

from tests.support.given import TestRecord


@pytest.fixture
def record() -> TestRecord:
    return TestRecord()
