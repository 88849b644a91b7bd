"""What of the year is done on the screens of the daily work: which acts of the story they do together, and
what is typed there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from api.office.meetings.evening import STATES
from api.office.meetings.statements import STANCES
from domain.values.calendar import JAPAN
from tests.api.office.every_form.acts import Act, body_of
from tests.api.office.every_form.retelling import Told
from tests.support.browsing.year import forms
from tests.support.clerk import Clerk


@dataclass
class Step:
    """Acts that are done together. ``screen``: where; None: each in its own form."""

    acts: list[Act]
    screen: str | None = None
    do: Callable[[Any, list[Act]], None] | None = None

    @property
    def day(self) -> str:
        """The day on which it was written down."""
        return self.acts[0].at.date().isoformat()


def steps(acts: Sequence[Act]) -> list[Step]:
    """The acts of the story as somebody does them who has these screens."""
    left, planned = list(acts), list[Step]()
    for drafted in [act for act in left if is_act(act, "Meeting", "draft_minutes")]:
        _with_its_document(left, drafted)
    for opened in [act for act in left if is_act(act, "Meeting", "open")]:
        _ahead_of(left, opened)
    while left:
        planned.append(_next(left))
    return planned


def _next(left: list[Act]) -> Step:
    first = left[0]
    for begins, screen, of, do in SCREENS:
        if is_act(first, *begins):
            taken = of(left)
            if taken:
                for act in taken:
                    left.remove(act)
                return Step(taken, screen, do)
    return Step([left.pop(0)])


def _with_its_document(left: list[Act], drafted: Act) -> None:
    """The screen of minutes registers their text itself: the story's document comes with the draft."""
    text = body_of(drafted)["document_id"]
    (registered,) = (a for a in left if a.entity == text and is_act(a, "Document", "register"))
    left.remove(registered)
    left.insert(left.index(drafted) + 1, registered)


def _ahead_of(left: list[Act], opened: Act) -> None:
    """The meeting to which an item is carried over is made before that is said."""
    for act in [a for a in left if a.at.date() == opened.at.date() and is_act(a, "Meeting", "schedule")]:
        if act.entity != opened.entity and left.index(act) > left.index(opened):
            left.remove(act)
            left.insert(left.index(opened), act)


def is_act(act: Act, kind: str, *commands: str) -> bool:
    return act.command.aggregate.__name__ == kind and act.command.name in commands


def _same_day(left: list[Act]) -> list[Act]:
    return [act for act in left if act.at.date() == left[0].at.date()]


# -- members are appointed: 名簿を貼る

HEADINGS = ("氏名", "区分", "推薦団体", "任期（自）", "任期（至）", "氏名公表")


def _appointed(left: list[Act]) -> list[Act]:
    """A term with its members, who are registered for it, and their consent to being named."""
    today = _same_day(left)
    seats = [act for act in today if is_act(act, "Council", "appoint")]
    people = {str(body_of(act)["party_id"]) for act in seats}
    of_them = ("register_person", "give_name_consent")
    theirs = [act for act in today if is_act(act, "Party", *of_them) and act.entity in people]
    return [left[0], *theirs, *seats]


def paste_the_roster(desk: Any, acts: list[Act]) -> None:
    clerk: Clerk = desk.clerk
    names = {a.entity: body_of(a)["name"] for a in acts if a.command.name == "register_person"}
    named = {a.entity for a in acts if a.command.name == "give_name_consent"}
    words = {"organisation": "団体", "public_recruitment": "公募"}
    lines = [HEADINGS]
    for act in acts:
        if act.command.name != "appoint":
            continue
        seat = body_of(act)
        first, last = (written(dt.date.fromisoformat(seat[d]["value"])) for d in ("from_date", "to_date"))
        who, by = seat["party_id"], desk.title(seat.get("nominated_by")) or ""
        yes = "可" if who in named else "否"
        lines.append((names[who], words[seat["category"]], by, first, last, yes))
    desk.to_desk(clerk)
    clerk.follow("委員")
    clerk.follow("名簿を貼る")
    clerk.paste("表計算ソフトから写して貼り付ける", "\n".join("\t".join(line) for line in lines))
    clerk.press("下見へ進む")
    clerk.fill("委嘱の決裁の文書番号", acts[0].terms.envelope["document_no"])
    with clerk.page.expect_event("domcontentloaded"):
        clerk.page.locator('main button[name=do][value="check"]:visible').last.click()
    with clerk.page.expect_event("domcontentloaded", timeout=60_000):
        clerk.page.locator('main button[name=do][value="record"]:visible').first.click()
    clerk.counted.presses += 2
    _must_be_done(clerk, "委員の名簿を記録しました")


