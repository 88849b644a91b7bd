"""``kyodo approve-correction``: what reaches farther than anybody waits for over HTTP."""

from __future__ import annotations

import pytest

from api.access.accounts import Accounts
from api.cli.shell import OK, REFUSED
from domain.values.refusal import Refusal
from projections.engine.store import Store
from tests.api.conftest import Run, told
from tests.support.given import give

DESK, WHY = "matter-desk", "読み違えたため（架空）"


def test_a_correction_that_reaches_far_is_approved_at_the_terminal(run: Run, store: Store) -> None:
    given = {"title": "相談窓口（架空）", "question": "どう設けるか。", "practice": "慣行"}
    give(store.application, "MEM", "Matter", DESK, "raise_matter", **given)
    for n in (1, 2):
        option = {"option_id": f"option-{n}", "label": f"第{n}案（架空）"}
        give(store.application, "MEM", "Matter", DESK, "propose_option", **option)
    asked = {"correction_id": "fix-1", "target_version": 1, "reason": WHY}
    change = [{"field": "title", "after": "相談の窓口（架空）"}]
    give(store.application, "SEC", "Matter", DESK, "propose_correction", changes=change, **asked)
    store.application.most_judged = 2
    with pytest.raises(Refusal, match="CORRECTION_REACHES_FAR"):
        give(store.application, "CHR", "Matter", DESK, "approve_correction", correction_id="fix-1")
    Accounts(store.engine).add("mayor", ("APR",))
    approve = ("approve-correction", DESK, "fix-1", "--as", "mayor", "--yes")
    done = run(*approve, "--json")
    assert done.exit_code == OK and len(told(done)["event_ids"]) == 1
    again = run(*approve)
    assert again.exit_code == REFUSED and "CORRECTION_UNKNOWN" in again.output
