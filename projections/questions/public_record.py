"""Public questions about the work and the record: its cost (P8), the centre (P10), what worries the council
(P11), what was hidden or changed (P12), and whether the data may be used again (P13)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import sqlalchemy as sa

from domain.center_study.aggregate import CenterStudy
from domain.kernel.roles import ROLE_NAMES
from domain.kernel.viewer import PUBLIC
from domain.party.aggregate import Party
from domain.reflection.aggregate import Reflection
from domain.values.calendar import fiscal_year_of
from domain.values.disclosure import GROUNDS, Disclosure, Ground
from domain.values.fields import Id, Year
from projections.answers import ledger
from projections.answers.due import Due
from projections.answers.due_list import what_is_due
from projections.answers.labels import as_read
from projections.engine.event_json import Json, bilingual
from projections.engine.log import events_at
from projections.metrics import ask as metrics
from projections.questions.actions import money_of_years
from projections.questions.changes import ACTS
from projections.questions.entries import cited, day_json, rows, year_json
from projections.questions.public_council import open_rows
from projections.questions.question import Answer, Ask, question
from projections.questions.study import QUESTION_STATES
from projections.views.matter import decision_trail, issue_board
from projections.views.plan import action_ledger, study_board
from projections.views.record import change_register
from projections.views.record.closed_parts import closed_part

MOST = 200
NO_GROUND = ("理由の記録なし", "no ground on record")


# -------------------------------------------------------------------------------------------- its cost


@question("P8", ja="いくらかかったか", en="What did it cost?")
def what_it_cost(ask: Ask, *, fiscal_year: Year | None = None) -> Answer:
    """Of each action and fiscal year: the initial and the current budget and what was spent, in yen and as
    stated. An amount that nobody recorded is unknown (決算不明), never 0."""
    open_line_rows = list(ledger.open_lines(ask.connection, fiscal_year=fiscal_year, staff=ask.viewer.staff))
    lines = [as_read(action_ledger.line, tuple(row)) for row, _ in open_line_rows]
    closed = {(row.action_id, row.fiscal_year): why for row, why in open_line_rows if why is not None}
    of_action: dict[str, list[Json]] = {}
    for line in lines:
        of_action.setdefault(line["action_id"], []).append(line)
    names = decision_trail.things(ask.connection, of_action)
    by_year: list[Json] = [
        {
            "action_id": action,
            "title": (names.get(action) or {}).get("title"),
            "years": [
                _open_year(year, closed.get((action, year["fiscal_year"]))) for year in money_of_years(own)
            ],
        }
        for action, own in of_action.items()
    ]
    years = [year for action in by_year for year in action["years"]]
    settled = sum(year["spent"] is not None for year in years)
    return Answer(
        says=(
            f"予算の記録がある事業は{len(by_year)}件、のべ{len(years)}年度分。決算が分かるものは{settled}件です。",
            f"{len(by_year)} actions have a budget on record, {len(years)} years in all; of {settled} "
            "it is known what was spent.",
        ),
        answer={"actions": by_year},
        events=cited(ask, [line["said"] for line in lines]),
        unknown=[gap for action in by_year for gap in _unknown_cost(action)],
    )


def _open_year(year: Json, why: Disclosure | None) -> Json:
    """A year's money; nothing of it where one of its amounts is closed, since the rest would tell it."""
    if why is None:
        return year
    names = ("fiscal_year", "label")
    emptied = {name: value if name in names else None for name, value in year.items()}
    return {**emptied, "closed": bilingual(why.stub("ja"), why.stub("en"))}


def _unknown_cost(action: Json) -> Iterator[tuple[str, str]]:
    name = action["title"] or action["action_id"]
    for year in action["years"]:
        if year["spent"] is None:
            label = year["label"]
            yield (
                f"「{name}」{label['ja']}の決算（決算不明）",
                f"what “{name}” cost in {label['en']}: unknown",
            )


# ------------------------------------------------------------------------------------------ the centre


@question("P10", ja="協働センターはできるのか", en="Will there be a collaboration centre?")
def the_centre(ask: Ask, *, study_id: Id | None = None) -> Answer:
    """The questions of the study with what is answered so far, and what comes next."""
    chosen = study_board.studies()
    if study_id is not None:
        ask.must_know(study_id, "CenterStudy")
        chosen = chosen.where(study_board.study.table.c.study_id == study_id)
    studies = open_rows(ask, study_board.study, chosen, CenterStudy)
    answers = [_study(row) for row in studies]
    undecided = [q for study in answers for q in study["questions"] if q["state"] in ("open", "provisional")]
    decided = [
        study for study in answers if study["state"] in ("adopted_by_council", "transmitted", "closed")
    ]
    return Answer(
        says=(
            f"検討{len(answers)}件のうち、市民会議がまとめたものは{len(decided)}件、"
            f"まだ答えの出ていない問いは{len(undecided)}です。設置するという決定は、ここからは分かりません。",
            f"Of {len(answers)} studies the council has adopted {len(decided)}; {len(undecided)} questions "
            "are still open. Whether it will be built is not decided here.",
        ),
        answer={"studies": answers},
        events=cited(ask, [row["doc"]["commissioned"] for row in studies if row.get("doc")]),
        unknown=[
            (f"「{q['label'] or q['question']}」の答え", f"an answer to “{q['question']}”") for q in undecided
        ]
        or ([] if answers else [("協働センターの検討", "any study of a centre")]),
    )


