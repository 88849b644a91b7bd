"""A record in memory whose meetings stand in for real ones: what it holds cannot be decided anew."""

from __future__ import annotations

import pytest

from tests.support.given import TestRecord


@pytest.fixture
def record() -> TestRecord:
    return TestRecord()
