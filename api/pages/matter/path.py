"""The path of a matter 道のり, from its question to what came of it: each stop with its number and its day.

A stop happened, is still to come, or is not on record; what one would expect and nobody recorded is shown as
such. The graphic is this list (templates/matter/story.html).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from api.http.language import tr
from api.pages.matter.matter_outcome import option_label
from api.pages.matter.three_sentences import changed_points, last, proof_of, votes, yen
from api.pages.meeting.meeting_list import attendance, state_of, title_of
from api.pages.parts import marks
from api.pages.parts.days import apart, exact, year_and_day
from api.pages.parts.names import Names
from api.reads.as_of import day_shown
from api.words import wording
from projections.engine.event_json import Json

By = Literal["council", "city"]
SETTLED = ("withdrawn", "superseded", "rescinded")
MOST_MEETINGS = 3
SHORT = 9
"""Characters that a figure may have to stand on the path."""


@dataclass(frozen=True)
class Stop:
    """``date``: as events keep it, None where nothing is recorded; ``to``: where on the page it is told."""

    by: By
    state: Literal["done", "open", "none"]
    date: Json | None
    figure: str
    label: object
    to: str


def stops(m: Json, meetings: Sequence[Json], actions: Sequence[Json], names: Names) -> list[Json]:
    """Every stop, in the order of the days that are known; what has no day keeps its place."""
    if "closed" in m:
        return []
    every = [
        *_question(m, names),
        *_options(m),
        *_meetings(m, meetings, names),
        *_conclusion(m, meetings),
        *_onward(m, actions, names),
    ]
    shown, year, before = list[Json](), None, None
    for stop in _in_order(every):
        of_year, day = year_and_day(marks.date(stop.date)) if stop.date else (None, None)
        on = exact(stop.date) if stop.state == "done" else None
        shown.append(
            {
                "by": stop.by,
                "state": stop.state,
                "year": of_year if of_year != year else None,
                "day": day if of_year else day or _no_day(stop),
                "figure": f"{stop.figure[:1].upper()}{stop.figure[1:]}",
                "label": stop.label,
                "to": stop.to,
                "gap": apart(before, on) if shown else None,
            }
        )
        year, before = of_year or year, on if stop.state == "done" else None
    return shown


def _in_order(every: list[Stop]) -> list[Stop]:
    keyed, latest = list[tuple[dt.date, int, Stop]](), dt.date.min
    for n, stop in enumerate(every):
        on = exact(stop.date) if stop.state == "done" else None
        keyed.append((on or latest, n, stop))
        latest = max(latest, on or latest)
    return [stop for _, _, stop in sorted(keyed, key=lambda key: key[:2])]


def _no_day(stop: Stop) -> str:
    if stop.state == "open":
        return tr("まだ", "not yet")
    return tr("日付なし", "no date")


def _none() -> str:
    return tr("記録なし", "not recorded")


def _yet() -> str:
    return tr("これから", "still to come")


def _date(e: Json) -> Json:
    date: Json = e["said"]["effective"]
    return date


def event(e: Json) -> str:
    return f"#event-{e['said']['position']}"


# ------------------------------------------------------------------------------ the council's part


def _question(m: Json, names: Names) -> Iterator[Stop]:
    raised = marks.first(m.get("MatterRaised"))
    figure = tr("問い", "Question")
    if raised is None:
        yield Stop("council", "none", None, _none(), figure, "#unknown")
        return
    by = names.party(raised.get("raised_by"), raised["said"]["role"]) if "closed" not in raised else None
    label = [by, tr("が出した", " raised it")] if by else tr("出された", "raised")
    yield Stop("council", "done", _date(raised), figure, label, event(raised))


def _options(m: Json) -> Iterator[Stop]:
    proposed = m.get("OptionProposed") or ()
    frozen = last(m, "OptionsFrozen")
    if not proposed:
        is_open = not any(last(m, name) for name in ("MatterConcluded", "CityDecisionRecorded"))
        if is_open and m["state"] not in SETTLED:
            yield Stop("council", "open", None, tr("案", "Options"), _yet(), "#options")
        return
    count = tr(f"{len(proposed)}つの案", f"{len(proposed)} option{'' if len(proposed) == 1 else 's'}")
    label = tr("案がそろう", "put forward")
    yield Stop("council", "done", _date(frozen or proposed[-1]), count, label, "#options")


def _meetings(m: Json, meetings: Sequence[Json], names: Names) -> Iterator[Stop]:
    if not meetings:
        if last(m, "MatterConcluded") is not None:
            yield Stop("council", "none", None, _none(), tr("会議", "Meeting"), "#unknown")
        return
    first = meetings[: len(meetings) - MOST_MEETINGS + 1] if len(meetings) > MOST_MEETINGS else []
    if first:
        count = tr(f"{len(first)}回の会議", f"{len(first)} meetings")
        yield Stop("council", "done", _held(first[0]), count, tr("ここから", "from here on"), "#who")
    for meeting in meetings[len(first) :]:
        yield _meeting(meeting, names)


def _held(meeting: Json) -> Json | None:
    """When a meeting was or will be held."""
    e = marks.first(
        meeting.get("MeetingOpened") or meeting.get("MeetingHeld") or meeting.get("MeetingScheduled")
    )
    return _date(e) if e else None


def _meeting(meeting: Json, names: Names) -> Stop:
    state, counted = state_of(meeting), attendance(meeting)
    present, serving = counted["present"], counted["serving"]
    is_ahead = state in ("scheduled", "notified")
    if state in ("cancelled", "inquorate", "not_recorded"):
        in_words, _ = wording.state("Meeting", state)
        return Stop("council", "done", _held(meeting), tr("会議", "Meeting"), in_words, "#who")
    if is_ahead:
        return Stop(
            "council", "open", _held(meeting), tr("会議", "Meeting"), title_of(meeting, names), "#who"
        )
    figure = tr("会議", "Meeting")
    if present is not None:
        figure = (
            tr(f"{present}/{serving}人", f"{present}/{serving}")
            if serving is not None
            else tr(f"{present}人", str(present))
        )
    label = title_of(meeting, names) if present is None else tr("会議に出席", "members there")
    return Stop("council", "done", _held(meeting), figure, label, "#who")


def _conclusion(m: Json, meetings: Sequence[Json]) -> Iterator[Stop]:
    concluded, withdrawn = last(m, "MatterConcluded"), last(m, "MatterWithdrawn")
    if withdrawn is not None and concluded is None:
        label = tr("問いを取り下げた", "question withdrawn")
        yield Stop("council", "done", _date(withdrawn), tr("取り下げ", "Withdrawn"), label, event(withdrawn))
        return
    if concluded is None:
        is_open = last(m, "CityDecisionRecorded") is None and m["state"] not in SETTLED
        figure = tr("結論", "Conclusion")
        if is_open:
            yield Stop("council", "open", None, figure, _yet(), "#who")
        else:
            yield Stop("council", "none", None, _none(), figure, "#unknown")
        return
    if "closed" in concluded:
        closed = tr("非公開", "closed")
        yield Stop("council", "done", _date(concluded), closed, tr("結論", "conclusion"), event(concluded))
        return
    proof = proof_of(m, meetings)
    way, choice = _way(concluded, proof), _choice(m, concluded)
    yield Stop("council", "done", _date(concluded), way, choice, "#vote" if proof else event(concluded))


def _way(concluded: Json, proof: Json | None) -> str:
    counted = votes(proof)
    if counted is not None:
        return tr(f"{counted['for']}対{counted['against']}", f"{counted['for']} to {counted['against']}")
    method = concluded.get("method") or (proof or {}).get("method")
    if method in ("no_objection", "unanimous", "consensus_workshop", "chair_entrusted"):
        return wording.value("method", method)
    result = concluded.get("result")
    return wording.value("result", result) if result else tr("結論", "concluded")


def _choice(m: Json, concluded: Json) -> object:
    option = concluded.get("chosen_option")
    numbers = [o["option_id"] for o in m.get("OptionProposed") or ()]
    if option in numbers and option_label(m, option):
        n = numbers.index(option) + 1
        return tr(f"案{n}を選ぶ", f"option {n} chosen")
    result = concluded.get("result")
    return wording.value("result", result) if result else tr("結論を出す", "concluded")


# --------------------------------------------------------------------------------- the city's part


def _onward(m: Json, actions: Sequence[Json], names: Names) -> Iterator[Stop]:
    concluded: Json | None = last(m, "MatterConcluded")
    sent, replied, decided = (
        last(m, name) for name in ("ConclusionTransmitted", "CityResponseRecorded", "CityDecisionRecorded")
    )
    if m["state"] == "withdrawn" and concluded is None:
        return
    is_rejected = concluded is not None and concluded.get("result") == "rejected"
    if is_rejected and sent is None and decided is None and not actions:
        return
    is_open = m["state"] not in SETTLED
    yield from _sent(sent, is_later=bool(replied or decided or actions), is_open=is_open)
    yield from _replied(replied, is_later=bool(decided or actions), is_open=is_open)
    yield from _decided(m, decided, is_later=bool(actions), is_open=is_open)
    yield from _promised(m)
    yield from _actions(actions, names)
    for name, figure, label in (
        ("MatterSuperseded", tr("変更", "Changed"), tr("別の決定に変わる", "by a later decision")),
        ("MatterRescinded", tr("廃止", "Ended"), tr("結論を廃止", "conclusion rescinded")),
    ):
        e = last(m, name)
        if e is not None:
            yield Stop("council", "done", _date(e), figure, label, event(e))


def _expected(by: By, figure: str, *, is_later: bool, is_open: bool) -> Iterator[Stop]:
    """A stop that nobody recorded: it is still to come, unless something after it is on record already."""
    if is_later:
        yield Stop(by, "none", None, _none(), figure, "#unknown")
    elif is_open:
        yield Stop(by, "open", None, figure, _yet(), "#answer" if by == "city" else "#who")


def _sent(sent: Json | None, *, is_later: bool, is_open: bool) -> Iterator[Stop]:
    label = tr("市へ送る", "sent to the city")
    if sent is None:
        yield from _expected("council", label, is_later=is_later, is_open=is_open)
    else:
        figure = wording.value("form", sent["form"]) if "closed" not in sent else tr("非公開", "closed")
        yield Stop("council", "done", _date(sent), figure, label, event(sent))


def _replied(replied: Json | None, *, is_later: bool, is_open: bool) -> Iterator[Stop]:
    if replied is None:
        yield from _expected("city", tr("市の回答", "City's answer"), is_later=is_later, is_open=is_open)
        return
    answers = {
        "accepted": ("受け入れ", "Accepted"),
        "partly": ("一部", "Partly"),
        "deferred": ("保留", "Put off"),
        "declined": ("受け入れない", "Not accepted"),
    }
    figure = tr(*answers[replied["disposition"]]) if "closed" not in replied else tr("非公開", "closed")
    yield Stop("city", "done", _date(replied), figure, tr("市の回答", "the city's answer"), "#answer")


def _decided(m: Json, decided: Json | None, *, is_later: bool, is_open: bool) -> Iterator[Stop]:
    if decided is None:
        yield from _expected("city", tr("市の決定", "City's decision"), is_later=is_later, is_open=is_open)
        return
    changed = changed_points(m) if "closed" not in decided else []
    theirs = changed[0][2] if changed and len(changed[0][2]) <= SHORT else None
    label = tr("市の決定", "the city's decision")
    yield Stop("city", "done", _date(decided), theirs or tr("決定", "Decided"), label, "#answer")


def _promised(m: Json) -> Iterator[Stop]:
    """What the city promised: done, still to come, or by now without a record."""
    taken = {e["step_id"]: e for e in m.get("PromisedStepTaken") or () if "closed" not in e}
    answers = [*(m.get("CityResponseRecorded") or ()), *(m.get("CityDecisionRecorded") or ())]
    for step in (step for e in answers if "closed" not in e for step in e.get("promised") or ()):
        done = taken.get(step["step_id"])
        due = step.get("by_when")
        label = step["what"]
        if done is not None:
            yield Stop("city", "done", _date(done), tr("約束", "Promise"), label, event(done))
        elif _is_over(due):
            yield Stop("city", "none", None, _none(), label, "#unknown")
        else:
            yield Stop("city", "open", due, tr("約束", "Promise"), label, "#answer")


def _is_over(due: Json | None) -> bool:
    latest = (marks.date(due) or {}).get("value") if due else None
    return bool(latest) and len(str(latest)) == 10 and str(latest) < day_shown().isoformat()


def _actions(actions: Sequence[Json], names: Names) -> Iterator[Stop]:
    for action in actions:
        first = marks.first(action["ledger"])
        adopted = next((e for e in action["course"] if e["type"] == "ActionAdopted"), None)
        title = names.label(action["id"])
        budget = first["current_yen"] if first else None
        date = _of_year(first["fiscal_year"]) if first else _date(adopted) if adopted else None
        figure = yen(budget) if budget is not None else tr("事業", "Action")
        yield Stop("city", "done", date, figure, title, "#after")
        evaluated = [e for e in action["course"] if e["type"] == "CycleEvaluated"]
        if evaluated:
            yield Stop("city", "done", _date(evaluated[-1]), tr("評価", "Evaluated"), title, "#after")
        elif action["state"] != "ended":
            yield Stop("city", "open", None, tr("評価", "Evaluation"), _yet(), "#after")
        else:
            yield Stop("city", "none", None, _none(), tr("評価", "Evaluation"), "#unknown")


def _of_year(fiscal_year: int) -> Json:
    return {"value": f"FY{fiscal_year}", "precision": "fiscal_year"}
