"""A correction, judged at its place: what would the record be, had the event been recorded so?

The stream of a corrected event and every stream that names it are decided anew from the event on, with what
is corrected in place, by the rules in force when each event was recorded
(:mod:`domain.recording.deciding_anew`). That happens outside the append's lock; what was read is checked
under it, and whether anything has named the corrected thing since.

* The corrected event itself must be one that could have been recorded: CORRECTION_IMPOSSIBLE.
* A later event that could be recorded before and cannot after is listed (CORRECTION_BREAKS), unless it is
  corrected in the same unit of work, or named as standing though, with a reason.
* What is withdrawn 取消 is judged as if it had never been recorded: nothing may rest on it.
* What a later event computed is computed anew, and recorded with the correction.

One story: what a correction would have met at its place, and what follows from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec

from domain.kernel.commands import Context, acting
from domain.kernel.corrected import corrected, plain, standing_after
from domain.kernel.correction import MOST_OF_ID, Correctable
from domain.kernel.correction_events import (
    CORRECTING,
    INHERITED,
    Change,
    CorrectionProposed,
    EventWithdrawn,
    RecordCorrected,
    StandsThough,
)
from domain.kernel.correction_refusals import (
    CORRECTION_BREAKS,
    CORRECTION_IMPOSSIBLE,
    CORRECTION_REACHES_FAR,
    SOMETHING_RESTS_ON_IT,
)
from domain.kernel.events import Actor, Recorded
from domain.kernel.record import kind_of
from domain.kernel.refusals import ALREADY_TAKEN, TAKEN
from domain.kernel.streams import entity_of
from domain.recording.deciding_anew import AHEAD, Verdict, _Stand
from domain.recording.unit_of_work import UnitOfWork
from domain.values.refusal import Declared, Language, Refusal

MOST_JUDGED = 10_000
"""So many later events are looked at while somebody waits for the answer."""
MOST_LISTED = 20
"""So many events that would become impossible are told."""


class Ground(Protocol):
    """The record as whoever judges a correction asks it."""

    most_judged: int | None
    """How many later events are looked at, at most; None: however many there are."""

    @property
    def placed(self) -> Callable[[str], Iterable[Recorded[Any]]]:
        """The events of a stream, with their positions."""

    @property
    def naming(self) -> Callable[[str], list[str]]:
        """The streams in which anything after a position names a thing (``position/entity``)."""

    def newest(self) -> int:
        """The position of the newest event."""

    def holder_of(self, claim: str) -> str | None:
        """Who has taken a name that may be taken once; None if nobody has."""

    @property
    def editions(self) -> Callable[[int], int] | None:
        """The edition of the rules in force at a position; None: all rules that there are apply."""

    @property
    def open_business(self) -> Callable[[str], list[str]]:
        """What is open of a council."""

    @property
    def groups_of(self) -> Callable[[str], list[str]]:
        """The groups that have a member."""

    @property
    def meetings_at(self) -> Callable[[str], list[str]]:
        """The meetings of a body that begin at a moment."""


@dataclass
class _Case:
    """What a unit of work would correct."""

    standing: dict[str, tuple[Change, ...]] = field(default_factory=dict)
    """What stands of each corrected event, by its id."""
    versions: dict[str, int] = field(default_factory=dict)
    """The least version that is corrected, by stream."""
    gone: set[str] = field(default_factory=set)
    """What is withdrawn."""
    stands: tuple[StandsThough, ...] = ()
    made: Recorded[RecordCorrected] | None = None
    """The first correction; None where corrections are only proposed."""

    def add(self, stream: str, event_id: str, version: int, standing: tuple[Change, ...]) -> None:
        self.standing[event_id] = standing
        self.versions[stream] = min(version, self.versions.get(stream, version))


def judge(unit: UnitOfWork, ground: Ground) -> None:
    """Judge what a unit of work would correct, and record what is computed anew after it. Refuses
    CORRECTION_IMPOSSIBLE, CORRECTION_BREAKS, CORRECTION_REACHES_FAR."""
    case = _case_of(unit)
    if not case.versions:
        return
    at, streams = ground.newest(), set(case.versions)
    for stream in case.versions:
        streams.update(ground.naming(f"0/{entity_of(stream)}"))
        unit.read.answers[("naming", f"{at}/{entity_of(stream)}")] = []
    unsaved = [msgspec.structs.replace(e, position=at + n) for n, e in enumerate(unit.recorded, 1)]
    past = _Past(ground, case.standing, unsaved, case.gone)
    log = past.log(streams, case.versions)
    if ground.most_judged is not None and len(log) > ground.most_judged:
        raise CORRECTION_REACHES_FAR(count=len(log), most=ground.most_judged)
    verdicts = _decided(past, log)
    broken = [v for v in verdicts if v.broken]
    if broken or case.gone:
        before = _Past(ground, {}, unsaved)
        stood = _decided(before, before.log(streams, case.versions))
        was = {_as_broken(v) for v in stood}
        unit.released.update(c for v in stood if v.event.event_id in case.gone for c in v.claims)
        broken = [v for v in broken if _as_broken(v) not in was]
    for verdict in broken:
        if verdict.event.event_id in case.standing:
            raise _impossible(verdict.refusal)
    _refuse_taken(case, verdicts, ground)
    excused = {s.event for s in case.stands}
    if left := [v for v in broken if v.event.event_id not in excused]:
        raise _breaks(SOMETHING_RESTS_ON_IT if case.gone else CORRECTION_BREAKS, left)
    for stream in past.read:
        unit.read.saw(stream, past.read[stream])
    if case.made is not None:
        _compute_anew(unit, past, case.made)


def _case_of(unit: UnitOfWork) -> _Case:
    case = _Case()
    for e in unit.recorded:
        if isinstance(e.data, RecordCorrected):
            case.add(e.stream, e.data.target_event, e.data.target_version, e.data.standing)
            case.stands += e.data.stands
            case.made = case.made or e
        elif isinstance(e.data, EventWithdrawn):
            case.gone.add(e.data.target_event)
            case.add(e.stream, e.data.target_event, e.data.target_version, ())
        elif isinstance(e.data, CorrectionProposed):
            _add_proposed(case, unit, e)
    return case


def _add_proposed(case: _Case, unit: UnitOfWork, e: Recorded[CorrectionProposed]) -> None:
    proposed = [(e.stream, e.data.target_event, e.data.target_version, e.data.changes)]
    proposed += [(o.stream or e.stream, o.target_event, o.target_version, o.changes) for o in e.data.also]
    for stream, event_id, version, changes in proposed:
        aggregate, target = unit.load(kind_of(stream), stream), unit.event_at(stream, version)
        assert isinstance(aggregate, Correctable)
        assert target is not None
        case.add(stream, event_id, version, aggregate.standing_with(target, changes))
    case.stands += e.data.stands


class _Past:
    """The record as it stands, with some events corrected in place (a ``Past`` of deciding anew)."""

    def __init__(
        self,
        ground: Ground,
        standing: dict[str, tuple[Change, ...]],
        unsaved: Sequence[Recorded[Any]],
        gone: Iterable[str] = (),
    ):
        self._ground = ground
        self._standing = dict(standing)
        self._unsaved = unsaved
        self._gone = set(gone)
        self._raw: dict[str, list[Recorded[Any]]] = {}
        self._stands: dict[str, list[Recorded[Any]]] = {}
        self.read: dict[str, int] = {}
        """Every stream that was read, with its version then."""
        self.anew: dict[str, tuple[Recorded[Any], tuple[Change, ...]]] = {}
        """What is computed anew, by the event's id: the event as it stood, and what of it is another."""
        self.open_business = ground.open_business
        self.groups_of = ground.groups_of
        self.meetings_at = ground.meetings_at
        self.editions = ground.editions

    def stream(self, name: str) -> list[Recorded[Any]]:
        """The events of a stream as they are to be judged."""
        if name not in self._stands:
            raw = self._raw.get(name)
            if raw is None:
                saved = list(self._ground.placed(name))
                self.read[name] = saved[-1].version if saved else 0
                raw = self._raw[name] = [*saved, *(e for e in self._unsaved if e.stream == name)]
            standing = dict(self._recorded(name))  # what is corrected only now stands where it is judged
            standing |= {e.event_id: self._standing[e.event_id] for e in raw if e.event_id in self._standing}
            gone = self._gone | self._withdrawn(name)
            self._stands[name] = [_nothing(e) if e.event_id in gone else _standing(e, standing) for e in raw]
        return self._stands[name]

    def _withdrawn(self, stream: str) -> set[str]:
        saved = self._raw[stream][: self.read[stream]]
        return {e.data.target_event for e in saved if isinstance(e.data, EventWithdrawn)}

    def _recorded(self, stream: str) -> dict[str, tuple[Change, ...]]:
        """What stands of the events of a stream by the corrections on record."""
        saved = self._raw[stream][: self.read[stream]]
        corrections = (e.data for e in saved if isinstance(e.data, RecordCorrected))
        return {made.target_event: made.standing for made in corrections}

    def log(self, streams: Iterable[str], corrected_at: dict[str, int]) -> list[Recorded[Any]]:
        """The events of these streams from the first that is corrected on, without what is about others."""
        places = corrected_at.items()
        first = min(e.position for s, v in places for e in self.stream(s) if e.version == v)
        events = [e for s in streams for e in self.stream(s) if e.position >= first]
        judged = (e for e in events if not isinstance(e.data, CORRECTING))
        return sorted(judged, key=lambda e: e.position)

    def compute(self, decided: Recorded[Any], stands: Recorded[Any]) -> bool:
        """Put what was computed anew in place, if that is all that is another; False if it is not."""
        was, now = plain(stands.data), plain(decided.data)
        other = {name for name in now if now[name] != was[name]}
        if stands.event_id in self.anew:
            return False
        alike = (decided.stream, decided.version, decided.type) == (
            stands.stream,
            stands.version,
            stands.type,
        )
        changes = [Change(name, was[name], now[name]) for name in sorted(other)]
        if stands.dated == "inherited" and decided.effective != stands.effective:
            changes.append(Change(INHERITED, stands.effective.value, decided.effective.value))
        if not alike or not changes or not other <= type(stands.data).COMPUTED.keys():
            return False
        self.anew[stands.event_id] = stands, tuple(changes)
        earlier = self._standing.get(stands.event_id) or self._recorded(stands.stream).get(
            stands.event_id, ()
        )
        self._standing[stands.event_id] = standing_after(type(stands.data), earlier, changes)
        del self._stands[stands.stream]
        return True

    # -- what deciding anew asks

    def events_of(self, stream: str, after: int, until: int) -> Iterable[Recorded[Any]]:
        return [e for e in self.stream(stream) if after < e.version <= until]

    def advance(self, events: Sequence[Recorded[Any]]) -> None:
        """Nothing is folded along: what views answer to rules is asked of the record as it is."""

    def naming(self, about: str) -> list[str]:
        return self._ground.naming(about)

    def placed(self, stream: str) -> Iterable[Recorded[Any]]:
        return self._ground.placed(stream)


