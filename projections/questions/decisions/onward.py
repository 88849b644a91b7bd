"""Questions about what the city made of a decision: council and city (S8), the city's answer (S9)."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from domain.values.fields import Id
from projections.answers.labels import date_json
from projections.engine.event_json import Json, as_date, bilingual
from projections.questions.decisions.matter_story import (
    Story,
    date_of,
    days_between,
    envelope,
    stories,
)
from projections.questions.decisions.options import options_of
from projections.questions.decisions.standing import dependants
from projections.questions.entries import AS_PROPOSED, cited
from projections.questions.question import Answer, Ask, question

SAME_TEXT = 0.6
"""Texts less alike than this (0 to 1) are two texts, not one that was changed here and there."""


@question(
    "S8",
    ja="市民会議の結論か、市の決定か",
    en="Did the council conclude it, or the city decide it?",
)
def council_and_city(ask: Ask, *, id: Id) -> Answer:
    """For a matter (or each matter of a council) two rows with two authors: the council's conclusion and
    the city's decision; the days between them, as an interval where a date is imprecise and null where one
    is unknown; and where the text of the two differs."""
    story_list = stories(ask, id)
    matters = [two_rows(story) for story in story_list.matters]
    both_on_record = sum(m["council"] is not None and m["city"] is not None for m in matters)
    council = sum(m["council"] is not None for m in matters)
    city = sum(m["city"] is not None for m in matters)
    return Answer(
        says=(
            f"市民会議の結論{council}件、市の決定{city}件、両方の記録があるもの{both_on_record}件。",
            f"{council} conclusions of the council, {city} decisions of the city, both on record of "
            f"{both_on_record}.",
        ),
        answer={"matters": matters},
        events=cited(ask, [e for story in story_list.matters for e in _conclusion_and_decision(story)]),
        unknown=[*story_list.none_on_record(), *_unknown_rows(matters)],
    )


def _conclusion_and_decision(story: Story) -> Iterator[Json]:
    yield from (e for e in (story.conclusion, story.last("CityDecisionRecorded"), story.resolution) if e)


def two_rows(story: Story) -> Json:
    concluded, decided = story.conclusion, story.last("CityDecisionRecorded")
    text = _text_of(story)
    return {
        **story.head(),
        "council": None
        if concluded is None
        else {
            "result": concluded["result"],
            "method": concluded["method"],
            "resolution_ref": concluded["resolution_ref"],
            "text": text,
            "as_proposed": bilingual(*AS_PROPOSED) if story.as_proposed else None,
            "conditions": concluded["conditions"] or [],
            "reason": concluded["said"]["reason"],
            **envelope(concluded),
        },
        "city": None
        if decided is None
        else {
            "authority": decided["authority"],
            "document_no": decided["said"]["document_no"],
            "text": decided["text"],
            **envelope(decided),
        },
        "gap_in_days": days_between(date_of(concluded), date_of(decided)) if concluded and decided else None,
        "differences": differences(text, decided["text"] if decided else None),
        "point_by_point": points(concluded, decided),
    }


def points(concluded: Json | None, decided: Json | None) -> list[Json]:
    """Point by point, what the council concluded and what the city decided; null where one of them says
    nothing of it. In the council's order, then the city's own."""
    council = {p["point"]: p["text"] for p in (concluded or {}).get("points") or ()}
    city = {p["point"]: p["text"] for p in (decided or {}).get("points") or ()}
    return [
        {
            "point": name,
            "council": council.get(name),
            "city": city.get(name),
            "same": council.get(name) == city.get(name),
        }
        for name in dict.fromkeys([*council, *city])
    ]


def _text_of(story: Story) -> str | None:
    """What the council concluded, in words: the text read out, else the option chosen as it reads last."""
    if story.resolution is not None and story.resolution["outcome_text"]:
        return str(story.resolution["outcome_text"])
    if story.conclusion is None:
        return None
    chosen = story.conclusion["chosen_option"]
    return next((o["text"] or o["label"] for o in options_of(story) if o["option_id"] == chosen), None)


def differences(before: str | None, after: str | None) -> list[Json] | None:
    """Where two texts differ, in order: what the first says and what stands there in the second; null where
    one of them is not on record."""
    if before is None or after is None:
        return None
    compared = difflib.SequenceMatcher(None, before, after, autojunk=False)
    if compared.ratio() < SAME_TEXT:
        return [{"council": before, "city": after}]
    return [
        {"council": before[a:b], "city": after[c:d]}
        for tag, a, b, c, d in compared.get_opcodes()
        if tag != "equal"
    ]


def _unknown_rows(matters: list[Json]) -> Iterator[tuple[str, str]]:
    for matter in matters:
        title = matter["title"]
        if matter["state"] == "withdrawn":
            continue
        if matter["council"] is None:
            yield f"「{title}」の市民会議の結論", f"a conclusion of the council on “{title}”"
        if matter["city"] is None:
            yield f"「{title}」の市の決定", f"a decision of the city on “{title}”"
        elif matter["city"]["text"] is None:
            yield f"「{title}」の市の決定の文", f"the text of the city's decision on “{title}”"


# ------------------------------------------------------------------------------------ the city's answer


@question("S9", ja="提案に市はどう答えたか", en="What did the city do with our proposal?")
def what_became_of_it(ask: Ask, *, id: Id) -> Answer:
    """For a matter (or each matter of a council): what was sent to the city, the city's responses with
    disposition and reason, how long they took, the city's decision, the steps it promised, and the actions
    and plans that came of it."""
    story_list = stories(ask, id)
    matters = [citys_answer(ask, story) for story in story_list.matters]
    sent = sum(bool(m["transmitted"]) for m in matters)
    answered = sum(bool(m["responses"]) for m in matters)
    actions = sum(len(m["actions"]) for m in matters)
    late = sum(step["late"] for m in matters for step in m["promised"])
    return Answer(
        says=(
            f"市へ送ったもの{sent}件、市の回答があるもの{answered}件、そこから生まれた事業{actions}件。"
            f"{f'約束した手順のうち期限を過ぎたもの{late}件。' if late else ''}",
            f"{sent} sent to the city, {answered} answered, {actions} actions came of them."
            f"{f' Promised steps that are late: {late}.' if late else ''}",
        ),
        answer={"matters": matters},
        events=cited(ask, [e for story in story_list.matters for e in _onward(story)]),
        unknown=[*story_list.none_on_record(), *_unknown_answers(matters)],
    )


def _onward(story: Story) -> list[Json]:
    return story.every(
        "ConclusionTransmitted", "CityResponseRecorded", "CityDecisionRecorded", "PromisedStepTaken"
    )


def citys_answer(ask: Ask, story: Story) -> Json:
    sent, decided = story.last("ConclusionTransmitted"), story.last("CityDecisionRecorded")
    came = dependants(ask, story.matter_id)
    return {
        **story.head(),
        "transmitted": [
            {
                "to": s["to"],
                "form": s["form"],
                "document_no": s["said"]["document_no"],
                **envelope(s),
            }
            for s in story.every("ConclusionTransmitted")
        ],
        "responses": [
            {
                "disposition": r["disposition"],
                "reason": r["said"]["reason"],
                "document_no": r["said"]["document_no"],
                "after_days": days_between(date_of(sent), date_of(r)) if sent is not None else None,
                **envelope(r),
            }
            for r in story.every("CityResponseRecorded")
        ],
        "decision": None
        if decided is None
        else {
            "authority": decided["authority"],
            "document_no": decided["said"]["document_no"],
            "text": decided["text"],
            **envelope(decided),
        },
        "promised": list(_promised(ask, story)),
        "actions": [d for d in came if d["kind"] == "PlanAction"],
        "plans": [d for d in came if d["kind"] == "PromotionPlan"],
    }


def _promised(ask: Ask, story: Story) -> Iterator[Json]:
    """The steps that the city promised with an answer or a decision: which were taken, which are late."""
    taken = {t["step_id"]: t for t in story.every("PromisedStepTaken")}
    for answer in story.every("CityResponseRecorded", "CityDecisionRecorded"):
        for step in answer["promised"] or ():
            done, until = taken.get(step["step_id"]), step.get("by_when")
            by_when = as_date(until) if until else None
            last = by_when.latest if by_when is not None else None
            yield {
                "what": step["what"],
                "by_when": date_json(by_when) if by_when is not None else None,
                "by_whom": step.get("by_whom"),
                "taken": done["said"]["effective"] if done is not None else None,
                "late": done is None and last is not None and last < ask.today,
                **envelope(answer),
            }


def _unknown_answers(matters: list[Json]) -> Iterator[tuple[str, str]]:
    for matter in matters:
        title = matter["title"]
        if matter["state"] == "withdrawn":
            continue
        if not matter["transmitted"]:
            yield f"「{title}」の市への送付", f"that “{title}” was sent to the city"
        elif not matter["responses"]:
            yield f"「{title}」への市の回答", f"an answer of the city to “{title}”"
        for response in matter["responses"]:
            if response["disposition"] != "accepted" and response["reason"] is None:
                yield f"「{title}」への市の回答の理由", f"the reason of the city's answer to “{title}”"
