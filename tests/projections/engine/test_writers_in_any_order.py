"""Writers whose looking and saving come in any order: whatever they do, the log keeps its own law.

Several processes work on streams that depend on each other. Between what one of them looks at and what it
saves, others save. So that a failing order can be found again and made small, nothing here is left to chance
but what hypothesis draws: no threads, no waiting. ``python -m tests.many_writers`` does it with threads.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest
from eventsourcing.persistence import IntegrityError
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from domain.kernel.events import Actor
from domain.recording.application import command_named
from domain.recording.receipts import CommandTerms, Receipt
from domain.recording.unit_of_work import UnitOfWork
from domain.values.refusal import Refusal
from projections.engine.store import Store
from projections.rebuild.deciding import decide_log_anew
from projections.rebuild.replay import verify
from projections.registry import open_store
from tests.many_writers import log
from tests.support.given import give, typed
from tests.support.postgres import Postgres

COUNCIL, GROUP = "council-x", "group-x"
SEATS = ("a", "b", "c")
DAY = {"value": "2026-04-01", "precision": "day"}
LAW = {"instrument_id": "law-x", "article": 17, "paragraph": 1}
AT = "2026-05-10T14:00:00+09:00"


@dataclass(frozen=True)
class Act:
    """A command that one of the writers may give."""

    role: str
    kind: str
    entity: str
    command: str
    arguments: dict[str, Any]

    def decide(self, unit: UnitOfWork) -> str:
        """Look at what is on record, and decide; what is recorded is not saved. Raises Refusal."""
        command = command_named(self.kind, self.command)
        arguments = typed(self.kind, self.command, self.arguments)
        command.check(arguments)
        return unit.act(command, self.entity, arguments, self.terms)

    @property
    def terms(self) -> CommandTerms:
        said = {"document_no": "架空市協第1号"} if self.kind == "Council" else {}
        return CommandTerms(Actor(self.role, f"p-{self.role.lower()}"), frozenset({self.role}), said)


def _seat(name: str) -> dict[str, Any]:
    return {"appointment_id": f"seat-{name}"}


ACTS = (
    *(
        Act(
            "SEC",
            "Meeting",
            f"meeting-{n}",
            "schedule",
            {"council_id": COUNCIL, "kind": "plenary", "starts_at": AT},
        )
        for n in (1, 2)
    ),
    *(Act("SEC", "Meeting", f"meeting-{n}", "cancel", {"reason": "架空"}) for n in (1, 2)),
    *(
        Act(
            "CHR",
            "Meeting",
            f"meeting-{n}",
            "open",
            {"at": AT, "presiding": "seat-a", "present": ["seat-b", "seat-c"]},
        )
        for n in (1, 2)
    ),
    Act("SEC", "Council", COUNCIL, "dissolve", {"on": DAY, "reason": "架空"}),
    Act("SEC", "Council", COUNCIL, "suspend", {"reason": "架空"}),
    Act("SEC", "Council", COUNCIL, "resume", {}),
    *(
        Act("SEC", "Council", COUNCIL, "end_appointment", {**_seat(s), "on": DAY, "why": "resigned"})
        for s in SEATS
    ),
    *(Act("SEC", "WorkingGroup", GROUP, "assign_member", _seat(s)) for s in SEATS),
    *(Act("SEC", "WorkingGroup", GROUP, "release_member", _seat(s)) for s in SEATS),
    Act("SEC", "WorkingGroup", GROUP, "activate", {}),
    Act("SEC", "WorkingGroup", GROUP, "dissolve", {"reason": "架空"}),
)
"""What writers do to one council, its two meetings and its group: each may make another impossible."""


def council(url: str) -> None:
    """A council of three members, with a group."""
    store = open_store(url)
    store.create()
    app = store.application
    give(app, "SEC", "LegalInstrument", "law-x", "enact", title_ja="架空条例")
    give(
        app, "SEC", "Council", COUNCIL, "establish", name_ja="架空の会議", legal_basis=LAW, established_on=DAY
    )
    give(app, "SEC", "Council", COUNCIL, "open_term", term_no=1, from_date=DAY)
    for name in SEATS:
        give(app, "SEC", "Party", f"p-{name}", "register_person", name="架空 太郎")
        member = {"party_id": f"p-{name}", "category": "public_recruitment", "term_no": 1, "from_date": DAY}
        give(app, "SEC", "Council", COUNCIL, "appoint", appointment_id=f"seat-{name}", **member)
    give(app, "SEC", "WorkingGroup", GROUP, "form", council_id=COUNCIL, kind="project_group")
    store.close()


def _some(writers: list[int]) -> st.SearchStrategy[list[int]]:
    """At least one of them, in this order."""
    return st.integers(1, len(writers)).map(lambda count: writers[:count])


class Writers(RuleBasedStateMachine):
    """Two to sixteen writers, each with connections and kept aggregates of its own."""

    fresh: ClassVar[Callable[[], str]]
    """Gives a new database with :func:`council`'s record."""

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        self.decided: dict[int, tuple[Act, UnitOfWork, str]] = {}
        self.acknowledged: list[str] = []

    @initialize(count=st.integers(2, 16))
    def begin(self, count: int) -> None:
        url = self.fresh()
        self.stores = [open_store(url) for _ in range(count)]
        for store in self.stores:
            self.open.callback(store.close)

    @rule(acts=st.lists(st.sampled_from(ACTS), min_size=1, max_size=16, unique_by=ACTS.index))
    def look(self, acts: list[Act]) -> None:
        """Writers look at the record and decide, each of them one act, all at the same moment."""
        idle = [n for n in range(len(self.stores)) if n not in self.decided]
        for n, act in zip(idle, acts, strict=False):
            unit = self.stores[n].application.unit()
            try:
                self.decided[n] = act, unit, act.decide(unit)
            except Refusal:
                continue

    @precondition(lambda self: self.decided)
    @rule(data=st.data())
    def save(self, data: st.DataObject) -> None:
        """One after another saves what it has decided; who cannot looks again, and saves at once."""
        for n in data.draw(st.permutations(sorted(self.decided)).flatmap(_some)):
            act, unit, stream = self.decided.pop(n)
            try:
                receipt = self.stores[n].application._save(unit, stream, None, "")
            except IntegrityError:
                try:
                    receipt = self.again(n, act)
                except Refusal:
                    continue
            self.acknowledged += receipt.event_ids

    def again(self, n: int, act: Act) -> Receipt:
        app = self.stores[n].application
        return give(app, act.role, act.kind, act.entity, act.command, **act.arguments)

    def teardown(self) -> None:
        try:
            if hasattr(self, "stores"):
                self.judge(self.stores[0])
        finally:
            self.open.close()

    def judge(self, store: Store) -> None:
        """Everything acknowledged is on record; decided one after another, nothing would be refused; and the
        views are those of the log."""
        verdicts = list(decide_log_anew(store))
        broken = [(v.event.position, v.event.type, str(v.refusal)) for v in verdicts if v.broken]
        assert broken == []
        seen = [e.event_id for e in log(store)]
        assert [event for event in self.acknowledged if seen.count(event) != 1] == []
        assert [proof.view for proof in verify(store) if not proof.equal] == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_in_whatever_order_writers_look_and_save_the_log_keeps_its_law(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    numbers = itertools.count()
    if kind == "sqlite":
        council(f"sqlite:///{tmp_path / 'council.sqlite'}")

        def fresh() -> str:
            copy = tmp_path / f"{next(numbers)}.sqlite"
            shutil.copy(tmp_path / "council.sqlite", copy)
            return f"sqlite:///{copy}"
    else:
        server: Postgres = request.getfixturevalue("postgres")
        template = server.template("council-of-three", council)

        def fresh() -> str:
            return server.fresh(template)

    machine = type("WritersHere", (Writers,), {"fresh": staticmethod(fresh)})
    few = settings(
        max_examples=EXAMPLES[kind],
        stateful_step_count=12,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=few)


EXAMPLES = {"sqlite": 20, "postgres": 8}
