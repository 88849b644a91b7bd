"""A fictional council that decided by its chair's casting vote, and matters with rarer courses."""

from __future__ import annotations

import datetime as dt
from typing import Any

from domain.values.calendar import EffectiveDate
from projections.engine.store import Store
from tests.support.given import START, TickingClock, give, ticking_clock

COUNCIL, DESK, WORDS, OLD, MIDDLE, NEW = (
    "council-y",
    "matter-desk",
    "matter-words",
    "matter-old",
    "matter-middle",
    "matter-new",
)
LATER = dt.timedelta(days=120)
"""How long after the beginning, and everything else, the correction is made: on 30 July 2026."""


class Told:
    """Commands given to a store."""

    def __init__(self, store: Store):
        self.application = store.application

    def do(self, role: str, kind: str, entity: str, command: str, /, **given: Any) -> None:
        give(self.application, role, kind, entity, command, **given)

    def imported(self, kind: str, entity: str, command: str, /, effective: str, **given: Any) -> None:
        """Brought in when its day has come: no source tells of what has not been."""
        last, clock = EffectiveDate.parse(effective).latest, self.application.clock
        if last is not None and isinstance(clock, TickingClock):
            clock.not_before(last)
        self.do("IMP", kind, entity, command, importing=True, envelope=on(effective), **given)


def on(value: str) -> dict[str, Any]:
    """An envelope with this effective day, or month."""
    return {"effective": EffectiveDate.parse(value)}


def at(hour: int, minute: int = 0) -> str:
    return f"2026-05-10T{hour:02d}:{minute:02d}:00+09:00"


def tell_it_all(store: Store) -> None:
    """The council, the matter decided by a casting vote and what the city did, a matter left to the chair,
    a chain of three matters, and last a correction."""
    told = Told(store)
    _the_council(told)
    _the_desk_is_discussed(told)
    _the_desk_is_decided(told)
    _the_city_answers(told)
    _the_words_are_left_to_the_chair(told)
    _one_replaces_another(told)
    store.application.clock = ticking_clock(START + LATER)
    fix = {"correction_id": "fix-1", "target_version": 1, "reason": "題名の誤り"}
    changes = [{"field": "title", "after": "相談窓口の設置（架空）"}]
    told.do("SEC", "Matter", DESK, "propose_correction", changes=changes, **fix)
    told.do("CHR", "Matter", DESK, "approve_correction", correction_id="fix-1")


def _the_council(told: Told) -> None:
    """Six members; more than half are a quorum; the chair votes where there is a tie."""
    told.do("SEC", "LegalInstrument", "law-y", "enact", title_ja="架空条例")
    told.do("SEC", "Party", "org-y", "register_organisation", name_ja="架空市", category="municipality")
    basis = {"instrument_id": "law-y", "article": 17, "paragraph": 1}
    first = {"value": "2026-04-01", "precision": "day"}
    told.do(
        "SEC", "Council", COUNCIL, "establish", name_ja="架空の会議", legal_basis=basis, established_on=first
    )
    rules = {
        "quorum": {"basis": "more_than_half"},
        "majority": {"base": "present", "threshold": "more_than_half"},
    }
    told.do(
        "SEC",
        "Council",
        COUNCIL,
        "adopt_rules",
        rules_version=1,
        effective_from=first,
        chair_votes="tie_only",
        **rules,
    )
    for n in range(1, 7):
        told.do("SEC", "Party", f"p-y{n}", "register_person", name=f"架空 {n}")
        seat = {"appointment_id": f"y-{n}", "party_id": f"p-y{n}", "category": "public_recruitment"}
        told.do("IMP", "Council", COUNCIL, "appoint", importing=True, term_no=1, from_date=first, **seat)


def _raise(told: Told, matter: str, title: str) -> None:
    words = {"title": f"{title}（架空）", "question": f"{title}をどうするか。", "practice": "慣行"}
    told.do("MEM", "Matter", matter, "raise_matter", council_id=COUNCIL, **words)


def _document(told: Told, name: str) -> str:
    public = {"visibility": "public"}
    told.do("SEC", "Document", name, "register", title="架空の資料", kind="survey", disclosure=public)
    return name


def _the_desk_is_discussed(told: Told) -> None:
    _raise(told, DESK, "相談窓口")
    for option, label in (("a", "市役所に置く"), ("b", "公民館を巡回する"), ("c", "団体に委託する")):
        told.do(
            "MEM",
            "Matter",
            DESK,
            "propose_option",
            party="p-y2",
            option_id=option,
            label=label,
            proposer="y-2",
        )
    taken_back = {"option_id": "c", "proposer": "y-2", "reason": "費用が高い"}
    told.do("MEM", "Matter", DESK, "withdraw_option", party="p-y2", **taken_back)
    told.do("CHR", "Matter", DESK, "adopt_criterion", criterion_id="k-1", text="初めての人に届くこと")
    judged = {"option_id": "b", "criterion_id": "k-1", "text": "届かない", "by": "y-3"}
    told.do("ADV", "Matter", DESK, "assess_option", party="p-y3", **judged)
    told.do(
        "SEC", "Matter", DESK, "attach_evidence", evidence_id="e-1", document_id=_document(told, "doc-y1")
    )
    opinion = {"channel": "oral", "option_id": "a"}
    told.do("MEM", "Matter", DESK, "record_opinion", opinion_id="o-1", stance="for", text="近い", **opinion)
    told.do(
        "MEM", "Matter", DESK, "record_opinion", opinion_id="o-2", stance="against", text="遠い", **opinion
    )
    told.do("CHR", "Matter", DESK, "freeze_options")


