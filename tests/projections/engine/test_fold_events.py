"""Folding on made-up views: in which order, on which rows, and what is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from domain.kernel.correction_events import Change, RecordCorrected
from domain.kernel.events import Recorded
from projections.engine import view as view_module
from projections.engine.fold_events import DictRows, fold_events, rows_read
from projections.engine.view import Key, Row, View, ViewTable, column, json_column, key, number, number_key
from tests.support.shelf import ShelfEmptied, ShelfFilled, ShelfPut, recorded


class Watched(DictRows):
    """Rows in memory, and what was read and written of them."""

    def __init__(self, log: Sequence[Recorded[Any]] = ()) -> None:
        super().__init__(log)
        self.read: list[tuple[str, list[Key]]] = []
        self.written: list[tuple[str, dict[Key, Row | None]]] = []

    def fetch(self, table: ViewTable, keys: Sequence[Key]) -> dict[Key, Row]:
        self.read.append((table.name, list(keys)))
        return super().fetch(table, keys)

    def write(self, table: ViewTable, rows: dict[Key, Row | None]) -> None:
        self.written.append((table.name, {k: dict(row) if row else row for k, row in rows.items()}))
        super().write(table, rows)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> View:
    """A view without tables, whose tables are nobody else's."""
    monkeypatch.setattr(view_module, "METADATA", sa.MetaData())
    return View("trial", 1, ja="試し", en="Trial", source=__name__)


PUT, FILL, EMPTY = ShelfPut(place="入口"), ShelfFilled(row=1, books=7), ShelfEmptied()


def log(*data: Any, stream: str = "shelf-a") -> list[Recorded[Any]]:
    return [recorded(d, n, stream, position=n) for n, d in enumerate(data, 1)]


# ------------------------------------------------------------------------------------------------- order


def test_events_are_folded_in_the_order_of_the_log_each_seeing_the_row_before_it(made: View) -> None:
    table = made.table("shelf", key("shelf_id"), column("seen"))

    @table.on(ShelfPut, ShelfFilled, ShelfEmptied)
    def seen(row: Row | None, e: Recorded[Any], shelf_id: str) -> Row:
        return {"seen": (row["seen"] + " " if row else "") + type(e.data).__name__}

    rows = Watched()
    fold_events([made], log(PUT, FILL, EMPTY), rows)
    assert rows.rows("shelf") == [("shelf-a", "ShelfPut ShelfFilled ShelfEmptied")]
    assert rows.read == [("shelf", [("shelf-a",)])], "asked for once"
    assert len(rows.written) == 1, "written once"


def test_what_is_for_one_event_comes_before_what_is_for_every_event(made: View) -> None:
    """Also when it was declared after it: and each in the order in which they were declared."""
    table = made.table("shelf", key("shelf_id"), column("seen"))

    def adding(word: str) -> Any:
        def fold(row: Row | None, e: Recorded[Any], shelf_id: str) -> Row:
            return {"seen": (row["seen"] + " " if row else "") + word}

        return fold

    table.every()(adding("any-1"))
    table.on(ShelfPut)(adding("own-1"))
    table.every()(adding("any-2"))
    table.on(ShelfPut)(adding("own-2"))
    rows = DictRows()
    fold_events([made], log(PUT), rows)
    assert rows.rows("shelf") == [("shelf-a", "own-1 own-2 any-1 any-2")]
    fold_events([made], log(FILL, stream="shelf-b"), rows)
    assert rows.rows("shelf")[1] == ("shelf-b", "any-1 any-2")


def test_an_event_without_a_fold_is_passed_over(made: View) -> None:
    table = made.table("shelf", key("shelf_id"), column("seen"))
    table.on(ShelfPut)(lambda row, e, k: {"seen": "put"})
    rows = Watched()
    fold_events([made], log(FILL, EMPTY), rows)
    assert (rows.read, rows.written) == ([], [])
    fold_events([made], log(FILL, PUT, EMPTY), rows)
    assert rows.rows("shelf") == [("shelf-a", "put")]
    fold_events([made], [], rows)
    assert len(rows.written) == 1


def test_only_tables_that_react_are_touched(made: View) -> None:
    made.table("one", key("id"), column("x")).on(ShelfPut)(lambda row, e, k: {"x": "1"})
    made.table("two", key("id"), column("x")).on(ShelfFilled)(lambda row, e, k: {"x": "2"})
    made.table("all", key("id"), column("x")).every()(lambda row, e, k: {"x": "3"})
    made.table("none", key("id"), column("x")).every(lambda e: ())(lambda row, e, k: {"x": "4"})
    rows = Watched()
    fold_events([made], log(FILL), rows)
    assert [name for name, _ in rows.written] == ["two", "all"]
    assert [name for name, _ in rows.read] == ["two", "all"]


# -------------------------------------------------------------------------------------------------- rows


