"""History files 履歴ファイル: what happened before there was this record, read into commands and imported.

A file of the form record-history/1 is imported as a whole or not at all, in one transaction. It may leave
gaps and be imprecise (domain.md 3, Import), but it does not contradict itself: its references, its money and
its own checks must hold. Importing the same batch again adds nothing; with other events it is refused.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eventsourcing.persistence import IntegrityError

from domain.history.checks import run_checks
from domain.history.entries import Entry, EntryReader
from domain.history.file import HistoryFile
from domain.history.names import NOBODY, Names
from domain.history.problems import (
    HISTORY_CHANGED,
    HISTORY_DANGLING,
    HISTORY_EMPTY,
    HISTORY_SCHEMA,
    HistoryError,
    Problem,
)
from domain.history.references import refuse_dangling
from domain.history.values import fields_in, typed
from domain.kernel.events import Recorded, Source
from domain.kernel.refusals import ALREADY_TAKEN, BUSY, TAKEN, UNKNOWN_ID
from domain.party.aggregate import PersonRegistered
from domain.recording.application import Application, Batch
from domain.recording.receipts import CommandTerms, Receipt, StoredReceipt
from domain.values.fields import Id, Text
from domain.values.refusal import Refusal

__all__ = [
    "Entry",
    "History",
    "HistoryError",
    "ImportOutcome",
    "Problem",
    "import_history",
    "read_history",
]

SCHEMA = "record-history/1"
_REQUIRED: dict[str, Any] = {"schema": str, "import_batch": Id, "source_document": Id, "events": list[Any]}
_OPTIONAL: dict[str, Any] = {"checks": dict[str, Any], "unknown_in_source": tuple[Text, ...]}


@dataclass(frozen=True)
class History:
    """A history file that has been read: every entry has the form of a command that can be given."""

    file: HistoryFile
    batch: str
    source_document: str
    entries: tuple[Entry, ...]
    checks: dict[str, Any]
    unknown_in_source: tuple[str, ...]
    fingerprint: str
    """SHA-256 of the events and their source: comments and layout do not count."""


@dataclass(frozen=True)
class ImportOutcome:
    """What an import did: how many events it added, and where the events of the batch stand in the log.
    ``already``: it had been imported before, and nothing was added."""

    batch: str
    added: int
    already: bool
    positions: range
    warnings: tuple[Refusal, ...] = ()
    """What is unusual but was not refused. It is said once."""


def read_history(path: Path) -> History:
    """Read a file of the form record-history/1. Raises HistoryError with everything that is wrong with it."""
    file = HistoryFile(path)
    problems = file.problems
    _refuse_other_form(file)
    parts = fields_in(file.value, _REQUIRED, _OPTIONAL, "", problems)
    parts["unknown_in_source"] = _in_words(parts.get("unknown_in_source", []))
    header = {
        name: typed(parts[name], kind, f"/{name}", problems)
        for name, kind in {**_REQUIRED, **_OPTIONAL}.items()
        if name in parts
    }
    events = header.get("events") or ()
    if header.get("events") == []:
        problems.add("/events", HISTORY_EMPTY())
    reader = EntryReader(file)
    entries = [reader.read(raw, f"/events/{n}") for n, raw in enumerate(events)]
    problems.raise_if_any()
    content = json.dumps([header["source_document"], events], ensure_ascii=False, sort_keys=True)
    return History(
        file=file,
        batch=header["import_batch"],
        source_document=header["source_document"],
        entries=tuple(entry for entry in entries if entry is not None),
        checks=header.get("checks", {}),
        unknown_in_source=header["unknown_in_source"],
        fingerprint=hashlib.sha256(content.encode()).hexdigest(),
    )


def _refuse_other_form(file: HistoryFile) -> None:
    """What is of another form is not read further: everything in it would be wrong."""
    schema = file.value.get("schema") if isinstance(file.value, dict) else None
    if schema != SCHEMA:
        file.problems.add("/schema", HISTORY_SCHEMA(schema=str(schema)[:60], known=SCHEMA))
        file.problems.raise_if_any()


def _in_words(words: Any) -> Any:
    """What the source does not tell, as texts: YAML reads words with a colon, unquoted, as a field."""
    if not isinstance(words, list):
        return words
    return [
        ", ".join(f"{name}: {rest}" for name, rest in word.items()) if isinstance(word, dict) else word
        for word in words
    ]


def import_history(application: Application, history: History, names: Names = NOBODY) -> ImportOutcome:
    """Record every entry in one transaction, or none; people by the names of their file. Raises HistoryError;
    then nothing has been recorded."""
    key = f"import:{history.batch}"
    for _ in range(application.ATTEMPTS):
        done = application.already_done(key)
        if done is not None:
            return _already(history, done)
        try:
            with application.batch(key, history.fingerprint) as batch:
                _give_commands(application, batch, history, names)
        except IntegrityError:
            # Somebody wrote at the same moment, perhaps this very import; or a name was taken before.
            if application.already_done(key) is None:
                _refuse_taken(application, history, batch.unit.claims)
            continue
        positions = _positions(batch.receipt)
        unusual = batch.receipt.warnings if batch.receipt is not None else ()
        return ImportOutcome(history.batch, len(positions), False, positions, unusual)
    raise BUSY(attempts=application.ATTEMPTS)


def _already(history: History, done: StoredReceipt) -> ImportOutcome:
    problems = history.file.no_problems()
    if done.fingerprint != history.fingerprint:
        problems.add("/import_batch", HISTORY_CHANGED(batch=history.batch))
        problems.raise_if_any()
    return ImportOutcome(history.batch, 0, True, _positions(done.receipt))


def _positions(receipt: Receipt | None) -> range:
    """One transaction appends in one piece: its events end at the receipt's position."""
    if receipt is None:
        return range(0)
    return range(receipt.position - len(receipt.event_ids) + 1, receipt.position + 1)


