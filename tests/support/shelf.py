"""A kind of aggregate for the kernel's own tests: a shelf in a library, with all that a kind may have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, ClassVar

from domain.kernel.commands import Context, Reader, command, on, refuses
from domain.kernel.correction import Correctable
from domain.kernel.events import Actor, Event, Recorded, declare_event
from domain.kernel.record import Record
from domain.kernel.refusals import ALREADY_TAKEN, BUSY, WRONG_STATE
from domain.kernel.when import RECORDING
from domain.recording.application import Batch
from domain.recording.receipts import CommandTerms, Receipt
from domain.values.calendar import EffectiveDate
from domain.values.fields import Count, Id, Line, Year
from tests.support.given import START, TestRecord


class ShelfPut(Event):
    LABEL = ("棚の設置", "Shelf put up")
    WHEN = "day"
    LINKS: ClassVar = {"room_id": "part_of"}
    place: Line
    day: EffectiveDate | None = None
    room_id: Id | None = None


class ShelfFilled(Event):
    LABEL = ("棚への配架", "Shelf filled")
    WHEN = "year"
    SUBJECT = "{entity}#{row}"
    row: Count
    year: Year | None = None
    books: Count = 0


class ShelfInspected(Event):
    LABEL = ("棚の点検", "Shelf inspected")
    WHEN = "at"
    at: dt.datetime | None = None


class ShelfPainted(Event):
    LABEL = ("棚の塗装", "Shelf painted")
    WHEN = "on"
    on: dt.date


class ShelfEmptied(Event):
    WHEN = RECORDING
    LABEL = ("棚の撤去", "Shelf emptied")


for _event in (ShelfPut, ShelfFilled, ShelfInspected, ShelfPainted, ShelfEmptied):
    declare_event(_event)


class Shelf(Correctable):
    """A shelf is put up, filled, inspected, emptied."""

    PREFIX = "shelf-"
    COLLECTION = "shelves"
    LABEL = ("棚", "shelf")

    def begin(self) -> None:
        self.rows: dict[int, int] = {}

    @command("SEC", "CHR", ja="設置する", en="Put up", event=ShelfPut, creates=True)
    @refuses(ALREADY_TAKEN, WRONG_STATE)
    def put_up(self, put: ShelfPut) -> None:
        """Put a shelf up.

        Its place is not checked.
        """
        self.claim("place", put.place)
        self.record(put)

    @command("SEC", records=ShelfFilled, ja="配架する", en="Fill")
    @refuses(WRONG_STATE)
    def fill_row(self, row: Count, books: Count = 0) -> None:
        """Fill a row."""
        self.only_in("standing", "inspected")
        self.record(ShelfFilled(row=row, books=books))
        if books > 100:
            self.warn(BUSY(attempts=books))

    @command("SEC", records=ShelfInspected, ja="点検する", en="Inspect")
    @refuses(WRONG_STATE)
    def inspect(self) -> None:
        """Inspect it."""
        self.record(ShelfInspected())

    @command("SEC", records=ShelfInspected, ja="撤去する", en="Empty")
    @refuses(WRONG_STATE)
    def take_down(self) -> None:
        """Take it down, in two steps; the second is refused while there are books."""
        self.record(ShelfInspected())
        if any(self.rows.values()):
            self.only_in("standing")
        self.record(ShelfEmptied())

    @on(ShelfPut)
    def _put(self, e: ShelfPut, _: Recorded[Any]) -> None:
        self.state = "standing"

    @on(ShelfFilled)
    def _filled(self, e: ShelfFilled, _: Recorded[Any]) -> None:
        self.rows[e.row] = e.books

    @on(ShelfInspected, ShelfEmptied)
    def _over(self, e: Event, recorded: Recorded[Any]) -> None:
        self.state = "inspected" if isinstance(e, ShelfInspected) else "gone"


class NoRecord(Reader):
    """A record on which nothing is."""

    def find(self, kind: type[Any], entity: str) -> Any:
        return None

    def event_at(self, stream: str, version: int) -> None:
        return None


def context(**more: Any) -> Context:
    """A command given by the secretariat, at the first minute of the fiscal year, on an empty record."""
    ids: Iterator[str] = (f"id-{n}" for n in range(1, 100))
    given: dict[str, Any] = {
        "actor": Actor("SEC", "p-sec"),
        "clock": lambda: START,
        "new_id": lambda: next(ids),
        "reader": NoRecord(),
    }
    return Context(**given | more)


def terms(*roles: str, **more: Any) -> CommandTerms:
    """Given by the secretariat, unless the test names roles."""
    held = roles or ("SEC",)
    return CommandTerms(Actor(held[0], f"p-{held[0].lower()}"), frozenset(held), **more)


def tell(record: TestRecord, name: str, entity: str | None = "shelf-a", /, **arguments: Any) -> Receipt:
    """Give the shelf a command. ``how`` are its terms."""
    how = arguments.pop("how", terms())
    return record.application.execute(Shelf.COMMANDS[name], entity, arguments, how)


def tell_in(batch: Batch, name: str, entity: str | None = "shelf-a", /, **arguments: Any) -> str:
    """The same in a batch."""
    how = arguments.pop("how", terms())
    return batch.execute(Shelf.COMMANDS[name], entity, arguments, how)


def recorded(data: Event, version: int = 1, stream: str = "shelf-a", **more: Any) -> Recorded[Any]:
    """An event as it stands in the log."""
    envelope: dict[str, Any] = {
        "event_id": f"e-{version}",
        "type": type(data).__name__,
        "recorded_at": START,
        "effective": EffectiveDate.on(START.date()),
        "actor": Actor("SEC", "p-sec"),
        "correlation_id": "c",
    }
    return Recorded(stream=stream, version=version, data=data, **envelope | more)


def shelf(*events: Event, kind: type[Record] = Shelf) -> Any:
    """A shelf after these events."""
    return kind.replay(None, [recorded(e, n) for n, e in enumerate(events, 1)])
