"""A view's tables: their columns on both databases, what is stored of a row, and which folds they have."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateTable

from projections.engine import view as view_module
from projections.engine.view import (
    Handler,
    View,
    ViewTable,
    column,
    json_column,
    key,
    number,
    number_key,
)
from tests.support.shelf import ShelfEmptied, ShelfFilled, ShelfPut, recorded


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> View:
    monkeypatch.setattr(view_module, "METADATA", sa.MetaData())
    return View("trial", 1, ja="試し", en="Trial", source=__name__)


@pytest.fixture
def table(made: View) -> ViewTable:
    return made.table(
        "trial",
        key("trial_id"),
        number_key("position"),
        column("title"),
        column("state", index=True, required=True),
        number("books"),
        number("rank", index=True, required=True),
        json_column("doc"),
    )


def ddl(table: ViewTable, dialect: Any) -> list[str]:
    text = str(CreateTable(table.table).compile(dialect=dialect))
    return [line.strip().rstrip(",") for line in text.splitlines() if line.strip() not in ("", ")")][1:]


def test_on_sqlite_there_are_texts_and_whole_numbers_and_nothing_else(table: ViewTable) -> None:
    # A library that the benchmark compares with renames BIGINT for the whole process: one affinity on SQLite.
    assert [line.replace("BIGINT", "INTEGER") for line in ddl(table, sqlite.dialect())] == [
        "trial_id TEXT NOT NULL",
        "position INTEGER NOT NULL",
        "title TEXT",
        "state TEXT NOT NULL",
        "books INTEGER",
        "rank INTEGER NOT NULL",
        "doc TEXT",
        "PRIMARY KEY (trial_id, position)",
    ]


def test_on_postgresql_texts_are_ordered_by_their_bytes_as_on_sqlite(table: ViewTable) -> None:
    assert ddl(table, postgresql.dialect()) == [
        'trial_id TEXT COLLATE "C" NOT NULL',
        "position BIGINT NOT NULL",
        'title TEXT COLLATE "C"',
        'state TEXT COLLATE "C" NOT NULL',
        "books BIGINT",
        "rank BIGINT NOT NULL",
        'doc TEXT COLLATE "C"',
        "PRIMARY KEY (trial_id, position)",
    ]


def test_only_what_is_asked_for_is_indexed(table: ViewTable) -> None:
    assert {column.name for index in table.table.indexes for column in index.columns} == {"state", "rank"}


def test_a_table_knows_its_columns_by_plain_names(table: ViewTable, made: View) -> None:
    assert table.name == "trial" and made.tables == [table] and table.view is made
    assert table.columns == ("trial_id", "position", "title", "state", "books", "rank", "doc")
    assert (table.key_columns, table.json_columns) == (("trial_id", "position"), frozenset({"doc"}))
    names = [table.name, *table.columns, *table.key_columns, *table.json_columns]
    assert {type(name) for name in names} == {str}, "JSON encoders refuse SQLAlchemy's own names"
    assert not table.append_only


def test_a_row_is_stored_column_by_column_and_comes_back(table: ViewTable) -> None:
    row = {"trial_id": "a", "position": 3, "state": "new", "rank": 0, "doc": {"b": [1, None], "a": "字"}}
    stored = table.as_stored({**row, "not_a_column": "x"})
    assert stored == ("a", 3, None, "new", None, 0, '{"a":"字","b":[1,null]}')
    assert table.as_row(stored) == {**row, "title": None, "books": None}
    with pytest.raises(ValueError, match="shorter"):
        table.as_row(stored[:-1])


def test_a_document_that_was_forgotten_is_an_error_and_not_a_null(table: ViewTable) -> None:
    with pytest.raises(KeyError):
        table.as_stored({"trial_id": "a", "position": 3, "state": "new", "rank": 0})
    assert table.as_stored({"doc": None})[-1] == "null"


def test_a_struct_in_a_document_reads_like_the_object_it_comes_back_as(table: ViewTable) -> None:
    (*_, stored) = table.as_stored({"doc": {"z": ShelfFilled(row=1, books=2), "a": 1}})
    assert stored == '{"a":1,"z":{"books":2,"row":1}}'


# ------------------------------------------------------------------------------------------------- folds


def fold(row: Any, e: Any, k: Any) -> Any:
    return row


def test_a_fold_is_declared_for_the_events_it_names(table: ViewTable) -> None:
    assert table.on(ShelfPut, ShelfFilled)(fold) is fold
    for event in (ShelfPut(place="x"), ShelfFilled(row=1)):
        (handler,) = table.handlers_of(recorded(event))
        assert (handler.fold, handler.fresh) == (fold, False)
        assert list(handler.keys(recorded(event))) == ["shelf-a"], "by default the row of the aggregate"
    assert table.handlers_of(recorded(ShelfEmptied())) == []
    assert ShelfEmptied not in table.handlers, "to ask does not declare"


def test_the_rows_touched_are_those_that_the_fold_names(table: ViewTable) -> None:
    def keys(e: Any) -> Any:
        return [("x", 1), ("y", 2)]

    table.on(ShelfPut, keys=keys)(fold)
    assert table.handlers[ShelfPut] == [Handler(keys, fold, False)]
    assert table.every(keys, fresh=True)(fold) is fold
    assert table.any_event == [Handler(keys, fold, True)]
    table.every()(fold)
    assert [h.fresh for h in table.any_event] == [True, False]
    assert list(table.any_event[1].keys(recorded(ShelfEmptied()))) == ["shelf-a"]


def test_two_tables_do_not_share_their_folds(made: View) -> None:
    one, two = (made.table(name, key("id")) for name in ("one", "two"))
    one.on(ShelfPut)(fold)
    one.every()(fold)
    assert (dict(two.handlers), two.any_event) == ({}, [])
    assert made.tables == [one, two]
    assert View("other", 1, "x", "x", __name__).tables == []
    assert (made.former_tables, made.name, made.version, made.ja, made.en) == (
        (),
        "trial",
        1,
        "試し",
        "Trial",
    )


def test_a_handler_is_not_changed() -> None:
    with pytest.raises(AttributeError):
        Handler(lambda e: (), fold).fresh = True  # type: ignore[misc]