class _Nothing(EventWithdrawn):
    """What stands in place of what was withdrawn: the version is counted, and nothing is changed. What has
    nothing else is not on record."""


def _nothing(e: Recorded[Any]) -> Recorded[Any]:
    nothing = _Nothing(target_event=e.event_id, target_version=e.version, target_type=e.type, reason="")
    return msgspec.structs.replace(e, data=nothing, type=_Nothing.__name__)


def _standing(e: Recorded[Any], standing: dict[str, tuple[Change, ...]]) -> Recorded[Any]:
    if isinstance(e.data, RecordCorrected):  # what stands is in place already
        data = msgspec.structs.replace(e.data, standing=standing.get(e.data.target_event, ()))
        return msgspec.structs.replace(e, data=data)
    return corrected(e, standing.get(e.event_id, ()))


class _PlacedStand(_Stand):
    """The record as it stood before the event in hand, begun in the midst of the log."""

    past: _Past

    def known(self, stream: str) -> int:
        here = self._upcoming[0].position
        return max((e.version for e in self.past.stream(stream) if e.position < here), default=0)


def _decided(past: _Past, log: list[Recorded[Any]]) -> list[Verdict]:
    stand = _PlacedStand(past, past.editions)
    verdicts, n = [], 0
    while n < len(log):
        upcoming = log[n : n + AHEAD]
        verdict = stand.decide(upcoming)
        if verdict.broken:
            other = next((v.anew for v in stand.tried if v.anew is not None), None)
            if other is not None and past.compute(other, upcoming[0]):
                log[n] = next(e for e in past.stream(other.stream) if e.version == other.version)
                continue
        stand.advance(upcoming[: verdict.explains])
        verdicts.append(verdict)
        n += verdict.explains
    return verdicts


