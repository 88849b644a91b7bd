"""The question about what was left to the chair 座長一任: within which limits, and was it reported (S11)?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from domain.values.calendar import EffectiveDate
from domain.values.fields import Id
from projections.engine.event_json import Json, bilingual
from projections.questions.decisions.matter_story import Story, date_of, days_between, envelope, stories
from projections.questions.decisions.options import options_of
from projections.questions.entries import cited
from projections.questions.question import Answer, Ask, question
from projections.views.matter import decision_trail

STATES: dict[str, tuple[str, str]] = {
    "open": ("未確定", "not settled yet"),
    "settled": ("確定、未報告", "settled, not reported yet"),
    "reported": ("報告済み", "reported"),
}


@question(
    "S11",
    ja="座長に一任されたものは何か、どの範囲で、いつ報告されたか",
    en="What was left to the chair, within which limits, reported when?",
)
def left_to_the_chair(ask: Ask, *, id: Id) -> Answer:
    """For a matter (or each matter of a council) whose wording was left to the chair: the limits set with
    the resolution, the wording put to the decision and how it was amended since, the document with the
    final wording and whether it kept within the limits, when it was reported. No rule says by when: what is
    left to the chair is ``overdue`` from the day after until it is reported, null if the day
    is not known; ``waiting_days`` counts to today."""
    story_list = stories(ask, id)
    left = [(story, e) for story in story_list.matters if (e := _entrusted(story)) is not None]
    matters = [_left(ask, story, concluded) for story, concluded in left]
    overdue = sum(m["overdue"] is True for m in matters)
    open_ = sum(m["state"] != "reported" for m in matters)
    return Answer(
        says=(
            f"座長に一任された案件{len(matters)}件、うち未報告{open_}件、期限超過{overdue}件。",
            f"{len(matters)} matters were left to the chair, {open_} not reported yet, {overdue} overdue.",
        ),
        answer={"matters": matters},
        events=cited(ask, [entry for story, _ in left for entry in _about(story)]),
        unknown=[*story_list.none_on_record(), *_unknown(matters)],
    )


def _entrusted(story: Story) -> Json | None:
    """The conclusion that left the wording to the chair."""
    return next((c for c in story.every("MatterConcluded") if c["result"] == "entrusted"), None)


def _left(ask: Ask, story: Story, concluded: Json) -> Json:
    resolution = next(
        (r for r in story.resolutions if r["resolution_id"] == concluded["resolution_ref"]), None
    )
    settled, reported = story.last("EntrustmentSettled"), story.last("EntrustmentReported")
    state = "reported" if reported is not None else "settled" if settled is not None else "open"
    return {
        **story.head(),
        "state": state,
        "state_label": bilingual(*STATES[state]),
        "limits": resolution["limits"] if resolution is not None else None,
        "entrusted": envelope(concluded),
        "put_to_the_decision": _chosen(story, concluded),
        "amended_since": list(_amended_since(story, concluded)),
        "settled": _settled(ask, settled) if settled is not None else None,
        "reported": {"meeting_id": reported["meeting_id"], **envelope(reported)} if reported else None,
        "overdue": False if reported is not None else _is_over(date_of(concluded), ask.today),
        "waiting_days": days_between(date_of(concluded), EffectiveDate.on(ask.today))
        if reported is None
        else None,
    }


def _is_over(since: EffectiveDate, today: dt.date) -> bool | None:
    """Whether the day of an entrustment is past; None if that cannot be told."""
    if since.latest is not None and since.latest < today:
        return True
    return False if since.earliest is not None and since.earliest >= today else None


def _chosen(story: Story, concluded: Json) -> Json | None:
    """The option as it reads last, of which the wording was left to the chair."""
    chosen = (o for o in options_of(story) if o["option_id"] == concluded["chosen_option"])
    return next(({name: o[name] for name in ("option_id", "label", "text")} for o in chosen), None)


def _amended_since(story: Story, concluded: Json) -> Iterator[Json]:
    """What was changed in the wording after the conclusion, as far as it stands in the record itself."""
    for amended in story.every("OptionAmended"):
        if amended["said"]["position"] > concluded["said"]["position"]:
            yield {
                "option_id": amended["option_id"],
                "label": amended["label"],
                "text": amended["text"],
                "reason": amended["said"]["reason"],
                **envelope(amended),
            }


def _settled(ask: Ask, settled: Json) -> Json:
    document = decision_trail.things(ask.connection, [settled["document_id"]]).get(settled["document_id"])
    return {
        "document_id": settled["document_id"],
        "document": document["title"] if document else None,
        "within_limits": settled["within_limits"],
        "reason": settled["said"]["reason"],
        **envelope(settled),
    }


def _about(story: Story) -> Iterator[Json]:
    yield from story.every("MatterConcluded", "EntrustmentSettled", "EntrustmentReported")
    if story.resolution is not None:
        yield story.resolution


def _unknown(matters: list[Json]) -> Iterator[tuple[str, str]]:
    for matter in matters:
        title = matter["title"]
        if matter["limits"] is None:
            yield f"「{title}」を一任した範囲", f"the limits within which “{title}” was left to the chair"
        if matter["settled"] is None:
            yield f"「{title}」の確定した文言", f"the final wording of “{title}”"
        elif not matter["amended_since"]:
            yield (
                f"「{title}」の文言がどう変わったか（文書にだけ残る）",
                f"how the wording of “{title}” changed (only the document tells)",
            )
        if matter["reported"] is None:
            yield f"「{title}」の会議への報告", f"a report of “{title}” to a meeting"