def _give_commands(application: Application, batch: Batch, history: History, names: Names) -> None:
    """Give the command of every entry, in the order of the file; then see whether the file's checks hold."""
    _refuse_unknown_people(history, names)
    problems = history.file.no_problems()
    refuse_dangling(application, batch.unit, history.source_document, history.entries, problems)
    dangling = problems.count > 0
    correlation_id = application.new_id()
    imported: list[tuple[int, Recorded[Any]]] = []
    broken: set[str] = set()
    for entry in history.entries:
        if entry.stream in broken:
            continue  # what follows a refused event of the same thing would only be refused for that
        before = len(batch.unit.recorded)
        try:
            person = names.people.get(entry.entity, {}) if entry.event is PersonRegistered else {}
            arguments = {**entry.payload, **person}
            batch.execute(entry.command, entry.entity, arguments, _terms(entry, history, correlation_id))
        except Refusal as refused:
            broken.add(entry.stream)
            if not (dangling and refused.declared is UNKNOWN_ID):
                problems.add(_pointer(entry, refused), refused)
        imported += [(entry.seq, recorded) for recorded in batch.unit.recorded[before:]]
    problems.raise_if_any()
    people = sum(bool(personal) for personal in batch.unit.entrusted.values())
    run_checks(history.checks, imported, people, problems)
    problems.raise_if_any()


def _refuse_unknown_people(history: History, names: Names) -> None:
    """Refuse names of people whom the history does not register: they would be lost without a word."""
    if names.file is None:
        return
    registered = {entry.entity for entry in history.entries if entry.event is PersonRegistered}
    problems = names.file.no_problems()
    for party in names.people.keys() - registered:
        problems.add(names.places[party], HISTORY_DANGLING(id=party))
    problems.raise_if_any()


def _terms(entry: Entry, history: History, correlation_id: str) -> CommandTerms:
    source = Source(history.source_document, entry.locator, entry.facts)
    envelope = {
        **entry.envelope,
        "source": source,
        "import_batch": history.batch,
        "correlation_id": correlation_id,
    }
    return CommandTerms(entry.actor, frozenset({"IMP"}), envelope, importing=True)


def _pointer(entry: Entry, refused: Refusal) -> str:
    """Where in the file the field stands that a command refused."""
    if refused.pointer and refused.pointer.startswith("/record/"):
        return entry.pointer + refused.pointer.removeprefix("/record")
    return entry.pointer + ("/payload" + refused.pointer if refused.pointer else "/event")


def _refuse_taken(application: Application, history: History, claims: dict[str, str]) -> None:
    """Refuse the names that the import claims and somebody else has taken, at the fields that give them."""
    problems = history.file.no_problems()
    for claim, stream in claims.items():
        if application.keys.find_claim(claim) is not None:
            kind, _, value = claim.partition(":")
            entry, name = next(
                (entry, name)
                for name in (kind, f"{kind}_id", None)
                for entry in history.entries
                if entry.stream == stream and (name is None or entry.payload.get(name) is not None)
            )
            pointer = f"{entry.pointer}/payload/{name}" if name else f"{entry.pointer}/event"
            problems.add(pointer, TAKEN.get(kind, ALREADY_TAKEN)(value=value))
    problems.raise_if_any()
