"""Names for a history 氏名のファイル: who the people of a history file are, in a file of its own.

A history may be passed around and kept; names may not. So the history registers people by id, and a second
file of the form record-names/1 says what each is called. What it says goes to the vault and into no event.
Whom it does not name is a person whose name no source gives.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from domain.history.file import HistoryFile
from domain.history.problems import HISTORY_DUPLICATE_FIELD, HISTORY_SCHEMA
from domain.history.values import fields_in, typed
from domain.party.aggregate import Contact, Post
from domain.values.fields import Id, PersonName

SCHEMA = "record-names/1"
_FIELDS: dict[str, Any] = {
    "party_id": Id,
    "name": PersonName,
    "contact": Contact | None,
    "post": Post | None,
}


@dataclass(frozen=True)
class Names:
    """What people are called, and what else is known of them, by party; and the file that says so."""

    people: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    """Where in the file somebody stands, as a JSON pointer."""
    file: HistoryFile | None = None


NOBODY = Names()


def read_names(path: Path) -> Names:
    """Read a file of the form record-names/1. Raises HistoryError with everything that is wrong with it."""
    file = HistoryFile(path)
    problems = file.problems
    schema = file.value.get("schema") if isinstance(file.value, dict) else None
    if schema != SCHEMA:
        problems.add("/schema", HISTORY_SCHEMA(schema=str(schema)[:60], known=SCHEMA))
        problems.raise_if_any()
    parts = fields_in(file.value, ("schema", "people"), (), "", problems)
    listed = typed(parts.get("people", []), list[Any], "/people", problems) or []
    people: dict[str, Mapping[str, str]] = {}
    places: dict[str, str] = {}
    for n, raw in enumerate(listed):
        pointer = f"/people/{n}"
        line = fields_in(raw, ("party_id", "name"), ("contact", "post"), pointer, problems)
        person = {name: typed(line[name], _FIELDS[name], f"{pointer}/{name}", problems) for name in line}
        party = person.pop("party_id", None)
        if party in people:
            problems.add(f"{pointer}/party_id", HISTORY_DUPLICATE_FIELD(field=party))
        elif party is not None:
            people[party] = {name: value for name, value in person.items() if value is not None}
            places[party] = pointer
    problems.raise_if_any()
    return Names(people, places, file)