# -- a meeting is made: 会議をつくる


def _made(left: list[Act]) -> list[Act]:
    first = left[0]
    wanted = ("schedule", "list_item", "notify")
    return [a for a in _same_day(left) if a.entity == first.entity and is_act(a, "Meeting", *wanted)]


def make(desk: Any, acts: list[Act]) -> None:
    clerk: Clerk = desk.clerk
    desk.to_desk(clerk)
    clerk.follow("会議")
    clerk.follow("会議をつくる")
    said = body_of(acts[0])
    starts = dt.datetime.fromisoformat(said["starts_at"]).astimezone(JAPAN)
    clerk.fill("会議の日", written(starts.date()))
    clerk.fill("開会の時刻", f"{starts:%H:%M}")
    clerk.fill("場所", said.get("place", ""))
    forms.pick(clerk, "kind", said["kind"])
    clerk.fill("会議の名前", said["title"])
    clerk.fill("回", str(said["no"]))
    items = [body_of(act) for act in acts if act.command.name == "list_item"]
    lines = clerk.page.locator("input[name^='item.'][name$='.title']").count()
    for n in range(lines):
        item = items[n] if n < len(items) else {}
        title = clerk.page.locator(f"input[name='item.{n}.title']")
        if item or title.input_value():
            forms.type_in(clerk, f"item.{n}.title", item.get("title", ""))
            forms.pick(clerk, f"item.{n}.type", item.get("type", ""))
            matter = desk.title(item.get("matter_id"))
            if matter or not item:
                forms.type_in(clerk, f"item.{n}.matter", matter or "", choice=True)
    notices = [body_of(act) for act in acts if act.command.name == "notify"]
    for notice in notices:
        clerk.fill("通知日", written(dt.date.fromisoformat(notice["notice_on"])))
        clerk.fill("傍聴の定員", str(notice["observer_capacity"]))
    forms.take(clerk, "when", "today")
    clerk.press("会議を記録する")
    _must_be_done(clerk, None)


def give_notice(desk: Any, acts: list[Act]) -> None:
    """通知する, on the meeting's own screen."""
    clerk, notice = desk.clerk, body_of(acts[0])
    desk.to_thing(clerk, acts[0].command.aggregate, desk.here(acts[0].entity))
    clerk.fill("通知日", written(dt.date.fromisoformat(notice["notice_on"])))
    clerk.fill("傍聴の定員", str(notice["observer_capacity"]))
    clerk.press("たしかめる", within="通知する")
    clerk.press("通知を記録する")
    _must_be_done(clerk, None)


# -- a meeting is held: 会議当日

OF_THE_EVENING = (
    *("open", "arrive", "leave", "record_statement", "declare_recusal", "take_resolution"),
    *("carry_over", "note_item", "close", "conclude", "confirm_no_dissent", "file_dissent"),
)


def _held(left: list[Act]) -> list[Act]:
    """Of the evening, all that the screen says; what is reported of an entrustment has its own form."""
    return [
        act
        for act in _same_day(left)
        if is_act(act, "Meeting", *OF_THE_EVENING) or is_act(act, "Matter", *OF_THE_EVENING)
    ]


def hold(desk: Any, acts: list[Act]) -> None:
    clerk: Clerk = desk.clerk
    meeting = acts[0]
    desk.to_thing(clerk, meeting.command.aggregate, desk.here(meeting.entity))
    clerk.follow("会議当日")
    opened, closed = body_of(meeting), body_of(_one(acts, "close"))
    forms.type_in(clerk, "open.at", clock(opened["at"]))
    forms.pick(clerk, "open.presiding", desk.here(opened["presiding"]))
    _attendance(desk, acts, {opened["presiding"], *opened["present"]})
    outcomes = [a for a in acts if a.command.name in ("take_resolution", "carry_over", "note_item")]
    for act in outcomes:
        if act.command.aggregate.__name__ == "Meeting":
            _item(desk, acts, act)
    forms.type_in(clerk, "close.at", clock(closed["at"]))
    for other in clerk.page.locator("main input[name^='others.'][name$='.name']").all():
        if other.input_value():  # whom the screen expects besides; the story says nothing of them
            forms.type_in(clerk, str(other.get_attribute("name")), "")
    for name in ("observers", "press", "staff"):
        forms.type_in(clerk, f"close.{name}", str(closed[name]))
    clerk.press("会議ぜんぶを記録する")
    _must_be_done(clerk, None)


