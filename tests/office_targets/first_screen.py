"""What must I do today: the screen that signing in leads to."""

from __future__ import annotations

from typing import Any

from tests.office_targets.work import Measured, asked, lacks, plain
from tests.support.clerk import Clerk

LOOKED_AT = 60
"""So many of what is due the desk looks at before it leads to the page of all."""


def what_is_due(clerk: Clerk, sign_in: Any) -> Measured:
    with clerk.work() as cost:
        sign_in()
    due = asked(clerk, f"/due?limit={LOOKED_AT}")
    page = plain(clerk.text())
    kinds = {item["kind_label"]["ja"] for item in due["items"]}
    lines = clerk.page.locator("table.due tbody tr")
    acts = lines.get_by_role("link", name="記録する", exact=True)
    return Measured(
        "“what must I do today”",
        "the first screen after sign-in",
        cost,
        {"logins": 1, "loads": 1, "presses": 0, "typed": 0},
        lacks(
            (clerk.path == "/desk", "the desk"),
            (due["total"] > 0 and lines.count() > 0, "something is due"),
            (all(plain(kind) in page for kind in kinds), "everything that is due"),
            (acts.count() == lines.count(), "each with where it is done"),
        ),
        f"{due['total']} due in {lines.count()} lines, each with its next act",
    )
