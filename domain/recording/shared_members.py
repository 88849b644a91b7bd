"""Many commands, some to a transaction: for imports, back-fills and made-up records.

A durable commit costs more than most commands, so that commands given in groups are recorded several times as
fast. The rules:

* A group is recorded when it is full, and the last one when the block ends. What has been recorded stays.
* A command that is refused is taken back alone: what was given before it in the same group is still there,
  the refusal goes to the caller, and the group goes on if the caller does.
* When an exception leaves the block, the group in hand is dropped; ``recorded`` says how many commands are
  on record, so that an import can go on from there.
* When somebody else has written to the same aggregates meanwhile, the group is decided anew, like a single
  command. If one of its commands is refused then, the refusal is raised, and the group in hand is dropped.

::

    with grouped(application, 200) as group:
        for entry in entries:
            group.execute(command, entry.id, entry.arguments, terms)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from eventsourcing.persistence import IntegrityError

from domain.kernel.commands import Command
from domain.kernel.refusals import BUSY
from domain.recording.application import Application, Batch
from domain.recording.receipts import CommandTerms, Receipt

_Given = tuple[Command, str, dict[str, Any], CommandTerms]


class Grouped:
    """Commands given inside :func:`grouped`."""

    def __init__(self, application: Application, most: int):
        self._application = application
        self._most = most
        self._batch = Batch(application)
        self._orders: list[_Given] = []
        self.recorded = 0
        """How many commands are on record."""
        self.receipts: list[Receipt] = []
        """Of each group that is on record."""

    @property
    def events(self) -> int:
        """How many events are on record."""
        return sum(len(receipt.event_ids) for receipt in self.receipts)

    def execute(
        self, command: Command, entity: str | None, arguments: dict[str, Any], terms: CommandTerms
    ) -> str:
        """Give one command; returns the stream. A Refusal takes back this command alone."""
        order = command, entity or self._application.new_entity(command.aggregate), arguments, terms
        stream = self._batch.execute(*order)
        self._orders.append(order)
        if len(self._orders) >= self._most:
            self.record()
        return stream

    def record(self) -> None:
        """Record what has been given so far, full or not."""
        for _ in range(self._application.ATTEMPTS):
            try:
                receipt = self._application.save_batch(self._batch)
            except IntegrityError:
                self._decide_anew()
                continue
            self.receipts += [receipt] if receipt is not None else []
            self.recorded += len(self._orders)
            self._orders, self._batch = [], Batch(self._application)
            return
        raise BUSY(attempts=self._application.ATTEMPTS)

    def _decide_anew(self) -> None:
        self._application.refuse_taken(self._batch.unit.claims)
        self._batch = Batch(self._application)
        for order in self._orders:
            self._batch.execute(*order)


@contextmanager
def grouped(application: Application, most: int) -> Iterator[Grouped]:
    """Record commands in groups of at most so many, each group in one transaction."""
    group = Grouped(application, most)
    yield group
    group.record()
