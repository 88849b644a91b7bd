"""What may be recorded of a promotion plan 推進計画 (see domain/promotion_plan/aggregate.py, domain.md
4.5)."""

from __future__ import annotations

from typing import ClassVar, Literal

from domain.kernel.events import Event
from domain.kernel.when import TOLD, inherit
from domain.values.calendar import EffectiveDate
from domain.values.fields import Count, Id, Line, Ordinal, Text, Year


class PlanFormulated(Event):
    """The plan exists, as a source tells: with whom it was made, and whatever else is known of it."""

    LABEL = ("計画の策定", "Plan formulated")
    WHEN = TOLD
    DONE = ("published_on",)
    LINKS: ClassVar = {"formulated_with": "formulated_with"}
    FIELDS: ClassVar = {
        "formulated_with": ("ともに策定した者", "Formulated with"),
        "published_on": ("公表日", "Published on"),
        "period_from_fy": ("計画期間の始まり", "Period from"),
        "period_to_fy": ("計画期間の終わり", "Period to"),
        "measures_total": ("施策の数", "Number of measures"),
    }
    title_ja: Line
    formulated_with: tuple[Id, ...] = ()
    published_on: EffectiveDate | None = None
    period_from_fy: Year | None = None
    period_to_fy: Year | None = None
    approved_by: Line | None = None
    document_no: Line | None = None
    measures_total: Count | None = None


class PlanFormulationStarted(Event):
    """Work on a plan began, with the council."""

    LABEL = ("計画策定の開始", "Formulation started")
    WHEN = TOLD
    LINKS: ClassVar = {"council_id": "formulated_with", "matter_id": "derived_from"}
    title_ja: Line
    council_id: Id
    matter_id: Id | None = None


class PlanDraftPrepared(Event):
    """There is a draft, the ``v``-th."""

    LABEL = ("計画案の作成", "Draft prepared")
    WHEN = TOLD
    AFTER = ("PlanFormulationStarted",)
    LINKS: ClassVar = {"document_id": "used"}
    v: Ordinal
    document_id: Id


class MeasureStated(Event):
    """A measure 施策 of the plan; ``art16_item`` is the item of Art.16 of the ordinance it comes under."""

    LABEL = ("施策", "Measure stated")
    WHEN = TOLD
    SUBJECT = "{measure_id}"
    LINKS: ClassVar = {"entity": "part_of"}
    FIELDS: ClassVar = {"rationale_ja": ("ねらいの理由", "Rationale")}
    measure_id: Id
    text_ja: Text
    aim_ja: Line | None = None
    rationale_ja: Line | None = None
    art16_item: Ordinal | None = None


class PlanAgreedByCouncil(Event):
    """The council agreed on the draft, in a matter of its own."""

    LABEL = ("市民会議の合意", "Agreed by the council")
    WHEN = inherit("matter_id", is_act=True)
    AFTER = ("PlanFormulationStarted",)
    LINKS: ClassVar = {"matter_id": "adopted_by"}
    matter_id: Id


class PlanApprovedByCity(Event):
    """The city approved the plan 決裁; ``reason`` says why, if the council had not agreed on it."""

    LABEL = ("市の承認", "Approved by the city")
    WHEN = "on"
    AFTER = ("PlanAgreedByCouncil",)
    authority: Literal["mayor", "delegated_officer", "assembly"]
    document_no: Line | None = None
    on: EffectiveDate | None = None
    reason: Text | None = None


class PlanPublished(Event):
    """The plan is public and in force for these fiscal years (without an end: until replaced), in place of
    the plan ``replaces`` if there was one."""

    LABEL = ("計画の公表", "Plan published")
    WHEN = "published_on"
    AFTER = ("PlanApprovedByCity",)
    title_ja: Line
    period_from_fy: Year
    period_to_fy: Year | None = None
    replaces: Id | None = None
    published_on: EffectiveDate | None = None


class PlanSuperseded(Event):
    """A later plan takes its place from ``from_fy`` on; ``before_expiry`` if its own years were not over."""

    LABEL = ("計画の交代", "Plan superseded")
    WHEN = TOLD
    LINKS: ClassVar = {"superseded_by": "supersedes"}
    FIELDS: ClassVar = {
        "from_fy": ("交代する年度", "From fiscal year"),
        "before_expiry": ("期間の途中での交代", "Before its years were over"),
    }
    superseded_by: Id
    from_fy: Year | None = None
    before_expiry: bool | None = None
    reason: Text | None = None


class PlanRevised(Event):
    """The ``v``-th revision 改定 of a plan in force, as a concluded matter has it; ``period_to_fy`` where it
    moves the last fiscal year."""

    LABEL = ("計画の改定", "Plan revised")
    WHEN = TOLD
    AFTER = ("PlanPublished",)
    LINKS: ClassVar = {"matter_id": "adopted_by", "document_id": "used"}
    v: Ordinal
    matter_id: Id | None = None
    document_id: Id | None = None
    period_to_fy: Year | None = None


class PlanExpired(Event):
    """The plan's years are over and no other plan took its place before."""

    LABEL = ("計画期間の満了", "Plan expired")
    WHEN = "on"
    AFTER = ("PlanPublished",)
    on: EffectiveDate | None = None