def _attendance(desk: Any, acts: list[Act], there: set[str]) -> None:
    clerk: Clerk = desk.clerk
    came = {body_of(a)["appointment_id"]: body_of(a) for a in acts if a.command.name == "arrive"}
    went = {body_of(a)["appointment_id"]: body_of(a) for a in acts if a.command.name == "leave"}
    names = {desk.here(seat): seat for seat in desk.seats_of_story()}
    for control in clerk.page.locator("ul.att fieldset input[type=radio][value=present]").all():
        name = str(control.get_attribute("name"))
        seat = names[name.removeprefix("att.")]
        state = "present" if seat in there else "absent"
        if seat in came:
            state = "online" if came[seat]["mode"] == "online" else "late"
        elif seat in went:
            state = "early"
        assert state in STATES
        forms.take(clerk, name, state)
        for what, moved in (("came", came), ("went", went)):
            if seat in moved:
                forms.type_in(clerk, f"{name}.{what}", clock(moved[seat]["at"]))


def _item(desk: Any, acts: list[Act], act: Act) -> None:
    clerk, said = desk.clerk, body_of(act)
    at = desk.here(said["item_id"])
    mine = [a for a in acts if body_of(a).get("item_id") == said["item_id"]]
    spoken = [body_of(a) for a in mine if a.command.name == "record_statement"]
    if spoken:
        lines = [f"○{desk.given_name(s['speaker'])}委員{stands(s)}　{s['text']}" for s in spoken]
        forms.type_in(clerk, f"{at}.talk", "\n".join(lines))
    for recused in (body_of(a) for a in mine if a.command.name == "declare_recusal"):
        forms.take(clerk, f"{at}.recused", desk.here(recused["appointment_id"]))
        forms.pick(clerk, f"{at}.recused_because", recused["reason_class"])
    if act.command.name == "note_item":
        forms.take(clerk, f"{at}.end", "note")
        return
    if act.command.name == "carry_over":
        forms.take(clerk, f"{at}.end", "carry")
        forms.type_in(clerk, f"{at}.carry", said["reason"])
        if said.get("to_meeting"):
            forms.pick(clerk, f"{at}.carry_to", desk.here(said["to_meeting"]))
        return
    forms.take(clerk, f"{at}.end", "entrust" if said["method"] == "chair_entrusted" else "resolve")
    if said["method"] != "chair_entrusted":
        forms.take(clerk, f"{at}.method", said["method"])
    forms.type_in(clerk, f"{at}.at", clock(said["at"]))
    if said.get("tally"):
        forms.type_in(clerk, f"{at}.for", str(said["tally"]["for"]))
        forms.type_in(clerk, f"{at}.abstain", str(said["tally"]["abstain"]))
    if said.get("limits"):
        forms.type_in(clerk, f"{at}.outcome", said["limits"])
    concluded = [body_of(a) for a in acts if is_act(a, "Matter", "conclude")]
    for fact in (*concluded, said.get("conclusion") or {}):
        if fact.get("chosen_option"):
            forms.pick(clerk, f"{at}.option", desk.here(fact["chosen_option"]))
        if fact.get("reason"):
            forms.type_in(clerk, f"{at}.reason", fact["reason"])
        if fact.get("conditions"):
            forms.type_in(clerk, f"{at}.conditions", "\n".join(fact["conditions"]))
        if fact.get("points"):
            lines = [f"{one['point']}：{one['text']}" for one in fact["points"]]
            forms.type_in(clerk, f"{at}.points", "\n".join(lines))
    for n, dissent in enumerate(a for a in acts if is_act(a, "Matter", "file_dissent")):
        filed, source = body_of(dissent), dissent.terms.envelope.get("source")
        forms.pick(clerk, f"{at}.dissent.{n}.kind", filed["kind"])
        forms.pick(clerk, f"{at}.dissent.{n}.who", desk.here(filed["holder"]))
        forms.type_in(clerk, f"{at}.dissent.{n}.text", filed["text"])
        if source is not None:
            title = desk.title(source.document_id)
            forms.type_in(clerk, f"{at}.dissent.{n}.document", title, choice=True)
            forms.type_in(clerk, f"{at}.dissent.{n}.locator", source.locator)
    if any(is_act(a, "Matter", "confirm_no_dissent") for a in acts):
        forms.take(clerk, f"{at}.no_dissent", "1")


def stands(statement: dict[str, Any]) -> str:
    stance = statement.get("stance")
    return f"（{STANCES[stance][0]}）" if stance else ""


# -- its minutes: 会議録

OF_MINUTES = ("draft_minutes", "circulate_minutes", "confirm_minutes", "publish_minutes")


