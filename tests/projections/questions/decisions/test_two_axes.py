"""S6: what was known on date R about date E, beside today, on both time axes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from projections.engine.store import Store
from tests.projections.questions.asking import put
from tests.support.decided import DESK

COUNCIL = "council-shimin-kaigi"


def asked(store: Store, thing: str, known_on: str, effective_on: str) -> Any:
    days: dict[str, Any] = {
        "known_on": dt.date.fromisoformat(known_on),
        "effective_on": dt.date.fromisoformat(effective_on),
    }
    return put(store, "S6", id=thing, **days)


def types(facts: list[Any]) -> list[str]:
    return [fact["type"] for fact in facts]


def test_before_the_history_was_recorded_nothing_was_known(decided: Store) -> None:
    told = asked(decided, COUNCIL, "2026-03-31", "2006-06-01")
    assert told["answer"]["then"] == {"facts": [], "order_unknown": []}
    assert types(told["answer"]["today"]["facts"]) == ["CouncilEstablished"]
    assert types(told["answer"]["today"]["order_unknown"]) == [
        "RemitStated",
        "CompositionDefined",
        "OperatingMethodAdopted",
    ]
    assert len(told["answer"]["difference"]["added"]) == 4


def test_what_is_known_today_was_known_since_it_was_recorded(decided: Store) -> None:
    answer = asked(decided, COUNCIL, "2026-04-01", "2006-06-01")["answer"]
    assert answer["then"] == answer["today"]
    assert answer["difference"] == {"added": [], "changed": [], "no_longer": []}


def test_before_the_council_there_is_only_what_has_no_precise_date(decided: Store) -> None:
    answer = asked(decided, COUNCIL, "2026-04-01", "2006-02-28")["answer"]
    assert answer["today"]["facts"] == []
    assert "CouncilEstablished" not in types(answer["today"]["order_unknown"])


def test_a_correction_shows_as_the_difference(decided: Store) -> None:
    (changed,) = asked(decided, DESK, "2026-07-29", "2026-07-01")["answer"]["difference"]["changed"]
    assert changed["type"] == "MatterRaised"
    assert changed["fields"] == [
        {"field": "title", "then": "相談窓口（架空）", "today": "相談窓口の設置（架空）"}
    ]
    assert asked(decided, DESK, "2026-07-30", "2026-07-01")["answer"]["difference"]["changed"] == []


def test_a_month_that_holds_the_day_is_listed_apart(decided: Store) -> None:
    answer = asked(decided, DESK, "2026-07-29", "2026-06-15")["answer"]
    assert types(answer["then"]["order_unknown"]) == ["CityResponseRecorded", "CityDecisionRecorded"]
    later = asked(decided, DESK, "2026-07-29", "2026-06-30")["answer"]["then"]
    assert later["order_unknown"] == [] and "CityDecisionRecorded" in types(later["facts"])
    earlier = asked(decided, DESK, "2026-07-29", "2026-05-31")["answer"]["then"]
    assert earlier["order_unknown"] == [] and "CityDecisionRecorded" not in types(earlier["facts"])