def _study(row: Json) -> Json:
    doc = row.get("doc") or {}
    questions = [
        {
            "question": name,
            "label": q["opened"].get("label_ja"),
            "state": q["state"],
            "state_label": bilingual(*QUESTION_STATES[q["state"]]),
            "answer": next((a.get("answer") for a in reversed(q["answers"]) if a.get("answer")), None),
        }
        for name, q in sorted(
            doc.get("questions", {}).items(), key=lambda pair: pair[1]["opened"].get("order") or MOST
        )
    ]
    waiting = [q for q in questions if q["state"] in ("open", "provisional")]
    following = ("報告書の作成", "a report") if not waiting else ("未回答の問いの検討", "the open questions")
    is_over = row.get("state") in ("transmitted", "closed")
    return {
        "study_id": row["study_id"],
        "state": row.get("state"),
        "closed": row.get("closed"),
        "questions": questions,
        "next": None if is_over else bilingual(*following),
    }


# --------------------------------------------------------------------------------------------- worries


@question("P11", ja="市民会議は何を心配しているか", en="What is the council worried about?")
def worries(ask: Ask) -> Answer:
    """Every problem on record with its author, what was done about it and how it was judged since; and the
    figures M1 to M4 of the last fiscal year as aggregates (small groups are not shown)."""
    table = issue_board.issue.table
    chosen = issue_board.issues().where(table.c.category.in_(("problem", "future_issue")))
    issues = open_rows(ask, issue_board.issue, chosen.limit(MOST), Reflection)
    answers = [_worry(row) for row in issues]
    answered = sum(bool(worry["responses"]) for worry in answers)
    year = fiscal_year_of(ask.today) - 1
    figures = metrics.measure_all(
        ask.connection, only=("M1", "M2", "M3", "M4"), period=year, viewer=PUBLIC, today=ask.today
    )
    return Answer(
        says=(
            f"課題{len(answers)}件が述べられ、うち{answered}件に対応が記録されています。",
            f"{len(answers)} problems are stated; a response to {answered} of them is on record.",
        ),
        answer={"problems": answers, "figures": [_figure(figure) for figure in figures]},
        events=cited(ask, [row["doc"] for row in issues if "said" in (row.get("doc") or {})]),
        unknown=[
            (
                f"{figure['title']['ja']}（{year_json(year)['ja']}）",
                f"{figure['title']['en']} ({year_json(year)['en']})",
            )
            for figure in figures
            if figure["value"] is None
        ],
    )


def _figure(figure: Json) -> Json:
    """A figure with what it was computed from, or why it was not."""
    return {
        "figure": figure["title"],
        "value": figure["value"],
        "unit": figure["unit_label"],
        "numerator": figure["numerator"],
        "denominator": figure["denominator"],
        "note": figure["reason_null"] or figure["note"],
    }


def _author(envelope: Json) -> Json | None:
    """In which role somebody said it."""
    words = ROLE_NAMES.get(envelope.get("role") or "")
    return bilingual(*words) if words else None


def _worry(row: Json) -> Json:
    doc = row.get("doc") or {}
    return {
        "issue_id": row["issue_id"],
        "text": doc.get("text_ja"),
        "closed": row.get("closed") or doc.get("closed"),
        "asserted_by": doc.get("said", {}).get("asserted_by"),
        "author": _author(doc.get("said") or {}),
        "responses": [c.get("device_id") for c in doc.get("countermeasures", [])],
        "since": [
            {name: m.get(name) for name in ("metric", "value", "verdict")}
            for m in doc.get("reassessments", [])
        ],
    }


# ------------------------------------------------------------------------------------ hidden or changed