def _minuted(left: list[Act]) -> list[Act]:
    first = left[0]
    theirs = [a for a in _same_day(left) if a.entity == first.entity and is_act(a, "Meeting", *OF_MINUTES)]
    return [*theirs, left[1]]  # with the document of their text


def minute(desk: Any, acts: list[Act]) -> None:
    clerk: Clerk = desk.clerk
    desk.to_thing(clerk, acts[0].command.aggregate, desk.here(acts[0].entity))
    clerk.follow("会議録")
    for act in acts:
        when = act.terms.envelope.get("effective")
        day = written(dt.date.fromisoformat(str(when.value))) if when is not None else ""
        said = body_of(act)
        if act.command.name == "draft_minutes":
            forms.type_in(clerk, "drafted_on", day)
        elif act.command.name == "circulate_minutes":
            forms.type_in(clerk, "circulated_on", day)
            forms.type_in(clerk, "reply_by", written(dt.date.fromisoformat(said["reply_by"])))
        elif act.command.name == "confirm_minutes":
            forms.type_in(clerk, "confirmed_on", day)
        elif act.command.name == "publish_minutes":
            forms.type_in(clerk, "published_on", written(dt.date.fromisoformat(said["on"])))
    clerk.press("会議録を記録する")
    _must_be_done(clerk, None)


# -- what goes to the city, and what it answers and decides

OF_THE_CITY = ("transmit", "record_city_response", "record_city_decision")


def _city(left: list[Act]) -> list[Act]:
    first = left[0]
    return [a for a in _same_day(left) if a.entity == first.entity and is_act(a, "Matter", *OF_THE_CITY)]


def send_or_answer(desk: Any, acts: list[Act]) -> None:
    clerk: Clerk = desk.clerk
    matter = desk.here(acts[0].entity)
    desk.to_thing(clerk, acts[0].command.aggregate, matter)
    desk.go(clerk, f"/desk/matters/{matter}/city", "市への送付、回答と決定")
    for act in acts:
        said = desk.here(body_of(act))
        at = {"transmit": "/sent", "record_city_response": "/answer"}.get(act.command.name, "/decision")
        for name, value in said.items():
            if name == "promised":
                forms.type_in(clerk, f"{at}/promised", "\n".join(map(_promise, value)))
            elif name == "points":
                forms.type_in(clerk, f"{at}/points", "\n".join(f"{p['point']}：{p['text']}" for p in value))
            elif name == "record":
                _evidence(clerk, value)
            elif isinstance(value, dict):
                forms.type_in(clerk, f"{at}/{name}", written(dt.date.fromisoformat(value["value"])))
            else:
                forms.say(clerk, f"{at}/{name}", value)
    clerk.press("たしかめる")
    _must_be_done(clerk, None)
    clerk.press("記録する")
    _must_be_done(clerk, None)


def _promise(step: dict[str, Any]) -> str:
    return f"{step['what']}：{written(dt.date.fromisoformat(step['by_when']['value']))}"


def _evidence(clerk: Clerk, record: dict[str, Any]) -> None:
    if "actor" not in record:
        return
    forms.say(clerk, "/evidence/by", record["actor"]["party"])
    shown = record["evidence"]
    forms.say(clerk, "/evidence/kind", shown["kind"])
    forms.type_in(clerk, "/evidence/on", written(dt.date.fromisoformat(shown["on"])))
    if shown.get("reference"):
        forms.type_in(clerk, "/evidence/reference", shown["reference"])


# -- what both need


def _one(acts: list[Act], command: str) -> Act:
    return next(act for act in acts if act.command.name == command)


def clock(moment: str) -> str:
    return f"{dt.datetime.fromisoformat(moment).astimezone(JAPAN):%H:%M}"


def written(day: dt.date) -> str:
    """As the story writes its days: what is typed by the era stands so in the record."""
    return day.isoformat()


def _must_be_done(clerk: Clerk, says: str | None) -> None:
    wrong = clerk.refused()
    if wrong or (says is not None and not clerk.sees(says)):
        raise Told(f"not recorded: {' '.join(wrong)[:500] or clerk.text()[:300]}")


SCREENS: tuple[tuple[tuple[str, ...], str, Callable[..., list[Act]], Callable[..., None]], ...] = (
    (("Council", "open_term"), "名簿を貼る", _appointed, paste_the_roster),
    (("Meeting", "schedule"), "会議をつくる", _made, make),
    (("Meeting", "notify"), "会議の画面", lambda left: left[:1], give_notice),
    (("Meeting", "open"), "会議当日", _held, hold),
    (("Matter", *OF_THE_CITY), "市への送付、回答と決定", _city, send_or_answer),
    (("Meeting", "draft_minutes"), "会議録", _minuted, minute),
)