def _as_broken(verdict: Verdict) -> tuple[str, str, str | None]:
    """In which way an event cannot be recorded: what cannot in the same way without a correction is not
    condemned by it."""
    refused = verdict.refusal
    return verdict.event.event_id, verdict.outcome, refused.code if refused else None


def _refuse_taken(case: _Case, verdicts: Iterable[Verdict], ground: Ground) -> None:
    """A corrected event may not take a name that somebody else has."""
    for verdict in verdicts:
        if verdict.event.event_id in case.standing:
            for claim in verdict.claims:
                holder = ground.holder_of(claim)
                if holder is not None and holder != verdict.event.stream:
                    kind, _, value = claim.partition(":")
                    raise _impossible(TAKEN.get(kind, ALREADY_TAKEN)(value=value))


def _impossible(why: Refusal | None) -> Refusal:
    if why is None:
        return CORRECTION_IMPOSSIBLE(why=_OTHER[0], why_en=_OTHER[1])
    return CORRECTION_IMPOSSIBLE(why=why.sentence("ja"), why_en=why.sentence("en"), cause=why.code)


_OTHER = (
    "決まりにより、別の内容が記録されることになります。",
    "By the rules something else would be recorded.",
)


def _breaks(declared: Declared, left: list[Verdict]) -> Refusal:
    listed = left[:MOST_LISTED]
    return declared(
        count=len(left),
        events="".join(_told(v, "ja") for v in listed),
        events_en=" ".join(_told(v, "en") for v in listed),
        impossible=[
            {
                "event_id": v.event.event_id,
                "entity": v.event.entity,
                "stream": v.event.stream,
                "version": v.event.version,
                "type": v.event.type,
                "code": v.refusal.code if v.refusal else None,
            }
            for v in listed
        ],
    )


def _told(verdict: Verdict, lang: Language) -> str:
    """A later event that would become impossible: what, when and why, in one line."""
    e, why = verdict.event, verdict.refusal
    n = 0 if lang == "ja" else 1
    reason = why.sentence(lang) if why else _OTHER[n]
    return _IN_ONE_LINE[n].format(what=type(e.data).LABEL[n], when=e.effective.label(lang), why=reason)


_IN_ONE_LINE = ("「{what}」（{when}）: {why}", "“{what}” ({when}): {why}")


def _compute_anew(unit: UnitOfWork, past: _Past, made: Recorded[RecordCorrected]) -> None:
    context = Context(
        actor=Actor("system"),
        clock=unit.clock,
        new_id=unit.new_id,
        reader=unit,
        causation_id=made.event_id,
        correlation_id=made.correlation_id,
        recorded=unit.recorded,
    )
    for n, (target, changes) in enumerate(past.anew.values(), 1):
        aggregate = unit.load(kind_of(target.stream), target.stream)
        assert isinstance(aggregate, Correctable)
        with acting(context):
            name = f"{made.data.correction_id[:MOST_OF_ID]}-computed-{n}"
            aggregate.compute_anew(name, target, changes, made.data)
        del unit.aggregates[target.stream]