@question("P12", ja="隠されたこと、変えられたことはあるか", en="Was something hidden or changed?")
def hidden_or_changed(ask: Ask) -> Answer:
    """How many parts are closed, by ground; and the corrections, redactions and changes of decisions on
    record, each with the day it was recorded. What was closed is never shown here, nor what concerns a
    person's entry in the register."""
    parts = closed_part.table
    grounds: Counter[Ground | None] = Counter()
    for ground, count in ask.connection.execute(
        sa.select(parts.c.ground, sa.func.count()).group_by(parts.c.ground)
    ):
        grounds[ground] += count
    table = change_register.change.table
    wanted = ("correction", "redaction", "supersession", "revision")
    chosen = sa.select(table).where(table.c.act.in_(wanted)).order_by(table.c.position.desc()).limit(MOST)
    change_rows = rows(ask, change_register.change, chosen)
    known = decision_trail.things(ask.connection, {row["entity"] for row in change_rows})
    changes = [row for row in change_rows if (known.get(row["entity"]) or {}).get("kind") != Party.__name__]
    closings = what_is_due(ask.connection, ask.today, ("closing",))
    late = [due for due in closings if (due.days_late(ask.today) or 0) > 0]
    positions = {row["position"] for row in changes} | {due.because["said"]["position"] for due in late}
    return Answer(
        says=(
            f"非公開の部分は{sum(grounds.values())}件、記録された訂正・変更・非公開の措置は{len(changes)}件です。"
            + (f"未確認の非公開が{len(late)}件あります。" if late else "")
            + "記録に残らない形で変えられたことがないかは、言い切れません。",
            f"{sum(grounds.values())} parts are closed; {len(changes)} corrections, changes and redactions "
            + ("are on record. " + (f"{len(late)} closed for safety are unconfirmed. " if late else ""))
            + "Whether anything was changed without being recorded cannot be told.",
        ),
        answer={
            "closed_by_ground": [
                {
                    "ground": ground,
                    "label": bilingual(*(GROUNDS[ground] if ground else NO_GROUND)),
                    "parts": count,
                }
                for ground, count in sorted(grounds.items(), key=lambda pair: str(pair[0]))
            ],
            "unconfirmed": [_unconfirmed(due) for due in late],
            "changes": [_change(row) for row in changes],
        },
        events=events_at(ask.connection, sorted(positions)),
        unknown=[_OUTSIDE],
    )


_OUTSIDE = (
    "システムの外で変えられたことがないか。記録の外に証人がいないため、言い切れない",
    "whether anything was altered outside the system: nobody outside vouches for the record",
)


def _unconfirmed(due: Due) -> Json:
    """未確認の非公開: what one person closed at once and nobody else has confirmed in time. That it is closed
    is public; what it says is not."""
    closed = due.because
    return {
        "act": bilingual("未確認の非公開", "closed, unconfirmed"),
        "thing": due.thing,
        "recorded_at": closed["said"]["recorded_at"],
        "confirm_by": closed["confirm_by"],
        "position": closed["said"]["position"],
    }


def _change(row: Json) -> Json:
    """What may be said of a change to anybody: that it was made, when, and of which kind. What stood there
    and what stands there now is told by the trail, if it may be."""
    return {
        "act": bilingual(*ACTS[row["act"]]),
        "thing": row["subject"],
        "recorded_at": row["recorded_at"],
        "position": row["position"],
    }


# --------------------------------------------------------------------------------------- using it again


LICENCE = "https://www.digital.go.jp/resources/open_data/public_data_license_v1.0"
EXPORTS: tuple[tuple[str, str, str], ...] = (
    ("/events-list.csv", "会議の一覧（イベント一覧）", "meetings, as an event list"),
    ("/timeline.csv", "年表", "timeline"),
    ("/actions.csv", "事業と予算", "actions and budgets"),
    ("/api/v1/timeline", "年表", "timeline"),
    ("/api/v1/matters", "案件", "matters"),
    ("/api/v1/meetings", "会議", "meetings"),
    ("/api/v1/budgets", "予算と決算", "budgets and settlements"),
    ("/api/v1/events", "出来事のすべて", "every event"),
)
"""Where the data lie, and what they are: tables end in ``.csv``, the rest is JSON."""


@question("P13", ja="データを使ってよいか", en="May I reuse the data?")
def may_i_reuse(ask: Ask) -> Answer:
    """Under which licence, where the data lie and in which form, and as of which day they are given here."""
    on = day_json(ask.today)
    return Answer(
        says=(
            f"公共データ利用規約（PDL1.0）により、出典を示せば自由に使えます（{on['ja']}現在）。",
            f"Under the Public Data License 1.0 anybody may, naming the source ({on['en']}).",
        ),
        answer={
            "licence": {"name": "公共データ利用規約（PDL1.0）", "url": LICENCE},
            "exports": [
                {
                    "address": path,
                    "what": bilingual(ja, en),
                    "form": "CSV" if path.endswith(".csv") else "JSON",
                }
                for path, ja, en in EXPORTS
            ],
        },
    )
