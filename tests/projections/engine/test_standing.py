"""Where a view stands whose tables were built by some code, and which views an append writes for that."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from domain.values.refusal import Refusal
from projections.engine import view as view_module
from projections.engine import view_versions
from projections.engine.view import View, column, json_column, key, number
from projections.engine.view_versions import (
    ViewFeed,
    feed_older,
    make_readable,
    must_equal,
    standing_of,
)
from projections.migrations.revisions import revisions
from tests.support.shelf import ShelfEmptied, ShelfFilled, recorded

RUNNING: Any = SimpleNamespace(version=5, fingerprint="code.lifting")


@pytest.mark.parametrize(
    ("found", "standing", "equal"),
    [
        (None, "never_built", False),
        ((5, "code.lifting"), "current", True),
        ((5, "other.lifting"), "other_code", True),
        ((5, "code.other"), "other_code", False),
        ((5, "other.other"), "other_code", False),
        ((5, "code"), "other_code", False),
        ((4, "code.lifting"), "older", False),
        ((4, "other.lifting"), "older", False),
        ((6, "code.lifting"), "newer", False),
        ((6, "other.other"), "newer", False),
    ],
)
def test_the_version_goes_before_the_code_and_only_how_events_are_read_lets_rows_differ(
    found: tuple[int, str] | None, standing: str, equal: bool
) -> None:
    """A rebuild must come out as the live tables stand, unless somebody said that rows are others now."""
    assert standing_of(RUNNING, found) == standing
    assert must_equal(RUNNING, found) == equal


# -------------------------------------------------------------------------------------- the fingerprint


# ------------------------------------------------------------------------------------------- the feed


class Asked:
    """A cursor of SQLite that notes what it was asked."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._cursor = connection.cursor()
        self.statements: list[str] = []

    def execute(self, sql: str, values: Any = ()) -> None:
        self.statements.append(sql)
        self._cursor.execute(sql, values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


NAMES = ("current", "older", "other", "never")


@pytest.fixture
def views(monkeypatch: pytest.MonkeyPatch) -> dict[str, View]:
    """Four views of version 5, each with a table of what is on the shelf."""
    monkeypatch.setattr(view_module, "METADATA", sa.MetaData())
    found = {name: View(name, 5, ja="x", en="x", source=__name__) for name in NAMES}
    for name, view in found.items():
        table = view.table(
            f"shelf_{name}", key("shelf_id"), number("books"), column("note"), json_column("doc")
        )

        @table.on(ShelfFilled)
        def filled(row: Any, e: Any, k: Any) -> Any:
            return {"books": (row["books"] if row else 0) + e.data.books, "doc": None}

    monkeypatch.setattr(view_versions, "VIEWS", found)
    return found


@pytest.fixture
def cursor(views: dict[str, View]) -> Iterator[Asked]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    asked = Asked(connection)
    asked.execute(
        "CREATE TABLE view_build (view TEXT, version INTEGER, fingerprint TEXT, generation INTEGER)"
    )
    asked.execute("CREATE TABLE view_certificate (id INTEGER)")
    asked.execute("CREATE TABLE view_held (view TEXT, since INTEGER)")
    asked.execute(
        "CREATE TABLE event_format (event TEXT, class_version INTEGER, since INTEGER, software TEXT)"
    )
    asked.execute("CREATE TABLE rules_edition (edition INTEGER, since INTEGER, software TEXT)")
    asked.execute("INSERT INTO rules_edition VALUES (1, 0, '0')")
    asked.execute("CREATE TABLE record (software TEXT)")
    asked.execute("INSERT INTO record VALUES ('0')")
    asked.execute("CREATE TABLE alembic_version (version_num TEXT)")
    asked.execute("INSERT INTO alembic_version VALUES (?)", (revisions()[-1].number,))
    for name, version, fingerprint in (
        ("current", 5, views["current"].fingerprint),
        ("older", 4, "x.y"),
        ("other", 5, "x.y"),
    ):
        asked.execute("INSERT INTO view_build VALUES (?, ?, ?, 1)", (name, version, fingerprint))
    yield asked
    connection.close()


def names(views: Any) -> list[str]:
    return [view.name for view in views]


def test_views_of_older_tables_are_fed_apart(views: dict[str, View], cursor: Asked) -> None:
    feed = ViewFeed()
    assert not feed.is_known
    assert (names(feed.current), names(feed.older)) == (list(NAMES), [])
    feed.refresh(cursor)
    assert feed.is_known
    for _ in range(2):  # for one append after another
        assert (names(feed.current), names(feed.older)) == (["current", "other", "never"], ["older"])


@pytest.mark.parametrize(
    "swap",
    ["INSERT INTO view_certificate VALUES (1)", "UPDATE view_build SET generation=2 WHERE view='older'"],
)
def test_the_feed_is_looked_up_again_only_after_a_swap(cursor: Asked, swap: str) -> None:
    feed = ViewFeed()
    feed.refresh(cursor)
    cursor.execute("UPDATE view_build SET version=5 WHERE view='older'")
    cursor.statements.clear()
    feed.refresh(cursor)
    assert names(feed.older) == ["older"], "nothing tells that there was a swap"
    assert cursor.statements == [ViewFeed.MARKER]
    cursor.execute(swap)
    feed.refresh(cursor)
    assert names(feed.older) == []


def test_the_marker_may_have_been_asked_for_already(cursor: Asked) -> None:
    feed, other = ViewFeed(), Asked(cursor._cursor.connection)
    other.execute(ViewFeed.MARKER)
    cursor.statements.clear()
    feed.refresh(cursor, other)
    assert names(feed.older) == ["older"]
    assert ViewFeed.MARKER not in cursor.statements
    other.execute(ViewFeed.MARKER)
    cursor.statements.clear()
    feed.refresh(cursor, other)
    assert cursor.statements == []


def test_a_process_of_older_code_writes_nothing_any_more(cursor: Asked) -> None:
    feed = ViewFeed()
    feed.refresh(cursor)
    cursor.execute("UPDATE view_build SET version=6, generation=2 WHERE view='other'")
    for _ in range(2):
        with pytest.raises(Refusal, match="VIEWS_NEWER") as refused:
            feed.refresh(cursor)
        assert refused.value.params == {"view": "other", "version": 6}
        assert refused.value.declared.kind == "unavailable"


# ---------------------------------------------------------------------------------------- older tables


def held(cursor: Asked) -> list[tuple[str, int]]:
    cursor.execute("SELECT view, since FROM view_held ORDER BY view")
    return cursor.fetchall()  # type: ignore[no-any-return]


def books(cursor: Asked, name: str) -> list[tuple[str, int]]:
    cursor.execute(f"SELECT shelf_id, books FROM shelf_{name}")
    return cursor.fetchall()  # type: ignore[no-any-return]


EVENTS_NOW = [recorded(ShelfFilled(row=1, books=n), n, position=10 + n) for n in (1, 2)]


def test_what_cannot_be_written_is_held_and_the_others_go_on(views: dict[str, View], cursor: Asked) -> None:
    for name in ("current", "other"):
        cursor.execute(
            f"CREATE TABLE shelf_{name} (shelf_id TEXT PRIMARY KEY, books INTEGER, note TEXT, doc TEXT)"
        )
    cursor.execute("CREATE TABLE shelf_older (shelf_id TEXT PRIMARY KEY, books INTEGER NOT NULL)")
    cursor.execute("BEGIN")
    feed_older([views["current"], views["older"], views["other"]], EVENTS_NOW, cursor, False)
    cursor.execute("COMMIT")
    assert held(cursor) == [("older", 10)], "everything before the first of these events is in its tables"
    assert books(cursor, "current") == books(cursor, "other") == [("shelf-a", 3)]
    assert books(cursor, "older") == []
    make_readable(cursor, False)
    cursor.execute("BEGIN")
    feed_older([views["older"], views["current"]], EVENTS_NOW, cursor, False)
    cursor.execute("COMMIT")
    assert books(cursor, "older") == [], "a view that is held stays as it is"
    assert held(cursor) == [("older", 10)]
    assert books(cursor, "current") == [("shelf-a", 6)]


def test_a_view_that_is_held_halfway_is_as_it_was_before(views: dict[str, View], cursor: Asked) -> None:
    second = views["older"].table("second", key("id"), number("n"))
    second.on(ShelfFilled)(lambda row, e, k: {"n": 1})
    cursor.execute("CREATE TABLE shelf_older (shelf_id TEXT PRIMARY KEY, books INTEGER, note TEXT, doc TEXT)")
    cursor.execute("BEGIN")
    feed_older([views["older"]], EVENTS_NOW, cursor, False)
    cursor.execute("COMMIT")
    assert held(cursor) == [("older", 10)]
    assert books(cursor, "older") == [], "its first table is not ahead of its second"


def test_without_older_views_nothing_is_asked(cursor: Asked) -> None:
    cursor.statements.clear()
    feed_older([], EVENTS_NOW, cursor, False)
    assert cursor.statements == []


def columns(cursor: Asked, name: str) -> list[tuple[str, str]]:
    cursor.execute(f"SELECT name, type FROM pragma_table_info('shelf_{name}')")
    return cursor.fetchall()  # type: ignore[no-any-return]


def test_older_tables_get_the_columns_they_lack_and_no_others_do(cursor: Asked) -> None:
    cursor.execute("CREATE TABLE shelf_older (shelf_id TEXT PRIMARY KEY, note TEXT, gone TEXT)")
    cursor.execute("CREATE TABLE shelf_other (shelf_id TEXT PRIMARY KEY)")
    for _ in range(2):
        make_readable(cursor, False)
        assert columns(cursor, "older") == [
            ("shelf_id", "TEXT"),
            ("note", "TEXT"),
            ("gone", "TEXT"),
            ("books", "BIGINT"),
            ("doc", "TEXT"),
        ]
    assert columns(cursor, "other") == [("shelf_id", "TEXT")]
    assert columns(cursor, "current") == [], "a table that is not there is not made"


def test_nothing_is_folded_of_what_a_view_does_not_look_at(views: dict[str, View], cursor: Asked) -> None:
    cursor.execute("CREATE TABLE shelf_older (shelf_id TEXT PRIMARY KEY)")
    cursor.execute("BEGIN")
    feed_older([views["older"]], [recorded(ShelfEmptied(), 1, position=3)], cursor, False)
    cursor.execute("COMMIT")
    assert held(cursor) == []
