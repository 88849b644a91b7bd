"""One whole meeting as one transaction: 14 members, 40 statements, three resolutions, the minutes.

That is what the office records after an evening (api/office/meetings): every act in one unit of work, with
every view, the other way being a transaction for each act. The meeting lies in the past, as it does for
whoever records it the day after.
"""

from __future__ import annotations

import datetime as dt
import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any

from bench.context import Context
from bench.measuring import Column, interleaved
from bench.tables import Figure, Table
from domain.kernel.events import Actor, Evidence
from domain.recording.application import Application, command_named
from domain.recording.receipts import CommandTerms
from domain.values.calendar import JAPAN, EffectiveDate
from projections.engine.store import Store
from tests.support.given import typed

TITLE = "A whole meeting"
MEMBERS, STATEMENTS, RESOLUTIONS = 14, 40, 3
COUNCIL, LAW = "council-bench", "law-bench"
CLERK = Actor("SEC", "p-clerk")
_DAY = dt.date(2025, 6, 12)
_PLACE = "市民センター（架空）"

Given = tuple[str, str, str, str, dict[str, Any]]
"""In which role, which kind of thing, which one, which command, with what."""
Give = Callable[[Given], None]


def measure(context: Context) -> list[Table]:
    """The same meeting in one transaction, and act by act; in seconds for a meeting."""
    store = context.fresh()
    seconds: dict[str, list[float]] = {}
    numbers = itertools.count(1)
    _prepared(store.application)

    def column(name: str, record: Callable[[Application, list[Given]], None]) -> Column:
        def run() -> int:
            acts = list(evening(next(numbers), store.application))
            started = time.perf_counter()
            record(store.application, acts)
            seconds.setdefault(name, []).append(time.perf_counter() - started)
            return len(acts)

        return Column(name, run)

    columns = [column("in one transaction", _together), column("a transaction for each act", _one_by_one)]
    interleaved(columns, max(context.options.runs, 2))
    return [_table(store, columns, seconds)]


