"""Questions about the promotion plan 推進計画: what it is and what has been done (P7), and why an action
exists (S12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from domain.kernel.events import Recorded
from domain.values.fields import Id
from projections.answers.in_force import plan_state_on
from projections.answers.labels import as_read
from projections.answers.public_cut import row_as_seen
from projections.engine.event_json import Json
from projections.engine.log import events_at
from projections.questions.actions import money_json
from projections.questions.entries import rows, year_json
from projections.questions.question import Answer, Ask, question
from projections.views.matter import decision_trail
from projections.views.plan import plan_progress

# ---------------------------------------------------------------------------------------- the plan


@question("P7", ja="どんな計画で、何が行われたか", en="What is the plan, and what has been done?")
def what_has_been_done(ask: Ask, *, plan_id: Id | None = None) -> Answer:
    """Each plan with its state and period, its measures, and for each the actions that realise it with their
    states; actions said to realise the plan as a whole stand apart. Without ``plan_id``: every plan."""
    plans = [_plan(ask, row) for row in plans_seen(ask, plan_id)]
    measures = sum(len(plan["measures"]) for plan in plans)
    begun = sum(any(a["state"] != "proposed" for a in m["actions"]) for p in plans for m in p["measures"])
    whole = sum(len(plan["actions_of_the_whole"]) for plan in plans)
    held = [plan["title"] for plan in plans if plan["state"] in ("in_force", "revised") and plan["title"]]
    quoted = [(f"「{title}」", f"“{title}”") for title in held]
    ja, en = "".join(title for title, _ in quoted), ", ".join(title for _, title in quoted)
    events = [e for plan in plans for e in plan.pop("events")]
    return Answer(
        says=(
            f"計画{len(plans)}、記録された施策{measures}のうち{begun}に事業があります。"
            f"計画全体を具現化する事業は{whole}。{f'現在の計画は{ja}です。' if held else ''}",
            f"{len(plans)} plan(s); {begun} of the {measures} measures on record have an action. "
            f"{whole} action(s) realise a plan as a whole.{f' In force now: {en}.' if held else ''}",
        ),
        answer={"plans": plans},
        events=events,
        unknown=[gap for plan in plans for gap in plan.pop("unknown")],
    )


def _plan(ask: Ask, plan: Json) -> Json:
    plan_id, doc = plan["plan_id"], plan["doc"]
    stated = ask.connection.execute(plan_progress.measures(plan_id)).all()
    linked = _linked_actions(ask, [plan_id, *(row.measure_id for row in stated)])
    listed = {action for actions in linked.values() for action in actions}
    chosen = plan_progress.actions_named(listed, (row.measure_id for row in stated))
    realising = ask.connection.execute(chosen).all()
    with_actions = plan_progress.with_actions(ask.connection, stated, realising)
    seen = [seen_by(ask, plan_id, m) for m in with_actions]
    measures = [m for m in seen if m.get("measure_id")]
    linked = {i: linked[i] for i in (plan_id, *(m["measure_id"] for m in measures))}
    known = {
        row.action_id: as_read(plan_progress.realising, tuple(row))
        for row in realising
        if row.action_id in listed
    }
    of_measures = {action["action_id"] for m in measures for action in m["actions"]}
    names = decision_trail.things(ask.connection, listed | of_measures)
    for measure in measures:
        measure["actions"] = _together(measure["actions"], linked[measure["measure_id"]], known, names)
    entries = [entry for part in doc.values() for entry in (part if isinstance(part, list) else [part])]
    shown = {
        "plan_id": plan_id,
        "title": plan["title"],
        "state": plan_state_on(
            plan["state"],
            (plan["period_from_fy"], plan["period_to_fy"]),
            next((end.get("from_fy") for end in reversed(doc["ends"])), None),
            ask.today,
        ),
        "period": {"from_fy": plan["period_from_fy"], "to_fy": plan["period_to_fy"]},
        "measures": [{k: m[k] for k in ("measure_id", "text", "art16_item", "actions")} for m in measures],
        "actions_of_the_whole": _together([], linked[plan_id], known, names),
    }
    links = sorted({link.position for actions in linked.values() for link in actions.values()})
    stated_in = [*entries, *(m["stated"] for m in measures if m.get("stated"))]
    own = sorted({entry["said"]["position"] for entry in stated_in})
    events = {e.position: e for e in events_at(ask.connection, [*own, *links])}
    return {
        **shown,
        "events": [events[position] for position in [*own, *links]],
        "unknown": list(_unknown_of_plan(plan, doc, measures)),
    }


def _linked_actions(ask: Ask, targets: list[str]) -> dict[str, dict[str, decision_trail.FoundLink]]:
    """Actions linked to what they realise: by their own word, or because a claim about it is about them."""
    to = {
        target: [link for link in links if link.to_id == target and link.withdrawn is None]
        for target, links in decision_trail.links_of_things(ask.connection, targets).items()
    }
    about = {link.from_id for links in to.values() for link in links if link.relation == "says_about"}
    claims = decision_trail.links_of_things(ask.connection, about)
    links_by_target: dict[str, dict[str, decision_trail.FoundLink]] = {target: {} for target in targets}
    for target, links in to.items():
        for link in links:
            if link.relation == "realises":
                links_by_target[target].setdefault(link.from_id, link)
            if link.relation == "says_about":
                for meant in claims[link.from_id]:
                    if (meant.from_id, meant.relation, meant.withdrawn) == (link.from_id, "identifies", None):
                        links_by_target[target].setdefault(meant.to_id, meant)
    return links_by_target


def _together(
    own: list[Json],
    linked: dict[str, decision_trail.FoundLink],
    known: dict[str, Json],
    names: dict[str, Json],
) -> list[Json]:
    """The actions that say so of themselves, and those that are linked, each once, with how certain it is."""
    stated = {action["action_id"]: {**action, "certainty": "stated"} for action in own}
    for action, row in known.items():
        if action in linked:
            shown = {name: row[name] for name in ("action_id", "title", "state")}
            stated.setdefault(action, {**shown, "certainty": linked[action].made["certainty"]})
    # a title that was closed names nothing
    return [{**a, "title": (names.get(a["action_id"]) or {}).get("title")} for a in stated.values()]


def _unknown_of_plan(plan: Json, doc: Json, measures: list[Json]) -> Iterator[tuple[str, str]]:
    title = plan["title"] or plan["plan_id"]
    if plan["period_from_fy"] is None:
        yield f"「{title}」の計画期間", f"the period of “{title}”"
    if not doc["approvals"] and doc["origin"].get("approved_by") is None:
        yield f"「{title}」の市による承認", f"the city's approval of “{title}”"
    if not doc["agreements"] and not doc["origin"].get("formulated_with"):
        yield f"「{title}」への市民会議の合意", f"the council's agreement on “{title}”"
    total = doc["origin"].get("measures_total")
    if doc["origin"].get("type") == "PlanFormulated" and (total is None or total > len(measures)):
        yield f"「{title}」の施策の数と一覧", f"the number of measures in “{title}”, and the full list"


# ------------------------------------------------------------------------------------------ an action


@question("S12", ja="この事業は、なぜあるのか", en="Why does action A exist?")
def why_it_exists(ask: Ask, *, action_id: Id) -> Answer:
    """What an action rests on: the measure and plan it realises, the item of Art.16 of the ordinance, the
    matter in which it was proposed or adopted, and its first budget."""
    known = ask.must_know(action_id, "PlanAction")
    events = ask.events_of(action_id)
    ways = _rests_on(ask, action_id)
    measures = _measures(ask, [way[-1].to_id for way in ways])
    items = [e.data.art16_item for e in events if getattr(e.data, "art16_item", None) is not None]
    budgets = [e for e in events if e.type == "BudgetAllocated"]
    first = min(budgets, key=lambda e: (e.data.fiscal_year, e.position), default=None)
    answer = {
        "action_id": action_id,
        "title": known["title"],
        "measures": measures,
        "art16_items": sorted({*items, *(m["art16_item"] for m in measures if m["art16_item"] is not None)}),
        "legal_basis": [e.legal_basis.key for e in events if e.legal_basis is not None],
        "rests_on": [_basis(ask, way) for way in ways],
        "first_budget": _first_budget(first),
    }
    made_by = events_at(ask.connection, sorted({link.position for way in ways for link in way}))
    begun = [e for e in events if e.type in ("ActionRegistered", "ActionProposed", "ActionAdopted")]
    return Answer(
        says=_why_in_words(known["title"] or action_id, answer),
        answer=answer,
        events=[*begun, *([first] if first else []), *made_by],
        unknown=list(_unknown_of_action(known["title"] or action_id, answer)),
    )


_BASES = ("realises", "adopted_by", "derived_from", "motivated_by", "on_legal_basis")


Way = tuple[decision_trail.FoundLink, ...]
"""The links by which an action rests on something: its own, or one to it from a claim and the claim's own."""


