"""All that was measured: kept as JSON, and the lasting part of it written into a document as Markdown.

The document gets ratios and memory, one table for each that was measured, with a column for each database
and size; and what they depend on: cores, Python, versions of the databases, the command.
"""

from __future__ import annotations

import os
import platform
import shlex
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import orjson
import psycopg

from bench.context import Context, Part
from bench.tables import Figure, Table, markdown_rows, table_of, written

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
WIDEST = 6
"""Columns that fit side by side."""
LIBRARIES = (
    "eventsourcing",
    "sqlalchemy",
    "psycopg",
    "msgspec",
    "orjson",
    "django",
    "django-simple-history",
    "sqlalchemy-continuum",
)


@dataclass(frozen=True)
class Measured:
    """One table of one part, of a record of so many events (None: whatever its size) in one database."""

    part: str
    title: str
    """Of the part."""
    database: str
    events: int | None
    table: Table

    @property
    def place(self) -> tuple[str, str, str, int | None]:
        return self.part, self.table.title, self.database, self.events


@dataclass
class Report:
    """What was measured, the commands that did, and what it depends on."""

    commands: list[str]
    machine: dict[str, str]
    measured: list[Measured] = field(default_factory=list)

    @classmethod
    def begin(cls, arguments: Sequence[str], runs: int) -> Report:
        """A report of the run that begins."""
        return cls([_command(arguments)], {**machine(), "runs": str(runs)})

    @classmethod
    def read(cls, files: Iterable[Path]) -> Report:
        """The reports kept in these files as one; what was measured again counts as it was measured last."""
        commands: list[str] = []
        machine: dict[str, str] = {}
        measured: dict[Any, Measured] = {}
        for file in files:
            stored = orjson.loads(file.read_bytes())
            commands += [command for command in stored["commands"] if command not in commands]
            machine |= stored["machine"]
            for one in stored["measured"]:
                result = Measured(
                    one["part"], one["title"], one["database"], one["events"], table_of(one["table"])
                )
                measured[result.place] = result
        return cls(commands, machine, list(measured.values()))

    def add(self, name: str, part: Part, context: Context, table: Table) -> None:
        """Add a table that a part has measured."""
        if context.postgres and "PostgreSQL" not in self.machine:
            with psycopg.connect(context.postgres.url_of("postgres")) as connection:
                self.machine["PostgreSQL"] = str(connection.info.parameter_status("server_version"))
        events = None if part.once else context.events
        self.measured.append(Measured(name, part.module.TITLE, context.database, events, table))

    def keep(self, file: Path) -> None:
        """Write everything, as :meth:`read` reads it."""
        value = {
            "commands": self.commands,
            "machine": self.machine,
            "measured": [{**vars(one), "table": one.table.as_json()} for one in self.measured],
        }
        file.write_bytes(orjson.dumps(value, option=orjson.OPT_INDENT_2))

    def markdown(self) -> str:
        """What lasts of it."""
        facts = ", ".join(f"{name} {value}" for name, value in self.machine.items())
        lines = [f"Measured with {facts}, by", "", "```", *self.commands, "```"]
        lasting = [one for one in self.measured if _lasting_of(one)]
        parts = dict.fromkeys((one.part, one.title) for one in lasting)
        for part, title in parts:
            lines += ["", f"### {title}"]
            of_part = [one for one in lasting if one.part == part]
            for name in dict.fromkeys(one.table.title for one in of_part):
                lines += ["", *_lasting(name, title, [one for one in of_part if one.table.title == name])]
        return "\n".join(lines)


WHEREVER = ("--json", "--markdown", "--record")
"""Options that name a place on this machine; no figure depends on them."""


def _command(arguments: Sequence[str]) -> str:
    """The command, without the options that name a place."""
    options: list[str] = []
    words = iter(arguments)
    for argument in words:
        if argument in WHEREVER:
            next(words, None)
        elif not argument.startswith(tuple(f"{option}=" for option in WHEREVER)):
            options.append(argument)
    return shlex.join(["python", "-m", "bench", *options])


def machine() -> dict[str, str]:
    """What figures depend on, and no more of the machine than that."""
    return {
        "cores": str(len(os.sched_getaffinity(0))),
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        **dict(_versions()),
    }


def _versions() -> Iterator[tuple[str, str]]:
    """Of the libraries that are installed."""
    for name in LIBRARIES:
        with suppress(PackageNotFoundError):
            yield name, version(name)


def write_into(file: Path, report: Report) -> None:
    """Put the tables between the two markers of a document. Refuses a document without them."""
    text = file.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise SystemExit(f"{file} has no lines {BEGIN} and {END}")
    file.write_text(f"{before}{BEGIN}\n{report.markdown()}\n{END}{after}", encoding="utf-8")


def _lasting(name: str, title: str, measured: Sequence[Measured]) -> Iterator[str]:
    """The rows, with the figures that last for each database and size: one table, or one for each database
    where it would be too wide to read."""
    if name != title:
        yield f"#### {name}\n"
    if sum(len(_lasting_of(one)) for one in measured) <= WIDEST:
        yield from _table(measured, lambda one: f"{one.database} {_size(one)}".rstrip())
    else:
        for database in dict.fromkeys(one.database for one in measured):
            yield from _table([one for one in measured if one.database == database], _size, database)
            yield ""
    for note in dict.fromkeys(one.table.note for one in measured if one.table.note):
        yield f"\n{note}"


def _table(measured: Sequence[Measured], head: Callable[[Measured], str], corner: str = "") -> Iterator[str]:
    columns = [(one, figure) for one in measured for figure in _lasting_of(one)]
    heads = [": ".join(filter(None, (head(one), figure.head))) for one, figure in columns]
    rows = dict.fromkeys(row for one in measured for row in one.table.rows)
    cells = {row: [_cell(one, row, figure) for one, figure in columns] for row in rows}
    yield from markdown_rows(heads, cells, corner)


def _lasting_of(one: Measured) -> list[Figure]:
    return [figure for figure in one.table.figures if figure.lasting]


def _cell(one: Measured, row: str, figure: Figure) -> str:
    return written(one.table.rows.get(row, {}).get(figure.key), figure.form)


def _size(one: Measured) -> str:
    """10 k, 1 M; nothing where it does not matter."""
    if one.events is None:
        return ""
    for size, letter in ((1_000_000, " M"), (1_000, " k")):
        if one.events >= size and one.events % size == 0:
            return f"{one.events // size}{letter}"
    return f"{one.events:,}"