def _table(store: Store, columns: list[Column], seconds: dict[str, list[float]]) -> Table:
    shown = (
        Figure("seconds", "seconds for a meeting", ",.2f"),
        Figure("ratio", "as long as the first", lasting=True),
    )
    best = {column.name: sorted(seconds[column.name]) for column in columns}
    middle = {name: times[len(times) // 2] for name, times in best.items()}
    first = middle[columns[0].name]
    rows = {
        name: {"seconds": round(took, 3), "ratio": round(took / first, 2)} for name, took in middle.items()
    }
    note = (
        f"{MEMBERS} members, {STATEMENTS} statements, {RESOLUTIONS} resolutions with the matters that they "
        f"conclude, the minutes drafted and confirmed."
    )
    return Table(TITLE, shown, rows, note, {"events": store.head()})


# -- how it is recorded


def _together(application: Application, acts: list[Given]) -> None:
    with application.batch() as batch:
        for role, kind, entity, command, fields in acts:
            batch.execute(
                command_named(kind, command), entity, _typed(kind, command, fields), _terms(role, fields)
            )


def _one_by_one(application: Application, acts: list[Given]) -> None:
    for role, kind, entity, command, fields in acts:
        declared = command_named(kind, command)
        application.execute(declared, entity, _typed(kind, command, fields), _terms(role, fields))


def _typed(kind: str, command: str, fields: dict[str, Any]) -> dict[str, Any]:
    return typed(kind, command, {name: value for name, value in fields.items() if name != "record"})


def _terms(role: str, fields: dict[str, Any]) -> CommandTerms:
    """The clerk writes down what the chair did, as minute taker."""
    envelope: dict[str, Any] = dict(fields.get("record") or {})
    if role != "SEC":
        envelope |= {"actor": Actor(role), "evidence": Evidence(kind="minute_taker")}
    return CommandTerms(CLERK, frozenset({"SEC"}), envelope)


# -- what is recorded


def _day(value: str) -> dict[str, str]:
    return {"value": value, "precision": "day"}


def _seat(n: int) -> str:
    return f"seat-{n:02d}"


def _prepared(application: Application) -> None:
    """A council of fourteen with a chair and rules."""
    number = {"record": {"document_no": "架空市協第1号"}}
    rules = {
        "rules_version": 1,
        "effective_from": _day("2025-04-01"),
        "adopted_on": _day("2025-03-28"),
        "quorum": {"basis": "at_least_half", "denominator": "serving"},
        "majority": {"base": "present", "threshold": "more_than_half"},
        "chair_votes": "always",
    }
    term = {"term_no": 1, "to_date": _day("2027-03-31"), "from_date": _day("2025-04-01")}
    acts: list[Given] = [
        (
            "SEC",
            "LegalInstrument",
            LAW,
            "enact",
            {"title_ja": "架空市協働条例", "enacted": _day("2024-03-22")},
        ),
        (
            "SEC",
            "LegalInstrument",
            LAW,
            "record_article",
            {"article": 17, "paragraphs": [{"paragraph": 1, "text_ja": "置く。"}]},
        ),
        (
            "SEC",
            "Council",
            COUNCIL,
            "establish",
            {"name_ja": "架空市協働市民会議", "legal_basis": _law(), **number},
        ),
        ("SEC", "Council", COUNCIL, "adopt_rules", {**rules, **number}),
        ("SEC", "Council", COUNCIL, "open_term", {**term, **number}),
    ]
    for n in range(1, MEMBERS + 1):
        member = {"appointment_id": _seat(n), "party_id": f"p-{n:02d}", "category": "public_recruitment"}
        acts.append(("SEC", "Party", f"p-{n:02d}", "register_person", {"name": f"架空 {n}"}))
        acts.append(("SEC", "Council", COUNCIL, "appoint", {**member, **term, **number}))
    chair = {"appointment_id": _seat(1), "from_date": _day("2025-04-10"), "method": "elected"}
    acts.append(("SEC", "Council", COUNCIL, "elect_chair", {**chair, **number}))
    _together(application, acts)


def _law() -> dict[str, Any]:
    return {"instrument_id": LAW, "article": 17}


def evening(no: int, application: Application) -> Iterator[Given]:
    """One meeting from its agenda to its minutes, with the matters it decides on."""
    meeting, items = f"meeting-bench-{no}", [f"item-{n}" for n in range(1, RESOLUTIONS + 1)]
    matters = [f"matter-bench-{no}-{n}" for n in range(1, RESOLUTIONS + 1)]
    dated = {"record": {"effective": EffectiveDate.unknown()}}
    for matter in matters:
        question = {"title": "架空の案件", "question": "どうするか。", "council_id": COUNCIL, "remit": _law()}
        yield "SEC", "Matter", matter, "raise_matter", {**question, **dated}
        for option in ("a", "b"):
            proposed = {"option_id": f"option-{option}", "label": f"案{option}", "text": "架空の案の文。"}
            yield "SEC", "Matter", matter, "propose_option", {**proposed, "secretariat_draft": True, **dated}
        yield "CHR", "Matter", matter, "freeze_options", dated
    about = {"council_id": COUNCIL, "kind": "plenary", "no": no, "title": f"第{no}回全体会", "place": _PLACE}
    starts = dt.datetime.combine(_DAY, dt.time(18), JAPAN) + dt.timedelta(days=no)
    yield "SEC", "Meeting", meeting, "schedule", {**about, "starts_at": starts.isoformat(), **dated}
    for order, (item, matter) in enumerate(zip(items, matters, strict=True), 1):
        listed = {"item_id": item, "order": order, "title": "架空の案件", "type": "decision"}
        yield "SEC", "Meeting", meeting, "list_item", {**listed, "matter_id": matter, **dated}
    opened = {"presiding": _seat(1), "present": [_seat(n) for n in range(2, MEMBERS + 1)]}
    yield "CHR", "Meeting", meeting, "open", {"at": starts.isoformat(), **opened}
    for n in range(STATEMENTS):
        spoken = {"statement_id": f"s-{n}", "item_id": items[n % RESOLUTIONS], "speaker_role": "委員"}
        words = {"speaker": _seat(1 + n % MEMBERS), "text": f"架空の発言{n}。" * 8, "stance": "neutral"}
        yield "SEC", "Meeting", meeting, "record_statement", {**spoken, **words}
    for n, item in enumerate(items):
        tally = {"for": 12, "against": 1, "abstain": 1, "not_voting": 0}
        voted = {"method": "majority_show", "result": "adopted", "tally": tally, "options_version": 1}
        taken = {"resolution_id": f"r-{n}", "at": (starts + dt.timedelta(minutes=50 + n)).isoformat()}
        yield "CHR", "Meeting", meeting, "take_resolution", {"item_id": item, **taken, **voted}
    ended = (starts + dt.timedelta(hours=2)).isoformat()
    yield "CHR", "Meeting", meeting, "close", {"at": ended, "observers": 3, "press": 0, "staff": 2}
    for n, matter in enumerate(matters):
        yield "CHR", "Matter", matter, "confirm_no_dissent", {"meeting_id": meeting, **dated}
        outcome = {"meeting_id": meeting, "resolution_ref": f"r-{n}", "chosen_option": "option-a"}
        yield "CHR", "Matter", matter, "conclude", {**outcome, "reason": "架空の理由。"}
    document = f"doc-bench-{no}"
    about = {"title": "会議録", "kind": "minutes", "disclosure": {"visibility": "public"}}
    yield "SEC", "Document", document, "register", about
    drafted = {"v": 1, "style": "summary", "naming": "role", "document_id": document, "other": "なし"}
    yield "SEC", "Meeting", meeting, "list_documents", {"document_ids": [document]}
    yield "SEC", "Meeting", meeting, "draft_minutes", {**drafted, **dated}
    yield "SEC", "Meeting", meeting, "circulate_minutes", {"v": 1, **dated}
    yield "CHR", "Meeting", meeting, "confirm_minutes", {"v": 1, "by": "chair", **dated}
