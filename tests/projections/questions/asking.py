"""Asking a question of the catalogue in a test, as staff, on one fixed day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from domain.kernel.viewer import Viewer
from projections.engine.store import Store
from projections.questions.question import QUESTIONS, Ask

TODAY = dt.date(2026, 4, 2)


def put(store: Store, code: str, viewer: Viewer | None = None, **arguments: Any) -> Any:
    with store.engine.connect() as connection:
        return QUESTIONS[code].put(Ask(connection, viewer or Viewer(staff=True), TODAY), arguments)
