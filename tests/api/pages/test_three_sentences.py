"""The three sentences of a decision over prepared rows: what is recorded, nothing else, never without it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from api.pages.matter import three_sentences as telling
from api.pages.matter.path import stops
from api.pages.matter.status import tag
from api.pages.parts.pictures import money_bars, quorum_dots, stacked_bars, vote_bar

Json = dict[str, Any]
NUMBERS = itertools.count(1)
CLOSED = {"ja": "非公開（理由: 個人情報）", "en": "not public (reason: personal)"}


class Called:
    """What things are called, without a record."""

    def label(self, subject: str) -> str:
        return {"matter-2": "新しい窓口の案件", "action-1": "窓口"}.get(subject, subject)

    def party(self, party: str | None, role: str | None = None) -> str | None:
        return "委員" if role == "MEM" else None

    def url(self, subject: str) -> str:
        return f"/things/{subject}"


NAMES: Any = Called()


def event(day: str | None = "2025-06-18", **data: Any) -> Json:
    """An event as views keep it."""
    effective = {
        "value": day,
        "precision": "day" if day else "unknown",
        "basis": "stated" if day else "none",
        "earliest": day,
        "latest": day,
    }
    certainty = data.pop("certainty", "stated")
    said = {
        "position": next(NUMBERS),
        "effective": effective,
        "certainty": certainty,
        "reason": data.get("reason"),
        "corrections": data.pop("corrections", []),
        "role": "MEM",
    }
    return {**data, "said": said}


def matter(state: str = "raised", **events: Any) -> Json:
    raised = event("2025-04-16", question="だれが手入れするか。", title="花壇", raised_by=None)
    row = {"matter_id": "matter-1", "council_id": "council-1", "state": state, "MatterRaised": [raised]}
    return row | {name: e if isinstance(e, list) else [e] for name, e in events.items()}


def concluded(**data: Any) -> Json:
    """A conclusion; what it is not told is null."""
    fields: Json = dict.fromkeys(
        ("chosen_option", "result", "reason", "reason_short", "method", "resolution_ref", "result_text")
    )
    return event(**{**fields, "points": [], "conditions": [], "result": "adopted", **data})


def decided(**data: Any) -> Json:
    fields: Json = {"authority": "mayor", "text": None, "points": [], "promised": [], "reason_short": None}
    return event("2025-07-30", **{**fields, **data})


def replied(disposition: str, **data: Any) -> Json:
    fields: Json = {"reason": None, "reason_short": None, "promised": []}
    return event("2025-07-16", **{**fields, "disposition": disposition, **data})


OPTIONS = [event("2025-05-21", option_id=f"o-{n}", label=f"案の名{n}", text=None) for n in (1, 2, 3)]
DECLINED = replied("declined", reason="置けないため")
SENT = event("2025-06-25", form="proposal", to="org-city")


def meeting(result: str = "met", present: int = 26, tally: Json | None = None) -> Json:
    check = {"result": result, "present": present, "serving": 28, "required": 15}
    resolution = event(
        resolution_id="res-1", matter_id="matter-1", result="adopted", method="majority_show",
        tally=tally, quorum=check, recused=0, present=present,
    )  # fmt: skip
    return {
        "meeting_id": "meeting-1",
        "state": "published",
        "council_id": "council-1",
        "starts_at": "2025-06-18T19:00:00+09:00",
        "MeetingOpened": [event(quorum=check)],
        "ResolutionTaken": [resolution],
    }


def year(fiscal_year: int = 2025, budget: int | None = 799_000, spent: int | None = 742_300) -> Json:
    return {
        "fiscal_year": fiscal_year,
        "initial_yen": budget,
        "current_yen": budget,
        "spent_yen": spent,
        "lines": [{"kind": "initial", "yen": budget, "position": next(NUMBERS), "closed": None}],
    }


def action(*years: Json) -> Json:
    return {"id": "action-1", "state": "active", "course": [], "ledger": list(years)}


VOTED = meeting(tally={"for": 18, "against": 7, "abstain": 1, "not_voting": 0})


@pytest.fixture(autouse=True)
def in_japanese(one_app: Flask) -> Iterator[None]:
    with one_app.test_request_context("/"):
        yield


def said(m: Json, meetings: list[Json] | None = None, actions: list[Json] | None = None) -> list[str]:
    return [each.plain for each in telling.three_sentences(m, meetings or [], actions or [], NAMES)]


# ----------------------------------------------------------------------------------------------- what is said


def test_a_decision_is_told_with_its_votes_its_difference_and_its_money() -> None:
    m = matter(
        "in_force",
        OptionProposed=OPTIONS,
        MatterConcluded=concluded(chosen_option="o-1", points=[{"point": "場所", "text": "12公園"}]),
        ConclusionTransmitted=SENT,
        CityResponseRecorded=replied("partly"),
        CityDecisionRecorded=decided(points=[{"point": "場所", "text": "6公園"}]),
    )
    council, city, money = telling.three_sentences(m, [VOTED], [action(year())], NAMES)
    assert council.plain == "市民会議は18対7（棄権1）で「案の名1」を選びました。"
    assert city.plain == "市は、提言の一部を受け入れ、場所は「12公園」でなく「6公園」と決めました。"
    assert money.plain == "令和7年度の予算は799,000円です。使ったのは742,300円です。"
    resolution = VOTED["ResolutionTaken"][0]["said"]["position"]
    assert council.evidence == (m["MatterConcluded"][0]["said"]["position"], resolution)
    assert city.evidence[0] == m["CityDecisionRecorded"][0]["said"]["position"]
    assert all(each.evidence for each in (council, city, money))


@pytest.mark.parametrize(
    ("conclusion", "meetings", "sentence"),
    [
        ({"method": "no_objection"}, [], "市民会議は異議なしで、原案を認めました。"),
        (
            {"result": "adopted_with_conditions", "chosen_option": "o-2"},
            [VOTED],
            "市民会議は18対7（棄権1）で、条件を付けて「案の名2」を選びました。",
        ),
        ({"result": "agreed", "chosen_option": "o-3"}, [], "市民会議は「案の名3」とすることで合意しました。"),
        ({"result": "noted"}, [], "市民会議は報告を受け、了承しました。"),
        ({"result": "tied"}, [], "市民会議では賛否が同数で、決まりませんでした。"),
        ({"result": None}, [], "市民会議は結論を出しましたが、どういう結論かは記録されていません。"),
        (
            {"result_text": "全会一致で原案可決"},
            [],
            "市民会議は、原案を認めました。出典には「全会一致で原案可決」とあります。",
        ),
        (
            {"result": "entrusted", "method": "chair_entrusted"},
            [meeting("not_met", 7)],
            "市民会議は、最後のまとめを座長に任せました。ただし、出席した7人は、必要な15人に足りていません。",
        ),
    ],
)
def test_every_conclusion_is_told_as_it_is(conclusion: Json, meetings: list[Json], sentence: str) -> None:
    options = OPTIONS if conclusion.get("chosen_option") else []
    m = matter("concluded", OptionProposed=options, MatterConcluded=concluded(**conclusion))
    assert said(m, meetings)[0] == sentence


@pytest.mark.parametrize(
    ("m", "sentences"),
    [
        (
            matter(OptionProposed=OPTIONS[:1]),
            [
                "結論は、まだ記録されていません。案が1つ出ています。",
                "市の決定は、まだ記録されていません。",
                "費用は、まだ記録されていません。",
            ],
        ),
        (
            matter("withdrawn", MatterWithdrawn=event(by_mistake=True, reason=None)),
            [
                "誤って登録されたため、取り下げられました。",
                "市の決定は記録されていません。",
                "費用の記録はありません。0円という意味ではありません。",
            ],
        ),
        (
            matter("in_force", CityDecisionRecorded=decided(text="看板を立てる。", certainty="inferred")),
            [
                "市民会議で話し合ったかどうかは、記録がありません。",
                "市は、「看板を立てる」と決めました。",
                "費用の記録はありません。0円という意味ではありません。",
            ],
        ),
        (
            matter("concluded", MatterConcluded=concluded(), ConclusionTransmitted=SENT),
            [
                "市民会議は、原案を認めました。",
                "令和7年6月25日に「提言」として市へ送りました。市の回答は、まだ記録されていません。",
                "費用は、まだ記録されていません。",
            ],
        ),
        (
            matter("concluded", MatterConcluded=concluded(), CityResponseRecorded=DECLINED),
            [
                "市民会議は、原案を認めました。",
                "市は、提言を受け入れないと答えました。理由は「置けないため」です。市の決定は記録されていません。",
                "費用は、まだ記録されていません。",
            ],
        ),
        (
            matter("carried_over", MatterCarriedOver=event(reason=None)),
            [
                "市民会議は、話し合いを続けることにしました。結論は、まだ記録されていません。",
                "市の決定は、まだ記録されていません。",
                "費用は、まだ記録されていません。",
            ],
        ),
        (
            matter(
                "superseded",
                MatterConcluded=[concluded(), concluded()],
                MatterSuperseded=event(superseded_by="matter-2", clauses=[]),
            ),
            [
                "市民会議は、原案を認めました。結論は2回記録されていて、これが最後のものです。"
                "これは、のちに「新しい窓口の案件」に変わりました。",
                "市へ送った記録はありません。市の決定も記録されていません。",
                "費用の記録はありません。0円という意味ではありません。",
            ],
        ),
    ],
)  # fmt: skip
def test_every_state_is_told_with_what_is_not_recorded(m: Json, sentences: list[str]) -> None:
    assert said(m) == sentences


def test_what_is_closed_is_said_to_be_and_nothing_of_it_is_told() -> None:
    whole = {**matter(), "closed": CLOSED}
    assert said(whole) == ["この案件は非公開（理由: 個人情報）です。"] and stops(whole, [], [], NAMES) == []
    secret = concluded(result_text="秘密の結論", reason="秘密の理由") | {"closed": CLOSED}
    m = matter(
        "in_force", MatterConcluded=secret, CityDecisionRecorded=decided(text="秘密") | {"closed": CLOSED}
    )
    sentences = said(m)
    assert "秘密" not in "".join(sentences)
    assert sentences[0] == "市民会議の結論は非公開（理由: 個人情報）です。"
    assert sentences[1] == "市の決定は非公開（理由: 個人情報）です。"


def test_a_correction_of_what_a_sentence_rests_on_stands_beside_it() -> None:
    fix = {"position": 99, "changes": [], "reason": "写しまちがい"}
    m = matter(
        "in_force", MatterConcluded=concluded(), CityDecisionRecorded=decided(text="行う", corrections=[fix])
    )
    assert [len(each.corrected) for each in telling.three_sentences(m, [], [], NAMES)] == [0, 1, 0]


@pytest.mark.parametrize(
    ("years", "sentence"),
    [
        ((year(spent=None),), "令和7年度の予算は799,000円です。使った額の記録は、まだありません。"),
        (
            (year(2025), year(2026, 1_180_000, None)),
            "令和7年度から令和8年度までの予算は、合わせて1,979,000円です。使った額が分かる1件では、742,300円を使いました。",
        ),
        ((year(budget=None, spent=5),), "令和7年度の予算の記録はありません。使ったのは5円です。"),
        ((), "事業になりましたが、予算の記録はありません。"),
    ],
)
def test_money_says_of_how_much_it_is_known(years: tuple[Json, ...], sentence: str) -> None:
    m = matter("in_force", MatterConcluded=concluded(), CityDecisionRecorded=decided(text="行う"))
    assert said(m, actions=[action(*years)])[2] == sentence


def test_in_english_every_sentence_is_english(one_app: Flask) -> None:
    with one_app.test_request_context("/en/"):
        m = matter("in_force", MatterConcluded=concluded(), CityDecisionRecorded=decided())
        council, city, money = said(m, [VOTED], [action(year())])
    assert council == "The council approved the proposal by 18 to 7 (1 abstained)."
    assert city.startswith("The city decided. What it decided is not recorded.")
    assert money == "The budget of FY2025 is ¥799,000. ¥742,300 was spent."


# ------------------------------------------------------------------------------------- tag, path and pictures


def test_the_path_shows_what_is_not_on_record_and_what_is_still_to_come() -> None:
    chosen = concluded(chosen_option="o-1")
    waiting = matter("concluded", OptionProposed=OPTIONS, MatterConcluded=chosen, ConclusionTransmitted=SENT)
    shown = stops(waiting, [VOTED], [], NAMES)
    assert [(s["figure"], s["state"]) for s in shown] == [
        ("問い", "done"),
        ("3つの案", "done"),
        ("26/28人", "done"),
        ("18対7", "done"),
        ("提言", "done"),
        ("市の回答", "open"),
        ("市の決定", "open"),
    ]
    assert [s["gap"] for s in shown][:5] == [None, "35日後", "28日後", "同じ日", "7日後"]
    assert [s["year"] for s in shown] == ["令和7年", None, None, None, None, None, None]
    skipped = matter("in_force", CityDecisionRecorded=decided(text="行う"))
    assert [(s["figure"], s["state"]) for s in stops(skipped, [], [], NAMES)] == [
        ("問い", "done"),
        ("記録なし", "none"),
        ("記録なし", "none"),
        ("記録なし", "none"),
        ("決定", "done"),
    ]


@pytest.mark.parametrize(
    ("m", "label", "note"),
    [
        (matter(), "話し合い中", "令和7年4月16日から"),
        (matter("in_force", CityDecisionRecorded=decided()), "決まりました", "令和7年7月30日に市が決定"),
        (matter("concluded", CityResponseRecorded=DECLINED), "市が回答しました", "令和7年7月16日に回答"),
        (matter("withdrawn", MatterWithdrawn=event(None)), "取り下げ", "日付の記録なし"),
    ],
)  # fmt: skip
def test_the_tag_says_where_it_stands_and_since_when(m: Json, label: str, note: str) -> None:
    shown = tag(m)
    assert (shown["label"], "".join(part.text for part in shown["note"])) == (label, note)


def test_pictures_say_in_one_sentence_what_they_show() -> None:
    dots = quorum_dots({"serving": 28, "present": 26, "required": 15})
    assert dots is not None and dots["sentence"] == "28人のうち26人が出席。必要な15人に達していた。"
    filled = [dot["x"] for dot in dots["dots"] if dot["present"]]
    assert len(filled) == 26 and filled[14] < dots["line"] < filled[15]
    votes = vote_bar({"for": 18, "against": 7, "abstain": 1}, has_half=True)
    assert votes is not None and votes["sentence"] == "賛成18人、反対7人、棄権1人。"
    assert sum(part["width"] for part in votes["parts"]) == pytest.approx(358, abs=0.2)
    assert quorum_dots({"serving": None, "present": 3}) is None and vote_bar(None, has_half=True) is None
    rows = [{"label": "令和7年度", "budget": 10, "spent": 5, "budget_label": "10円", "spent_label": "5円"}]
    bars = money_bars(rows)
    assert bars is not None and bars["bars"][0]["fill"] * 2 == bars["bars"][0]["frame"]
    stacked = stacked_bars([{"label": "令和7年度", "counts": {"a": 1, "b": 3}}], [("a", "x"), ("b", "y")])
    assert stacked is not None and [part["n"] for part in stacked["rows"][0]["parts"]] == [1, 3]
