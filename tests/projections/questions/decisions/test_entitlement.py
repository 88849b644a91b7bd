"""S2: was the meeting entitled to decide? Where no rule or no meeting is on record, never yes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from projections.engine.store import Store
from tests.projections.questions.asking import put
from tests.support.decided import COUNCIL
from tests.support.given import give


def test_of_a_meeting_of_kanazawa_in_2006_there_is_no_record(decided: Store) -> None:
    told = put(decided, "S2", id="council-shimin-kaigi", fiscal_year=2006)
    assert told["answer"]["meetings_on_record"] == 0
    assert told["says"]["ja"] == "平成18年度(2006年度)の会議の記録はありません（記録なし）。"
    assert [gap["en"] for gap in told["unknown"]] == ["any meeting of FY2006 (rules, attendance, quorum)"]


def test_rules_presence_by_the_minute_recusals_and_checks(decided: Store) -> None:
    (found,) = put(decided, "S2", id="meeting-desk")["answer"]["meetings"]
    assert (found["rules"]["standing"], found["rules"]["rules_version"]) == ("known", 1)
    assert [(step["at"], step["present"]) for step in found["present_by_minute"]] == [
        ("2026-05-10T14:00:00+09:00", 4),
        ("2026-05-10T14:10:00+09:00", 5),
        ("2026-05-10T14:20:00+09:00", 6),
    ]
    assert [(r["appointment_id"], r["item_id"]) for r in found["recusals"]] == [("y-6", "item-1")]
    opening, vote = found["checks"]
    assert [opening[n] for n in ("of", "serving", "present", "required", "result")] == [
        "opening",
        6,
        4,
        4,
        "met",
    ]
    assert [vote[n] for n in ("of", "serving", "present", "required", "recused", "eligible")] == [
        "resolution",
        5,
        5,
        3,
        1,
        4,
    ]
    assert (vote["casting_vote"], found["entitled"]) == ("for", "yes")


def test_meetings_of_a_day_and_of_a_year(decided: Store) -> None:
    def meetings(**when: Any) -> list[str]:
        return [m["meeting_id"] for m in put(decided, "S2", id=COUNCIL, **when)["answer"]["meetings"]]

    assert (
        meetings(on=dt.date(2026, 5, 10)) == meetings(fiscal_year=2026) == ["meeting-words", "meeting-desk"]
    )
    assert meetings(on=dt.date(2026, 5, 11)) == meetings(fiscal_year=2025) == []


def test_an_unknown_rule_is_unverified_and_never_met(store: Store) -> None:
    law: dict[str, Any] = {"instrument_id": "law-z", "article": 1}
    give(store.application, "SEC", "LegalInstrument", "law-z", "enact", title_ja="架空条例")
    give(store.application, "SEC", "Council", "council-z", "establish", name_ja="架空", legal_basis=law)
    seat: dict[str, Any] = {
        "appointment_id": "z-1",
        "party_id": "p-z1",
        "category": "public_recruitment",
        "term_no": 1,
    }
    give(store.application, "SEC", "Party", "p-z1", "register_person", name="架空")
    first = {"value": "2026-04-01", "precision": "day"}
    give(store.application, "IMP", "Council", "council-z", "appoint", importing=True, from_date=first, **seat)
    meeting: dict[str, Any] = {
        "council_id": "council-z",
        "kind": "plenary",
        "starts_at": "2026-05-10T14:00:00+09:00",
    }
    give(store.application, "SEC", "Meeting", "meeting-z", "schedule", **meeting)
    opened: dict[str, Any] = {"at": "2026-05-10T14:00:00+09:00", "presiding": "z-1", "present": []}
    give(store.application, "CHR", "Meeting", "meeting-z", "open", **opened)
    told = put(store, "S2", id="meeting-z")
    (found,) = told["answer"]["meetings"]
    assert (found["entitled"], found["rules"]["standing"]) == ("unverified", "none_known")
    assert found["checks"][0]["result"] == "rule_unknown"
    assert told["answer"]["counts"] == {"yes": 0, "no": 0, "unverified": 1, "no_record": 0}
    assert "whether meeting-z was quorate (unverified)" in [gap["en"] for gap in told["unknown"]]
