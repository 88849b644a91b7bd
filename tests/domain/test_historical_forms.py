"""What the field's sources tell: bodies, sessions, numbers, results in their own words, who answered whom."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from domain.history.importing import HistoryError, import_history, read_history
from domain.history.names import read_names
from domain.kernel.events import Source
from domain.kernel.links import links_of
from domain.meeting.events import AgendaItemListed
from domain.values.money import Money
from domain.values.refusal import Refusal
from tests.support.given import TestRecord, then_refused
from tests.support.stories.assemblies import (
    COUNCIL,
    MATTER,
    MEETING,
    a_vote,
    at,
    do_council,
    do_meeting,
    given_a_council,
    given_a_matter,
    given_a_meeting,
    given_it_is_open,
    meeting_of,
)

SEEN = {"source": Source("doc-x", "3頁")}
DAY = {"value": "2026-03-20", "precision": "day"}


def given_a_source(record: TestRecord) -> None:
    record.do("SEC", "Document", "doc-x", "register", kind="minutes", disclosure={})


def given_it_was_held(record: TestRecord, *types: str) -> None:
    given_a_source(record)
    given_a_council(record, 3)
    given_a_meeting(record, *types)
    do_meeting(record, "SEC", "record_held", held_on=DAY)


# ------------------------------------------------------------------------------- bodies, sessions, numbers


def test_a_body_of_which_no_source_says_what_it_is_is_called_nothing(record: TestRecord) -> None:
    given_a_council(record)
    established = next(e for e in record.events if e.type == "CouncilEstablished")
    assert established.data.body_type is None


def test_a_committee_is_part_of_its_body_and_needs_no_law_of_its_own(record: TestRecord) -> None:
    given_a_council(record)
    within = {"name_ja": "架空委員会", "body_type": "committee", "parent_id": COUNCIL}
    (made,) = record.do("SEC", "Council", "council-c", "establish", **within)
    assert [(link.relation, link.to_id) for link in links_of(made)] == [("part_of", COUNCIL)]
    lost = within | {"parent_id": "council-nowhere"}
    then_refused("UNKNOWN_ID", record, "SEC", "Council", "council-d", "establish", **lost)


def test_meetings_are_held_in_sessions_of_their_body(record: TestRecord) -> None:
    given_a_council(record)
    session = {"session_id": "s-1", "name": "第1回定例会", "kind": "regular", "no": 1, "year": 2026}
    do_council(record, "record_session", **session)
    then_refused("ALREADY_EXISTS", record, "SEC", "Council", COUNCIL, "record_session", **session)
    about = {
        "council_id": COUNCIL,
        "session_id": "s-1",
        "no": 1,
        "no_year": 2026,
        "numbered_by": "calendar_year",
    }
    (made,) = do_meeting(record, "SEC", "schedule", **about)
    assert (made.data.kind, made.data.session_id) == (None, "s-1")
    elsewhere = about | {"session_id": "s-2"}
    then_refused("SESSION_UNKNOWN", record, "SEC", "Meeting", "meeting-y", "schedule", **elsewhere)


def test_numbers_of_matters_begin_anew_each_year(record: TestRecord) -> None:
    about = {"title": "架空", "question": "どうするか。", "practice": "慣行", "matter_no": "議案第4号"}
    for year in (2025, 2026):
        record.do("SEC", "Matter", f"matter-{year}", "raise_matter", **about, matter_year=year)
    again = about | {"matter_year": 2026}
    then_refused("ALREADY_TAKEN", record, "SEC", "Matter", "matter-again", "raise_matter", **again)


# -------------------------------------------------------------------------- several matters to one item


def given_two_matters_to_one_item(record: TestRecord) -> None:
    given_a_council(record, 3)
    given_a_meeting(record)
    given_a_matter(record)
    about = {"title": "架空", "question": "どうするか。", "practice": "慣行"}
    record.do("SEC", "Matter", "matter-y", "raise_matter", **about)
    item = {"item_id": "item-1", "order": 1, "title": "二件", "type": "discussion", "printed_no": "日程第1"}
    do_meeting(record, "SEC", "list_item", **item, matter_id=MATTER, matter_ids=["matter-y"])
    given_it_is_open(record, 3)


def test_several_matters_of_one_item_are_resolved_at_once() -> None:
    record = TestRecord()  # deciding anew takes what was resolved at once one by one
    given_two_matters_to_one_item(record)
    both = {"item_id": "item-1", "at": at(15), "method": "no_objection", "result": "amended"}
    (taken,) = do_meeting(record, "CHR", "take_resolution", **both)
    assert (taken.data.matters, taken.data.result) == ((MATTER, "matter-y"), "amended")
    assert sorted(link.to_id for link in links_of(taken) if link.relation == "used") == [MATTER, "matter-y"]
    assert meeting_of(record).settled == {"item-1"}


def test_the_matters_of_one_item_may_be_resolved_one_by_one(record: TestRecord) -> None:
    given_two_matters_to_one_item(record)
    first = {"item_id": "item-1", "method": "no_objection", "result": "referred", "matter_id": "matter-y"}
    (taken,) = do_meeting(record, "CHR", "take_resolution", at=at(15), **first)
    assert (taken.data.matters, meeting_of(record).settled) == (("matter-y",), set())
    then_refused("ALREADY_RESOLVED", record, "CHR", "Meeting", MEETING, "take_resolution", at=at(15), **first)
    rest = first | {"matter_id": None, "result": "elected"}
    (taken,) = do_meeting(record, "CHR", "take_resolution", at=at(15), **rest)
    assert (taken.data.matters, meeting_of(record).settled) == ((MATTER,), {"item-1"})


def test_an_item_without_a_matter_names_none() -> None:
    assert AgendaItemListed(item_id="item-1", order=1, title="架空").matters == ()


# --------------------------------------------------------------------------------- reported resolutions


def test_a_resolution_is_reported_in_the_words_of_its_source(record: TestRecord) -> None:
    given_it_was_held(record, "decision")
    told = {"resolution_id": "res-1", "item_id": "item-1", "matter_id": MATTER, "result_text": "趣旨採択"}
    more = {"result": "adopted_in_purpose", "numbers": {"for": 9, "against": 2}}
    (made,) = do_meeting(record, "SEC", "report_resolution", envelope=SEEN, **told, **more)
    assert (made.data.method, made.data.numbers.for_, made.data.numbers.abstain) == (None, 9, None)
    record.do("SEC", "Matter", MATTER, "conclude", meeting_id=MEETING, resolution_ref="res-1")
    concluded = record.events[-1].data
    assert (concluded.result, concluded.result_text, concluded.method) == (
        "adopted_in_purpose",
        "趣旨採択",
        None,
    )


REPORT = {"resolution_id": "res-1", "result_text": "付託"}


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("REPORT_UNPROVED", {"envelope": {}}),
        ("ITEM_UNKNOWN", {"item_id": "item-9"}),
        ("UNKNOWN_ID", {"matter_id": "matter-nowhere"}),
        ("RESULT_NOT_ALLOWED", {"method": "opinion_summary", "result": "adopted"}),
    ],
)
def test_a_report_that_does_not_fit_is_refused(
    record: TestRecord, code: str, changes: dict[str, Any]
) -> None:
    given_it_was_held(record, "report")
    then_refused(
        code, record, "SEC", "Meeting", MEETING, "report_resolution", **{"envelope": SEEN} | REPORT | changes
    )


def test_a_report_is_recorded_once_and_of_a_meeting_that_is_over(record: TestRecord) -> None:
    given_a_source(record)
    given_a_council(record, 3)
    given_a_meeting(record, "report")
    then_refused(
        "WRONG_STATE", record, "SEC", "Meeting", MEETING, "report_resolution", envelope=SEEN, **REPORT
    )
    do_meeting(record, "SEC", "record_held", held_on=DAY)
    do_meeting(record, "SEC", "report_resolution", envelope=SEEN, **REPORT)
    then_refused(
        "ALREADY_EXISTS", record, "SEC", "Meeting", MEETING, "report_resolution", envelope=SEEN, **REPORT
    )


def test_what_is_none_of_our_results_concludes_nothing(record: TestRecord) -> None:
    given_it_was_held(record, "decision")
    told = REPORT | {"result_text": "siehe Anlage", "matter_id": MATTER}
    do_meeting(record, "SEC", "report_resolution", envelope=SEEN, **told)
    concluding = {"meeting_id": MEETING, "resolution_ref": "res-1"}
    then_refused("RESOLUTION_UNKNOWN", record, "SEC", "Matter", MATTER, "conclude", **concluding)


@pytest.mark.parametrize("result", ["partly", "amended", "adopted_in_purpose", "elected", "referred"])
def test_a_vote_may_come_out_in_more_ways_than_two(record: TestRecord, result: str) -> None:
    given_a_council(record, 3, majority={"base": "present", "threshold": "more_than_half"})
    given_a_meeting(record, "decision")
    given_it_is_open(record, 3)
    (taken,) = do_meeting(record, "CHR", "take_resolution", **a_vote(3, 0, result=result))
    assert taken.data.result == result


# ------------------------------------------------------------------------------------ what was said


def test_who_answered_whom_is_recorded_from_a_source(record: TestRecord) -> None:
    given_it_was_held(record, "report")
    asked = {"statement_id": "st-1", "speaker_role": "委員", "text": "いくらか。"}
    do_meeting(record, "SEC", "record_statement", envelope=SEEN, **asked)
    reply = {"statement_id": "st-2", "speaker_role": "住宅課長", "text": "85万円。", "answers_to": "st-1"}
    (made,) = do_meeting(record, "SEC", "record_statement", envelope=SEEN, **reply)
    assert (made.data.item_id, made.data.stance, made.data.answers_to) == (None, None, "st-1")
    lost = reply | {"answers_to": "st-9", "envelope": SEEN}
    then_refused("STATEMENT_UNKNOWN", record, "SEC", "Meeting", MEETING, "record_statement", **lost)
    then_refused("MEETING_NOT_OPEN", record, "SEC", "Meeting", MEETING, "record_statement", **asked)


# ----------------------------------------------------------------------------------------- minutes


def test_minutes_may_be_final_without_having_been_sent_to_anybody(record: TestRecord) -> None:
    given_it_was_held(record, "report")
    do_meeting(record, "SEC", "note_item", item_id="item-1")
    do_meeting(record, "SEC", "draft_minutes", v=1, document_id="doc-x")
    then_refused("WRONG_STATE", record, "CHR", "Meeting", MEETING, "confirm_minutes", v=1)
    (made,) = do_meeting(record, "CHR", "confirm_minutes", v=1, without_circulation=True)
    assert (made.data.by, meeting_of(record).state) == (None, "confirmed")


def test_an_import_knows_final_minutes_and_not_how_they_became_so(record: TestRecord) -> None:
    given_it_was_held(record, "report")
    do_meeting(record, "IMP", "draft_minutes", importing=True, v=1, document_id="doc-x")
    do_meeting(record, "IMP", "confirm_minutes", importing=True, v=1)
    assert meeting_of(record).minutes_state == "confirmed"


# ----------------------------------------------------------------------------------------- money


@pytest.mark.parametrize(
    ("text", "yen", "stated"),
    [
        ("1,369億2,241万円", 136_922_410_000, "13,692,241万円"),
        ("23億54万円", 2_300_540_000, "230,054万円"),
        ("２４，４７５，７４９千円", 24_475_749_000, "24,475,749千円"),
        ("3億円", 300_000_000, "3億円"),
        ("12百万円", 12_000_000, "12百万円"),
        ("1億5百万円", 105_000_000, "105百万円"),
        ("△ 85千円", -85_000, "△85千円"),
        ("480円", 480, "480円"),
        ("1万2円", 10_002, "10,002円"),
    ],
)
def test_amounts_are_read_as_they_are_written(text: str, yen: int, stated: str) -> None:
    money = Money.read(text)
    assert (money.yen, money.stated_label()) == (yen, stated)
    assert money.check() == money


@pytest.mark.parametrize(
    "text", ["", "円", "千円", "億円", "897.6千円", "28億3,214万円の黒字", "3万5百万円", "億5"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="MONEY_UNREADABLE"):
        Money.read(text)


# ------------------------------------------------------------------------------- people and their names

HISTORY = """
schema: record-history/1
import_batch: people
source_document: doc-x
events:
- {seq: 1, event: DocumentRegistered, aggregate: Document, stream: document-doc-x, %s,
   payload: {kind: report, disclosure: {}}}
