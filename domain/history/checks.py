"""The checks in a history file: sums and counts its author made, compared with what its events say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from domain.history.problems import HISTORY_CHECK_FAILED, HISTORY_CHECK_UNKNOWN, Problems
from domain.kernel.events import Recorded
from domain.plan_action.events import BudgetAllocated, MaterialDistributed, SettlementRecorded

Imported = Sequence[tuple[int, Recorded[Any]]]
"""The events of an import in order, each with the seq of its entry."""


def run_checks(checks: dict[str, Any], imported: Imported, persons: int, problems: Problems) -> None:
    """Compare each check with what was imported; one that fails or is unknown is a problem.

    ``persons`` is the number of people whose personal data the import put into the vault.
    """
    for name, expected in checks.items():
        pointer = f"/checks/{name}"
        if name == "named_persons":
            person_count: Any = persons
        elif name in CHECKS:
            person_count = CHECKS[name](imported)
        else:
            known = ", ".join([*CHECKS, "named_persons"])
            problems.add(pointer, HISTORY_CHECK_UNKNOWN(name=name[:60], known=known))
            continue
        if person_count != expected or type(person_count) is not type(expected):
            problems.add(pointer, HISTORY_CHECK_FAILED(name=name, expected=expected, found=person_count))


def _initial_budgets(imported: Imported) -> list[BudgetAllocated]:
    events = [e.data for _, e in imported if isinstance(e.data, BudgetAllocated)]
    return [budget for budget in events if budget.kind == "initial"]


def _by_fiscal_year(imported: Imported) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for budget in _initial_budgets(imported):
        sums[str(budget.fiscal_year)] += budget.amount_yen
    return dict(sums)


def _total(imported: Imported) -> int:
    return sum(budget.amount_yen for budget in _initial_budgets(imported))


def _staff_with_rulebook(imported: Imported) -> int:
    distributions = [e.data for _, e in imported if isinstance(e.data, MaterialDistributed)]
    return sum(
        g.recipients or 0
        for g in distributions
        if g.audience == "staff" and "ルールブック" in (g.item_ja or "")
    )


def _with_day(imported: Imported) -> list[int]:
    return [seq for seq, e in imported if e.effective.precision in ("day", "instant")]


def _settled(imported: Imported) -> int:
    events = [e.data for _, e in imported]
    stated = sum(isinstance(e, BudgetAllocated) and e.settled_yen is not None for e in events)
    return stated + sum(isinstance(e, SettlementRecorded) for e in events)


CHECKS: dict[str, Callable[[Imported], Any]] = {
    "budget_initial_yen_by_fiscal_year": _by_fiscal_year,
    "budget_initial_yen_total": _total,
    "staff_recipients_of_rulebook": _staff_with_rulebook,
    "events_with_day_precision": _with_day,
    "settled_amounts_known": _settled,
}
