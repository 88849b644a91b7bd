"""The question about evidence 資料: what was before them on the day they decided (S5)?"""

from __future__ import annotations

from collections.abc import Iterator

from domain.values.calendar import Order
from domain.values.fields import Id
from projections.engine.event_json import Json
from projections.questions.decisions.matter_story import (
    Story,
    by_recording,
    date_of,
    envelope,
    order_json,
    stories,
)
from projections.questions.entries import cited
from projections.questions.question import Answer, Ask, question
from projections.views.matter import decision_trail

_GROUPS = ("before_them", "recorded_later", "attached_later", "order_unknown")


@question(
    "S5",
    ja="その日、どの資料が会議の前にあったか",
    en="What evidence was before them that day?",
)
def evidence(ask: Ask, *, id: Id) -> Answer:
    """The evidence of a matter (or of each matter of a council), held against its resolution on both axes:
    ``before_them`` was attached and recorded before it; ``recorded_later`` is said to have been attached
    before it, but was recorded after it; ``attached_later`` came after it; ``order_unknown`` has too coarse
    a date to tell. Without a resolution on record the conclusion stands in its place; without either, all
    evidence is before them so far."""
    story_list = stories(ask, id)
    matters = [evidence_of(story) for story in story_list.matters]
    names = decision_trail.things(
        ask.connection, {e["document_id"] for m in matters for group in _GROUPS for e in m[group]}
    )
    before = sum(len(m["before_them"]) for m in matters)
    later = sum(len(m["recorded_later"]) + len(m["attached_later"]) for m in matters)
    unclear = sum(len(m["order_unknown"]) for m in matters)
    return Answer(
        says=(
            f"議決の前にあった資料{before}件、後のもの{later}件、前後不明{unclear}件。",
            f"{before} pieces of evidence were before them, {later} came later, of {unclear} the order is "
            "unknown.",
        ),
        answer={"matters": matters},
        events=cited(ask, [entry for story in story_list.matters for entry in _about_evidence(story)]),
        unknown=[*story_list.none_on_record(), *_unknown_evidence(matters, names)],
    )


def evidence_of(story: Story) -> Json:
    moment = story.resolution or story.conclusion
    groups: dict[str, list[Json]] = {name: [] for name in _GROUPS}
    for attached in story.every("EvidenceAttached"):
        by_time, group = _held_against(attached, moment)
        groups[group].append(by_time)
    return {
        **story.head(),
        "resolved": envelope(moment) if moment is not None else None,
        "by": None if moment is None else "resolution" if moment is story.resolution else "conclusion",
        **groups,
    }


def _held_against(attached: Json, moment: Json | None) -> tuple[Json, str]:
    """A piece of evidence with its order to the resolution on each axis, and the group it belongs to."""
    effective: Order = "before" if moment is None else by_recording(attached).compare(date_of(moment))
    earlier = moment is None or attached["said"]["position"] < moment["said"]["position"]
    recorded: Order = "before" if earlier else "after"
    by_time = {
        "evidence_id": attached["evidence_id"],
        "document_id": attached["document_id"],
        "kind": attached["kind"],
        "bears_on": attached["bears_on"] or [],
        "attached": order_json(effective),
        "recorded": order_json(recorded),
        **envelope(attached),
    }
    if effective == "after":
        return by_time, "attached_later"
    if effective == "order_unknown":
        return by_time, "order_unknown"
    return by_time, "before_them" if recorded == "before" else "recorded_later"


def _about_evidence(story: Story) -> Iterator[Json]:
    yield from story.every("EvidenceAttached")
    yield from (entry for entry in (story.resolution, story.conclusion) if entry is not None)


def _unknown_evidence(matters: list[Json], names: dict[str, Json]) -> Iterator[tuple[str, str]]:
    for matter in matters:
        title, is_asked = matter["title"], matter["state"] != "withdrawn"
        if is_asked and not any(matter[group] for group in _GROUPS):
            yield f"「{title}」の資料", f"any evidence of “{title}”"
        if is_asked and matter["by"] is None:
            yield f"「{title}」の議決", f"a resolution on “{title}”"
        for unclear in matter["order_unknown"]:
            yield (
                f"資料「{_titled(unclear, names)[0]}」が議決の前か後か",
                f"whether the evidence “{_titled(unclear, names)[1]}” came before or after the resolution",
            )


def _titled(evidence: Json, names: dict[str, Json]) -> tuple[str, str]:
    title = (names.get(evidence["document_id"]) or {}).get("title")
    return (title, title) if title else ("題名のない文書", "a document without a title")
