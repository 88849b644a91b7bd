"""A decision from the agenda to the city's answer; what it looks like on paper; and taken back, as it was
written by mistake."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pikepdf

from tests.office_targets.work import Measured, asked, lacks, log, plain
from tests.support.clerk import Clerk

TITLE = "地域の茶の間の開設"
ARTICLE = "みなも市市民協働条例（架空）　条例第17条（市民会議）"
OPTIONS = (
    "市が借り上げる　市が借り上げて運営を委ねる。",
    "開設費を補助する　団体が借り、市が補助する。",
)
SAID = (
    "○座長　議事1です。事務局から説明をお願いします。",
    "○事務局　空き家を借り上げる案と、開設費を補助する案の二つです。",
    "○三枝委員　補助は2年目からどうなりますか。",
    "○事務局　3年を限度とします。",
    "○五月委員　担い手が続くので、補助がよいと思います。",
)
DECIDED = "令和8年度は1か所とし、1,200千円を補助する。"
MOST_PAGES = 2


def a_decision(clerk: Clerk, sign_in: Any) -> Measured:
    """Two options, five statements, 異議なし, minutes, reply."""
    with clerk.work() as cost:
        sign_in()
        clerk.follow("会議をつくる")
        clerk.fill("会議の日", "R8.5.20")
        clerk.fill("議題1", TITLE)
        clerk.choose("扱い", "決定")
        clerk.unfold("新しい案件にする")
        clerk.fill("何を決めるか（問い）", "空き家を活用した茶の間をどう開くか。")
        clerk.choose("根拠の条文", ARTICLE)
        clerk.fill("案", *OPTIONS)
        clerk.fill("通知日", "R8.5.8")
        clerk.mark("書類の日付")
        clerk.fill("書類の日付", "R8.5.8")
        clerk.press("会議を記録する")

        clerk.fill("発言", *SAID)
        clerk.choose("採決にかけた案", "開設費を補助する")
        clerk.mark("結論を出す")
        clerk.fill("結論の理由", "担い手が続くため")
        clerk.fill("閉会の時刻", "20:30")
        clerk.fill("傍聴者", "5")
        clerk.fill("事務局", "2")
        clerk.press("会議ぜんぶを記録する")

        clerk.fill("つくった日", "R8.5.25")
        clerk.mark("資料はなかった")
        clerk.fill("確認した日", "R8.6.10")
        clerk.fill("頁・箇所", "3頁")
        clerk.fill("公表の日", "R8.6.12")
        clerk.press("会議録を記録する")

        clerk.fill("送った日", "R8.6.15")
        clerk.fill("送付の番号", "8み協市会第3号")
        clerk.choose("提言への答え", "一部受け入れ")
        clerk.fill("その理由", "担い手が続くことを1か所で確かめるため。")
        clerk.fill("回答書の番号", "8み協発第40号")
        clerk.fill("回答の日", "R8.7.30")
        clerk.mark("市長", within="決裁")
        clerk.fill("決めたこと（提言とちがうところ）", DECIDED)
        clerk.fill("起案の日", "R8.7.6")
        clerk.fill("合議した職", "財政課長、建築課長")
        clerk.fill("決裁した職", "市長")
        clerk.fill("決裁の日", "R8.7.21")
        clerk.fill("施行の日", "R8.9.1")
        clerk.fill("決裁の文書番号", "8み協第187号")
        clerk.mark("メール", within="文書が登録されていないとき")
        clerk.fill("その日付", "R8.7.22")
        clerk.press("記録する")
    return Measured(
        "a decision from agenda to the city's answer (2 options, 5 statements, 異議なし, minutes, reply)",
        "≤ 6 page loads, ≤ 40 typed values, 0 ids, 1 login",
        cost,
        {"logins": 1, "loads": 6, "typed": 40, "ids": 0, "pasted": 0},
        _what_the_decision_lacks(clerk),
    )


def _what_the_decision_lacks(clerk: Clerk) -> list[str]:
    """What of the decision is not on record, or not as it was."""
    (matter,) = asked(clerk, "/matters")["items"]
    (meeting,) = [m for m in asked(clerk, "/meetings")["items"] if m["state"] != "notified"]
    said = [e for e in log(clerk) if e["type"] == "StatementRecorded"]
    (concluded,), (decided,) = matter["MatterConcluded"], matter["CityDecisionRecorded"]
    (answered,), (sent,) = matter["CityResponseRecorded"], matter["ConclusionTransmitted"]
    return lacks(
        (clerk.path == f"/desk/matters/{matter['matter_id']}", "the matter stands before the clerk"),
        (matter["title"] == TITLE, "the matter's title"),
        (
            [o["label"] for o in matter["OptionProposed"]] == ["市が借り上げる", "開設費を補助する"],
            "two options",
        ),
        (concluded["method"] == "no_objection" and concluded["result"] == "adopted", "adopted, 異議なし"),
        (concluded["chosen_option"] == matter["OptionProposed"][1]["option_id"], "which option"),
        (concluded["said"]["effective"]["value"] == "2026-05-20", "concluded on the day of the meeting"),
        (concluded["said"]["role"] == "CHR", "concluded by the chair"),
        ([e["data"]["text"] for e in said] == [line.split("　", 1)[1] for line in SAID], "five statements"),
        ([bool(e["data"].get("speaker")) for e in said] == [True, False, True, False, True], "who spoke"),
        (meeting["MeetingOpened"][0]["quorum"]["result"] == "met", "the quorum"),
        (meeting["MinutesConfirmed"][0]["said"]["effective"]["value"] == "2026-06-10", "minutes confirmed"),
        (meeting["state"] == "published", "minutes published"),
        ((sent["on"]["value"], sent["to"]) == ("2026-06-15", "org-city"), "sent to the city"),
        ((answered["disposition"], answered["on"]["value"]) == ("partly", "2026-07-30"), "the city's answer"),
        ((decided["text"], decided["authority"]) == (DECIDED, "mayor"), "the city's decision"),
        (
            (decided["said"]["role"], decided["said"]["recorded_by"]) == ("APR", "SEC"),
            "who decided, who wrote",
        ),
        (decided["drafted_on"]["value"] == "2026-07-06", "起案"),
        ([c["post"] for c in decided["consulted"]] == ["財政課長", "建築課長"], "合議"),
        ((decided["decided_on"]["value"], decided["approved_by_post"]) == ("2026-07-21", "市長"), "決裁"),
        (decided["in_force_from"]["value"] == "2026-09-01", "施行"),
        (decided["document_no"] == "8み協第187号", "the number of the decision"),
    )


# -- on paper


def an_account(clerk: Clerk) -> Measured:
    """From the matter, one click; then the same of every decision of a year."""
    with clerk.work() as cost:
        clerk.follow("決定の経緯（1枚）")
    missing, pages = [], []
    for matter in asked(clerk, "/matters")["items"]:
        address = f"{clerk.base}/matters/{matter['matter_id']}/account"
        pdf = clerk.context.request.get(f"{address}.pdf").body()
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            pages.append(len(opened.pages))
        page = plain(clerk.context.request.get(address).text())
        missing += [f"{matter['title']}: {text}" for text in _told_of(matter) if plain(text) not in page]
    return Measured(
        "決定の経緯 of any decision",
        "one click, one A4 (two at most), right without editing",
        cost,
        {"presses": 1, "loads": 1, "typed": 0},
        missing + ["an account of more than two pages"] * (max(pages) > MOST_PAGES),
        f"{len(pages)} accounts, the longest {max(pages)} A4",
    )


def _told_of(matter: Any) -> list[str]:
    """What an account has to say of a matter, as the record has it."""
    options = {o["option_id"]: o["label"] for o in matter.get("OptionProposed") or ()}
    concluded = (matter.get("MatterConcluded") or [{}])[-1]
    told = [matter["title"], options.get(concluded.get("chosen_option") or "", "")]
    for name in ("ConclusionTransmitted", "CityResponseRecorded", "CityDecisionRecorded"):
        for fact in matter.get(name) or ():
            told += [fact.get(part) or "" for part in ("document_no", "text", "reason", "approved_by_post")]
            told += [_in_words(fact[day]) for day in ("on", "decided_on") if fact.get(day)]
    return [text.rstrip("。") for text in told if text]


def _in_words(day: Any) -> str:
    """A day as papers have it: 令和8年7月21日."""
    if day["precision"] != "day":
        return ""
    date = dt.date.fromisoformat(day["value"])
    return f"令和{date.year - 2018}年{date.month}月{date.day}日"


# -- taken back


def a_mistake(clerk: Clerk) -> Measured:
    """The city's decision was recorded today, and should not have been: from its strip."""
    with clerk.work() as cost:
        clerk.follow("直す", within="市")
        clerk.press("取り消す")
    (matter,) = asked(clerk, "/matters")["items"]
    (withdrawn,) = [e for e in log(clerk) if e["type"] == "EventWithdrawn"]
    return Measured(
        "a mistake of today",
        "two clicks",
        cost,
        {"presses": 2, "choices": 0, "typed": 0, "ids": 0},
        lacks(
            (withdrawn["data"]["target_type"] == "CityDecisionRecorded", "what was taken back"),
            (bool(withdrawn["data"]["reason"]), "why"),
            (not matter.get("CityDecisionRecorded"), "it counts no more"),
            (bool(matter["CityResponseRecorded"]), "the answer stands"),
        ),
    )
