"""The steps of a matter 経過 as rows of its account: day, meeting or act, what, documents, document number.

They come from the events of the matter and of its meetings, in the order of their days; what has no day comes
last and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from api.http.language import tr
from api.pages.matter.matter_outcome import council_label, option_label
from api.pages.meeting.meeting_list import state_of, title_of
from api.pages.parts import marks
from api.pages.parts.names import Names
from api.papers import words
from api.papers.sentences import attended, voted
from api.words import wording
from domain.kernel.events import EVENTS
from domain.values.calendar import EffectiveDate
from projections.engine.event_json import Json

Order = tuple[str, str, str]


@dataclass(frozen=True)
class Step:
    """One row. ``order``: where its day lies."""

    order: Order
    day: str
    what: str
    text: str
    documents: str
    number: str


def steps(data: Json, page: Json, names: Names) -> list[Step]:
    """Every step that is on record, by its day."""
    of = _Steps(data, page, names)
    every = [*of.of_the_matter(), *of.of_the_meetings(), *of.of_the_city()]
    return sorted(every, key=lambda step: step.order)


def order_of(date: Json | None) -> Order:
    """Where a date, as views or events keep it, comes among others; what has no day at the end."""
    known = {name: (date or {}).get(name) for name in ("value", "precision", "earliest", "latest")}
    read = msgspec.convert({n: v for n, v in known.items() if v is not None}, EffectiveDate).check()
    return read.sort_key if read.earliest is not None else ("9999-99-99", *read.sort_key[1:])


class _Steps:
    def __init__(self, data: Json, page: Json, names: Names):
        self.matter: Json = data["matter"]
        self.meetings: list[Json] = data["meetings"]
        self.page, self.names = page, names
        self.events = words.typed(self.matter)

    def _of(self, *types: str) -> Iterator[Json]:
        for name in types:
            yield from self.events.get(name, ())

    def _step(
        self,
        e: Json,
        text: str,
        *,
        what: str | None = None,
        documents: Iterable[Any] = (),
        number: Any = None,
    ) -> Step:
        """The row of an event."""
        source = e["said"].get("source")
        titles = [*documents] or ([self._place(source)] if source else [])
        return Step(
            order_of(e["said"]["effective"]),
            words.starred(words.of(e["said"]), e, day=True),
            what or tr(*EVENTS[e["type"]].LABEL),
            words.starred(text, e, day=False),
            words.listed(titles),
            number or e["said"].get("document_no") or words.none(),
        )

    def _place(self, source: Json) -> str:
        """A document and where in it."""
        return " ".join(
            filter(None, (words.plain(self.names.label(source["document_id"])), source.get("locator")))
        )

    # -- the matter

    def of_the_matter(self) -> Iterator[Step]:
        for e in self._of("MatterRaised"):
            yield self._step(e, words.in_quotes(words.plain(e.get("title"))))
        yield from self._on_one_day("OptionProposed", lambda e: words.in_quotes(words.plain(e.get("label"))))
        for e in self._of("OptionWithdrawn", "OptionAmended"):
            label = words.plain(option_label(self.matter, e["option_id"]))
            yield self._step(e, words.in_quotes(label) + self._reason(e))
        for e in self._of("OptionsFrozen"):
            count = len(e["option_ids"])
            yield self._step(e, tr(f"{count}案を確定", f"{count} options, as they stood"))
        yield from self._evidence()
        for e in self._of("MatterWithdrawn", "MatterSuperseded", "MatterRescinded"):
            reason = e.get("reason") or e["said"].get("reason")
            unsaid = tr("理由の記録なし", "reason not recorded")
            yield self._step(e, words.plain(reason) if reason else unsaid)
        yield from self._concluded()

    def _reason(self, e: Json) -> str:
        reason = e.get("reason") or e["said"].get("reason")
        return tr(f"（{reason}）", f" ({reason})") if reason else ""

    def _on_one_day(self, type_: str, say: Any) -> Iterator[Step]:
        """Several acts of one kind on one day are one row."""
        by_day: dict[str, list[Json]] = {}
        for e in self._of(type_):
            by_day.setdefault(words.starred(words.of(e["said"]), e, day=True), []).append(e)
        for entries in by_day.values():
            texts = (words.starred(say(e), e, day=False) for e in entries)
            yield self._step(entries[0], tr("", " ").join(texts))

    def _evidence(self) -> Iterator[Step]:
        by_day: dict[str, list[Json]] = {}
        for e in self._of("EvidenceAttached"):
            by_day.setdefault(words.starred(words.of(e["said"]), e, day=True), []).append(e)
        for entries in by_day.values():
            titles = [self._attached(e) for e in entries]
            kinds = dict.fromkeys(e["kind"] for e in entries if e.get("kind") not in (None, "other"))
            labels = [wording.value("kind", kind) for kind in kinds]
            yield self._step(entries[0], words.listed(labels), documents=titles)

    def _attached(self, e: Json) -> str:
        if "closed" in e:
            return str(tr(e["closed"]["ja"], e["closed"]["en"]))
        return words.starred(words.plain(self.names.label(e["document_id"])), e, day=False)

    def _concluded(self) -> Iterator[Step]:
        """The conclusion, where the row of its meeting does not tell it."""
        shown = {meeting["meeting_id"] for meeting in self.meetings}
        for e in self._of("MatterConcluded"):
            if e.get("meeting_id") not in shown or self._resolution(self._meeting(e["meeting_id"])) is None:
                yield self._step(e, words.plain(council_label({**self.matter, "MatterConcluded": [e]})))
        for e in self._of("EntrustmentSettled"):
            within = tr("一任の範囲内で確定", "settled within the limits")
            beyond = tr("一任の範囲を超えて確定", "settled beyond the limits")
            documents = [self.names.label(e["document_id"])] if e.get("document_id") else []
            yield self._step(e, within if e["within_limits"] else beyond, documents=documents)
        for e in self._of("EntrustmentReported"):
            yield self._step(e, words.plain(self.names.label(e["meeting_id"])))

    def _meeting(self, meeting_id: str) -> Json:
        return next(meeting for meeting in self.meetings if meeting["meeting_id"] == meeting_id)

    # -- its meetings

    def of_the_meetings(self) -> Iterator[Step]:
        for meeting, shown in zip(self.meetings, self.page["meetings"], strict=True):
            yield from self._held(meeting, shown)
            for e in words.typed(meeting).get("MinutesPublished", ()):
                yield self._step(
                    e, words.plain(title_of(meeting, self.names)), documents=self._minutes(meeting)
                )

    def _held(self, meeting: Json, shown: Json) -> Iterator[Step]:
        items = [item for item in meeting.get("AgendaItemListed", ()) if self._is_about(item)]
        is_told = shown["result_label"] or shown["carried_over"]
        if not items and not is_told:
            return  # linked for another reason: what it did with the matter has a row of its own
        e = self._resolution(meeting) or self._opening(meeting)
        day = words.day(shown["date"])
        documents = [self.names.label(d) for d in self._documents(meeting)]
        yield Step(
            order_of(shown["date"] or {}),
            words.starred(day, e, day=True) if e else day,
            words.plain(shown["title"]),
            words.starred(self._did(meeting, shown), e, day=False) if e else self._did(meeting, shown),
            words.listed(documents),
            words.none(),
        )

    def _did(self, meeting: Json, shown: Json) -> str:
        concluded = marks.last(self.matter.get("MatterConcluded")) or {}
        result = shown["result_label"]
        if result and concluded.get("meeting_id") == meeting["meeting_id"]:
            result = council_label(self.matter) or result
        if shown["carried_over"]:
            result = tr(f"継続（{shown['carried_over']}）", f"carried over ({shown['carried_over']})")
        if result is None:
            state = wording.state("Meeting", state_of(meeting))[0]
            return words.sentences(
                tr(f"議題とした（会議は{state}）", f"On the agenda (the meeting: {state})"),
                attended(shown["quorum"]),
            )
        method = shown["method_label"]
        return words.sentences(
            tr(f"{method}により{result}", f"{result}, by {method}")
            if method and not result.startswith(method)
            else result,
            voted(shown["tally"]) if shown["tally"] else None,
            attended(shown["quorum"]),
        )

    def _is_about(self, item: Json) -> bool:
        return self.matter["matter_id"] in (item.get("matter_id"), *(item.get("matter_ids") or ()))

    def _resolution(self, meeting: Json) -> Json | None:
        about = [e for e in words.typed(meeting).get("ResolutionTaken", ()) if self._is_about(e)]
        return marks.last(about)  # type: ignore[no-any-return]

    def _opening(self, meeting: Json) -> Json | None:
        of = words.typed(meeting)
        return next(
            (of[name][-1] for name in ("MeetingOpened", "MeetingHeld", "MeetingScheduled") if of.get(name)),
            None,
        )

    def _documents(self, meeting: Json) -> list[str]:
        """What was before the meeting."""
        return [d for e in meeting.get("MeetingDocumentsListed", ()) for d in e.get("document_ids") or ()]

    def _minutes(self, meeting: Json) -> list[Any]:
        drafted = marks.last(meeting.get("MinutesDrafted")) or {}
        return [self.names.label(drafted["document_id"])] if drafted.get("document_id") else []

    # -- the city

    def of_the_city(self) -> Iterator[Step]:
        for e in self._of("ConclusionTransmitted"):
            to = words.plain(self.names.party(e["to"]))
            form = wording.value("form", e["form"])
            yield self._step(e, tr(f"{form}として{to}へ", f"{form} to {to}"), number=e["document_no"])
        for e in self._of("CityResponseRecorded"):
            yield self._step(e, wording.value("disposition", e["disposition"]), number=e["document_no"])
        for e in self._of("CityDecisionRecorded"):
            yield from self._decided(e)
        for e in self._of("PromisedStepTaken"):
            documents = [self.names.label(e["document_id"])] if e.get("document_id") else []
            yield self._step(
                e, words.plain(e.get("text") or self._promise(e["step_id"])), documents=documents
            )

    def _decided(self, e: Json) -> Iterator[Step]:
        number = e["document_no"]
        if e.get("drafted_on"):
            yield self._part(e, e["drafted_on"], tr("起案", "Draft"), self._drafter(e))
        for step in e.get("consulted") or ():
            if step.get("on"):
                text = "、".join(filter(None, (step.get("post"), step.get("outcome"))))
                yield self._part(e, step["on"], tr("合議", "Consulted"), text)
        authority = wording.value("authority", e["authority"])
        what = tr(f"{authority}の決定", f"Decision: {authority}")
        text = words.plain(e["text"]) if e.get("text") else tr("内容の記録なし", "its text is not on record")
        yield self._step(e, text, what=what, number=number)
        if e.get("in_force_from"):
            yield self._part(e, e["in_force_from"], tr("施行", "In force"), words.none())

    def _part(self, e: Json, date: Json, what: str, text: str) -> Step:
        """A step of a decision that has a day of its own."""
        number = e["document_no"] or words.none()
        return Step(order_of(date), words.day(marks.date(date)), what, text, words.none(), number)

    def _drafter(self, e: Json) -> str:
        drafter = self.names.party(e["drafted_by"]) if e.get("drafted_by") else None
        return words.plain(drafter) if drafter else tr("起案者の記録なし", "by whom is not on record")

    def _promise(self, step_id: str) -> str | None:
        answers = self._of("CityResponseRecorded", "CityDecisionRecorded")
        promises = (step for e in answers for step in e.get("promised") or ())
        return next((step["what"] for step in promises if step["step_id"] == step_id), None)
