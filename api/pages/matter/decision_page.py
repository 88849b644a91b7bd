"""A matter as a story 決定のページ: its question, three sentences, its path, what was weighed, who decided
and what the city made of it; what came of that, what is not known, the whole course, what to take away.

One story: the sections in the order in which a citizen reads them, each of the same rows as the paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from flask import Blueprint

from api.http.clock import today
from api.http.language import closed_words, href, tr
from api.pages.matter import course, differing, matter_parts, matters, path, public_comment, weighing
from api.pages.matter.matter_outcome import onward, promised
from api.pages.matter.status import tag
from api.pages.matter.three_sentences import (
    Sentence,
    body,
    description,
    last,
    proof_of,
    three_sentences,
    votes,
    yen,
)
from api.pages.meeting.meeting_list import when
from api.pages.parts import marks, pictures
from api.pages.parts.days import era_only, of_day, short
from api.pages.parts.names import Names, trail_url
from api.pages.parts.phrases import Phrase, phrase, plain, strong, whole
from api.pages.parts.quorum import quorum, standing, tally
from api.pages.parts.serving import Page
from api.pages.parts.trails import gaps, prov_url
from api.words import wording
from domain.kernel.events import EVENTS
from projections.engine.event_json import Json

HEADING = 70
"""Characters of a question that may stand as a heading; a longer one stands beneath the title."""


def show(data: Json, names: Names) -> Json:
    m, meetings, actions = data["matter"], data["meetings"], data["actions"]
    entity = m["matter_id"]
    sentences = three_sentences(m, meetings, actions, names)
    happened, undone = course.of(data, names)
    on_page = {row["position"] for year in happened for row in year["rows"]} | {
        row["position"] for row in undone
    }
    heading, title = _headings(m, names)
    fixes = list(_fixes(data, names))
    table, voices, dissent = weighing.table(m, names), weighing.voices(m), weighing.dissent(m, names)
    who, answer = _who(m, meetings, names), _answer(m, names)
    after, unknown = _after(m, actions, names), _unknown(data, table)
    return {
        "heading": heading,
        "subtitle": title,
        "no": matters.number(marks.first(m.get("MatterRaised"))),
        "tag": tag(m),
        "sentences": [shown_sentence(each, entity, on_page) for each in sentences],
        "description": description(sentences),
        "stops": path.stops(m, meetings, actions, names),
        "contents": list(_contents(table, voices, dissent, answer, after, unknown, fixes)),
        "raised": _raised(m, names),
        **public_comment.show(m, data, names),
        "options": table,
        "evidence": matter_parts.evidence(m, names),
        "voices": voices,
        "dissent": dissent,
        "who": who,
        "answer": answer,
        "after": after,
        "unknown": unknown,
        "course": happened,
        "undone": undone,
        "take": _take(m, heading, names),
        "fixes": fixes,
        "trail_url": trail_url(entity),
        "formats": {"prov": prov_url(entity)},
    }


def _headings(m: Json, names: Names) -> tuple[Any, Any]:
    """The question as the heading, with the title above it; the title alone where that says it."""
    raised: Json = marks.first(m.get("MatterRaised")) or {}
    title, question = names.label(m["matter_id"]), raised.get("question")
    if not question or question == title:
        return title, None
    if len(question) > HEADING or "closed" in raised:
        return title, question
    return closed_words(question).removesuffix("。"), title


def shown_sentence(sentence: Sentence, entity: str, on_page: Iterable[int] | None = None) -> Json:
    """A sentence as the macro ``tell`` takes it, its evidence leading to the course of the matter: on the
    page itself where ``on_page`` are the events that it shows."""
    page = "" if on_page is not None else href(f"/matters/{quote(entity)}")
    shown = None if on_page is None else set(on_page)
    return {
        "by": sentence.by,
        "state": sentence.state,
        "words": sentence.words,
        "inferred": sentence.inferred,
        "evidence": [
            {"no": f"{n:,}", "url": f"{page}#event-{n}"}
            for n in sentence.evidence
            if shown is None or n in shown
        ],
        "corrected": [{"url": f"{page}#fix-{c['position']}"} for c in sentence.corrected],
    }


def _contents(
    table: Json | None,
    voices: Json | None,
    dissent: Json,
    answer: Json | None,
    after: Json | None,
    unknown: list[str],
    fixes: list[Json],
) -> Iterator[tuple[str, str]]:
    if table is not None:
        yield "options", tr("案をくらべる", "The options")
    yield "voices", tr("賛成と反対", "For and against")
    yield "dissent", tr("少数意見", "Those who disagreed")
    yield "who", tr("だれが決めたか", "Who decided")
    yield "answer", tr("市の答え", "The city's answer")
    yield "after", tr("その後", "What came of it")
    if unknown:
        yield "unknown", tr("分かっていないこと", "What is not known")
    yield "trail", tr("経緯のすべて", "Everything that happened")
    yield "take", tr("持ち出す", "Take it with you")
    if fixes:
        yield "fixes", tr(f"訂正 {len(fixes)}件", f"Corrections: {len(fixes)}")


# ------------------------------------------------------------------------------------------------- who asked


def _raised(m: Json, names: Names) -> Json | None:
    raised = marks.first(m.get("MatterRaised"))
    if raised is None or "closed" in raised:
        return None
    return {**matters.raised_of(raised, names), "day": short(marks.date(raised["said"]["effective"]))}


# ----------------------------------------------------------------------------------------------- who decided


def _who(m: Json, meetings: list[Json], names: Names) -> Json:
    """The meeting that concluded, with who was there and how they voted; and every other meeting."""
    concluded, proof = last(m, "MatterConcluded"), proof_of(m, meetings)
    check = standing(proof) if proof else None
    counted = votes(proof)
    rule = (proof or {}).get("majority") or {}
    shown: list[Json] = [matters.meeting_of(meeting, m, names) for meeting in meetings]
    deciding = proof["meeting_id"] if proof else None
    others = [
        {**entry, "day": _day(meeting)}
        for entry, meeting in zip(shown, meetings, strict=True)
        if meeting["meeting_id"] != deciding
    ]
    own = next((e for e, x in zip(shown, meetings, strict=True) if x["meeting_id"] == deciding), None)
    decided = last(m, "CityDecisionRecorded")
    return {
        "meeting": own,
        "present": _present(m, check, own),
        "dots": pictures.quorum_dots(check),
        "check": quorum(check, (proof or {}).get("recused")),
        "votes": pictures.vote_bar(counted, has_half=rule.get("threshold") == "more_than_half"),
        "voted": _voted(m, concluded, proof, counted),
        "tally": tally(proof) if proof and "tally" in proof else None,
        "recusals": own["recusals"] if own else [],
        "conditions": [] if concluded is None else concluded.get("conditions") or [],
        "reason": None if concluded is None else concluded.get("reason") or concluded["said"]["reason"],
        "authority": wording.value("authority", decided["authority"])
        if decided and decided.get("authority")
        else None,
        "others": others,
        "concluded": concluded is not None,
        "corrected": marks.corrected(proof["said"].get("corrections"), names) if proof else [],
    }


def _day(meeting: Json) -> str | None:
    return short(when(meeting))


def _present(m: Json, check: Json | None, meeting: Json | None) -> Phrase | None:
    """Who was there, in a sentence; None where no meeting is recorded."""
    if meeting is None:
        return None
    if check is None or check.get("present") is None:
        return phrase(tr("何人が出席したかの記録はありません。", "How many were there is not recorded."))
    present = tr(f"{check['present']}人", f"{check['present']}")
    required = check.get("required")
    if required is None or check["result"] == "rule_unknown":
        text = tr(
            "{present}が出席しました。必要な人数の決まりは、記録されていません。",
            "{present} were there. How many were needed is not recorded.",
        )
        return phrase(text, present=strong(present))
    needed = tr(f"{required}人", f"{required}")
    if check["result"] == "not_met":
        text = tr(
            "出席は{present}で、必要な{needed}に足りませんでした。",
            "{present} were there, fewer than the {needed} needed.",
        )
    elif check["present"] == required:
        text = tr(
            "必要な{needed}ちょうどの{present}が出席しました。",
            "{present} were there, just the {needed} needed.",
        )
    else:
        text = tr(
            "必要な{needed}を超える{present}が出席しました。",
            "{present} were there, more than the {needed} needed.",
        )
    return phrase(text, present=strong(present), needed=whole(needed))


def _voted(m: Json, concluded: Json | None, proof: Json | None, counted: Json | None) -> Phrase | None:
    """How they decided, in a sentence."""
    if concluded is None:
        return None
    method = concluded.get("method") or (proof or {}).get("method")
    label = wording.value("method", method) if method else None
    way = phrase(tr("決め方は{method}です。", "Method: {method}."), method=label) if label else ()
    if counted is None:
        return way or phrase(tr("決め方の記録はありません。", "How it was decided is not recorded."))
    numbers = tr(f"{counted['for']}人", f"{counted['for']}")
    text = tr("{number}が賛成しました。", "{number} voted for it.")
    rule = (proof or {}).get("majority") or {}
    base = (standing(proof) or {}).get("present")
    by_half = rule.get("threshold") == "more_than_half" and rule.get("base") == "present"
    if by_half and base and 2 * counted["for"] > base:
        text = tr(
            "出席した{base}のうち{number}が賛成し、半分を超えました。",
            "{number} of the {base} present voted for it, more than half.",
        )
    of = tr(f"{base}人", f"{base}")
    return (*way, *phrase(tr("", " ")), *phrase(text, number=strong(numbers), base=whole(of)))


# ------------------------------------------------------------------------------------------ the city's answer


def _answer(m: Json, names: Names) -> Json | None:
    """What the city answered and decided, with the differences; None where neither is recorded."""
    compared = differing.answer(m)
    if compared is None:
        return None
    shown = onward(m, names)
    for name, event in (("city_response", "CityResponseRecorded"), ("city_decision", "CityDecisionRecorded")):
        e = last(m, event)
        if shown[name] is not None and e is not None:
            shown[name] |= {"position": e["said"]["position"], "day": short(shown[name]["date"])}
    return {
        **compared,
        "response": shown["city_response"],
        "decision": shown["city_decision"],
        "body": plain(body(m)),
    }


# ------------------------------------------------------------------------------------------- what came of it


def _after(m: Json, actions: list[Json], names: Names) -> Json:
    return {
        "actions": [_action(action, names) for action in actions],
        "promised": list(promised(m)),
        "changes": matters.changes_of(m, names),
    }


def _action(action: Json, names: Names) -> Json:
    label, _ = wording.state("PlanAction", action["state"])
    rows = [_year(year) for year in action["ledger"]]
    return {
        "title": names.label(action["id"]),
        "url": names.url(action["id"]),
        "state_label": label,
        "years": rows,
        "bars": pictures.money_bars(rows),
        "results": list(_results(action["course"])),
    }


def _year(year: Json) -> Json:
    budget, spent = year["current_yen"], year["spent_yen"]
    return {
        "label": era_only(marks.fiscal_year(year["fiscal_year"]) or ""),
        "budget": budget,
        "spent": spent,
        "budget_label": yen(budget) if budget is not None else None,
        "spent_label": yen(spent) if spent is not None else None,
        "share": _share(budget, spent),
        "is_closed": any(line["closed"] for line in year["lines"]),
    }


def _share(budget: int | None, spent: int | None) -> str | None:
    if not budget or spent is None or budget < 0:
        return None
    return f"{spent / budget:.1%}"


def _results(entries: list[Json]) -> Iterator[Json]:
    """What was done and what came of it, each in a line with its day."""
    for e in entries:
        line = _result(e) if "closed" not in e else None
        if line is not None:
            label, text = line
            yield {
                "day": short(marks.date(e["said"]["effective"])),
                "label": label,
                "text": text,
                "position": e["said"]["position"],
            }


def _result(e: Json) -> tuple[str, Any] | None:
    match e["type"]:
        case "ImplementationStarted":
            return tr("始まった", "Begun"), None
        case "ImplementationCompleted":
            return tr("1年の仕事が終わった", "The year's work was done"), None
        case "ActivityHeld":
            count = e["participants"]
            people = tr(f"{count:,}人が参加", f"{count:,} took part") if count is not None else None
            return e["title_ja"] or wording.value("kind", e["kind"]), people
        case "MaterialProduced":
            return e["item_ja"], tr(f"{e['copies']:,}部", f"{e['copies']:,} copies") if e["copies"] else None
        case "CycleEvaluated":
            return tr("評価した", "Evaluated"), e.get("reason_without_sheet")
        case "ImprovementDecided":
            return tr("直すと決めた", "To be improved"), e["text"]
        case "ActionEnded":
            return tr("終わった", "Ended"), e.get("reason")
    return None


# -------------------------------------------------------------------------------------------- what is unknown


def _unknown(data: Json, table: Json | None) -> list[str]:
    """What the record does not hold, of what one would look for."""
    m = data["matter"]
    listed = gaps(data["trail"]["not_recorded"])
    if table is not None:
        without = [row["no"] for row in table["rows"] if row["status"] == "rejected" and not row["why"]]
        if without:
            names_of = tr("と", " and ").join(sorted(without))
            listed.append(tr(f"{names_of}を選ばなかった理由", f"why {names_of} was not chosen"))
    taken = {e.get("step_id") for e in m.get("PromisedStepTaken") or ()}
    for e in (*(m.get("CityResponseRecorded") or ()), *(m.get("CityDecisionRecorded") or ())):
        listed += [
            tr(
                f"市が約束した「{step['what']}」を行ったか",
                f"whether the city did what it promised: {step['what']}",
            )
            for step in e.get("promised") or ()
            if step["step_id"] not in taken
        ]
    return listed


# ------------------------------------------------------------------------------------------------- take away


def _take(m: Json, heading: Any, names: Names) -> Json:
    entity = m["matter_id"]
    account = f"/matters/{quote(entity)}/account"
    rests_on = (
        last(m, "CityDecisionRecorded") or last(m, "MatterConcluded") or marks.first(m.get("MatterRaised"))
    )
    whose = names.label(m["council_id"]) if m.get("council_id") else None
    return {
        "page": href(account),
        "pdf": href(f"{account}.pdf"),
        "docx": href(f"{account}.docx"),
        "here": href(f"/matters/{quote(entity)}").split("?")[0],
        "known_on": today().isoformat(),
        "whose": whose,
        "heading": heading,
        "no": f"{rests_on['said']['position']:,}" if rests_on else None,
        "day": of_day(today()),
    }


def _fixes(data: Json, names: Names) -> Iterator[Json]:
    """What was corrected of anything on this page, once each, newest last."""
    rows: list[Json] = [data["matter"], *data["meetings"]]
    rows += [{"course": action["course"]} for action in data["actions"]]
    seen = set[int]()
    for row in rows:
        for name, entries in row.items():
            for e in entries if isinstance(entries, list) else ():
                if not isinstance(e, dict) or "said" not in e:
                    continue
                made = (e["said"] or {}).get("corrections") or []
                of = EVENTS.get(e.get("type") or name)
                for c in marks.corrected(made, names):
                    if c["position"] not in seen:
                        seen.add(c["position"])
                        yield {**c, "what": tr(*of.LABEL) if of else None, "day": short(c["since"])}


def register(blueprint: Blueprint) -> None:
    Page("/matters/<entity>", "matter/matter.html", "matters", matters.read, show, whole=False).register(
        blueprint
    )
