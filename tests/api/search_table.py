"""Queries as citizens type them, and what each should find first: by hand, on both records.

``K`` is the real history of the council, ``F`` the fictional record. An expectation is a pattern for the
first thing found, written ``Kind id title``; after ``?`` for the word that is offered instead, after ``!``
for the question that is answered.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import NamedTuple

import sqlalchemy as sa

from api.reads.searches import searched
from api.setup.config import RecordSettings
from api.words.search_words import vocabulary
from domain.kernel.viewer import PUBLIC
from projections.engine.event_json import Json
from projections.views.matter.decision_trail import things

ACTIONS = "PlanAction action-(rulebook|citizens-forum|leader-seminar|plan-formulation) "
COUNCIL, LAW, PLAN = (
    "Council council-shimin-kaigi ",
    "LegalInstrument law-",
    "PromotionPlan plan-kyodo-suishin ",
)
FORMULATION, RULEBOOK = "PlanAction action-plan-formulation ", "PlanAction action-rulebook "

TABLE: tuple[tuple[str, str, str], ...] = (
    # dates, in four spellings and more
    ("K", "平成18年3月1日", COUNCIL),
    ("K", "2006年3月1日", COUNCIL),
    ("K", "2006-03-01", COUNCIL),
    ("K", "H18.3.1", COUNCIL),
    ("K", "Ｈ１８．３．１", COUNCIL),
    ("K", "平成十八年三月一日", COUNCIL),
    ("K", "平成20年度", "(CenterStudy|WorkingGroup|Reflection) "),
    # amounts
    ("K", "3400千円", FORMULATION),
    ("K", "340万円", FORMULATION),
    ("K", "3,400,000円", FORMULATION),
    ("K", "¥3,400,000", FORMULATION),
    ("K", "20万円", "PlanAction action-citizens-forum "),
    # articles and numbers
    ("K", "第17条", LAW),
    ("K", "第十七条", LAW),
    ("K", "１７条", LAW),
    ("F", "第5条", LAW),
    ("F", "第2回", "Meeting .* 第2回全体会"),
    ("F", "第二回", "Meeting .* 第2回全体会"),
    # what pages call what is recorded
    ("K", "予算", ACTIONS),
    ("K", "当初予算", ACTIONS),
    ("K", "配布", RULEBOOK),
    ("F", "可決", "(Matter|Meeting) "),
    ("F", "会議録の公表", "Meeting "),
    ("F", "少数意見", "Matter "),
    ("F", "市長", "(Matter|PromotionPlan|PlanAction) "),
    # names
    ("K", "協働をすすめる市民会議", COUNCIL),
    ("K", "市民会議", COUNCIL),
    ("K", "協働推進計画", PLAN),
    ("K", "ルールブック", RULEBOOK),
    ("K", "協働センター", "CenterStudy study-centre "),
    ("K", "検討チーム", "WorkingGroup group-centre-study-team "),
    ("K", "県", "Party org-ishikawa-pref "),
    ("F", "花壇", "(Matter|PlanAction) .*花壇"),
    ("F", "相談窓口", "Matter .*相談窓口"),
    # kana
    ("K", "しみんかいぎ", COUNCIL),
    ("K", "シミンカイギ", COUNCIL),
    ("K", "きょうどうすいしんけいかく", PLAN),
    ("K", "るーるぶっく", RULEBOOK),
    ("K", "ｾﾐﾅｰ", "PlanAction action-leader-seminar "),
    ("K", "こていか", "Reflection problem-fixed-participants "),
    ("F", "かだん", "(Matter|PlanAction) .*花壇"),
    ("F", "さいがい", "Matter .*災害"),
    # variants: small kana, long vowels, old characters, okurigana
    ("K", "ルールブツク", RULEBOOK),
    ("K", "まちずくりリーダ", "PlanAction action-leader-seminar "),
    ("K", "金澤市", "Party org-kanazawa-city 金沢市"),
    ("K", "取り組み", "Reflection (advice|prefecture-comment) "),
    ("F", "空教室", "Matter .*空き教室"),
    ("F", "市民協働推進條例", LAW),
    # words that mean the same
    ("F", "ゴミ", "Matter .*ごみ"),
    ("F", "廃棄物", "Matter .*ごみ"),
    ("F", "町内会", "Party .*町会"),
    ("F", "防災", "Matter .*災害"),
    ("F", "広報誌", "Matter .*広報紙"),
    ("F", "NPO", "Party .*特定非営利活動法人"),
    # several words, and words in a sentence
    ("K", "ルールブック 配布", RULEBOOK),
    ("F", "花壇の手入れ", "Matter .*花壇"),
    ("F", "集積所をどうやって見守るか", "Matter .*集積所"),
    # typing errors
    ("K", "市民階議", "?市民会議"),
    ("K", "ルールブク", "?ルールブック"),
    ("F", "花檀", "?花壇"),
    # questions
    ("K", "いくらかかったか", "!P8"),
    ("F", "花壇はいくらかかったの？", "!P8"),
    ("F", "次の会議はいつ", "!P4"),
)


class Outcome(NamedTuple):
    """What a query of the table came to."""

    record: str
    query: str
    is_found: bool
    """Whether what is expected is on the first page, or offered, or answered."""
    is_first: bool
    first: str
    seconds: float = 0.0
    """How long the whole answer took."""


def outcomes(record: str, connection: sa.Connection, settings: RecordSettings) -> Iterator[Outcome]:
    """The queries of the table for a record, as anybody asks them."""
    known = vocabulary(settings)
    for of, query, expected in TABLE:
        if of == record:
            began = time.perf_counter()
            answer = searched(connection, query, {}, PUBLIC, 1, known)
            took = time.perf_counter() - began
            yield _outcome(record, query, expected, answer, connection)._replace(seconds=took)


def _outcome(record: str, query: str, expected: str, answer: Json, connection: sa.Connection) -> Outcome:
    if expected.startswith("!"):
        code = (answer["question"] or {}).get("question")
        return Outcome(record, query, code == expected[1:], code == expected[1:], f"{code}")
    if expected.startswith("?"):
        near = answer["nearby"]
        return Outcome(record, query, expected[1:] in near, near[:1] == [expected[1:]], f"{near}")
    names = things(connection, [item["entity"] for item in answer["items"]])
    listed = [
        f"{item['kind']} {item['entity']} {names[item['entity']]['title'] or ''}" for item in answer["items"]
    ]
    right = [re.match(expected, one) is not None for one in listed]
    return Outcome(record, query, any(right), right[:1] == [True], listed[0] if listed else "nothing")
