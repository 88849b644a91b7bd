"""History files: imported as a whole or not at all, once, and with all that the file says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from domain.history import KANAZAWA
from domain.history.importing import import_history, read_history
from domain.kernel.links import links_of
from domain.values.calendar import EffectiveDate
from tests.support.given import TestRecord
from tests.support.histories import TEXT, changed, problems_of

LATER = """
schema: record-history/1
import_batch: kanazawa-more
source_document: doc-case-sheet
events:
- seq: 1
  event: StudyCommissioned
  aggregate: CenterStudy
  stream: study-second
  effective: {value: FY2009, precision: fiscal_year, basis: stated}
  actor: {role: city, party: org-kanazawa-city}
  asserted_by: org-kanazawa-city
  certainty: stated
  facts: []
  payload: {council_id: council-shimin-kaigi, measure_id: measure-centre, aim_ja: もう一度}
"""


def given_the_real_history(record: TestRecord) -> None:
    import_history(record.application, read_history(KANAZAWA))


def written(folder: Path, text: str) -> Path:
    path = folder / "history.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_real_history_is_recorded_in_the_order_of_its_file(record: TestRecord) -> None:
    history = read_history(KANAZAWA)
    outcome = import_history(record.application, history)
    assert (outcome.added, outcome.already, outcome.positions) == (67, False, range(1, 68))
    assert [entry.seq for entry in history.entries] == list(range(1, 68))
    assert [(e.type, e.stream) for e in record.events] == [
        (entry.event.__name__, entry.stream) for entry in history.entries
    ]


def test_it_is_recorded_in_one_transaction(record: TestRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    transactions: list[int] = []
    insert = record.recorder._insert_events

    def counted(stored_events: Any, **kwargs: Any) -> Any:
        transactions.append(len(stored_events))
        return insert(stored_events, **kwargs)

    monkeypatch.setattr(record.recorder, "_insert_events", counted)
    given_the_real_history(record)
    assert transactions == [67]
    assert len({e.correlation_id for e in record.events}) == 1


# ------------------------------------------------------------------------------------------ once


def test_importing_it_again_adds_nothing_and_says_so(record: TestRecord) -> None:
    given_the_real_history(record)
    again = import_history(record.application, read_history(KANAZAWA))
    assert (again.added, again.already, again.positions) == (0, True, range(1, 68))
    assert len(record.events) == 67


def test_layout_and_comments_do_not_make_it_another_batch(record: TestRecord, tmp_path: Path) -> None:
    given_the_real_history(record)
    path = written(tmp_path, "# 注記\n" + TEXT.replace("facts: [F00]", "facts:\n  - F00"))
    assert import_history(record.application, read_history(path)).already


def test_the_same_batch_with_other_events_is_refused(record: TestRecord, tmp_path: Path) -> None:
    given_the_real_history(record)
    path = written(tmp_path, changed("name_ja: 石川県,", "name_ja: 富山県,"))
    (problem,) = problems_of(record, path)
    assert (problem.code, problem.field, problem.line) == ("HISTORY_CHANGED", "/import_batch", 21)


def test_the_same_events_under_another_name_are_on_record_already(record: TestRecord, tmp_path: Path) -> None:
    given_the_real_history(record)
    path = written(tmp_path, changed("import_batch: kanazawa-kyodo-2008", "import_batch: kanazawa-again"))
    codes = {problem.code for problem in problems_of(record, path)}
    assert "ALREADY_EXISTS" in codes


def test_two_imports_at_the_same_moment_record_it_once(
    record: TestRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert = record.recorder._insert_events

    def overtaken(stored_events: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(record.recorder, "_insert_events", insert)
        given_the_real_history(record)
        return insert(stored_events, **kwargs)

    monkeypatch.setattr(record.recorder, "_insert_events", overtaken)
    outcome = import_history(record.application, read_history(KANAZAWA))
    assert (outcome.added, outcome.already) == (0, True)
    assert len(record.events) == 67


def test_a_document_number_taken_before_is_not_taken_again(record: TestRecord, tmp_path: Path) -> None:
    letter = {"kind": "letter", "disclosure": {"visibility": "public"}, "document_no": "20市協発第1号"}
    record.do("SEC", "Document", "doc-letter", "register", **letter)
    path = written(tmp_path, changed("document_no: null", "document_no: 20市協発第1号"))
    (problem,) = problems_of(record, path)
    assert (problem.code, problem.field) == ("DOCUMENT_NO_TAKEN", "/events/0/payload/document_no")


# ------------------------------------------------------------------------- all that the file says


def test_the_envelope_says_what_the_file_says(record: TestRecord) -> None:
    history = read_history(KANAZAWA)
    import_history(record.application, history)
    for entry, event in zip(history.entries, record.events, strict=True):
        assert event.data == entry.event(**entry.payload)
        assert event.actor == entry.actor
        assert event.source is not None
        assert (event.source.document_id, event.source.facts) == ("doc-case-sheet", entry.facts)
        for name in ("effective", "asserted_by", "certainty", "note"):
            assert getattr(event, name) == entry.envelope[name]


def test_dates_keep_their_precision_and_get_their_bounds(record: TestRecord) -> None:
    given_the_real_history(record)
    by_type = {e.type: e for e in record.events}
    assert by_type["OrdinanceEnacted"].effective.label("ja") == "平成17年(2005年)"
    assert by_type["StudyStarted"].effective.label("en") == "FY2008"
    remit = by_type["RemitStated"].effective
    assert remit.precision == "unknown" and str(remit.earliest) == "2005-01-01" and remit.latest is None
    assert by_type["CouncilEstablished"].data.established_on == EffectiveDate.parse("2006-03-01")


def test_what_has_no_subject_stays_unstated(record: TestRecord) -> None:
    given_the_real_history(record)
    (formed,) = [e for e in record.events if e.type == "GroupFormed"]
    assert (formed.actor.role, formed.actor.presumed, formed.actor.party) == ("unstated", "council", None)


def test_what_the_source_does_not_tell_is_kept_in_words() -> None:
    unknown = read_history(KANAZAWA).unknown_in_source
    assert len(unknown) == 10
    assert unknown[2] == "every meeting: dates, agenda, attendance, minutes, quorum, votes, dissent"


def test_its_checks_are_kept() -> None:
    assert read_history(KANAZAWA).checks["budget_initial_yen_by_fiscal_year"] == {
        "2006": 3400000,
        "2007": 780000,
    }


def reach(record: TestRecord, start: str, *, forward: bool) -> set[str]:
    """What a thing came from, or what came of it, by the links of the record."""
    links = [link for e in record.events for link in links_of(e)]
    ends = [(link.to_id, link.from_id) if forward else (link.from_id, link.to_id) for link in links]
    found, front = {start}, {start}
    while front:
        front = {there for here, there in ends if here in front} - found
        found |= front
    return found


def test_the_study_leads_back_to_article_17_and_what_moved_the_ordinance(record: TestRecord) -> None:
    given_the_real_history(record)
    assert reach(record, "study-centre", forward=False) >= {
        "council-shimin-kaigi",
        "group-centre-study-team",
        "measure-centre",
        "plan-kyodo-suishin",
        "law-participation-ordinance#17",
        "law-participation-ordinance",
        "background-community",
        "background-decentralisation",
    }


def test_the_study_leads_forward_to_its_four_questions(record: TestRecord) -> None:
    given_the_real_history(record)
    four = {f"study-centre#{name}" for name in ("necessity", "functions", "location", "operation")}
    assert reach(record, "study-centre", forward=True) >= four


def test_devices_respond_to_problems(record: TestRecord) -> None:
    given_the_real_history(record)
    problems = {"problem-fixed-participants", "problem-engagement-gap"}
    assert reach(record, "device-grouping", forward=False) >= problems


def test_a_later_file_may_refer_to_what_is_on_record(record: TestRecord, tmp_path: Path) -> None:
    """Also to a part with a name of its own, such as the plan's measure."""
    given_the_real_history(record)
    outcome = import_history(record.application, read_history(written(tmp_path, LATER)))
    assert (outcome.added, outcome.positions) == (1, range(68, 69))


def test_a_file_may_not_refer_to_what_nobody_recorded(record: TestRecord, tmp_path: Path) -> None:
    found = {(p.code, p.field) for p in problems_of(record, written(tmp_path, LATER))}
    assert found == {
        ("HISTORY_DANGLING", "/source_document"),
        ("HISTORY_DANGLING", "/events/0/actor/party"),
        ("HISTORY_DANGLING", "/events/0/asserted_by"),
        ("HISTORY_DANGLING", "/events/0/payload/council_id"),
        ("HISTORY_DANGLING", "/events/0/payload/measure_id"),
    }
