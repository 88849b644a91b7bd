"""The question how a decision was reached (S1): the whole account of a matter, heading by heading."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from domain.values.fields import Id
from domain.values.stance import Stance
from projections.answers.trail import trail
from projections.engine.event_json import Json, bilingual
from projections.questions.decisions.evidence import evidence_of
from projections.questions.decisions.matter_story import Story, envelope, meetings_of, stories
from projections.questions.decisions.onward import citys_answer, two_rows
from projections.questions.decisions.options import dissent_of, options_of
from projections.questions.decisions.standing import standing_of
from projections.questions.entries import cited, rows
from projections.questions.question import Answer, Ask, gaps_as_unknown, question
from projections.views.meeting import meeting_register

STANCES: dict[str, tuple[str, str]] = {
    "for": ("賛成", "for"),
    "against": ("反対", "against"),
    "conditional": ("条件付き", "conditional"),
    "question": ("質問", "a question"),
    "neutral": ("どちらでもない", "neutral"),
}


@question("S1", ja="この決定はどうやって決まったか", en="How was this decision reached?")
def how_reached(ask: Ask, *, id: Id) -> Answer:
    """The whole account in order. Of a matter under headings: raised by whom and why, criteria, options with
    those withdrawn, evidence, opinions per stance, meetings and carry-overs, the quorum check, method, tally
    and casting vote of each resolution, the conclusion with its conditions, dissent, transmission, the
    city's response and decision with its document number, later changes. Of anything: the trail with what
    led to it and what came of it. ``id``: a matter, or anything else on record."""
    known = ask.must_know(id)
    trail_found = trail(ask.connection, id, staff=ask.viewer.staff)
    events = ask.events_about(id)
    result: Json = {"trail": trail_found}
    if known["kind"] == "Matter" and known["entity"] == id:
        (story,) = stories(ask, id).matters
        result = {"headings": _headings(ask, story), **result}
        events += cited(ask, story.resolutions)
    done = trail_found["completeness"]
    title, lacking = known["title"] or id, len(trail_found["not_recorded"])
    complete = (
        (
            f"確認項目{done['total']}のうち{done['done']}を満たします。",
            f" {done['done']} of {done['total']} checks hold.",
        )
        if done
        else ("", "")
    )
    return Answer(
        says=(
            f"「{title}」について{len(events)}件の出来事が記録されています。{complete[0]}記録にないもの{lacking}件。",
            f"{len(events)} events are on record of “{title}”.{complete[1]} Not recorded: {lacking}.",
        ),
        answer=result,
        events=events,
        unknown=gaps_as_unknown(trail_found["not_recorded"]),
    )


def _headings(ask: Ask, story: Story) -> Json:
    """Everything domain.md S1 asks for, each under its own heading; what is not recorded is null or empty."""
    meetings = meetings_of(ask, story.matter_id)
    held = evidence_of(story)
    onward = citys_answer(ask, story)
    later = standing_of(ask, story)
    return {
        "raised": _raised(story),
        "criteria": [
            {"criterion_id": c["criterion_id"], "text": c["text"], "citation": c["citation"], **envelope(c)}
            for c in story.every("CriterionAdopted")
        ],
        "options": options_of(story),
        "evidence": {
            name: held[name] for name in ("before_them", "recorded_later", "attached_later", "order_unknown")
        },
        "opinions": _opinions(ask, story, meetings),
        "meetings": [_meeting(row, story.matter_id) for row in meetings],
        "carried_over": [
            {
                "meeting_id": c["meeting_id"],
                "to_meeting": c["to_meeting"],
                "reason": c["said"]["reason"],
                **envelope(c),
            }
            for c in story.every("MatterCarriedOver")
        ],
        "resolutions": [_resolution(taken) for taken in story.resolutions],
        "conclusion": two_rows(story)["council"],
        "chosen_option": (story.conclusion or {}).get("chosen_option"),
        "dissent": {
            name: value
            for name, value in dissent_of(ask, story).items()
            if name in ("dissents", "none_on_being_asked")
        },
        "transmitted": onward["transmitted"],
        "city_responses": onward["responses"],
        "city_decision": onward["decision"],
        "later_changes": {
            name: later[name]
            for name in ("standing", "label", "in_force_from", "ended", "chain", "dependants")
        },
    }


def _raised(story: Story) -> Json | None:
    raised = story.last("MatterRaised")
    if raised is None:
        return None
    names = ("question", "matter_no", "raised_by", "remit", "practice", "wanted", "raised_from")
    return {**{name: raised[name] for name in names}, "why": raised["said"]["reason"], **envelope(raised)}


def _opinions(ask: Ask, story: Story, meetings: list[Json]) -> list[Json]:
    """What was thought of it, stance by stance: opinions on the matter, and what was said on its items."""
    opinions = [
        {
            "by": o["holder"],
            "channel": o["channel"],
            "stance": o["stance"],
            "text": o["text"],
            "option_id": o["option_id"],
            **envelope(o),
        }
        for o in story.every("OpinionRecorded")
    ]
    opinions += [statement for row in meetings for statement in _statements(ask, row, story.matter_id)]
    return [
        {
            "stance": stance,
            "label": bilingual(*STANCES[stance]),
            "count": sum(o["stance"] == stance for o in opinions),
            "opinions": [o for o in opinions if o["stance"] == stance],
        }
        for stance in get_args(Stance)
    ] + _without_stance(opinions)


def _without_stance(opinions: list[Json]) -> list[Json]:
    """What was said of which no source says for or against what; nothing if there is none."""
    silent = [o for o in opinions if o["stance"] is None]
    label = bilingual("立場の記載なし", "stance not stated")
    return [{"stance": None, "label": label, "count": len(silent), "opinions": silent}] if silent else []


def _statements(ask: Ask, meeting: Json, matter_id: str) -> Iterator[Json]:
    table = meeting_register.statement.table
    chosen = meeting_register.statements(meeting["meeting_id"]).where(table.c.type == "StatementRecorded")
    chosen = chosen.where(table.c.item_id.in_([i["item_id"] for i in _items(meeting, matter_id)]))
    for row in rows(ask, meeting_register.statement, chosen):
        statement = row["doc"]
        yield {
            "by": statement["speaker"] or statement["speaker_role"],
            "channel": "oral",
            "stance": statement["stance"],
            "text": statement["text"],
            "option_id": statement["option_id"],
            **envelope(statement),
        }


def _items(meeting: Json, matter_id: str) -> list[Json]:
    return [
        i
        for i in meeting["doc"].get("AgendaItemListed", ())
        if matter_id in (i["matter_id"], *(i["matter_ids"] or ()))
    ]


def _meeting(row: Json, matter_id: str) -> Json:
    scheduled = row["doc"].get("MeetingScheduled", ())
    items = {item["item_id"] for item in _items(row, matter_id)}
    carried = [c for c in row["doc"].get("ItemCarriedOver", ()) if c["item_id"] in items]
    return {
        "meeting_id": row["meeting_id"],
        "kind": row["kind"],
        "title": scheduled[-1]["title"] if scheduled else None,
        "effective": scheduled[-1]["said"]["effective"] if scheduled else None,
        "state": row["state"],
        "items": sorted(items),
        "carried_over": [
            {"item_id": c["item_id"], "reason": c["said"]["reason"], "to_meeting": c["to_meeting"]}
            for c in carried
        ],
    }


def _resolution(taken: Json) -> Json:
    shown = (
        "resolution_id",
        "meeting_id",
        "at",
        "method",
        "result",
        "quorum",
        "eligible",
        "present",
        "recused",
        "rules_version",
        "majority",
        "tally",
        "casting_vote",
        "objections",
        "outcome_text",
        "limits",
    )
    return {**{name: taken[name] for name in shown}, **envelope(taken)}