def test_a_fold_that_gives_nothing_leaves_no_row(made: View) -> None:
    table = made.table("shelf", key("shelf_id"), column("state"))
    table.on(ShelfPut)(lambda row, e, k: {"state": "standing"})
    table.on(ShelfEmptied)(lambda row, e, k: None)
    rows = Watched()
    fold_events([made], log(EMPTY), rows)
    assert rows.written == [("shelf", {})], "what was not there is not deleted"
    fold_events([made], log(PUT), rows)
    assert rows.rows("shelf") == [("shelf-a", "standing")]
    fold_events([made], log(EMPTY), rows)
    assert rows.written[-1] == ("shelf", {("shelf-a",): None})
    assert rows.rows("shelf") == []
    fold_events([made], log(PUT, EMPTY), rows)
    assert rows.written[-1] == ("shelf", {}), "come and gone at once"
    fold_events([made], log(PUT, EMPTY, PUT), rows)
    assert rows.rows("shelf") == [("shelf-a", "standing")]


def test_after_a_deletion_a_fold_finds_no_row(made: View) -> None:
    table = made.table("shelf", key("shelf_id"), column("before"))
    table.on(ShelfPut)(lambda row, e, k: {"before": repr(row)})
    table.on(ShelfEmptied)(lambda row, e, k: None)
    rows = DictRows()
    fold_events([made], log(PUT, EMPTY, PUT), rows)
    assert rows.rows("shelf") == [("shelf-a", "None")]


def test_the_key_is_written_whatever_the_fold_says_of_it(made: View) -> None:
    table = made.table("shelf", key("shelf_id"), column("x"))
    table.on(ShelfPut)(lambda row, e, k: {"shelf_id": "another", "x": k})
    rows = DictRows()
    fold_events([made], log(PUT), rows)
    assert rows.rows("shelf") == [("shelf-a", "shelf-a")]


def test_a_key_of_two_parts_is_given_whole_and_a_key_of_one_bare(made: View) -> None:
    two = made.table("row", key("shelf_id"), number_key("row"), column("given"))
    one = made.table("one", number_key("row"), column("given"))

    @two.on(ShelfFilled, keys=lambda e: [(e.entity, e.data.row), (e.entity, 0)])
    @one.on(ShelfFilled, keys=lambda e: [e.data.row, (9,)])
    def given(row: Row | None, e: Recorded[Any], k: Any) -> Row:
        return {"given": repr(k)}

    rows = DictRows()
    fold_events([made], log(FILL), rows)
    assert rows.rows("row") == [("shelf-a", 0, "('shelf-a', 0)"), ("shelf-a", 1, "('shelf-a', 1)")]
    assert rows.rows("one") == [(1, "1"), (9, "9")]


def test_a_row_is_found_again_by_the_whole_of_its_key(made: View) -> None:
    table = made.table("row", key("shelf_id"), number_key("row"), number("books"))

    @table.on(ShelfFilled, keys=lambda e: [(e.entity, e.data.row)])
    def filled(row: Row | None, e: Recorded[Any], k: Key) -> Row:
        return {"books": (row["books"] if row else 0) + e.data.books}

    rows = DictRows()
    fold_events([made], log(FILL, ShelfFilled(row=2, books=1), FILL), rows)
    fold_events([made], log(FILL, stream="shelf-b"), rows)
    fold_events([made], log(FILL), rows)
    assert rows.rows("row") == [("shelf-a", 1, 21), ("shelf-a", 2, 1), ("shelf-b", 1, 7)]


# --------------------------------------------------------------------------------------- what is not read


def appended(made: View, **how: Any) -> ViewTable:
    table = made.table("entry", number_key("position"), column("found"), **how)
    table.on(ShelfPut, keys=lambda e: (e.position,))(lambda row, e, k: {"found": repr(row)})
    return table


def test_rows_that_are_only_added_are_not_read(made: View) -> None:
    appended(made, append_only=True)
    rows = Watched()
    fold_events([made], log(PUT), rows)
    assert (rows.read, rows.rows("entry")) == ([], [(1, "None")])
    assert list(rows_read([made], log(PUT))) == []


def test_rows_that_cannot_be_there_yet_are_not_read(made: View) -> None:
    table = appended(made)
    table.every(lambda e: (100 + e.position,), fresh=True)(lambda row, e, k: {"found": "fresh"})
    rows = Watched()
    fold_events([made], log(PUT, FILL), rows)
    assert rows.read == [("entry", [(1,)])]
    assert rows.rows("entry") == [(1, "None"), (101, "fresh"), (102, "fresh")]
    rows.read.clear()
    fold_events([made], log(FILL), rows)
    assert rows.read == [], "nothing but a fresh row"
    assert [(t.name, keys) for t, keys in rows_read([made], log(PUT, FILL))] == [("entry", [(1,)])]
    assert list(rows_read([made], log(FILL))) == []


def test_each_row_is_asked_for_once(made: View) -> None:
    table = made.table("shelf", key("shelf_id"), column("x"))
    table.on(ShelfPut, ShelfFilled)(lambda row, e, k: {"x": "x"})
    events = [*log(PUT, FILL), *log(PUT, stream="shelf-b"), *log(FILL)]
    assert [keys for _, keys in rows_read([made], events)] == [[("shelf-a",), ("shelf-b",)]]


