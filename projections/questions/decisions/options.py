"""Questions about what a decision was made of: its options (S3) and who disagreed (S4)."""

from __future__ import annotations

from collections.abc import Iterator

from domain.values.fields import Id
from projections.engine.event_json import Json, bilingual
from projections.questions.decisions.matter_story import Story, envelope, meetings_of, stories
from projections.questions.entries import AS_PROPOSED, cited
from projections.questions.question import Answer, Ask, question

STATUSES: dict[str, tuple[str, str]] = {
    "chosen": ("採用", "chosen"),
    "rejected": ("不採用", "rejected"),
    "withdrawn": ("取下げ", "withdrawn"),
    "not_put": ("付議されず", "never put to the decision"),
    "open": ("未決", "open"),
}
NOT_CHOSEN = ("rejected", "withdrawn", "not_put")


@question(
    "S3",
    ja="採用されなかった案・取り下げられた案はどれか、なぜか",
    en="Which options were rejected or withdrawn, and why?",
)
def options_not_chosen(ask: Ask, *, id: Id) -> Answer:
    """Every option of a matter (or of each matter of a council) with its final status, its assessments by
    criterion, who withdrew it and the reason."""
    story_list = stories(ask, id)
    matters = [
        {
            **story.head(),
            "options": options_of(story),
            "as_proposed": bilingual(*AS_PROPOSED) if story.as_proposed else None,
        }
        for story in story_list.matters
    ]
    whole = sum(story.as_proposed for story in story_list.matters)
    options = [option for matter in matters for option in matter["options"]]
    counts = {status: sum(o["status"] == status for o in options) for status in STATUSES}
    return Answer(
        says=(
            f"案{len(options)}件のうち、採用{counts['chosen']}、不採用{counts['rejected']}、"
            f"取下げ{counts['withdrawn']}。"
            f"{f'案を並べず原案のとおり採択した案件{whole}件。' if whole else ''}",
            f"Of {len(options)} options, {counts['chosen']} were chosen, {counts['rejected']} rejected and "
            f"{counts['withdrawn']} withdrawn."
            f"{f' Adopted as proposed, without options: {whole}.' if whole else ''}",
        ),
        answer={"matters": matters, "counts": counts},
        events=cited(ask, [entry for story in story_list.matters for entry in _about_options(story)]),
        unknown=[*story_list.none_on_record(), *_unknown_options(matters)],
    )


def options_of(story: Story) -> list[Json]:
    """The options of a matter as they read last, with what became of each."""
    frozen, conclusion = story.last("OptionsFrozen"), story.conclusion
    listed = []
    for proposed in story.every("OptionProposed"):
        option_id = proposed["option_id"]
        withdrawn = _of_option(story, "OptionWithdrawn", option_id)
        status = _status(option_id, withdrawn, frozen, conclusion)
        why = withdrawn[-1]["said"]["reason"] if withdrawn else None
        if status == "rejected" and conclusion is not None:
            why = conclusion["said"]["reason"]
        listed.append(
            {
                "option_id": option_id,
                **_wording(proposed, _of_option(story, "OptionAmended", option_id)),
                "proposer": proposed["proposer"],
                "secretariat_draft": proposed["secretariat_draft"] or False,
                "proposed_because": proposed["said"]["reason"],
                "status": status,
                "status_label": bilingual(*STATUSES[status]),
                "withdrawn_by": withdrawn[-1]["proposer"] or withdrawn[-1]["said"]["asserted_by"]
                if withdrawn
                else None,
                "withdrawn": withdrawn[-1]["said"]["effective"] if withdrawn else None,
                "why": why,
                "assessments": list(_assessments(story, option_id)),
            }
        )
    return listed


def _of_option(story: Story, type_: str, option_id: str) -> list[Json]:
    return [entry for entry in story.every(type_) if entry["option_id"] == option_id]


def _status(option_id: str, withdrawn: list[Json], frozen: Json | None, conclusion: Json | None) -> str:
    if withdrawn:
        return "withdrawn"
    if conclusion is None:
        return "open"
    if option_id == conclusion["chosen_option"]:
        return "chosen"
    if frozen is not None and option_id not in frozen["option_ids"]:
        return "not_put"
    return (
        "open" if conclusion["chosen_option"] is None and conclusion["result"] != "rejected" else "rejected"
    )


def _wording(proposed: Json, amendments: list[Json]) -> Json:
    """How an option reads now, and how often it was amended."""
    wording = {"label": proposed["label"], "text": proposed["text"]}
    for amended in amendments:
        wording |= {name: amended[name] for name in wording if amended[name] is not None}
    return {**wording, "amended": len(amendments)}


