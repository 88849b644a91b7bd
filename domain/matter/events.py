"""What may be recorded of a matter 案件 (see domain/matter/aggregate.py and domain.md 4.3).

One story: a question from the day it is asked to what the city made of it, with the small values it needs.
"""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from domain.kernel.events import Event
from domain.kernel.when import TOLD, inherit
from domain.values.calendar import EffectiveDate
from domain.values.disclosure import Disclosure
from domain.values.fields import Id, Line, Ordinal, Text, Word, Year
from domain.values.law import Citation
from domain.values.resolution_methods import MethodName, Result
from domain.values.stance import Stance

EvidenceKind = Literal[
    "survey",
    "statistics",
    "case_elsewhere",
    "public_comment",
    "expert",
    "cost",
    "site_visit",
    "workshop",
    "other",
]


class Point(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One point 論点 of what was concluded or decided, under the name that both use: so that the council's
    words and the city's can be laid side by side."""

    FIELDS: ClassVar = {"point": ("論点", "Point")}
    point: Line
    text: Text


class PromisedStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A step that was promised: what, by when, by whom. Until it is on record as done it is open."""

    FIELDS: ClassVar = {
        "step_id": ("約束した手順", "Promised step"),
        "by_when": ("期限", "By when"),
        "by_whom": ("担当", "By whom"),
    }
    step_id: Id
    what: Line
    by_when: EffectiveDate | None = None
    by_whom: Line | None = None


class Consultation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A post that was consulted on the draft of a decision 合議, and what it said."""

    FIELDS: ClassVar = {"outcome": ("合議の結果", "Outcome")}
    post: Line
    on: EffectiveDate | None = None
    outcome: Line | None = None


# ------------------------------------------------------------------------------ question and options


class MatterRaised(Event):
    """A question was put to the council. ``remit`` is the article that lets it deal with it, ``practice`` the
    explanation where it does so by custom; ``raised_from`` what it grew out of (a problem, a measure, a
    study); ``inquiry_id`` the document of a formal inquiry 諮問. ``matter_no`` counts within ``matter_year``,
    where numbers begin anew each year; ``session_id`` is the session in which it was brought in."""

    LABEL = ("案件の提起", "Matter raised")
    WHEN = TOLD
    LINKS: ClassVar = {
        "council_id": "part_of",
        "remit": "on_legal_basis",
        "raised_from": "motivated_by",
        "inquiry_id": "responds_to",
    }
    FIELDS: ClassVar = {
        "matter_no": ("案件番号", "Matter no."),
        "matter_year": ("番号の年", "Year of the number"),
        "raised_by": ("提起した者", "Raised by"),
        "remit": ("役割の根拠", "Remit"),
        "practice": ("慣行による説明", "By practice"),
        "wanted": ("求めるもの", "Wanted"),
        "raised_from": ("もとになったもの", "Raised from"),
        "inquiry_id": ("諮問", "Inquiry"),
    }
    title: Line
    question: Text
    matter_no: Word | None = None
    council_id: Id | None = None
    raised_by: Id | None = None
    remit: Citation | None = None
    practice: Text | None = None
    wanted: Literal["decision", "consensus", "opinion_summary", "noting"] | None = None
    raised_from: tuple[Id, ...] = ()
    inquiry_id: Id | None = None
    matter_year: Year | None = None
    session_id: Id | None = None


class OptionProposed(Event):
    """A possible answer. ``secretariat_draft`` marks one that the secretariat made itself (事務局案)."""

    LABEL = ("案の提案", "Option proposed")
    WHEN = TOLD
    FIELDS: ClassVar = {"secretariat_draft": ("事務局案", "Drafted by the secretariat")}
    option_id: Id
    label: Line
    text: Text | None = None
    proposer: Id | None = None
    secretariat_draft: bool = False
    reason: Text | None = None


class OptionAmended(Event):
    """The option now reads so. Options that were frozen must be frozen again."""

    LABEL = ("案の修正", "Option amended")
    WHEN = TOLD
    AFTER = ("OptionProposed.option_id",)
    option_id: Id
    label: Line | None = None
    text: Text | None = None
    proposer: Id | None = None
    reason: Text | None = None


class OptionWithdrawn(Event):
    """The option is no longer put forward; it stays on record, with the reason."""

    LABEL = ("案の取下げ", "Option withdrawn")
    WHEN = TOLD
    AFTER = ("OptionProposed.option_id",)
    option_id: Id
    proposer: Id | None = None
    reason: Text | None = None


class OptionsFrozen(Event):
    """These options, as they read now, are put to the decision."""

    LABEL = ("案の確定", "Options frozen")
    WHEN = TOLD
    options_version: Ordinal
    option_ids: tuple[Id, ...]


class CriterionAdopted(Event):
    """By this the options are judged; ``citation`` is the principle it comes from, e.g. in Art.3."""

    LABEL = ("判断基準の決定", "Criterion adopted")
    WHEN = TOLD
    LINKS: ClassVar = {"citation": "on_legal_basis"}
    FIELDS: ClassVar = {"criterion_id": ("観点", "Criterion")}
    criterion_id: Id
    text: Text
    citation: Citation | None = None


class OptionAssessed(Event):
    """Somebody judged an option by a criterion."""

    LABEL = ("案の評価", "Option assessed")
    WHEN = TOLD
    KEY_STEP = False
    option_id: Id
    criterion_id: Id
    text: Text
    by: Id | None = None


# ----------------------------------------------------------------------------- evidence and opinions


class EvidenceAttached(Event):
    """A document that bears on the question, or on the options and criteria in ``bears_on``."""

    LABEL = ("資料の添付", "Evidence attached")
    WHEN = TOLD
    LINKS: ClassVar = {"document_id": "used"}
    FIELDS: ClassVar = {"evidence_id": ("資料", "Evidence"), "bears_on": ("関係する案", "Bears on")}
    evidence_id: Id
    document_id: Id
    kind: EvidenceKind = "other"
    bears_on: tuple[Id, ...] = ()
    disclosure: Disclosure = Disclosure()


class OpinionRecorded(Event):
    """What somebody thinks of the matter or of one option. Without ``holder``: an opinion grouped with
    others, without the speaker (主な意見)."""

    LABEL = ("意見の記録", "Opinion recorded")
    WHEN = TOLD
    KEY_STEP = False
    FIELDS: ClassVar = {
        "opinion_id": ("意見", "Opinion"),
        "holder": ("述べた者", "Held by"),
    }
    opinion_id: Id
    channel: Literal["oral", "written", "workshop", "public_comment"]
    stance: Stance
    text: Text
    holder: Id | None = None
    option_id: Id | None = None
    point: Line | None = None


class MatterCarriedOver(Event):
    """No conclusion yet: it goes on (継続審議), in ``to_meeting`` if that is known."""

    LABEL = ("継続審議", "Matter carried over")
    WHEN = inherit("meeting_id")
    AFTER = ("MatterRaised",)
    LINKS: ClassVar = {"meeting_id": "decided_in"}
    FIELDS: ClassVar = {"meeting_id": ("会議", "Meeting")}
    meeting_id: Id | None = None
    to_meeting: Id | None = None
    reason: Text | None = None


class MatterWithdrawn(Event):
    """The question is no longer asked; ``by_mistake``: it should never have been on record as asked."""

    LABEL = ("案件の取下げ", "Matter withdrawn")
    WHEN = TOLD
    AFTER = ("MatterRaised",)
    FIELDS: ClassVar = {"by_mistake": ("誤って登録した", "Raised by mistake")}
    reason: Text | None = None
    by_mistake: bool = False


# --------------------------------------------------------------------------- conclusion and dissent


class MatterConcluded(Event):
    """The council's conclusion 合意・取りまとめ: what, and why. How and by whom is in the resolution
    ``resolution_ref`` of the meeting. It is not a decision of the city. Adopted without ``chosen_option``:
    as proposed, for there were no options but the proposal itself 原案のとおり."""

    LABEL = ("市民会議の結論", "Matter concluded")
    WHEN = inherit("meeting_id", "resolution_ref", is_act=True)
    AFTER = ("MatterRaised",)
    LINKS: ClassVar = {"meeting_id": "decided_in"}
    FIELDS: ClassVar = {
        "resolution_ref": ("議決", "Resolution"),
        "points": ("論点ごとの内容", "Point by point"),
        "reason_short": ("理由（一行）", "Reason in one line"),
    }
    meeting_id: Id | None = None
    resolution_ref: Id | None = None
    method: MethodName | None = None
    result: Result | None = None
    options_version: Ordinal | None = None
    chosen_option: Id | None = None
    reason: Text | None = None
    conditions: tuple[Text, ...] = ()
    effective_from: EffectiveDate | None = None
    points: tuple[Point, ...] = ()
    reason_short: Line | None = None
    result_text: Line | None = None


class DissentFiled(Event):
    """A minority opinion 少数意見, reservation 留保 or rider 付帯意見 on the conclusion. ``holder`` is an
    appointment; ``meeting_id`` the meeting that decided."""

    LABEL = ("少数意見", "Dissent filed")
    WHEN = inherit("meeting_id")
    AFTER = ("MatterRaised",)
    FIELDS: ClassVar = {"dissent_id": ("少数意見", "Dissent")}
    dissent_id: Id
    kind: Literal["minority", "reservation", "rider"]
    text: Text
    holder: Id | None = None
    meeting_id: Id | None = None


class DissentNoneConfirmed(Event):
    """Asked whether anybody wants a dissent on record, nobody did."""

    LABEL = ("少数意見なしの確認", "No dissent, on being asked")
    WHEN = "asked_at"
    FIELDS: ClassVar = {"asked_at": ("尋ねた時期", "Asked at")}
    asked_at: EffectiveDate | None = None
    meeting_id: Id | None = None


class EntrustmentSettled(Event):
    """The chair settled the wording that was left to the chair (座長一任), within its limits or not."""

    LABEL = ("一任事項の確定", "Entrusted wording settled")
    WHEN = inherit("document_id")
    AFTER = ("MatterConcluded",)
    LINKS: ClassVar = {"document_id": "used"}
    FIELDS: ClassVar = {"within_limits": ("一任の範囲内", "Within the limits")}
    document_id: Id
    within_limits: bool
    reason: Text | None = None


class EntrustmentReported(Event):
    """The settled wording was reported to a meeting: nothing is entrusted any more."""

    LABEL = ("一任事項の報告", "Entrusted wording reported")
    WHEN = inherit("meeting_id")
    AFTER = ("EntrustmentSettled",)
    LINKS: ClassVar = {"meeting_id": "decided_in"}
    meeting_id: Id


# ----------------------------------------------------------------------------------------- onward


class ConclusionTransmitted(Event):
    """The conclusion went to the city: as a proposal 提言, a report 報告 or a formal reply 答申."""

    LABEL = ("市への送付", "Conclusion transmitted")
    WHEN = "on"
    AFTER = ("MatterConcluded",)
    to: Id
    form: Literal["proposal", "report", "formal_reply"]
    document_no: Line | None = None
    on: EffectiveDate | None = None


class CityResponseRecorded(Event):
    """What the city answered."""

    LABEL = ("市の回答", "City's response")
    WHEN = "on"
    AFTER = ("ConclusionTransmitted",)
    FIELDS: ClassVar = {"promised": ("約束した手順", "Promised steps")}
    disposition: Literal["accepted", "partly", "deferred", "declined"]
    reason: Text | None = None
    document_no: Line | None = None
    on: EffectiveDate | None = None
    reason_short: Line | None = None
    promised: tuple[PromisedStep, ...] = ()


class CityDecisionRecorded(Event):
    """The city's own decision 決定・決裁: a second fact, by another author than the council's conclusion.
    Its steps, each as far as it is known: drafted by and on 起案, consulted 合議, approved by which post
    決裁 (or for it 専決, ``authority``), in force from 施行. ``decided_on`` is the day of the approval."""

    LABEL = ("市の決定", "City's decision")
    WHEN = "decided_on"
    DONE = (
        "drafted_on",
        "consulted.on",
    )
    AFTER = ("MatterRaised", "MatterConcluded")
    LINKS: ClassVar = {"citation": "on_legal_basis"}
    FIELDS: ClassVar = {
        "decided_on": ("決定日", "Decided on"),
        "drafted_by": ("起案者", "Drafted by"),
        "drafted_on": ("起案日", "Drafted on"),
        "consulted": ("合議", "Consulted"),
        "approved_by_post": ("決裁者の職", "Approved by the post of"),
    }
    authority: Literal["mayor", "delegated_officer", "assembly"]
    document_no: Line | None = None
    decided_on: EffectiveDate | None = None
    text: Text | None = None
    citation: Citation | None = None
    drafted_by: Id | None = None
    drafted_on: EffectiveDate | None = None
    consulted: tuple[Consultation, ...] = ()
    approved_by_post: Line | None = None
    in_force_from: EffectiveDate | None = None
    points: tuple[Point, ...] = ()
    reason_short: Line | None = None
    promised: tuple[PromisedStep, ...] = ()


class PromisedStepTaken(Event):
    """A step that was promised has been taken; ``document_id`` shows it."""

    LABEL = ("約束した手順の実施", "Promised step taken")
    WHEN = "on"
    LINKS: ClassVar = {"document_id": "used"}
    step_id: Id
    on: EffectiveDate | None = None
    text: Text | None = None
    document_id: Id | None = None


class MatterSuperseded(Event):
    """A later matter replaced this one 変更: in the ``clauses`` named, or without any as a whole. What
    replaced it is ``superseded_by``: ``by`` is where other events keep who did something."""

    LABEL = ("案件の変更", "Matter superseded")
    WHEN = TOLD
    AFTER = ("MatterConcluded",)
    LINKS: ClassVar = {"superseded_by": "supersedes"}
    FIELDS: ClassVar = {"clauses": ("対象の部分", "Clauses")}
    superseded_by: Id
    clauses: tuple[Line, ...] = ()
    reason: Text | None = None


class MatterRescinded(Event):
    """The conclusion no longer holds 廃止, and nothing took its place."""

    LABEL = ("案件の廃止", "Matter rescinded")
    WHEN = inherit("meeting_id")
    AFTER = ("MatterConcluded",)
    LINKS: ClassVar = {"meeting_id": "decided_in"}
    meeting_id: Id | None = None
    reason: Text | None = None
