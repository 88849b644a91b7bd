"""Broken history files: every mistake is named by file, line and field, and nothing is recorded."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.history import KANAZAWA
from domain.history import file as history_file
from domain.history.file import HistoryFile
from domain.history.importing import HistoryError, import_history, read_history
from domain.history.problems import Problems
from domain.history.values import typed
from tests.support.given import TestRecord
from tests.support.stories.histories import TEXT, changed, problems_of

BROKEN: dict[str, tuple[str, str, str, str]] = {
    "another schema": ("record-history/1", "record-history/9", "HISTORY_SCHEMA", "/schema"),
    "no schema": ("schema: record-history/1\n", "", "HISTORY_SCHEMA", "/schema"),
    "a missing top-level field": (
        "import_batch: kanazawa-kyodo-2008\n",
        "",
        "HISTORY_MISSING_FIELD",
        "/import_batch",
    ),
    "an unknown top-level field": ("\nchecks:\n", "\ncheques:\n", "HISTORY_UNKNOWN_FIELD", "/cheques"),
    "a batch without a name": (
        "import_batch: kanazawa-kyodo-2008",
        "import_batch: 金沢",
        "ID_MALFORMED",
        "/import_batch",
    ),
    "a missing event field": (
        "  asserted_by: import\n",
        "",
        "HISTORY_MISSING_FIELD",
        "/events/0/asserted_by",
    ),
    "an unknown event field": (
        "  certainty: stated\n",
        "  certainty: stated\n  sure: true\n",
        "HISTORY_UNKNOWN_FIELD",
        "/events/0/sure",
    ),
    "a field given twice": (
        "  certainty: stated\n",
        "  certainty: stated\n  certainty: inferred\n",
        "HISTORY_DUPLICATE_FIELD",
        "/events/0/certainty",
    ),
    "a duplicate seq": ("- seq: 2\n", "- seq: 1\n", "HISTORY_DUPLICATE_SEQ", "/events/1/seq"),
    "a seq that is no number": ("- seq: 2\n", "- seq: zwei\n", "HISTORY_WRONG_TYPE", "/events/1/seq"),
    "an unknown event": (
        "event: DocumentRegistered",
        "event: DocumentLost",
        "HISTORY_UNKNOWN_EVENT",
        "/events/0/event",
    ),
    "an event that no import brings": (
        "event: DocumentRegistered",
        "event: NamePublicationConsentGiven",
        "HISTORY_NOT_IMPORTABLE",
        "/events/0/event",
    ),
    "the wrong aggregate": (
        "aggregate: Document\n",
        "aggregate: Party\n",
        "HISTORY_WRONG_AGGREGATE",
        "/events/0/aggregate",
    ),
    "the stream of another aggregate": (
        "stream: document-doc-case-sheet",
        "stream: party-doc-case-sheet",
        "HISTORY_STREAM_MISMATCH",
        "/events/0/stream",
    ),
    "the stream of another thing": (
        "document_id: doc-website",
        "document_id: doc-webpage",
        "HISTORY_STREAM_MISMATCH",
        "/events/1/stream",
    ),
    "a malformed stream": (
        "stream: document-doc-website",
        "stream: Document_Website",
        "ID_MALFORMED",
        "/events/1/stream",
    ),
    "a malformed id": (
        "document_id: doc-website",
        "document_id: Doc Website",
        "ID_MALFORMED",
        "/events/1/payload/document_id",
    ),
    "an unknown payload field": (
        "    language: ja\n",
        "    langauge: ja\n",
        "HISTORY_UNKNOWN_FIELD",
        "/events/0/payload/langauge",
    ),
    "a missing payload field": (
        "    kind: case_sheet\n",
        "",
        "HISTORY_MISSING_FIELD",
        "/events/0/payload/kind",
    ),
    "a payload without fields": (
        "payload: {party_id: org-kanazawa-city, name_ja: 金沢市,",
        "payload: [{party_id: org-kanazawa-city}] #",
        "HISTORY_WRONG_TYPE",
        "/events/4/payload",
    ),
    "a value that is not one of those": (
        "kind: case_sheet",
        "kind: secret_sheet",
        "HISTORY_NOT_ONE_OF",
        "/events/0/payload/kind",
    ),
    "a value within a value that is not one of those": (
        "disclosure: {visibility: public",
        "disclosure: {visibility: secret",
        "HISTORY_NOT_ONE_OF",
        "/events/0/payload/disclosure/visibility",
    ),
    "a text for a number": (
        "amount_yen: 3400000",
        "amount_yen: 三百四十万",
        "HISTORY_WRONG_TYPE",
        "/events/23/payload/amount_yen",
    ),
    "a decimal number of yen": (
        "amount_yen: 3400000",
        "amount_yen: 3400000.5",
        "HISTORY_WRONG_TYPE",
        "/events/23/payload/amount_yen",
    ),
    "more yen than there are": (
        "amount_yen: 3400000",
        "amount_yen: 340000000000000000",
        "NUMBER_OUT_OF_RANGE",
        "/events/23/payload/amount_yen",
    ),
    "a number for a text": (
        'effective: {value: "2005"',
        "effective: {value: 2005",
        "HISTORY_WRONG_TYPE",
        "/events/9/effective/value",
    ),
    "one value for a list": ("facts: [F00]", "facts: F00", "HISTORY_WRONG_TYPE", "/events/0/facts"),
    "a text for an event": (
        "events:\n\n",
        "events:\n- 出来事\n",
        "HISTORY_WRONG_TYPE",
        "/events/0",
    ),
    "a text for the checks": (
        "checks:\n",
        "checks: 検算\nunknown_in_source: []\nold:\n",
        "HISTORY_WRONG_TYPE",
        "/checks",
    ),
    "an unknown field in a value": (
        "actor: {role: import, party: null}",
        "actor: {role: import, name: null}",
        "HISTORY_UNKNOWN_FIELD",
        "/events/0/actor/name",
    ),
    "a missing field in a value": (
        "actor: {role: import, party: null}",
        "actor: {party: null}",
        "HISTORY_MISSING_FIELD",
        "/events/0/actor/role",
    ),
    "an unknown role": (
        "actor: {role: import, party: null}",
        "actor: {role: king, party: null}",
        "HISTORY_UNKNOWN_ROLE",
        "/events/0/actor/role",
    ),
    "an unknown presumed role": (
        "presumed: city",
        "presumed: queen",
        "HISTORY_UNKNOWN_ROLE",
        "/events/19/actor/presumed",
    ),
    "an unknown certainty": (
        "certainty: stated\n",
        "certainty: sure\n",
        "HISTORY_NOT_ONE_OF",
        "/events/0/certainty",
    ),
    "an impossible day": (
        'effective: {value: "2006-03-01"',
        'effective: {value: "2006-02-30"',
        "DATE_IMPOSSIBLE",
        "/events/17/effective",
    ),
    "an impossible bound": (
        'era: 平成18年3月1日, earliest: "2006-03-01"',
        'era: 平成18年3月1日, earliest: "2006-13-01"',
        "DATE_IMPOSSIBLE",
        "/events/17/effective/earliest",
    ),
    "bounds that do not fit": (
        'era: 平成18年3月1日, earliest: "2006-03-01"',
        'era: 平成18年3月1日, earliest: "2006-02-01"',
        "DATE_BOUNDS",
        "/events/17/effective",
    ),
    "an impossible day in a payload": (
        'established_on: {value: "2006-03-01"',
        'established_on: {value: "2006-02-29"',
        "DATE_IMPOSSIBLE",
        "/events/17/payload/established_on",
    ),
    "a negative count": (
        "recipients: 2000",
        "recipients: -1",
        "NUMBER_OUT_OF_RANGE",
        "/events/39/payload/recipients",
    ),
    "an empty text": ("name_ja: 金沢市", 'name_ja: ""', "TEXT_EMPTY", "/events/4/payload/name_ja"),
    "a wrong corporate number": (
        "corporate_number: null",
        'corporate_number: "1234567890123"',
        "CORPORATE_NUMBER_WRONG",
        "/events/4/payload/corporate_number",
    ),
    "money that does not add up": (
        "stated_amount: 3400,",
        "stated_amount: 340,",
        "MONEY_UNIT_MISMATCH",
        "/events/23/payload/stated_amount",
    ),
    "a closed document without a ground": (
        "ground: personal",
        "ground: null",
        "GROUND_REQUIRED",
        "/events/2/payload/disclosure/ground",
    ),
    "a control character": (
        "caption: 市民会議",
        "caption: 市民\x07会議",
        "TEXT_NOT_PLAIN",
        "/events/2/payload/caption",
    ),
    "a control character in a name": (
        "    language: ja",
        '    "langu\\u0000age": ja',
        "TEXT_NOT_PLAIN",
        "/events/0/payload/langu\x00age",
    ),
    "an escaped direction mark": (
        "caption: 市民会議の様子",
        'caption: "市民会議の\\u202e様子"',
        "TEXT_NOT_PLAIN",
        "/events/2/payload/caption",
    ),
    "a line separator": (
        "caption: 市民会議",
        "caption: 市民\u2028会議",
        "TEXT_NOT_PLAIN",
        "/events/2/payload/caption",
    ),
    "a text beyond all bounds": (
        "caption: 市民会議の様子",
        f"caption: {'あ' * 20_001}",
        "TEXT_TOO_LONG",
        "/events/2/payload/caption",
    ),
    "a source that is not on record": (
        "source_document: doc-case-sheet",
        "source_document: doc-none",
        "HISTORY_DANGLING",
        "/source_document",
    ),
    "an asserter who is not on record": (
        "asserted_by: org-ishikawa-pref",
        "asserted_by: org-toyama-pref",
        "HISTORY_DANGLING",
        "/events/5/asserted_by",
    ),
    "an actor who is not on record": (
        "actor: {role: city, party: org-kanazawa-city}",
        "actor: {role: city, party: org-none}",
        "HISTORY_DANGLING",
        "/events/6/actor/party",
    ),
    "a subject that is not on record": (
        "subjects: [law-participation-ordinance, council-shimin-kaigi]",
        "subjects: [law-participation-ordinance, council-none]",
        "HISTORY_DANGLING",
        "/events/6/payload/subjects/1",
    ),
    "a council that is not on record": (
        "label_ja: 検討チーム, council_id: council-shimin-kaigi",
        "label_ja: 検討チーム, council_id: council-none",
        "HISTORY_DANGLING",
        "/events/53/payload/council_id",
    ),
    "a study that is not on record": (
        "study_id: study-centre, matter_id",
        "study_id: study-none, matter_id",
        "HISTORY_DANGLING",
        "/events/53/payload/study_id",
    ),
    "a measure that is not on record": (
        "measure_id: measure-centre, fiscal",
        "measure_id: measure-none, fiscal",
        "HISTORY_DANGLING",
        "/events/54/payload/measure_id",
    ),
    "an ordinance that is not on record": (
        "legal_basis: {instrument_id: law-participation-ordinance",
        "legal_basis: {instrument_id: law-none",
        "HISTORY_DANGLING",
        "/events/17/payload/legal_basis/instrument_id",
    ),
    "an event before what it is about": (
        "{problem_id: problem-fixed-participants, device_id: device-grouping}",
        "{problem_id: problem-fixed-participants, device_id: device-none}",
        "UNKNOWN_ID",
        "/events/51/payload/device_id",
    ),
    "a device that is none": (
        "{problem_id: problem-fixed-participants, device_id: device-grouping}",
        "{problem_id: problem-fixed-participants, device_id: purpose}",
        "NOT_A_DEVICE",
        "/events/51/payload/device_id",
    ),
    "a question that is none": (
        "question: functions, label_ja",
        "question: parking, label_ja",
        "QUESTION_NAME_WRONG",
        "/events/56/payload/question",
    ),
    "a failing check": (
        "budget_initial_yen_total: 4180000",
        "budget_initial_yen_total: 4180001",
        "HISTORY_CHECK_FAILED",
        "/checks/budget_initial_yen_total",
    ),
    "an unknown check": (
        "named_persons: 0",
        "persons_named: 0",
        "HISTORY_CHECK_UNKNOWN",
        "/checks/persons_named",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_by_file_line_and_field(
    record: TestRecord, tmp_path: Path, name: str
) -> None:
    before, after, code, field = BROKEN[name]
    text = changed(before, after)
    problems = problems_of(record, written(tmp_path, text))
    matching = [p for p in problems if (p.code, p.field) == (code, field)]
    assert matching, [p.sentence("en") for p in problems]
    assert len(problems) <= 4, [p.sentence("en") for p in problems]
    if code not in ("HISTORY_MISSING_FIELD", "HISTORY_SCHEMA"):
        assert_the_line_shows(text, matching[0].line, field)


def assert_the_line_shows(text: str, line: int, field: str) -> None:
    """The line lies within the right event, and names the field."""
    lines = text.split("\n")
    tokens = field.split("/")[1:]
    if tokens[0] == "events":
        starts = [n for n, said in enumerate(lines, start=1) if said.startswith("- ")]
        event = int(tokens[1])
        assert starts[event] <= line < starts[event + 1]
    names = [token for token in tokens if not token.isdecimal()]
    assert names == ["events"] or not names[-1].isprintable() or names[-1] in lines[line - 1]


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "history.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_events_of_something_that_never_began_are_refused(record: TestRecord, tmp_path: Path) -> None:
    begin, end = TEXT.index("- seq: 38\n"), TEXT.index("- seq: 39\n")
    problems = problems_of(record, written(tmp_path, TEXT[:begin] + TEXT[end:]))
    assert {p.code for p in problems} == {"HISTORY_DANGLING"}
    assert problems[0].field == "/events/37/stream"


def test_everything_wrong_is_told_at_once(record: TestRecord, tmp_path: Path) -> None:
    text = TEXT
    for name in ("an unknown role", "a text for a number", "an impossible bound", "a malformed stream"):
        before, after, _, _ = BROKEN[name]
        text = changed(before, after, text)
    problems = problems_of(record, written(tmp_path, text))
    assert [p.code for p in problems] == [
        "HISTORY_UNKNOWN_ROLE",
        "ID_MALFORMED",
        "DATE_IMPOSSIBLE",
        "HISTORY_WRONG_TYPE",
    ]


def test_what_only_the_commands_refuse_is_told_together(record: TestRecord, tmp_path: Path) -> None:
    text = TEXT
    for name in ("a wrong corporate number", "money that does not add up", "a subject that is not on record"):
        before, after, _, _ = BROKEN[name]
        text = changed(before, after, text)
    codes = [p.code for p in problems_of(record, written(tmp_path, text))]
    assert codes == ["CORPORATE_NUMBER_WRONG", "HISTORY_DANGLING", "MONEY_UNIT_MISMATCH"]


def test_a_file_that_is_all_wrong_does_not_drown_the_reader(record: TestRecord, tmp_path: Path) -> None:
    path = written(tmp_path, TEXT.replace("certainty: stated\n", "certainty: sure\n  a: 1\n  b: 2\n  c: 3\n"))
    with pytest.raises(HistoryError) as caught:
        read_history(path)
    assert len(caught.value.problems) == Problems.MOST
    assert caught.value.omitted > 0


# ---------------------------------------------------------------------------- what is no history at all


def codes_of(record: TestRecord, path: Path) -> list[tuple[str, int, str]]:
    return [(p.code, p.line, p.field) for p in problems_of(record, path)]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", ("HISTORY_SCHEMA", 1, "/schema")),
        (b"# nothing\n", ("HISTORY_SCHEMA", 1, "/schema")),
        (b"just words", ("HISTORY_SCHEMA", 1, "/schema")),
        (b"- a\n- b\n", ("HISTORY_SCHEMA", 1, "/schema")),
        (b'{"schema": 5}', ("HISTORY_SCHEMA", 1, "/schema")),
        (b"schema: x\n---\nschema: y\n", ("HISTORY_NOT_YAML", 2, "")),
        (b"schema: {\n", ("HISTORY_NOT_YAML", 2, "")),
        (b"a: 1\n\tb: 2\n", ("HISTORY_NOT_YAML", 2, "")),
        (b"a: 1\nb: !!python/object/apply:os.system [id]\n", ("HISTORY_TAG", 2, "")),
        (b"a: &x [1]\nb: *x\n", ("HISTORY_ALIAS", 2, "")),
        (b"schema: record-history/1\nnote: \xff\xfe\n", ("HISTORY_NOT_UTF8", 2, "/note")),
        ("schema: record-history/1\n".encode("utf-16"), ("HISTORY_NOT_UTF8", 1, "")),
        (b"schema: " + b"[" * 2_000, ("HISTORY_TOO_DEEP", 1, "")),
    ],
)
def test_what_is_no_history_is_refused(
    record: TestRecord, tmp_path: Path, content: bytes, expected: tuple[str, int, str]
) -> None:
    assert expected in codes_of(record, written(tmp_path, content))


def test_a_history_without_events_is_refused(record: TestRecord, tmp_path: Path) -> None:
    text = TEXT[: TEXT.index("events:\n")] + "events: []\n"
    assert codes_of(record, written(tmp_path, text)) == [("HISTORY_EMPTY", 23, "/events")]


def test_aliases_that_multiply_do_no_harm(record: TestRecord, tmp_path: Path) -> None:
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 12)]
    bomb = "l0: &l0 [x, x, x]\n" + "".join(levels)
    assert {code for code, _, _ in codes_of(record, written(tmp_path, bomb))} == {"HISTORY_ALIAS"}


def test_a_file_beyond_all_bounds_is_not_read(
    record: TestRecord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_file, "MOST_BYTES", len(TEXT.encode()) - 1)
    assert codes_of(record, KANAZAWA) == [("HISTORY_TOO_LARGE", 1, "")]


def test_a_file_of_too_many_values_is_not_read(record: TestRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_file, "MOST_VALUES", 1_000)
    ((code, line, _),) = codes_of(record, KANAZAWA)
    assert code == "HISTORY_TOO_LARGE"
    assert line > 100


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_what_cannot_be_read_is_refused(record: TestRecord, tmp_path: Path, name: str) -> None:
    assert codes_of(record, tmp_path / name) == [("HISTORY_UNREADABLE", 1, "")]


@pytest.mark.parametrize("change", [lambda t: "\ufeff" + t, lambda t: t.replace("\n", "\r\n")])
def test_marks_and_line_ends_of_other_systems_are_accepted(
    record: TestRecord, tmp_path: Path, change: Callable[[str], str]
) -> None:
    assert import_history(record.application, read_history(written(tmp_path, change(TEXT)))).added == 67


def test_lines_are_counted_alike_with_any_line_ends(record: TestRecord, tmp_path: Path) -> None:
    before, after, code, field = BROKEN["a control character"]
    text = changed(before, after)
    lines = {
        p.line
        for n, ends in enumerate(("\n", "\r\n", "\r"))
        for p in problems_of(record, written(tmp_path, text.replace("\n", ends)))
        if (p.code, p.field) == (code, field)
    }
    assert len(lines) == 1


# ------------------------------------------------------------------------------------- whatever else

LINES = TEXT.split("\n")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_wrong_is_told_and_not_recorded(tmp_path: Path, data: st.DataObject) -> None:
    """Lines lost, doubled, swapped or with other characters in them: it is imported whole, or refused."""
    lines = list(LINES)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 2))
        kind = data.draw(st.sampled_from(["lose", "double", "swap", "write"]))
        if kind == "lose":
            del lines[at]
        elif kind == "double":
            lines.insert(at, lines[at])
        elif kind == "swap":
            lines[at], lines[at + 1] = lines[at + 1], lines[at]
        else:
            place = data.draw(st.integers(0, len(lines[at])))
            lines[at] = lines[at][:place] + data.draw(st.text(max_size=6)) + lines[at][place:]
    record, path = TestRecord(), written(tmp_path, "\n".join(lines).encode(errors="surrogatepass"))
    try:
        added = import_history(record.application, read_history(path)).added
    except HistoryError as wrong:
        added = 0
        problems = wrong.problems
    else:
        problems = []
    assert (added > 0) != bool(problems)
    assert len(record.events) == added


def test_a_value_of_a_type_yet_to_come_is_refused_too(tmp_path: Path) -> None:
    """Fields may get types of which msgspec says something that nobody has put into words here."""
    problems = HistoryFile(written(tmp_path, "id: x\n")).problems
    assert typed("x", uuid.UUID, "/id", problems) is None
    with pytest.raises(HistoryError) as caught:
        problems.raise_if_any()
    assert [(p.code, p.line) for p in caught.value.problems] == [("HISTORY_WRONG_VALUE", 1)]