def _assessments(story: Story, option_id: str) -> Iterator[Json]:
    criteria = {c["criterion_id"]: c["text"] for c in story.every("CriterionAdopted")}
    for assessed in _of_option(story, "OptionAssessed", option_id):
        criterion = assessed["criterion_id"]
        yield {
            "criterion_id": criterion,
            "criterion": criteria.get(criterion),
            "text": assessed["text"],
            "by": assessed["by"] or assessed["said"]["asserted_by"],
        }


def _about_options(story: Story) -> Iterator[Json]:
    yield from story.every(
        "OptionProposed", "OptionAmended", "OptionWithdrawn", "OptionsFrozen", "OptionAssessed"
    )
    if story.conclusion is not None:
        yield story.conclusion


def _unknown_options(matters: list[Json]) -> Iterator[tuple[str, str]]:
    for matter in matters:
        if not matter["options"] and matter["as_proposed"] is None and matter["state"] != "withdrawn":
            yield f"「{matter['title']}」の案", f"any option of “{matter['title']}”"
        for option in matter["options"]:
            if option["status"] in NOT_CHOSEN and option["why"] is None:
                yield (
                    f"「{option['label']}」が{option['status_label']['ja']}となった理由",
                    f"why “{option['label']}” was {option['status_label']['en']}",
                )


# ------------------------------------------------------------------------------------------- dissent


@question(
    "S4",
    ja="反対した人はいたか。それは公表された記録にあるか",
    en="Who disagreed, and is it in the public text?",
)
def dissent(ask: Ask, *, id: Id) -> Answer:
    """The dissents on a matter (or on each matter of a council): kind, holder, text, when it was filed, and
    whether the minutes it belongs to have been published; where there is none, when that was asked."""
    story_list = stories(ask, id)
    matters = [dissent_of(ask, story) for story in story_list.matters]
    filed = [d for m in matters for d in m["dissents"]]
    none = sum(not m["dissents"] and bool(m["none_on_being_asked"]) for m in matters)
    return Answer(
        says=(
            f"少数意見{len(filed)}件、うち公表された会議録に属するもの"
            f"{sum(d['published'] is True for d in filed)}件。"
            f"尋ねて「なし」と確認した案件{none}件。",
            f"{len(filed)} dissents, {sum(d['published'] is True for d in filed)} of them on meetings whose "
            f"minutes are public. Asked and none: {none} matters.",
        ),
        answer={"matters": matters},
        events=cited(ask, [entry for story in story_list.matters for entry in _about_dissent(story)]),
        unknown=[*story_list.none_on_record(), *_unknown_dissent(matters)],
    )


def dissent_of(ask: Ask, story: Story) -> Json:
    minutes = {row["meeting_id"]: _minutes(row) for row in meetings_of(ask, story.matter_id)}
    resolution = story.resolution
    return {
        **story.head(),
        "against": (resolution["tally"] or {}).get("against") if resolution else None,
        "objections": resolution["objections"] if resolution else None,
        "asked_for": resolution is not None or story.conclusion is not None,
        "dissents": [_dissent(d, story, minutes) for d in story.every("DissentFiled")],
        "none_on_being_asked": [
            {"asked_at": n["said"]["effective"], "meeting_id": n["meeting_id"], **envelope(n)}
            for n in story.every("DissentNoneConfirmed")
        ],
    }


def _dissent(filed: Json, story: Story, minutes: dict[str, Json]) -> Json:
    meeting_id = filed["meeting_id"] or (story.conclusion or {}).get("meeting_id")
    known = minutes.get(str(meeting_id))
    return {
        "dissent_id": filed["dissent_id"],
        "kind": filed["kind"],
        "holder": filed["holder"],
        "text": filed["text"],
        "meeting_id": meeting_id,
        "minutes": known,
        "published": known["published"] is not None if known else None,
        **envelope(filed),
    }


def _minutes(row: Json) -> Json:
    """How far the minutes of a meeting have come; ``published`` is the day they became public."""
    published = row["doc"].get("MinutesPublished", ())
    return {
        "state": row["state"],
        "published": published[-1]["said"]["effective"] if published else None,
        "redactions": [r["part"] for r in (published[-1]["redactions"] or ())] if published else [],
    }


def _about_dissent(story: Story) -> Iterator[Json]:
    yield from story.every("DissentFiled", "DissentNoneConfirmed")
    if story.resolution is not None:
        yield story.resolution


def _unknown_dissent(matters: list[Json]) -> Iterator[tuple[str, str]]:
    for matter in matters:
        if matter["asked_for"] and not matter["dissents"] and not matter["none_on_being_asked"]:
            title = matter["title"]
            yield (
                f"「{title}」に少数意見があるか（尋ねた記録がない）",
                f"whether anybody dissented on “{title}” (nobody is on record as having been asked)",
            )
        for filed in matter["dissents"]:
            if filed["published"] is None:
                yield (
                    f"「{matter['title']}」の少数意見が出された会議の会議録",
                    f"the minutes of the meeting in which somebody dissented on “{matter['title']}”",
                )