def _open_a_meeting(told: Told, meeting: str, matter: str, present: list[str]) -> None:
    told.do("SEC", "Meeting", meeting, "schedule", council_id=COUNCIL, kind="plenary", starts_at=at(14))
    item = {"item_id": "item-1", "order": 1, "title": "架空の議題", "type": "decision", "matter_id": matter}
    told.do("SEC", "Meeting", meeting, "list_item", **item)
    told.do("CHR", "Meeting", meeting, "open", at=at(14), presiding="y-1", present=present)


def _the_desk_is_decided(told: Told) -> None:
    """4 of 6 at first, 6 from 14:20; y-6 is recused: 2 for, 2 against, and the chair's casting vote for."""
    meeting = "meeting-desk"
    _open_a_meeting(told, meeting, DESK, ["y-2", "y-3", "y-4"])
    told.do("SEC", "Meeting", meeting, "arrive", appointment_id="y-5", at=at(14, 10))
    told.do("SEC", "Meeting", meeting, "arrive", appointment_id="y-6", at=at(14, 20))
    recusal = {"appointment_id": "y-6", "item_id": "item-1", "reason_class": "organisation_interest"}
    told.do("SEC", "Meeting", meeting, "declare_recusal", **recusal)
    said = {"item_id": "item-1", "stance": "question", "text": "費用は", "speaker": "y-5"}
    told.do("SEC", "Meeting", meeting, "record_statement", statement_id="s-1", **said)
    tally = {"for": 2, "against": 2, "abstain": 0, "not_voting": 0}
    vote = {"method": "majority_show", "tally": tally, "casting_vote": "for", "result": "adopted"}
    told.do(
        "CHR",
        "Meeting",
        meeting,
        "take_resolution",
        item_id="item-1",
        resolution_id="res-1",
        at=at(15),
        options_version=1,
        **vote,
    )
    dissent = {"dissent_id": "d-1", "kind": "minority", "text": "遠い人には届かない", "holder": "y-4"}
    how = {"party": "p-y4", "envelope": on("2026-05-10")}
    told.do("MEM", "Matter", DESK, "file_dissent", meeting_id=meeting, **how, **dissent)
    concluded = {"meeting_id": meeting, "resolution_ref": "res-1", "chosen_option": "a"}
    told.do(
        "CHR",
        "Matter",
        DESK,
        "conclude",
        reason="近いため",
        conditions=["一年後に見直す"],
        envelope=on("2026-05-10"),
        **concluded,
    )
    for name, day in (("e-2", "2026-05-11"), ("e-3", "2026-05-01"), ("e-4", "2026-05")):
        late = {"evidence_id": name, "document_id": _document(told, f"doc-{name}")}
        told.imported("Matter", DESK, "attach_evidence", day, **late)


def _the_city_answers(told: Told) -> None:
    told.imported("Matter", DESK, "transmit", "2026-05-20", to="org-y", form="proposal")
    answer = {"disposition": "partly", "reason": "予算の範囲で行う"}
    told.imported("Matter", DESK, "record_city_response", "2026-06", **answer)
    decision = {"authority": "mayor", "text": "市役所の中に置く", "document_no": "架協第1号"}
    told.imported("Matter", DESK, "record_city_decision", "2026-06", **decision)
    told.imported(
        "PlanAction", "action-desk", "propose", "2026-06-20", title="窓口の開設（架空）", matter_id=DESK
    )


def _the_words_are_left_to_the_chair(told: Told) -> None:
    _raise(told, WORDS, "呼びかけ文")
    told.do("MEM", "Matter", WORDS, "propose_option", option_id="a", label="短くする", text="三行にする")
    told.do("SEC", "Matter", WORDS, "attach_evidence", evidence_id="e-1", document_id="doc-y1")
    told.do("CHR", "Matter", WORDS, "freeze_options")
    meeting = "meeting-words"
    _open_a_meeting(told, meeting, WORDS, ["y-2", "y-3", "y-4", "y-5"])
    left = {"method": "chair_entrusted", "result": "entrusted", "limits": "字句の整理に限る"}
    given = {"item_id": "item-1", "resolution_id": "res-2", "at": at(15), "options_version": 1}
    told.do("CHR", "Meeting", meeting, "take_resolution", **given, **left)
    concluded = {"meeting_id": meeting, "resolution_ref": "res-2", "chosen_option": "a"}
    told.do("CHR", "Matter", WORDS, "conclude", reason="細部のため", envelope=on("2026-05-10"), **concluded)


def _one_replaces_another(told: Told) -> None:
    for matter, title in ((OLD, "旧手引き"), (MIDDLE, "手引き"), (NEW, "新手引き")):
        _raise(told, matter, title)
        since = {"value": "2026-04-10", "precision": "day"}
        told.imported(
            "Matter", matter, "import_conclusion", "2026-04-05", result="adopted", effective_from=since
        )
    told.imported(
        "Matter", OLD, "supersede", "2026-04-20", superseded_by=MIDDLE, clauses=["第2項"], reason="字句"
    )
    told.imported("Matter", MIDDLE, "supersede", "2026-04", superseded_by=NEW, reason="全部改正")
