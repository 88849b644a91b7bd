"""The five strips of a matter 提起・案・会議・結論・市: how far each is, what it says, and the one next act.

Made from what the public page shows of the same matter (api/pages/matter), so that both say the same.
"""

from __future__ import annotations

from typing import Literal

from api.http.language import tr
from api.pages.parts.names import Names
from api.pages.parts.sentences import plain
from projections.engine.event_json import Json

State = Literal["ok", "now", "todo"]


def strips(data: Json, page: Json, names: Names) -> list[Json]:
    """``data``: what the page read; ``page``: what it shows. The first strip that is not done is next."""
    m = data["matter"]
    listed = [_raised(m, page), _options(m, page), _meetings(m, page), _concluded(m, page), _city(m, page)]
    over = m["state"] in ("withdrawn", "rescinded", "superseded")
    first_open = next((n for n, strip in enumerate(listed) if not strip["done"]), None)
    for n, strip in enumerate(listed):
        is_next = n == first_open and not over
        strip["state"] = "ok" if strip["done"] else "now" if is_next else "todo"
        strip["state_label"] = {
            "ok": tr("すみ", "done"),
            "now": tr("つぎはここ", "next"),
            "todo": tr("これから", "to come"),
        }[strip["state"]]
    return listed


def _strip(
    key: str,
    label: str,
    *,
    done: bool,
    say: str,
    detail: list[str],
    act: tuple[str, str] | None,
    fact: Json | None = None,
) -> Json:
    """``act``: the command that comes next in it, if any, and what the button says. ``fact``: what it rests
    on, if that is one line of the record."""
    text = tr("　", "; ").join(filter(None, detail))
    return {
        "key": key,
        "label": label,
        "done": done,
        "say": say,
        "detail": text or None,
        "command": act[0] if act else None,
        "act_label": act[1] if act else None,
        "line": (fact or {}).get("line"),
    }


def _when(fact: Json | None) -> str:
    date = (fact or {}).get("date")
    return str(date["full_label"]) if date else tr("日付の記録なし", "date not recorded") if fact else ""


def _raised(m: Json, page: Json) -> Json:
    raised = page["raised"]
    by = plain(raised["by_label"]) if raised else ""
    by_whom = tr(f"{by}が提起した。", f"Raised by {by}.") if by else tr("提起された。", "Raised.")
    return _strip(
        "raised",
        tr("提起", "Raised"),
        done=raised is not None,
        say=by_whom if raised else tr("提起の記録なし", "not on record as raised"),
        detail=[_when(raised)],
        act=("attach-evidence", tr("資料を足す", "Add evidence")),
        fact=raised,
    )


def _options(m: Json, page: Json) -> Json:
    options, frozen = page["options"], page["options_version"] is not None
    open_ones = [plain(o["label"]) for o in options if o["status"] != "withdrawn"]
    withdrawn = sum(o["status"] == "withdrawn" for o in options)
    none = tr("案の記録なし（原案のまま諮れます）", "no option on record (a proposal may be put as is)")
    settle = "freeze-options", tr("案を確定する", "Settle the options")
    add = "propose-option", tr("案を足す", "Add an option")
    return _strip(
        "options",
        tr("案", "Options"),
        done=frozen or page["council_conclusion"] is not None,
        say=tr("、", ", ").join(open_ones) or none,
        detail=[
            tr("確定しています", "settled") if frozen else "",
            tr(f"取り下げた案{withdrawn}件", f"{withdrawn} withdrawn") if withdrawn else "",
        ],
        act=settle if options and not frozen else add,
    )


def _meetings(m: Json, page: Json) -> Json:
    meetings, dissents = page["meetings"], len(page["dissents"])
    last = next((one for one in reversed(meetings) if one["result_label"]), None)
    titles = tr("、", ", ").join(plain(one["title"]) for one in meetings)
    if last is not None:
        at, result = plain(last["title"]), last["result_label"]
        say = tr(f"{titles}で話し合い、{at}で{result}。", f"Discussed in {titles}; {result} in {at}.")
    elif meetings:
        say = tr(f"{titles}で話し合っている。", f"Under discussion in {titles}.")
    else:
        say = tr("まだどの会議の議題にもなっていません。", "On no meeting's agenda yet.")
    return _strip(
        "meetings",
        tr("会議", "Meetings"),
        done=last is not None or page["council_conclusion"] is not None,
        say=say,
        detail=[
            _when(last),
            tr(f"少数意見{dissents}件", f"{dissents} dissenting") if dissents else "",
        ],
        act=("carry-over", tr("継続を記録する", "Carry it over")),
    )


def _concluded(m: Json, page: Json) -> Json:
    concluded, sent = page["council_conclusion"], page["transmission"]
    say, detail = tr("市民会議の結論はまだありません。", "The council has not concluded."), [""]
    if concluded is not None:
        option, result = plain(concluded["option_label"]), concluded["result_label"]
        say = tr(f"{result}：{option}", f"{result}: {option}") if option else result
        unsent = tr("市へはまだ送っていません", "not sent to the city yet")
        on = _when(sent)
        detail = [_when(concluded), tr(f"市へ送付 {on}", f"sent to the city {on}") if sent else unsent]
    conclude = "conclude", tr("結論を記録する", "Record the conclusion")
    send = "city", tr("市へ送る", "Send it to the city")
    return _strip(
        "concluded",
        tr("結論", "Conclusion"),
        done=concluded is not None and sent is not None,
        say=say,
        detail=detail,
        act=conclude if concluded is None else None if sent else send,
        fact=concluded,
    )


def _city(m: Json, page: Json) -> Json:
    answered, decided = page["city_response"], page["city_decision"]
    parts = []
    if answered:
        words = answered["disposition_label"]
        parts.append(tr(f"回答：{words}", f"answer: {words}"))
    if decided:
        words = plain(decided["text"]) or decided["authority_label"]
        parts.append(tr(f"決定：{words}", f"decision: {words}"))
    none = tr("市の回答と決定の記録はありません。", "No answer and no decision of the city is on record.")
    return _strip(
        "city",
        tr("市", "City"),
        done=decided is not None,
        say=tr("。", ". ").join(parts) or none,
        detail=[_when(answered), _when(decided)],
        act=("city", tr("市の回答と決定を記録する", "Record the city's answer and decision")),
        fact=decided,
    )