- {seq: 2, event: PersonRegistered, aggregate: Party, stream: party-p-1, %s, payload: {}}
- {seq: 3, event: PersonRegistered, aggregate: Party, stream: party-p-2, %s, payload: {}}
- {seq: 4, event: AffiliationRecorded, aggregate: Party, stream: party-p-1, %s,
   payload: {affiliation_id: a-1, affiliate: {name_ja: 架空会派, as_what: 幹事},
             from_date: {value: FY1998, precision: fiscal_year}}}
checks: {named_persons: 1}
"""
ENVELOPE = (
    "effective: {precision: unknown, basis: none}, actor: {role: import}, asserted_by: import, "
    "certainty: stated, facts: []"
)
NAMES = """
schema: record-names/1
people:
- {party_id: %s, name: 架空 花子, post: 会長}
"""


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_names_come_from_a_file_of_their_own_and_into_no_event(record: TestRecord, tmp_path: Path) -> None:
    history = read_history(written(tmp_path, "history.yaml", HISTORY.replace("%s", ENVELOPE)))
    names = read_names(written(tmp_path, "names.yaml", NAMES % "p-1"))
    import_history(record.application, history, names)
    assert record.recorder.vault == {"p-1": {"name": "架空 花子", "post": "会長"}}
    assert "花子" not in repr(record.events)
    assert record.events[-1].data.affiliate.name_ja == "架空会派"


def test_nobody_is_named_whom_the_history_does_not_know(record: TestRecord, tmp_path: Path) -> None:
    history = read_history(written(tmp_path, "history.yaml", HISTORY.replace("%s", ENVELOPE)))
    names = read_names(written(tmp_path, "names.yaml", NAMES % "p-9"))
    with pytest.raises(HistoryError, match=r"names\.yaml:4: /people/0: .*HISTORY_DANGLING"):
        import_history(record.application, history, names)
    assert record.events == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("schema: record-history/1\npeople: []\n", "HISTORY_SCHEMA"),
        (NAMES % "p-1" + "- {party_id: p-1, name: 架空 次郎}\n", "HISTORY_DUPLICATE_FIELD"),
        ("schema: record-names/1\npeople:\n- {party_id: p-1}\n", "HISTORY_MISSING_FIELD"),
    ],
)
def test_a_broken_file_of_names_is_refused(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(HistoryError, match=code):
        read_names(written(tmp_path, "names.yaml", text))


def test_an_affiliation_is_of_something_and_ends_once(record: TestRecord) -> None:
    record.do("SEC", "Party", "p-1", "register_person", name="架空 花子")
    nothing = {"affiliation_id": "a-1", "affiliate": {"as_what": "幹事"}}
    then_refused("AFFILIATION_WITHOUT_NAME", record, "SEC", "Party", "p-1", "record_affiliation", **nothing)
    something = {"affiliation_id": "a-1", "affiliate": {"name_ja": "架空会派"}, "from_date": DAY}
    record.do("SEC", "Party", "p-1", "record_affiliation", **something)
    then_refused("ALREADY_EXISTS", record, "SEC", "Party", "p-1", "record_affiliation", **something)
    record.do("SEC", "Party", "p-1", "end_affiliation", affiliation_id="a-1", on=DAY)
    then_refused(
        "AFFILIATION_UNKNOWN", record, "SEC", "Party", "p-1", "end_affiliation", affiliation_id="a-1"
    )
