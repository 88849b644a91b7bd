"""Officer network 協働推進担当者: one collaboration officer in each section, and their training.

A section 各課 has one post. A second officer is designated only after the first has been relieved, so that it
is always clear whom to ask (domain.md 4.10).
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from domain.kernel.commands import command, on, refuses
from domain.kernel.correction import Correctable
from domain.kernel.events import Event, Recorded
from domain.kernel.references import must_exist
from domain.kernel.refusals import ALREADY_EXISTS, UNKNOWN_ID
from domain.kernel.when import TOLD
from domain.party.aggregate import Party
from domain.rules import groups
from domain.values.calendar import EffectiveDate
from domain.values.fields import Count, Id, Line, Text, Word
from domain.values.refusal import refusal

POST_FILLED = refusal(
    "POST_FILLED",
    ja="「{section}」の協働推進担当者は既に置かれています（{party}）。",
    en="Section “{section}” already has a collaboration officer ({party}).",
    rule=groups.ONE_POST,
    next_ja="先に前任者の解任を記録してください。",
    next_en="Record that the present officer is relieved first.",
)
POST_VACANT = refusal(
    "POST_VACANT",
    ja="「{section}」に協働推進担当者は置かれていません。",
    en="Section “{section}” has no collaboration officer.",
    rule=groups.ONE_POST,
    next_ja="課を確かめてください。",
    next_en="Check the section.",
)
SECTION_ABOLISHED = refusal(
    "SECTION_ABOLISHED",
    ja="「{section}」は廃止されています。",
    en="Section “{section}” has been abolished.",
    rule=groups.ABOLISHED,
    next_ja="事務を引き継いだ課を確かめてください。",
    next_en="Find the section that took over its work.",
)
TRAINING_HELD = refusal(
    "TRAINING_HELD",
    ja="研修「{training}」は既に実施済みとして記録されています。",
    en="The training “{training}” is already recorded as held.",
    rule=groups.TRAINING,
    next_ja="別の研修なら、別の識別子を付けてください。",
    next_en="Give another training its own identifier.",
)


BASIC_MISSING = refusal(
    "BASIC_MISSING",
    ja="基礎研修を受けた記録のない担当者がいます（{officers}）。",
    en="Some officers are not on record as having had basic training ({officers}).",
    rule=groups.BASIC_FIRST,
    next_ja="受講の記録漏れがないか確かめてください。",
    next_en="See whether their basic training has gone unrecorded.",
)


class OfficerPostsCreated(Event):
    """Posts of collaboration officer were created in the sections of ``scope``."""

    LABEL = ("担当者の設置", "Officer posts created")
    WHEN = TOLD
    FIELDS: ClassVar = {
        "scope_label_ja": ("範囲", "Scope"),
        "sections_total": ("課の数", "Number of sections"),
    }
    title_ja: Line
    scope: Literal["every_section", "some_sections"]
    scope_label_ja: Line | None = None
    sections_total: Count | None = None
    purpose_ja: Text | None = None
    document_no: Word | None = None


class SectionRegistered(Event):
    """A section that has a post."""

    LABEL = ("課の登録", "Section registered")
    WHEN = TOLD
    KEY_STEP = False
    FIELDS: ClassVar = {"section_id": ("課", "Section")}
    section_id: Id
    name: Line


class SectionRenamed(Event):
    """The section goes by another name; its post and officer stay."""

    LABEL = ("課の名称変更", "Section renamed")
    WHEN = TOLD
    KEY_STEP = False
    section_id: Id
    name: Line


class SectionAbolished(Event):
    """The section is no more, and with it its post."""

    LABEL = ("課の廃止", "Section abolished")
    WHEN = TOLD
    AFTER = ("SectionRegistered.section_id",)
    KEY_STEP = False
    section_id: Id
    reason: Text | None = None


class OfficerDesignated(Event):
    """Somebody became the section's officer."""

    LABEL = ("担当者の指名", "Officer designated")
    WHEN = TOLD
    KEY_STEP = False
    section_id: Id
    party_id: Id