# --------------------------------------------------------------------------------------------- corrections


def correction(after: int, version: int, *, target: int = 2) -> Recorded[Any]:
    change = (Change("books", 7, after),)
    about = {"target_event": f"e-{target}", "target_version": target, "target_type": "ShelfFilled"}
    by = {"reason": "x", "proposed_by": "p-1", "approved_by": "p-2"}
    told = RecordCorrected(correction_id=f"fix-{version}", changes=change, standing=change, **about, **by)
    return recorded(told, version, position=version)


def with_books(made: View) -> None:
    shelf = made.table("shelf", key("shelf_id"), number("books"), number("rows"))
    entry = made.table("entry", number_key("position"), number("books"), append_only=True)

    @shelf.on(ShelfFilled)
    def filled(row: Row | None, e: Recorded[Any], k: str) -> Row:
        return {"books": e.data.books, "rows": (row["rows"] if row else 0) + 1}

    entry.on(ShelfFilled, keys=lambda e: (e.position,))(lambda row, e, k: {"books": e.data.books})


@pytest.mark.parametrize("after", [8, 0])
def test_a_correction_is_made_after_what_came_before_it_and_before_what_comes_after(
    made: View, after: int
) -> None:
    """0 is a default, which the log leaves out: it is not unknown for that."""
    with_books(made)
    before = log(PUT, FILL)
    for events in (
        [*before, correction(after, 3)],
        [*before, correction(9, 3), correction(after, 4)],
    ):
        rows = DictRows(events)
        fold_events([made], events, rows)
        assert (rows.rows("shelf"), rows.rows("entry")) == ([("shelf-a", after, 1)], [(2, after)])
    later = [*before, correction(after, 3), recorded(ShelfFilled(row=1, books=5), 4, position=4)]
    rows = DictRows(later)
    fold_events([made], later, rows)
    assert rows.rows("shelf") == [("shelf-a", 5, 2)]
    assert rows.rows("entry") == [(2, after), (4, 5)]


def test_what_a_view_makes_of_a_correction_is_made_of_what_stands_then(made: View) -> None:
    """Its row is made anew, whatever else is folded with it: pages of any size give the same rows."""
    table = made.table("shelf", key("shelf_id"), number("books"), number("before"))

    @table.every()
    def noted(row: Row | None, e: Recorded[Any], k: str) -> Row:
        if isinstance(e.data, RecordCorrected):
            return {**(row or {}), "before": row["books"] if row else None}
        return {"books": getattr(e.data, "books", None), "before": None}

    events = [*log(PUT, FILL), correction(8, 3), correction(9, 4)]
    rows = DictRows(events)
    fold_events([made], events, rows)
    assert rows.rows("shelf") == [("shelf-a", 9, 9)]


def test_folding_page_by_page_gives_the_same_rows(made: View) -> None:
    with_books(made)
    events = [*log(PUT, FILL), correction(8, 3), recorded(ShelfFilled(row=2, books=1), 4, position=4)]
    whole = DictRows(events)
    fold_events([made], events, whole)
    for size in (1, 2, 3):
        paged = DictRows(events)
        for start in range(0, len(events), size):
            fold_events([made], events[start : start + size], paged)
        assert paged.tables == whole.tables


def test_several_views_are_folded_from_an_iterator(made: View) -> None:
    with_books(made)
    other = View("other", 1, ja="別", en="Other", source=__name__)
    other.table("place", key("shelf_id"), column("place")).on(ShelfPut)(
        lambda row, e, k: {"place": e.data.place}
    )
    events = [*log(PUT, FILL), correction(8, 3)]
    rows = DictRows(events)
    views: Iterator[View] = iter([made, other])
    fold_events(views, events, rows)
    assert rows.rows("place") == [("shelf-a", "入口")]
    assert rows.rows("entry") == [(2, 8)]


# ----------------------------------------------------------------------------------------- rows in memory


def test_rows_in_memory_are_as_a_database_would_give_them_back(made: View) -> None:
    table = made.table("shelf", key("shelf_id"), json_column("doc"), number("n"))
    rows = DictRows(log(PUT))
    table_row: Row = {"shelf_id": "b", "doc": {"z": 1, "a": [PUT]}, "n": None}
    rows.write(table, {("b",): table_row, ("a",): {"shelf_id": "a", "doc": None}})
    assert rows.fetch(table, [("b",), ("c",)]) == {
        ("b",): {"shelf_id": "b", "doc": {"a": [{"place": "入口"}], "z": 1}, "n": None}
    }
    assert rows.rows("shelf") == [("a", "null", None), ("b", '{"a":[{"place":"入口"}],"z":1}', None)]
    rows.rewrite(table, {("a",): None, ("nothing",): None})
    assert [row[0] for row in rows.rows("shelf")] == ["b"]
    (put,) = rows.events("shelf-a", 10)
    assert put.data == PUT and [*rows.events_at([put.position, 99])] == [put]
    assert [*rows.events("shelf-a", put.position - 1)] == [*rows.events("shelf-b", 10)] == []
    assert msgspec.to_builtins(PUT) == {"place": "入口"}