def _rests_on(ask: Ask, action_id: str) -> list[Way]:
    ways: list[Way] = []
    for link in decision_trail.links_of_thing(ask.connection, action_id):
        if link.withdrawn is not None:
            continue
        if link.from_id == action_id and link.relation in _BASES:
            ways.append((link,))
        if link.to_id == action_id and link.relation == "identifies":
            claims = decision_trail.links_of_thing(ask.connection, link.from_id)
            ways += [(link, c) for c in claims if _speaks_of(c, link.from_id)]
    return ways


def _speaks_of(link: decision_trail.FoundLink, claim: str) -> bool:
    return (link.from_id, link.relation, link.withdrawn) == (claim, "says_about", None)


def _measures(ask: Ask, targets: list[str]) -> list[Json]:
    table = plan_progress.measure.table
    measures = rows(ask, plan_progress.measure, table.select().where(table.c.measure_id.in_(targets)))
    return [
        {name: row[name] for name in ("measure_id", "plan_id", "text", "art16_item")}
        for row in sorted(measures, key=lambda row: row["position"])
    ]


def _basis(ask: Ask, way: Way) -> Json:
    link = way[-1]
    inferred = any(step.made["certainty"] == "inferred" for step in way)
    thing: dict[str, Any] = decision_trail.things(ask.connection, [link.to_id]).get(link.to_id, {})
    return {
        "id": link.to_id,
        "kind": thing.get("kind"),
        "title": thing.get("title"),
        "relation": link.relation,
        "said_by": link.from_id,
        "certainty": "inferred" if inferred else link.made["certainty"],
    }