class OfficerRelieved(Event):
    """The section's officer is no longer it; the post is vacant."""

    LABEL = ("担当者の解任", "Officer relieved")
    WHEN = TOLD
    AFTER = ("OfficerDesignated.party_id",)
    KEY_STEP = False
    section_id: Id
    party_id: Id


class TrainingPlanned(Event):
    """A training is to be held."""

    LABEL = ("研修の予定", "Training planned")
    WHEN = TOLD
    SUBJECT = "{entity}#{training_id}"
    LINKS: ClassVar = {"entity": "part_of", "based_on_action": "based_on"}
    FIELDS: ClassVar = {
        "training_id": ("研修", "Training"),
        "based_on_action": ("基にした事業", "Based on the action"),
    }
    training_id: Id
    kind: Literal["basic", "step_up"]
    title_ja: Line | None = None
    based_on_action: Id | None = None
    due: EffectiveDate | None = None


class TrainingHeld(Event):
    """A training was held. ``attendees`` is null where nobody counted; ``attended`` are the officers that are
    known to have been there, by id."""

    LABEL = ("研修の実施", "Training held")
    WHEN = "held_on"
    SUBJECT = "{entity}#{training_id}"
    LINKS: ClassVar = {"entity": "part_of", "based_on_action": "based_on"}
    FIELDS: ClassVar = {
        "based_on_ja": ("基にしたもの", "Based on"),
        "attendees": ("受講者数", "Attendees"),
        "audience_ja": ("対象者", "Audience"),
    }
    training_id: Id
    kind: Literal["basic", "step_up"]
    title_ja: Line | None = None
    based_on_ja: Line | None = None
    based_on_action: Id | None = None
    held_on: EffectiveDate | None = None
    times_held: Count | None = None
    attendees: Count | None = None
    attended: tuple[Id, ...] = ()
    audience_ja: Line | None = None


