"""Home for a citizen: what the council is, what was decided lately, how the city answered, what comes next,
how to take part, what it costs, what is still open, and whether the record can be believed.

One story: its eight parts in the order in which they stand. A record without a matter shows what it has
instead: its actions, and its studies with their questions.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, current_app, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from api.http.language import tags, tr
from api.pages.matter import matters
from api.pages.matter.decision_page import shown_sentence
from api.pages.matter.status import reason_of, tag
from api.pages.matter.three_sentences import cost, last, three_sentences, yen
from api.pages.meeting.meeting_list import count_and_next, show_next
from api.pages.parts import marks, pictures
from api.pages.parts.days import era_only, short
from api.pages.parts.names import Names
from api.pages.parts.phrases import joined, phrase, recorded, strong, whole
from api.pages.parts.serving import Page, rows
from api.pages.record import home_figures
from api.pages.record.home_figures import ANSWERS
from api.reads.as_of import day_shown
from api.reads.reading import is_staff
from api.words import wording
from projections.answers.ledger import ledger_of
from projections.engine.event_json import Json
from projections.views.council import council_roster
from projections.views.matter import matter_list
from projections.views.plan import action_ledger, plan_progress, study_board
from projections.views.record import corrections

CARDS = 3
LOOKED_AT = 24
"""So many of the newest conclusions are looked at for those on which the city has decided."""
OPEN = 4
SHOWN_ACTIONS = 6
LINE = 44


def read(connection: sa.Connection) -> Json:
    council = _council(connection)
    counts = _counts(connection)
    _, coming = count_and_next(connection)
    talking, newest = home_figures.talking(connection, OPEN)
    return {
        "council": council,
        "serving": _serving(connection, council["council_id"]) if council else None,
        "decided": _decided(connection),
        "sent": home_figures.sent_to_city(connection),
        "next_meeting": coming,
        "comment_periods": _comment_periods(connection),
        "money": home_figures.money(connection),
        "talking": newest,
        "talking_count": talking,
        "actions": [] if counts["matters"] else _actions(connection),
        "studies": rows(connection, "studies", connection.execute(study_board.studies().limit(OPEN))),
        "counts": counts,
    }


def _council(connection: sa.Connection) -> Json | None:
    """The council that is there: of several the first that still exists."""
    listed = connection.execute(council_roster.councils().limit(50)).all()
    there = [row for row in listed if row.state == "established"] or listed
    return marks.first(rows(connection, "councils", there[:1]))  # type: ignore[no-any-return]


def _serving(connection: sa.Connection, council_id: str) -> int | None:
    """How many hold a seat; None where no seat is on record."""
    seats = council_roster.roster(council_id, day_shown()).subquery()
    return connection.scalar(sa.select(sa.func.count()).select_from(seats)) or None


def _counts(connection: sa.Connection) -> dict[str, int]:
    def of(table: sa.Table) -> sa.ScalarSelect[int]:
        return sa.select(sa.func.count()).select_from(table).scalar_subquery()

    corrected = corrections.fixes(act="correction", state="approved").subquery()
    counted = sa.select(
        of(matter_list.matter.table).label("matters"),
        of(action_ledger.action.table).label("actions"),
        sa.select(sa.func.count()).select_from(corrected).scalar_subquery().label("corrections"),
    )
    (row,) = connection.execute(counted).all()
    return dict(row._mapping)


def _decided(connection: sa.Connection) -> list[Json]:
    """The newest decisions of the city with what belongs to them; where there are too few, the newest
    conclusions."""
    newest = rows(connection, "matters", connection.execute(matter_list.newest_conclusions(LOOKED_AT)))
    by_day = sorted(newest, key=_decided_on, reverse=True)
    chosen = [m for m in by_day if "closed" not in m][:CARDS]
    return matters.with_what_belongs(connection, chosen)


def _decided_on(m: Json) -> tuple[bool, str]:
    """By this the newest decision comes first, and what the city has not decided last."""
    decided, concluded = last(m, "CityDecisionRecorded"), last(m, "MatterConcluded")
    e = decided or concluded
    return decided is not None, (e["said"]["effective"]["earliest"] or "") if e else ""


def _comment_periods(connection: sa.Connection) -> list[Json]:
    open_plans = connection.execute(plan_progress.plans(state="public_comment").limit(OPEN))
    return rows(connection, "plans", open_plans)


def _actions(connection: sa.Connection) -> list[Json]:
    chosen = rows(connection, "actions", connection.execute(action_ledger.actions().limit(SHOWN_ACTIONS)))
    return [
        {
            "action_id": action["action_id"],
            "state": action["state"],
            "ledger": ledger_of(connection, action_id=action["action_id"], staff=is_staff()),
        }
        for action in chosen
    ]


# ------------------------------------------------------------------------------------------------- as shown


def show(data: Json, names: Names) -> Json:
    return {
        "council": _shown_council(data, names),
        "decided": [_card(entry, names) for entry in data["decided"]],
        "matters": data["counts"]["matters"],
        "actions": [_shown_action(action, names) for action in data["actions"]],
        "actions_count": data["counts"]["actions"],
        "studies": [_study(study, names) for study in data["studies"]],
        "answers": _answers(data["sent"]),
        "next_meeting": show_next(data["next_meeting"], names),
        "ways": _ways(data, names),
        "money": _money(data["money"]),
        "open": _open(data, names),
        "open_count": data["talking_count"] + sum(entry["became"] == "waiting" for entry in data["sent"]),
        "corrections": data["counts"]["corrections"],
    }


def _shown_council(data: Json, names: Names) -> Json | None:
    council, serving = data["council"], data["serving"]
    if council is None or "closed" in council:
        return None
    founded = council["established"]
    text = tr(
        "{name}は、市民{people}が話し合い、市に意見を出す場です。",
        "In {name}, {people} discuss what the city should do and advise it.",
    )
    people = tr(f"{serving}人", f"{serving} citizens") if serving else tr("", "citizens")
    label = names.label(council["council_id"])
    name = label if isinstance(label, str) else label["text"]
    return {
        "says": phrase(
            text,
            name=phrase(tr("{name}", "the council ({name})"), name=recorded(name)),
            people=strong(people) if serving else people,
        ),
        "url": names.url(council["council_id"]),
        "founded": short(marks.date(founded["said"]["effective"])),
        "legal_basis": names.citation(founded["legal_basis"]),
        **marks.dated(founded["said"], names),
    }


def _card(entry: Json, names: Names) -> Json:
    m = entry["matter"]
    sentences = three_sentences(m, entry["meetings"], entry["actions"], names)
    raised: Json = marks.first(m.get("MatterRaised")) or {}
    question = raised.get("question") if "closed" not in raised else None
    by = 1 if last(m, "CityDecisionRecorded") or last(m, "CityResponseRecorded") else 0
    shown = shown_sentence(sentences[by], m["matter_id"])
    reason = reason_of(m)
    return {
        "tag": tag(m),
        "title": (question or "").removesuffix("。") or names.label(m["matter_id"]),
        "url": names.url(m["matter_id"]),
        "sentence": {**shown, "evidence": shown["evidence"][:1]},
        "cost": cost(entry["actions"]),
        "why": (reason if len(reason) <= LINE else f"{reason[:LINE]}…") if reason else None,
    }


def _shown_action(action: Json, names: Names) -> Json:
    label, _ = wording.state("PlanAction", action["state"])
    years = [era_only(marks.fiscal_year(year["fiscal_year"]) or "") for year in action["ledger"]]
    return {
        "title": names.label(action["action_id"]),
        "url": names.url(action["action_id"]),
        "state_label": label,
        "years": tr("・", ", ").join(years[:2]) if years else None,
        "cost": cost([action]),
    }


def _study(study: Json, names: Names) -> Json:
    """How far a study has come: how many questions it asks, and how many are answered."""
    questions = list((study.get("questions") or {}).values())
    answered = sum(q["state"] == "answered" for q in questions)
    count = len(questions)
    if not count:
        state = tr("問いの記録なし", "no questions recorded")
    elif not answered:
        state = tr(
            f"{count}つの問い、答えの記録なし", f"{count} question{'s' * (count > 1)}, no answer recorded"
        )
    else:
        state = tr(
            f"{count}つの問いのうち{answered}つに答え",
            f"{answered} of {count} question{'s' * (count > 1)} answered",
        )
    return {
        "title": names.label(study["study_id"]),
        "url": names.url(study["study_id"]),
        "state": state,
    }


def _answer_names() -> dict[str, str]:
    return {
        "accepted": tr("受け入れ", "accepted"),
        "partly": tr("一部", "in part"),
        "not_taken": tr("見送り", "not taken up"),
        "decided": tr("決定だけの記録", "decided, no answer recorded"),
        "waiting": tr("回答待ち", "waiting"),
    }


def _answers(sent: list[Json]) -> Json | None:
    """How the city answered: the last years as bars, with their numbers; None where nothing was sent."""
    if not sent:
        return None
    years = home_figures.by_year(sent)
    totals = {name: sum(year["counts"].get(name, 0) for year in years) for name in ANSWERS}
    labels = {name: label for name, label in _answer_names().items() if totals[name]}
    shown = [
        {"label": era_only(marks.fiscal_year(year["fiscal_year"]) or ""), "counts": year["counts"]}
        for year in years
    ]
    total = sum(totals.values())
    taken = totals["accepted"] + totals["partly"]
    text = tr(
        "この{years}に市へ送った提言など{total}のうち、市は{taken}を、全部または一部受け入れました。",
        "Of the {total} conclusions sent to the city in {years}, it accepted {taken} wholly or in part.",
    )
    span = _years(len(years))
    of_all = tr("、", ", ").join(f"{label} {totals[name]}" for name, label in labels.items())
    return {
        "says": phrase(text, years=span, total=_items(total), taken=_items(taken)) if years else None,
        "undated": len(sent) - total,
        "bars": pictures.stacked_bars(shown, list(labels.items())),
        "names": {name: f"{label} {totals[name]}" for name, label in labels.items()},
        "columns": list(labels.values()),
        "rows": [
            {"label": row["label"], "cells": [row["counts"].get(name, 0) for name in labels]} for row in shown
        ],
        "totals": [totals[name] for name in labels],
        "sentence": tr(f"市の答え {total}件。{of_all}。", f"{total} answers of the city: {of_all}."),
    }


def _items(count: int) -> Any:
    return strong(tr(f"{count}件", str(count)))


def _ways(data: Json, names: Names) -> list[Json]:
    """How to take part, as far as anything of it is recorded."""
    coming = show_next(data["next_meeting"], names)
    periods = [
        {"label": names.label(plan["plan_id"]), "url": names.url(plan["plan_id"])}
        for plan in data["comment_periods"]
    ]
    seats = [
        category
        for composition in ((data["council"] or {}).get("compositions") or [])[-1:]
        if "closed" not in composition
        for category in composition.get("seat_categories") or ()
        if category.get("category") == "public_recruitment"
    ]
    count = sum(category.get("seats") or 0 for category in seats)
    public = tr(f"公募の席が{count}人分", f"{count} seats for applicants") if count else None
    return [
        {
            "what": tr("意見を出す", "Comment"),
            "links": periods,
            "note": tr("いま意見を募っています", "open for comments now") if periods else None,
            "none": tr("いま募っている意見の記録なし", "nothing open for comments on record"),
        },
        {
            "what": tr("会議を聞く", "Attend"),
            "links": [{"label": coming["title"], "url": coming["url"]}]
            if coming and coming["attend_label"]
            else [],
            "note": coming["attend_label"] if coming else None,
            "none": tr("傍聴の決まりの記録なし", "whether one may attend is not recorded"),
        },
        {
            "what": tr("委員になる", "Join"),
            "links": [],
            "note": tr(f"{public}あります。募集の記録はありません", f"{public}; no call is recorded")
            if public
            else tr(
                "公募の席があります。募集の記録はありません",
                "there are seats for applicants; no call is recorded",
            )
            if seats
            else None,
            "none": tr("募集の記録なし", "no call is recorded"),
        },
    ]


def _money(money: Json) -> Json | None:
    if not money["lines"]:
        return None
    budget, spent, actions = money["budget"], money["spent"], money["actions"]
    parts = []
    if budget is not None:
        text = tr(
            "{years}の{actions}に、予算は合わせて{sum}です。", "{actions} in {years} had budgets of {sum}."
        )
        parts.append(
            phrase(
                text,
                years=_years(money["all_years"]),
                actions=tr(f"{actions}事業", f"{actions} action{'' if actions == 1 else 's'}"),
                sum=strong(yen(budget)),
            )
        )
    if spent is not None:
        text = tr(
            "決算が分かる{count}では、{sum}を使いました。",
            "Where the final amount is known ({count}), {sum} was spent.",
        )
        count = tr(f"{money['settled']}件", f"{money['settled']} of {money['lines']}")
        parts.append(phrase(text, count=whole(count), sum=strong(yen(spent))))
    else:
        parts.append(phrase(tr("使った額の記録はありません。", "What was spent is not recorded.")))
    shown = [_year(year) for year in money["years"]]
    bars = pictures.year_bars(shown)
    return {
        "says": joined(parts, tr("", " ")),
        "bars": bars,
        "rows": shown,
        "sentence": tr("、", "; ").join(f"{row['label']} {row['text']}" for row in shown) + tr("。", "."),
    }


def _years(count: int) -> str:
    return tr(f"{count}年度", f"{count} fiscal year{'' if count == 1 else 's'}")


def _year(year: Json) -> Json:
    budget, spent = year["budget"], year["spent"]
    return {
        "label": era_only(marks.fiscal_year(year["fiscal_year"]) or ""),
        "budget": budget,
        "spent": spent if not year["open"] else None,
        "budget_label": yen(budget) if budget is not None else None,
        "spent_label": yen(spent) if spent is not None else None,
        "text": _year_text(budget, spent, year["open"]),
    }


def _year_text(budget: int | None, spent: int | None, still_open: int) -> str:
    if spent is not None and not still_open:
        return tr(f"使った {yen(spent)}", f"spent {yen(spent)}")
    if budget is None:
        return tr("予算の記録なし", "no budget recorded")
    return tr(f"予算 {yen(budget)}", f"budget {yen(budget)}")


def _open(data: Json, names: Names) -> list[Json]:
    """What is not decided yet, each with how long it has been."""
    talking = [
        {"entity": m["matter_id"], "since": _raised_on(m), "state": tr("話し合い中", "being discussed")}
        for m in data["talking"]
    ]
    waiting = [
        {
            "entity": entry["matter_id"],
            "since": entry["since"],
            "state": tr("市の回答待ち", "waiting for the city"),
        }
        for entry in reversed(data["sent"])
        if entry["became"] == "waiting"
    ]
    return [
        {
            "title": names.label(entry["entity"]),
            "url": names.url(entry["entity"]),
            "state": entry["state"],
            "age": _age(entry["since"]),
        }
        for entry in [*talking, *waiting][: 2 * OPEN]
    ]


def _raised_on(m: Json) -> str | None:
    raised = marks.first(m.get("MatterRaised"))
    effective = raised["said"]["effective"] if raised else {"precision": "unknown"}
    return effective["earliest"] if effective["precision"] in ("day", "instant") else None


def _age(since: str | None) -> str | None:
    if since is None:
        return None
    days = (day_shown() - dt.date.fromisoformat(since)).days
    return tr(f"{days:,}日", f"{days:,} day{'' if days == 1 else 's'}") if days >= 0 else None


def without_slash() -> AnyResponse | None:
    """``/en`` is ``/en/``: without the slash the page would not know its language."""
    is_bare = request.path.removeprefix("/") in tags(current_app)[1:]
    return redirect(f"{request.path}/", 308) if is_bare else None


def register(blueprint: Blueprint) -> None:
    blueprint.before_request(without_slash)
    Page("/", "record/home.html", "home", read, show).register(blueprint)
