"""One whole decision through HTTP alone: from the first question to an action with a budget."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from projections.rebuild.replay import verify
from projections.registry import open_store
from tests.acceptance.site import Site

START = dt.datetime(2030, 6, 14, 19, 0, tzinfo=dt.timezone(dt.timedelta(hours=9)))
SEATS = [f"seat-{n:02d}" for n in range(1, 29)]
DOCUMENTED = {"record": {"document_no": "11市協第1号"}}
REMIT = {"instrument_id": "law-sample", "article": 17, "paragraph": 2}


@pytest.fixture
def site(database_url: str) -> Iterator[Site]:
    made = Site(database_url)
    found_council(made)
    yield made
    made.close()


def day(days: int = 0) -> dict[str, str]:
    return {"value": (START.date() + dt.timedelta(days=days)).isoformat(), "precision": "day"}


def at(minutes: int) -> str:
    return (START + dt.timedelta(minutes=minutes)).isoformat()


def found_council(site: Site) -> None:
    """A council of 28 serving members with rules: more than half for quorum and majority. It is founded in
    its time; what follows is written down when all of it has happened."""
    site.on_the("2029-05-01")
    site.post(
        "SEC", "parties/-/register-organisation", id="org-sample", name_ja="架空市", category="municipality"
    )
    site.post("SEC", "ordinances", id="law-sample", title_ja="架空市市民協働条例", enacted="2029-04-01")
    site.post(
        "SEC",
        "councils",
        id="council-sample",
        name_ja="架空市民会議",
        established_on="2029-05-01",
        legal_basis={**REMIT, "paragraph": 1},
    )
    site.post("SEC", "councils/council-sample/state-remit", citation=REMIT, power="consult")
    seats = [{"category": "public_recruitment", "label_ja": "公募", "seats": 28}]
    site.post("SEC", "councils/council-sample/define-composition", seat_categories=seats)
    site.post(
        "SEC",
        "councils/council-sample/adopt-rules",
        rules_version=1,
        effective_from="2029-06-01",
        quorum={"basis": "more_than_half", "denominator": "serving"},
        majority={"base": "present", "threshold": "more_than_half"},
        notice_days=7,
        **DOCUMENTED,
    )
    site.post("SEC", "councils/council-sample/open-term", term_no=1, from_date="2029-06-01")
    for seat in SEATS:
        site.post("SEC", "parties", id=f"p-{seat}", name=f"架空 {seat}")
        site.post(
            "SEC",
            "councils/council-sample/appoint",
            appointment_id=seat,
            party_id=f"p-{seat}",
            category="public_recruitment",
            term_no=1,
            from_date="2029-06-01",
            **DOCUMENTED,
        )
    site.post("SEC", "councils/council-sample/elect-chair", appointment_id=SEATS[0], from_date="2029-06-01")
    site.on_the("2030-12-01")


def prepare(site: Site) -> None:
    """The question, three options, a criterion, evidence, an opinion; the options frozen."""
    before = {"record": {"effective": "2030-05-01"}}
    site.post(
        "MEM",
        "matters",
        id="matter-desk",
        title="市民活動の相談窓口",
        question="相談窓口をどのような形で設けるか。",
        council_id="council-sample",
        remit=REMIT,
        wanted="decision",
        **before,
    )
    for n, label in enumerate(("市役所内に置く", "公民館を巡回する", "団体に委託する"), 1):
        site.post("MEM", "matters/matter-desk/propose-option", option_id=f"option-{n}", label=label, **before)
    site.post(
        "CHR",
        "matters/matter-desk/adopt-criterion",
        criterion_id="reach",
        text="初めての人に届くこと",
        **before,
    )
    public = {"visibility": "public"}
    site.post("SEC", "documents", id="doc-survey", title="団体アンケート", kind="survey", disclosure=public)
    site.post(
        "SEC",
        "matters/matter-desk/attach-evidence",
        evidence_id="e1",
        document_id="doc-survey",
        kind="survey",
        bears_on=["option-1"],
        **before,
    )
    site.post(
        "MEM",
        "matters/matter-desk/record-opinion",
        opinion_id="o1",
        channel="oral",
        stance="for",
        text="近くにあると相談しやすい。",
        option_id="option-1",
        **before,
    )
    site.post("CHR", "matters/matter-desk/freeze-options", **before)


def meet(site: Site) -> None:
    """15 present, one recused, a workshop, a vote of 8 to 5 with 1 abstention."""
    site.post(
        "SEC",
        "meetings",
        id="meeting-1",
        council_id="council-sample",
        kind="plenary",
        no=1,
        starts_at=at(0),
        place="市民センター",
    )
    site.post(
        "SEC",
        "meetings/meeting-1/list-item",
        item_id="item-1",
        order=1,
        title="相談窓口",
        type="decision",
        matter_id="matter-desk",
    )
    notice = (START.date() - dt.timedelta(days=10)).isoformat()
    site.post("SEC", "meetings/meeting-1/notify", notice_on=notice, publicity="open", observer_capacity=10)
    site.post("CHR", "meetings/meeting-1/open", at=at(0), presiding=SEATS[0], present=SEATS[1:15])
    site.post(
        "SEC",
        "meetings/meeting-1/record-workshop",
        item_id="item-1",
        table_no=1,
        theme="相談しやすさ",
        clusters=[{"label": "あったらよいもの", "cards": ["相談できる人"], "dots": 7}],
    )
    site.post(
        "SEC",
        "meetings/meeting-1/record-statement",
        statement_id="s1",
        item_id="item-1",
        speaker=SEATS[3],
        speaker_role="委員",
        stance="for",
        text="まず小さく始めたい。",
    )
    site.post(
        "SEC",
        "meetings/meeting-1/declare-recusal",
        appointment_id=SEATS[14],
        item_id="item-1",
        reason_class="organisation_interest",
    )
    site.post(
        "CHR",
        "meetings/meeting-1/take-resolution",
        item_id="item-1",
        resolution_id="res-1",
        at=at(60),
        method="majority_show",
        result="adopted_with_conditions",
        options_version=1,
        tally={"for": 8, "against": 5, "abstain": 1, "not_voting": 0},
    )
    site.post("CHR", "meetings/meeting-1/close", at=at(90), observers=3, press=1, staff=4)


def conclude(site: Site) -> None:
    """Two dissents, the conclusion with a condition, minutes drafted, circulated and confirmed."""
    for n, (kind, text) in enumerate(
        (("minority", "担い手が偏る。"), ("reservation", "費用が不明である。")), 1
    ):
        site.post(
            "SEC",
            "matters/matter-desk/file-dissent",
            dissent_id=f"d{n}",
            holder=SEATS[n],
            kind=kind,
            text=text,
            meeting_id="meeting-1",
            record={
                "actor": {"role": "MEM", "party": f"p-{SEATS[n]}"},
                "evidence": {"kind": "minute_taker"},
            },
        )
    site.post(
        "CHR",
        "matters/matter-desk/conclude",
        meeting_id="meeting-1",
        resolution_ref="res-1",
        chosen_option="option-1",
        reason="最も近づきやすく、試行の結果を見て見直せるため。",
        conditions=["開始から1年後に評価すること。"],
    )
    public = {"visibility": "public"}
    site.post("SEC", "documents", id="doc-minutes", title="会議録", kind="minutes", disclosure=public)
    site.post(
        "SEC",
        "meetings/meeting-1/draft-minutes",
        v=1,
        style="summary",
        naming="role",
        document_id="doc-minutes",
    )
    site.post("SEC", "meetings/meeting-1/circulate-minutes", v=1, reply_by="2030-07-01")
    site.post("CHR", "meetings/meeting-1/confirm-minutes", by="chair", v=1)


def answer(site: Site) -> None:
    """Sent to the city, which answers "partly", decides, and adopts an action with 500千円."""
    site.post(
        "SEC",
        "matters/matter-desk/transmit",
        to="org-sample",
        form="proposal",
        document_no="12市協発第3号",
        on=day(20),
    )
    site.post(
        "APR",
        "matters/matter-desk/record-city-response",
        disposition="partly",
        reason="初年度は週1回とする。",
        on=day(40),
    )
    site.post(
        "APR",
        "matters/matter-desk/record-city-decision",
        authority="mayor",
        document_no="12市協第8号",
        decided_on=day(45),
    )
    site.post("SEC", "actions/-/propose", id="action-desk", title="はじめて相談", matter_id="matter-desk")
    site.post("APR", "actions/action-desk/adopt", matter_id="matter-desk", fiscal_year=2030)
    site.post(
        "SEC",
        "actions/action-desk/allocate-budget",
        fiscal_year=2030,
        kind="initial",
        amount_yen=500_000,
        stated_amount=500,
        stated_unit="千円",
    )


@pytest.fixture(scope="module")
def decided(module_database_url: str) -> Iterator[Site]:
    """The decision, recorded once for each database; the tests only ask."""
    made = Site(module_database_url)
    for chapter in (found_council, prepare, meet, conclude, answer):
        chapter(made)
    yield made
    made.close()


def trail_of(site: Site) -> list[dict[str, Any]]:
    trail = site.get("matters/matter-desk/trail")
    every = [*trail["backward"]["steps"], *trail["own"]["steps"], *trail["forward"]["steps"]]
    return sorted(every, key=lambda step: step["position"])


def test_its_trail_shows_every_step_in_order(decided: Site) -> None:
    types = [step["type"] for step in trail_of(decided)]
    expected = [
        "OrdinanceEnacted",
        "CouncilEstablished",
        "RemitStated",
        "ProcedureRulesAdopted",
        "MatterRaised",
        "OptionProposed",
        "OptionProposed",
        "OptionProposed",
        "CriterionAdopted",
        "EvidenceAttached",
        "OpinionRecorded",
        "OptionsFrozen",
        "MeetingScheduled",
        "MeetingOpened",
        "WorkshopOutputRecorded",
        "RecusalDeclared",
        "ResolutionTaken",
        "MeetingClosed",
        "DissentFiled",
        "DissentFiled",
        "MatterConcluded",
        "MinutesConfirmed",
        "ConclusionTransmitted",
        "CityResponseRecorded",
        "CityDecisionRecorded",
        "ActionProposed",
        "ActionAdopted",
        "BudgetAllocated",
    ]
    remaining = iter(types)
    missing = [wanted for wanted in expected if wanted not in remaining]
    assert missing == []


def test_the_quorum_check_shows_its_rule_and_its_numbers(decided: Site) -> None:
    steps = {step["type"]: step for step in trail_of(decided)}
    opened = steps["MeetingOpened"]["data"]["quorum"]
    assert (opened["serving"], opened["present"], opened["required"], opened["result"]) == (28, 15, 15, "met")
    assert opened["rule"]["basis"] == "more_than_half"
    resolved = steps["ResolutionTaken"]["data"]
    assert (resolved["eligible"], resolved["recused"], resolved["quorum"]["result"]) == (14, 1, "met")
    assert resolved["tally"] == {"for": 8, "against": 5, "abstain": 1, "not_voting": 0}


def test_conclusion_and_decision_are_two_facts_with_two_authors(decided: Site) -> None:
    steps = {step["type"]: step for step in trail_of(decided)}
    conclusion, decision = steps["MatterConcluded"], steps["CityDecisionRecorded"]
    assert (conclusion["who"]["role"], decision["who"]["role"]) == ("CHR", "APR")
    assert conclusion["event_id"] != decision["event_id"]
    assert decision["document_no"] == "12市協第8号" or decision["data"]["document_no"] == "12市協第8号"
    assert steps["CityResponseRecorded"]["data"]["disposition"] == "partly"
    assert steps["CityResponseRecorded"]["reason"] == "初年度は週1回とする。"


def test_the_account_is_complete(decided: Site) -> None:
    matter = decided.get("matters/matter-desk")
    assert matter["not_recorded"] == []
    assert matter["completeness"] == {"done": 5, "total": 5, "lacking": []}
    assert decided.get("budgets?action_id=action-desk")["items"][0]["initial_yen"] == 500_000
    assert decided.get("budgets?action_id=action-desk")["items"][0]["spent_yen"] is None


def test_every_view_equals_a_replay_afterwards(decided: Site) -> None:
    store = open_store(decided.url)
    assert [proof.view for proof in verify(store) if not proof.equal] == []
    store.close()


def test_nobodys_name_is_told_to_the_public(decided: Site) -> None:
    for path in ("matters/matter-desk/trail", "councils/council-sample/members", "events?limit=200"):
        assert "架空 seat" not in decided.client.get(f"/api/v1/{path}").get_data(as_text=True)


def test_a_decision_below_quorum_or_with_wrong_sums_is_refused_and_leaves_nothing(site: Site) -> None:
    prepare(site)
    site.post("SEC", "meetings", id="meeting-1", council_id="council-sample", kind="plenary", starts_at=at(0))
    head = site.get("views")["position"]
    response = site.client.post(
        "/api/v1/meetings/meeting-1/open",
        json={"at": at(0), "presiding": SEATS[0], "present": SEATS[1:14]},
        headers={"Authorization": f"Bearer {site.tokens['CHR']}", "Accept-Language": "ja"},
    )
    said = response.get_json()
    assert (response.status_code, said["code"]) == (409, "NOT_QUORATE")
    assert "14" in said["detail"] and "15" in said["detail"]
    assert response.mimetype == "application/problem+json"
    assert site.get("views")["position"] == head