class OfficerNetwork(Correctable):
    """The officers of one city: new → created; sections come, are renamed and go."""

    PREFIX = "officers-"
    ID_FIELDS = ("network_id",)
    COLLECTION = "officer-networks"
    LABEL = ("協働推進担当者", "officer network")

    def begin(self) -> None:
        self.sections: dict[str, str] = {}
        """Names of the present sections, by id."""
        self.abolished: dict[str, str] = {}
        self.officers: dict[str, str] = {}
        """The officer's party id, by section."""
        self.trainings: dict[str, str] = {}
        """``planned`` or ``held``, by training."""
        self.with_basic: set[str] = set()
        """Parties on record as having had basic training."""

    # -- commands

    @command(
        "SEC",
        "IMP",
        event=OfficerPostsCreated,
        ja="担当者を設置する",
        en="Create officer posts",
        creates=True,
    )
    def create_posts(self, fact: OfficerPostsCreated) -> None:
        """Record that the city created posts of collaboration officer."""
        if self.state != "new":
            raise ALREADY_EXISTS(id=self.entity)
        self.record(fact)

    @command("SEC", "IMP", event=SectionRegistered, ja="課を登録する", en="Register a section")
    @refuses(ALREADY_EXISTS)
    def register_section(self, fact: SectionRegistered) -> None:
        """Register a section that has a post."""
        if fact.section_id in self.sections or fact.section_id in self.abolished:
            raise ALREADY_EXISTS(id=fact.section_id).at("/section_id")
        self.record(fact)

    @command("SEC", "IMP", event=SectionRenamed, ja="課の名称変更を記録する", en="Rename a section")
    @refuses(SECTION_ABOLISHED)
    def rename_section(self, fact: SectionRenamed) -> None:
        """Record a section's new name."""
        self._present(fact.section_id)
        self.record(fact)

    @command("SEC", "IMP", event=SectionAbolished, ja="課の廃止を記録する", en="Abolish a section")
    @refuses(SECTION_ABOLISHED)
    def abolish_section(self, fact: SectionAbolished) -> None:
        """Record that a section is no more; its officer is relieved with it."""
        self._present(fact.section_id)
        if fact.section_id in self.officers:
            party = self.officers[fact.section_id]
            self.record(OfficerRelieved(section_id=fact.section_id, party_id=party))
        self.record(fact)

    @command("SEC", "IMP", event=OfficerDesignated, ja="担当者を指名する", en="Designate an officer")
    @refuses(POST_FILLED, SECTION_ABOLISHED)
    def designate_officer(self, fact: OfficerDesignated) -> None:
        """Record who became a section's collaboration officer."""
        self._present(fact.section_id)
        if fact.section_id in self.officers:
            held_by = self.officers[fact.section_id]
            raise POST_FILLED(section=self.sections[fact.section_id], party=held_by).at("/section_id")
        self.look(Party, fact.party_id)
        self.record(fact)

    @command("SEC", records=OfficerRelieved, ja="担当者を解任する", en="Relieve an officer")
    @refuses(POST_VACANT, SECTION_ABOLISHED)
    def relieve_officer(self, section_id: Id) -> None:
        """Record that a section's officer is relieved; the post is vacant."""
        self._present(section_id)
        if section_id not in self.officers:
            raise POST_VACANT(section=self.sections[section_id]).at("/section_id")
        self.record(OfficerRelieved(section_id=section_id, party_id=self.officers[section_id]))

    @command("SEC", "IMP", event=TrainingPlanned, ja="研修を予定する", en="Plan a training")
    @refuses(ALREADY_EXISTS)
    def plan_training(self, fact: TrainingPlanned) -> None:
        """Record that a training is to be held."""
        if fact.training_id in self.trainings:
            raise ALREADY_EXISTS(id=fact.training_id).at("/training_id")
        must_exist(self, fact.based_on_action, "/based_on_action")
        self.record(fact)

    @command(
        "SEC", "IMP", event=TrainingHeld, ja="研修の実施を記録する", en="Record that a training was held"
    )
    @refuses(TRAINING_HELD)
    def hold_training(self, fact: TrainingHeld) -> None:
        """Record that a training was held, planned before or not. Follow-on training of somebody without
        basic training on record is only warned of."""
        if self.trainings.get(fact.training_id) == "held":
            raise TRAINING_HELD(training=fact.training_id).at("/training_id")
        must_exist(self, fact.based_on_action, "/based_on_action")
        must_exist(self, fact.attended, "/attended")
        without = [party for party in fact.attended if party not in self.with_basic]
        if fact.kind == "step_up" and without:
            self.warn(BASIC_MISSING(officers=", ".join(without)).at("/attended"))
        self.record(fact)

    # -- state

    @on(OfficerPostsCreated)
    def _created(self, e: OfficerPostsCreated, _: Recorded[Any]) -> None:
        self.state = "created"

    @on(SectionRegistered, SectionRenamed)
    def _named(self, e: SectionRegistered | SectionRenamed, _: Recorded[Any]) -> None:
        self.sections[e.section_id] = e.name

    @on(SectionAbolished)
    def _abolished(self, e: SectionAbolished, _: Recorded[Any]) -> None:
        self.abolished[e.section_id] = self.sections.pop(e.section_id)

    @on(OfficerDesignated)
    def _designated(self, e: OfficerDesignated, _: Recorded[Any]) -> None:
        self.officers[e.section_id] = e.party_id

    @on(OfficerRelieved)
    def _relieved(self, e: OfficerRelieved, _: Recorded[Any]) -> None:
        del self.officers[e.section_id]

    @on(TrainingPlanned)
    def _planned(self, e: TrainingPlanned, _: Recorded[Any]) -> None:
        self.trainings[e.training_id] = "planned"

    @on(TrainingHeld)
    def _held(self, e: TrainingHeld, _: Recorded[Any]) -> None:
        self.trainings[e.training_id] = "held"
        if e.kind == "basic":
            self.with_basic.update(e.attended)

    # -- what several commands ask

    def _present(self, section_id: str) -> None:
        if section_id in self.abolished:
            raise SECTION_ABOLISHED(section=self.abolished[section_id]).at("/section_id")
        if section_id not in self.sections:
            raise UNKNOWN_ID(kind="課", kind_en="section", id=section_id).at("/section_id")
