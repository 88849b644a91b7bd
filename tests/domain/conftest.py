"""A record in memory for every test of the domain."""

from __future__ import annotations

import pytest

from tests.support.given import TestRecord


@pytest.fixture
def record() -> TestRecord:
    return TestRecord()
