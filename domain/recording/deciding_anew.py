"""A log, decided anew: would each event be recorded again, by the rules, on what was on record before it?

Each event is taken as the proposal of a command, given under the circumstances that its envelope tells, to
the aggregates as they stood then. What the command records, and what policies order after it, must be the
events that stand in the log. So a whole log is proved to keep its own law, whoever wrote it and however many
did at once; and a corrected event is judged by what it would have met at its place.

* A rule is not applied to what was recorded before it was a rule (``Declared.since``).
* An import may leave gaps (domain.md 3), and no event says that it was imported: what the importer did, or
  what names the facts of a source, is decided by the rules of an import where those of a command refuse it,
  and is counted apart.
* What no event may hold (a name) is stood in for; what was decided of it is not decided again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, ClassVar, Literal, Protocol

from domain.kernel.commands import Command
from domain.kernel.events import Recorded
from domain.kernel.record import AggregateT, kind_of
from domain.kernel.refusals import ALREADY_TAKEN, FORBIDDEN, TAKEN
from domain.kernel.when import RECORDING, as_date
from domain.recording.aggregate_cache import AggregateCache
from domain.recording.permission import permit
from domain.recording.receipts import CommandTerms
from domain.recording.unit_of_work import UnitOfWork
from domain.values.calendar import EffectiveDate
from domain.values.refusal import Refusal

Outcome = Literal["stands", "imported", "refused", "differs", "unexplained"]
"""``stands``: it would be recorded again. ``imported``: an import could record it. ``refused``: neither.
``differs``: something else would be recorded. ``unexplained``: no command records it."""

BROKEN: frozenset[Outcome] = frozenset({"refused", "differs", "unexplained"})


@dataclass(frozen=True)
class Verdict:
    """What came of deciding an event anew. ``explains``: how many events of the log, it and those after it,
    are what was decided. ``refusal``: why it was refused; ``anew``: what would be recorded instead."""

    event: Recorded[Any]
    outcome: Outcome
    explains: int = 1
    refusal: Refusal | None = None
    anew: Recorded[Any] | None = None
    claims: tuple[str, ...] = ()
    """Names that were taken with it."""

    @property
    def broken(self) -> bool:
        return self.outcome in BROKEN


class Past(Protocol):
    """The log up to some place, and what views answered to rules there."""

    def events_of(self, stream: str, after: int, until: int) -> Iterable[Recorded[Any]]:
        """The events of a stream after a version, up to and with another, as they are to be judged."""

    @property
    def open_business(self) -> Callable[[str], list[str]]:
        """What is open of a council."""

    @property
    def groups_of(self) -> Callable[[str], list[str]]:
        """The groups that have a member."""

    @property
    def meetings_at(self) -> Callable[[str], list[str]]:
        """The meetings of a body that begin at a moment."""

    def advance(self, events: Sequence[Recorded[Any]]) -> None:
        """These events are on record from now on."""

    def naming(self, about: str) -> list[str]:
        """The streams in which anything after a position, so far, names a thing (``position/entity``)."""

    def placed(self, stream: str) -> Iterable[Recorded[Any]]:
        """The events of a stream so far, with their positions."""


def decide_anew(
    log: Iterable[Recorded[Any]],
    past: Past,
    editions: Callable[[int], int] | None = None,
    judge: Callable[[UnitOfWork, Any], None] | None = None,
) -> Iterator[Verdict]:
    """Decide a log anew, from its first event; a verdict for each act in it.

    ``log``: every event, in order. ``editions``: the edition of the rules in force at a position; without it
    all rules that there are apply. ``judge``: what judges corrections (domain/recording/judging.py).
    """
    stand = _Stand(past, editions, judge)
    upcoming: list[Recorded[Any]] = []
    rest = iter(log)
    while True:
        upcoming += islice(rest, AHEAD - len(upcoming))
        if not upcoming:
            return
        verdict = stand.decide(upcoming)
        done, upcoming = upcoming[: verdict.explains], upcoming[verdict.explains :]
        stand.advance(done)
        yield verdict


AHEAD = 512
"""So many events are looked at together: more than one command records with all that follows from it."""


@dataclass
class _Stand:
    """The record as it stood before the event in hand (the ``Stand`` of a unit of work)."""

    past: Past
    editions: Callable[[int], int] | None
    judge: Callable[[UnitOfWork, Any], None] | None = None
    versions: dict[str, int] = field(default_factory=dict)
    claims: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cache = AggregateCache(self._read, lambda recorded: recorded)
        self.clock: Callable[[], dt.datetime] = lambda: self._upcoming[self._at()].recorded_at
        self.new_id: Callable[[], str] = self._next_id
        self._upcoming: Sequence[Recorded[Any]] = ()
        self._unit = UnitOfWork(self)
        self._ids: list[str] = []
        self.tried: list[Verdict] = []
        """What came of the event in hand by each command that records its like."""

    # -- what a unit of work asks

    def aggregate(self, kind: type[AggregateT], stream: str) -> AggregateT | None:
        return self.cache.checkout(kind, stream)

    def events_of(self, stream: str, after: int = 0, until: int | None = None) -> Iterable[Recorded[Any]]:
        known = self.known(stream)
        return self.past.events_of(stream, after, known if until is None else min(known, until))

    @property
    def open_business(self) -> Callable[[str], list[str]]:
        return self.past.open_business

    @property
    def groups_of(self) -> Callable[[str], list[str]]:
        return self.past.groups_of

    @property
    def meetings_at(self) -> Callable[[str], list[str]]:
        return self.past.meetings_at

    def _read(self, stream: str, after: int, limit: int | None) -> Sequence[Recorded[Any]]:
        known = self.known(stream)
        until = known if limit is None else min(known, after + limit)
        return list(self.past.events_of(stream, after, until)) if until > after else []

    def known(self, stream: str) -> int:
        """The version that a stream had before the event in hand."""
        return self.versions.get(stream, 0)

    def _at(self) -> int:
        """Which of the upcoming events is decided now."""
        return min(len(self._unit.recorded), len(self._upcoming) - 1)

    def _next_id(self) -> str:
        return self._ids.pop(0) if self._ids else self._upcoming[self._at()].event_id

    # -- what whoever judges a correction asks

    most_judged: ClassVar[int | None] = None

    def naming(self, about: str) -> list[str]:
        return self.past.naming(about)

    def placed(self, stream: str) -> Iterable[Recorded[Any]]:
        return self.past.placed(stream)

    def newest(self) -> int:
        return self._upcoming[0].position - 1

    def holder_of(self, claim: str) -> str | None:
        return self.claims.get(claim)

    # -- deciding

    def decide(self, upcoming: Sequence[Recorded[Any]]) -> Verdict:
        """What becomes of the first of these events, by any command that records its like."""
        self._upcoming = upcoming
        event = upcoming[0]
        kind = kind_of(event.stream)
        commands = [c for c in kind.COMMANDS.values() if c.records is type(event.data)]
        tried: list[tuple[Verdict, UnitOfWork]] = []
        for importing in (False, True) if _may_be_imported(event) else (False,):
            tried += [(self._by(command, importing), self._unit) for command in commands]
            if any(not verdict.broken for verdict, _ in tried):
                break
        if not tried:
            return Verdict(event, "unexplained")
        self.tried = [verdict for verdict, _ in tried]
        # Of several commands that record its like, the one that explains most was given.
        verdict, self._unit = min(tried, key=lambda one: _unlikely(one[0]))
        if not verdict.broken and self._is_as_recorded(verdict.explains):
            self._keep()
        return verdict

    def _by(self, command: Command, importing: bool) -> Verdict:
        event, self._unit = self._upcoming[0], UnitOfWork(self)
        terms = _terms(event, importing)
        try:
            if event.actor.role != "system":
                permit(command, terms)
            arguments, self._ids = self._again(command)
            command.check(arguments)
            self._unit.act(command, event.entity, arguments, terms)
            if self.judge is not None:
                self.judge(self._unit, self)
            self._refuse_taken()
        except Refusal as refused:
            if self._not_yet_a_rule(refused):
                return Verdict(event, "stands")
            return Verdict(event, "refused", refusal=refused)
        return self._compared("imported" if importing else "stands")

    def _again(self, command: Command) -> tuple[dict[str, Any], list[str]]:
        event = self._upcoming[0]
        aggregate = self._unit.load(kind_of(event.stream), event.stream)
        return command.given_again(aggregate, event.data)

    def _compared(self, outcome: Outcome) -> Verdict:
        event, decided = self._upcoming[0], self._unit.recorded
        if not decided or not _same_fact(decided[0], event):
            return Verdict(event, "differs", anew=decided[0] if decided else None)
        explains = 1
        for anew, stands in zip(decided[1:], self._upcoming[1:], strict=False):
            if not _same_fact(anew, stands):
                break
            explains += 1
        return Verdict(event, outcome, explains, claims=tuple(self._unit.claims))

    def _is_as_recorded(self, explains: int) -> bool:
        """Whether the aggregates of the unit are now what they are after these events of the log."""
        decided = self._unit.recorded
        return len(decided) == explains and all(map(_same_envelope, decided, self._upcoming))

    def _keep(self) -> None:
        for aggregate in self._unit.aggregates.values():
            aggregate.collect_events()
        self.cache.checkin(self._unit.aggregates.values())

    def _refuse_taken(self) -> None:
        for claim in self._unit.claims:
            if claim in self.claims:
                kind, _, value = claim.partition(":")
                raise TAKEN.get(kind, ALREADY_TAKEN)(value=value)

    def _not_yet_a_rule(self, refused: Refusal) -> bool:
        return self.editions is not None and refused.declared.since > self.editions(
            self._upcoming[0].position
        )

    def advance(self, done: Sequence[Recorded[Any]]) -> None:
        for claim in self._unit.released:
            self.claims.pop(claim, None)
        self.claims.update(self._unit.claims)
        for event in done:
            self.versions[event.stream] = event.version
        self.past.advance(done)


def _unlikely(verdict: Verdict) -> tuple[bool, bool, int]:
    refused = verdict.refusal
    return verdict.broken, refused is not None and refused.declared is FORBIDDEN, -verdict.explains


def _may_be_imported(event: Recorded[Any]) -> bool:
    named = event.source is not None and bool(event.source.facts)
    return named or event.is_imported


def _terms(event: Recorded[Any], importing: bool) -> CommandTerms:
    """The terms that the envelope tells. A day of effect that follows from the event itself was not said."""
    terms: dict[str, Any] = {
        "effective": _effective_as_told(event),
        "live": event.dated == "live",
        "asserted_by": event.asserted_by,
        "certainty": event.certainty,
        "source": event.source,
        "evidence": event.evidence,
        "reason": event.reason,
        "legal_basis": event.legal_basis,
        "document_no": event.document_no,
        "note": event.note,
        "import_batch": event.import_batch,
        "source_recorded_at": event.source_recorded_at,
        "external_id": event.external_id,
        "note_en": event.note_en,
        "source_url": event.source_url,
        "causation_id": event.causation_id,
        "correlation_id": event.correlation_id,
    }
    caller = event.recorded_by or event.actor
    if event.recorded_by is not None:
        terms["actor"] = event.actor
    roles = frozenset(["IMP" if importing else caller.role])
    return CommandTerms(caller, roles, terms, importing=importing)


def _effective_as_told(event: Recorded[Any]) -> EffectiveDate | None:
    """The date that was told with a command. Of what was recorded before envelopes said how a date is known,
    whatever does not follow from the event itself, or from its being recorded."""
    if event.dated is not None:
        return event.effective if event.dated == "told" else None
    when, own = type(event.data).WHEN, None
    if isinstance(when, str):
        own = as_date(getattr(event.data, when)) or EffectiveDate.unknown()
    elif when is RECORDING:
        own = EffectiveDate.at(event.recorded_at)
    return None if own == event.effective else event.effective


def _same_fact(decided: Recorded[Any], stands: Recorded[Any]) -> bool:
    """Whether both say the same of the same. Of what was recorded before envelopes said how a date is known,
    the moment may be the clock's, or only a bound; of an act of recording, and of what was live, it is the
    clock's when the command came, which is before it was appended."""
    return (
        decided.stream == stands.stream
        and decided.version == stands.version
        and decided.data == stands.data
        and (stands.dated in (None, "recording", "live") or _same_date(decided.effective, stands.effective))
    )


def _same_date(one: EffectiveDate, other: EffectiveDate) -> bool:
    """Whether two dates are one, in whichever zone a moment is written."""
    return one == other or one.compare(other) == "equal"


def _same_envelope(decided: Recorded[Any], stands: Recorded[Any]) -> bool:
    names = (name for name in decided.__struct_fields__ if name != "position")
    return all(getattr(decided, name) == getattr(stands, name) for name in names)
