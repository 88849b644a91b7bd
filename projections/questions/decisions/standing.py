"""The question whether a decision is still in force, and what replaced it (S7)."""

from __future__ import annotations

from collections.abc import Iterator

from domain.kernel.links import RELATIONS
from domain.values.fields import Id
from projections.answers.labels import date_json
from projections.engine.event_json import Json, as_date, bilingual
from projections.questions.decisions.matter_story import Story, envelope, stories
from projections.questions.entries import cited
from projections.questions.question import Answer, Ask, question
from projections.views.matter import decision_trail
from projections.views.matter.decision_trail import FoundLink

STANDING: dict[str, tuple[str, str]] = {
    "in_force": ("効力あり", "in force"),
    "in_part": ("一部は置き換えられた", "in force but for some clauses"),
    "superseded": ("置き換えられた", "superseded"),
    "rescinded": ("廃止", "rescinded"),
    "withdrawn": ("取下げ", "withdrawn"),
    "rejected": ("否決", "rejected"),
    "decided_otherwise": ("市は結論と異なる決定をした", "the city decided otherwise"),
    "nothing_to_be": ("効力を生じない結論（了承・意見集約）", "noted or summarised: nothing to be in force"),
    "undecided": ("結論なし", "not concluded"),
    "not_known": ("効力の有無は記録なし", "whether it is in force is not recorded"),
}
MOST_STEPS = 50
"""How far a chain of supersession is followed."""

_NOT_HELD = ("undecided", "rejected", "nothing_to_be", "withdrawn", "decided_otherwise")
"""Where no conclusion of the council has ever held."""
_ENDINGS = ("MatterSuperseded", "MatterRescinded", "MatterWithdrawn")


@question("S7", ja="この決定は今も有効か。何に置き換えられたか", en="Is it still in force? What replaced it?")
def in_force(ask: Ask, *, id: Id) -> Answer:
    """Where a matter (or each matter of a council) stands; from when; the chain of supersession from the
    oldest matter to the newest, each step with its scope (whole, or the clauses named), date and reason;
    and what depends on the matter and has not been changed with it."""
    story_list = stories(ask, id)
    matters = [standing_of(ask, story) for story in story_list.matters]
    count = {name: sum(m["standing"] == name for m in matters) for name in STANDING}
    standings = [(label, count[name]) for name, label in STANDING.items() if count[name]]
    chained = [entry for m in matters for entry in m.pop("entries")]
    return Answer(
        says=(
            "、".join(f"{ja}{n}件" for (ja, _), n in standings) + "。"
            if standings
            else "案件の記録がありません。",
            ", ".join(f"{en}: {n}" for (_, en), n in standings) + "."
            if standings
            else "No matter is on record.",
        ),
        answer={"matters": matters},
        events=cited(ask, chained),
        unknown=[*story_list.none_on_record(), *_unknown_standing(matters)],
    )


def standing_of(ask: Ask, story: Story) -> Json:
    standing = _standing(story)
    decision, conclusion = story.last("CityDecisionRecorded"), story.conclusion
    chain, steps = _chain(ask, story)
    endings = [(type_, ended) for type_ in _ENDINGS for ended in story.every(type_)]
    return {
        **story.head(),
        "standing": standing,
        "label": bilingual(*STANDING[standing]),
        "in_force_from": _since(story, standing),
        "conditions": (conclusion or {}).get("conditions") or [],
        "chain": chain,
        "ended": [{"type": type_, "reason": e["said"]["reason"], **envelope(e)} for type_, e in endings],
        "dependants": dependants(ask, story.matter_id),
        "entries": [e for e in (conclusion, decision, *steps, *(e for _, e in endings)) if e],
    }


def _standing(story: Story) -> str:
    if story.state in ("superseded", "rescinded", "withdrawn"):
        return story.state
    if story.conclusion is None:
        return "undecided"
    result = story.conclusion["result"]
    if result == "rejected":
        return "rejected"
    if result in ("noted", "summarised"):
        return "nothing_to_be"
    if story.every("MatterSuperseded"):
        return "in_part"
    answered, decided = story.last("CityResponseRecorded"), story.last("CityDecisionRecorded")
    if answered is not None and answered["disposition"] == "declined" and decided is not None:
        return "decided_otherwise"
    return "in_force" if story.state == "in_force" else "not_known"


def _since(story: Story, standing: str) -> Json | None:
    """From when the decision held: as the conclusion says, else from the city's decision; null if neither
    is on record or nothing was to hold."""
    stated: Json | None = (story.conclusion or {}).get("effective_from")
    if stated is not None:
        return date_json(as_date(stated))
    decision = story.last("CityDecisionRecorded")
    if decision is None or standing in _NOT_HELD:
        return None
    dated: Json = decision["said"]["effective"]
    return dated


def _chain(ask: Ask, story: Story) -> tuple[list[Json], list[Json]]:
    """Every step of supersession before and after a matter, oldest first, and the entries they rest on."""
    met, ahead, steps = {story.matter_id}, [story], dict[str, tuple[Json, Json]]()
    while ahead and len(met) < MOST_STEPS:
        here = ahead.pop(0)
        for replaced in here.every("MatterSuperseded"):
            steps[replaced["said"]["event_id"]] = (_step(here, replaced), replaced)
        beside = {end for made in _supersessions(ask, here.matter_id) for end in (made.from_id, made.to_id)}
        for other in sorted(beside - met):
            met.add(other)
            ahead += stories(ask, other).matters
    ordered = sorted(steps.values(), key=lambda both_: int(both_[1]["said"]["position"]))
    return [event for event, _ in ordered], [sentence for _, sentence in ordered]


def _step(story: Story, replaced: Json) -> Json:
    clauses = replaced["clauses"] or []
    return {
        "matter_id": story.matter_id,
        "title": story.title,
        "superseded_by": replaced["superseded_by"],
        "scope": "clauses" if clauses else "whole",
        "clauses": clauses,
        "reason": replaced["said"]["reason"],
        **envelope(replaced),
    }


def _supersessions(ask: Ask, matter_id: str) -> list[FoundLink]:
    return [
        made
        for made in decision_trail.links_of_thing(ask.connection, matter_id)
        if made.relation == "supersedes" and made.withdrawn is None
    ]


def dependants(ask: Ask, matter_id: str) -> list[Json]:
    """What came of a matter and is not changed with it: actions, plans, rules, other matters."""
    links = [
        made
        for made in decision_trail.links_of_thing(ask.connection, matter_id)
        if made.to_id == matter_id and made.relation != "supersedes" and made.withdrawn is None
    ]
    known = decision_trail.things(ask.connection, {made.from_id for made in links})
    relations: dict[str, list[Json]] = {}
    for made in links:
        if known.get(made.from_id, {}).get("kind") not in (None, "Meeting"):
            ja, en = RELATIONS[made.relation][:2]
            relations.setdefault(made.from_id, []).append(
                {"relation": made.relation, "label": bilingual(ja, en)}
            )
    return [
        {"id": id_, "kind": known[id_]["kind"], "title": known[id_]["title"], "relations": named}
        for id_, named in relations.items()
    ]


def _unknown_standing(matters: list[Json]) -> Iterator[tuple[str, str]]:
    for matter in matters:
        title = matter["title"]
        if matter["standing"] == "not_known":
            yield f"「{title}」が効力をもつか", f"whether “{title}” is in force"
        if matter["standing"] in ("in_force", "in_part") and matter["in_force_from"] is None:
            yield f"「{title}」がいつから有効か", f"from when “{title}” is in force"
