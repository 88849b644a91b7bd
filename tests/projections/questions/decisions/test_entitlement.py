"""S2: was the meeting entitled to decide? Where no rule or no meeting is on record, never yes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from domain.kernel.events import Source
from projections.engine.store import Store
from tests.projections.questions.asking import put
from tests.support.decided import COUNCIL
from tests.support.given import give
from tests.support.stories import assemblies


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
    counts = told["answer"]["counts"]
    assert counts.pop("unverified") == 1 and set(counts.values()) == {0}
    assert "whether the meeting of 10 May 2026 14:00 was quorate (unverified)" in [
        gap["en"] for gap in told["unknown"]
    ]


class Told:
    """A store, given commands as a TestRecord is."""

    def __init__(self, store: Store):
        self.application = store.application

    def do(self, role: str, kind: str, entity: str, command: str, /, **arguments: Any) -> None:
        give(self.application, role, kind, entity, command, **arguments)


def test_attendance_known_later_is_counted_anew_and_what_was_counted_stands_beside_it(store: Store) -> None:
    told: Any = Told(store)
    assemblies.given_a_council(told, 5, **assemblies.MORE_THAN_HALF)
    assemblies.given_a_meeting(told, "report", kind="workshop")
    assemblies.given_it_is_open(told, 2)
    told.do("SEC", "Document", "doc-signed", "register", kind="minutes", disclosure={"visibility": "public"})
    paper = {"source": Source("doc-signed", "p. 3")}
    told.do("SEC", "Meeting", assemblies.MEETING, "add_attendee", appointment_id="seat-03", envelope=paper)
    (found,) = put(store, "S2", id=assemblies.MEETING)["answer"]["meetings"]
    (opening,) = found["checks"]
    assert (opening["present"], opening["result"], found["entitled"]) == (3, "met", "yes")
    assert (opening["counted_before"]["present"], opening["counted_before"]["result"]) == (2, "not_met")


def test_a_meeting_of_a_day_without_a_roster_is_unverified(store: Store) -> None:
    give(store.application, "IMP", "Council", "council-z", "establish", importing=True, name_ja="架空の会議")
    meeting = ("Meeting", "meeting-z")
    give(store.application, "SEC", *meeting, "schedule", council_id="council-z", kind="plenary")
    held = {"held_on": {"value": "2008-07-15", "precision": "day"}, "members_present": 15}
    give(store.application, "SEC", *meeting, "record_held", **held)
    (found,) = put(store, "S2", id="meeting-z")["answer"]["meetings"]
    assert (found["entitled"], found["checks"][0]["present"]) == ("unverified", 15)
    assert found["effective"]["value"] == "2008-07-15"