def _first_budget(first: Recorded[Any] | None) -> Json | None:
    if first is None:
        return None
    year = first.data.fiscal_year
    return {"fiscal_year": year, "label": year_json(year), "amount": money_json(first.data.money)}


def _why_in_words(title: str, answer: Json) -> tuple[str, str]:
    first = answer["first_budget"]
    since_ja = f"最初の予算は{first['label']['ja']}。" if first else "予算の記録はありません。"
    since_en = f"Its first budget is of {first['label']['en']}." if first else "No budget is on record."
    if not answer["rests_on"]:
        return (
            f"「{title}」の根拠は記録されていません。{since_ja}",
            f"What “{title}” rests on is not on record. {since_en}",
        )
    ja = "、".join(dict.fromkeys(_named(b, "「{}」", "（推定）") for b in answer["rests_on"]))
    en = ", ".join(dict.fromkeys(_named(b, "“{}”", " (inferred)") for b in answer["rests_on"]))
    return f"「{title}」は{ja}に基づきます。{since_ja}", f"“{title}” rests on {en}. {since_en}"


def _named(basis: Json, quoted: str, mark: str) -> str:
    name = quoted.format(basis["title"] or basis["id"])
    return name + mark if basis["certainty"] == "inferred" else name


def _unknown_of_action(title: str, answer: Json) -> Iterable[tuple[str, str]]:
    if not answer["measures"]:
        yield f"「{title}」が具現化する施策", f"which measure “{title}” realises"
    if not answer["art16_items"]:
        yield f"「{title}」が条例第16条のどの号によるか", f"under which item of Art.16 “{title}” comes"
    if not any(b["relation"] in ("adopted_by", "derived_from") for b in answer["rests_on"]):
        yield f"「{title}」を決めた案件", f"the matter in which “{title}” was decided"
    if answer["first_budget"] is None:
        yield f"「{title}」の最初の予算", f"the first budget of “{title}”"


# ---------------------------------------------------------------------------------- reading the view


def plans_seen(ask: Ask, plan_id: str | None) -> list[Json]:
    """The plans as the reader may see them; one alone if it is named."""
    chosen = plan_progress.plans()
    if plan_id is not None:
        ask.must_know(plan_id, "PromotionPlan")
        chosen = chosen.where(plan_progress.plan.table.c.plan_id == plan_id)
    plans = rows(ask, plan_progress.plan, chosen)
    return [seen for row in plans if (seen := seen_by(ask, row["plan_id"], row)).get("doc")]


def seen_by(ask: Ask, stream: str, row: Json) -> Json:
    return row_as_seen(ask.connection, row, stream, ask.viewer)
