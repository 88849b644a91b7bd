"""The digest of a whole view, to compare two records by."""

from __future__ import annotations

import hashlib
from typing import Any

from projections.engine.view import View
from projections.rebuild.proving import digest_table


def digest_view(cursor: Any, postgres: bool, view: View) -> str:
    """SHA-256 (hex) over the digests of the view's tables, in the order the view declares them."""
    total = hashlib.sha256()
    for table in view.tables:
        total.update(digest_table(cursor, postgres, table))
    return total.hexdigest()
