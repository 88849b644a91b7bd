"""What the fields that hold an identifier name, and by which of them a new part of something is named.

Fields that are called the same name the same, as with their words (domain/kernel/field_words.py): a line
under the field's own name holds for every event and command; one under ``MemberAppointed.replaces`` for that
event, or the struct inside an event, alone. So a form can offer what there is by name, and nobody types an
identifier."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec


@dataclass(frozen=True)
class Named:
    """``kinds``: kinds of aggregates by the name of the class. ``parts``: parts of one, each by the field
    that names it where it is made; ``of``: the kinds that have such parts. Nothing said: whatever is on
    record."""

    kinds: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    of: tuple[str, ...] = ()

    @property
    def is_anything(self) -> bool:
        return not self.kinds and not self.parts


ANYTHING = Named()
SEAT = Named(parts=("appointment_id",), of=("Council",))
WHO = Named(kinds=("Party",), parts=("appointment_id",), of=("Council",))
"""Somebody by their seat, or a person or body."""
OPTION = Named(parts=("option_id",), of=("Matter", "CenterStudy"))
PARTY, DOCUMENT, MATTER, MEETING = (
    Named(("Party",)),
    Named(("Document",)),
    Named(("Matter",)),
    Named(("Meeting",)),
)
RESOLUTION = Named(parts=("resolution_id",), of=("Meeting",))

NAMED: dict[str, Named] = {
    # things
    **dict.fromkeys(("council_id", "parent_id"), Named(("Council",))),
    **dict.fromkeys(("matter_id", "matter_ids", "inquiry_id"), MATTER),
    **dict.fromkeys(("meeting_id", "to_meeting", "to_meeting_id", "next_meeting"), MEETING),
    **dict.fromkeys(("document_id", "document_ids", "text_ref", "evidence", "new_evidence"), DOCUMENT),
    **dict.fromkeys(("action_id", "action_ids", "based_on_action"), Named(("PlanAction",))),
    **dict.fromkeys(("group_id", "groups", "merged_into"), Named(("WorkingGroup",))),
    "body": Named(("Council", "WorkingGroup")),
    "study_id": Named(("CenterStudy",)),
    "sheet_id": Named(("EvaluationSheet",)),
    "device_id": Named(("Reflection",)),
    "instrument_id": Named(("LegalInstrument",)),
    **dict.fromkeys(("party_id", "nominated_by", "organisation_id", "into", "drafted_by"), PARTY),
    **dict.fromkeys(("side_c", "side_g", "to", "owner"), PARTY),
    **dict.fromkeys(("raised_by", "proposer", "holder", "by", "speaker", "proposed_by"), WHO),
    **dict.fromkeys(("attended", "coordinator", "party"), WHO),
    "formulated_with": Named(("Council", "Party")),
    "adopted_by": Named(("Matter", "PromotionPlan", "Council", "Party")),
    **dict.fromkeys(("from_id", "to_id", "subjects", "target", "raised_from", "motivated_by"), ANYTHING),
    **dict.fromkeys(("purpose_refers_to", "evidence_ref"), ANYTHING),
    "StudyReportSubmitted.to": Named(("Council", "Party")),
    "MinutesCorrected.target_event": DOCUMENT,
    "thing_id": ANYTHING,
    "letter_id": DOCUMENT,
    "superseded_by": MATTER,
    "PlanSuperseded.superseded_by": Named(("PromotionPlan",)),
    "PlanPublished.replaces": Named(("PromotionPlan",)),
    "SheetOpened.replaces": Named(("EvaluationSheet",)),
    # parts of things
    **dict.fromkeys(("appointment_id", "presiding", "present", "presided", "signatories", "leader"), SEAT),
    **dict.fromkeys(("succeeds", "replaces"), SEAT),
    "ResponsibilityHandedOver.to_id": SEAT,
    **dict.fromkeys(("option_id", "option_ids", "chosen_option"), OPTION),
    "bears_on": Named(parts=("option_id", "criterion_id"), of=("Matter",)),
    "criterion_id": Named(parts=("criterion_id",), of=("Matter",)),
    "step_id": Named(parts=("step_id",), of=("Matter",)),
    "session_id": Named(parts=("session_id",), of=("Council",)),
    "recommendation_id": Named(parts=("recommendation_id",), of=("Council",)),
    "affiliation_id": Named(parts=("affiliation_id",), of=("Party",)),
    "responsibility_id": Named(parts=("responsibility_id",), of=("WorkingGroup",)),
    "question": Named(parts=("question",), of=("CenterStudy",)),
    "item_id": Named(parts=("item_id",), of=("Meeting",)),
    **{
        f"{event}.item_id": Named(parts=("item_id",), of=("DisclosureRequest",))
        for event in (
            "RequestedItem",
            "RequestItemDecided",
            "ItemDisclosed",
            "ReviewRequested",
            "ReviewDecided",
        )
    },
    "request_id": Named(parts=("request_id",), of=("Meeting",)),
    **dict.fromkeys(("statement_id", "answers_to"), Named(parts=("statement_id",), of=("Meeting",))),
    **dict.fromkeys(("resolution_id", "resolution_ref"), RESOLUTION),
    "improvement_id": Named(parts=("improvement_id",), of=("PlanAction", "EvaluationSheet")),
    **dict.fromkeys(
        ("comment_id", "same_person_as"), Named(parts=("comment_id",), of=("PromotionPlan", "Matter"))
    ),
    "measure_id": Named(parts=("measure_id",), of=("PromotionPlan",)),
    "section_id": Named(parts=("section_id",), of=("OfficerNetwork",)),
    "training_id": Named(parts=("training_id",), of=("OfficerNetwork",)),
    "correction_id": Named(parts=("correction_id",)),
    "redaction_id": Named(parts=("redaction_id",)),
}
"""What a field names that holds an identifier."""

MAKES: dict[str, str] = {
    "OptionProposed": "option_id",
    "StudyQuestionOpened": "question",
    "StudyOptionAdded": "option_id",
    "CriterionAdopted": "criterion_id",
    "EvidenceAttached": "evidence_id",
    "OpinionRecorded": "opinion_id",
    "DissentFiled": "dissent_id",
    "PromisedStep": "step_id",
    "SessionHeld": "session_id",
    "MemberAppointed": "appointment_id",
    "MemberRecommended": "recommendation_id",
    "AffiliationRecorded": "affiliation_id",
    "ResponsibilityTaken": "responsibility_id",
    "FindingRecorded": "finding_id",
    "RequestedItem": "item_id",
    "AgendaItemListed": "item_id",
    "MinutesAmendmentRequested": "request_id",
    "StatementRecorded": "statement_id",
    "ResolutionTaken": "resolution_id",
    "ResolutionReported": "resolution_id",
    "ActivityHeld": "activity_id",
    "ImprovementDecided": "improvement_id",
    "ImprovementAgreed": "improvement_id",
    "CommentReceived": "comment_id",
    "MeasureStated": "measure_id",
    "SectionRegistered": "section_id",
    "TrainingPlanned": "training_id",
    "TrainingHeld": "training_id",
    "CorrectionProposed": "correction_id",
    "PartRedacted": "redaction_id",
}
"""Events, and structs inside events, with the field by which they name a part that they bring about."""
FIXED_NAMES: dict[tuple[str, str], tuple[str, ...]] = {
    ("StudyQuestionOpened", "question"): ("necessity", "functions", "location", "operation", "other"),
}
"""Where what a part may be called is declared: the questions of a study (O31)."""
EITHER = frozenset({"RequestedItem", "TrainingHeld"})
"""Of these, those that may also speak of a part that is there already."""


def makes(owner: str, field: str) -> bool:
    """Whether this field of an event, or of a struct inside one, names a part that it brings about."""
    return MAKES.get(owner) == field


def named_by(owner: str, field: str) -> Named:
    """What this field of an event, or of a struct inside one, names."""
    return NAMED.get(f"{owner}.{field}") or NAMED.get(field) or ANYTHING


def parts_in(data: Any, field: str) -> Iterator[tuple[str, Any]]:
    """The parts that an event brings about under this field, each with the struct that says what it is."""
    for struct in structs_in(data):
        name = type(struct).__name__
        if makes(name, field) and (part := getattr(struct, field, None)) is not None:
            yield part, struct


def structs_in(data: Any) -> Iterator[Any]:
    """An event, and the structs in its fields."""
    yield data
    for name in data.__struct_fields__:
        value = getattr(data, name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, msgspec.Struct):
                yield one
