"""What the fields of events are called, in Japanese and English, where a page lists what an event holds.

The words stand beside the field: in ``FIELDS`` of the event, or of the struct inside events, that has it
first; the same name means the same in every event after that. What means the same in several aggregates
stands below, once. An event that means something of its own by such a name says so in its ``FIELDS``.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from domain.kernel.events import EVENTS, Event

Words = tuple[str, str]
"""What something is called, in Japanese and in English."""

SHARED: dict[str, Words] = {
    # names, texts and numbers of things
    "title": ("題名", "Title"),
    "title_ja": ("題名", "Title"),
    "name": ("名称", "Name"),
    "name_ja": ("名称", "Name"),
    "label": ("呼び名", "Label"),
    "label_ja": ("呼び名", "Label"),
    "text": ("内容", "Text"),
    "text_ja": ("内容", "Text"),
    "reason": ("理由", "Reason"),
    "accepted": ("承諾した", "Accepted"),
    "purpose_ja": ("目的", "Purpose"),
    "order": ("順番", "Order"),
    "count": ("数", "Count"),
    "value": ("値", "Value"),
    "target": ("対象・目標", "Target"),
    "kind": ("種類", "Kind"),
    "category": ("区分", "Category"),
    "role": ("役割", "Role"),
    "on": ("日付", "Date"),
    "scope": ("範囲", "Scope"),
    "to": ("あて先", "To"),
    "v": ("版", "Version"),
    "disclosure": ("公開・非公開", "Disclosure"),
    "outcome": ("結果", "Outcome"),
    "document_id": ("文書", "Document"),
    "document_no": ("文書番号", "Document no."),
    "vault_ref": ("個人情報の保管番号", "Reference into the vault"),
    # law
    "article": ("条", "Article"),
    "paragraph": ("項", "Paragraph"),
    "item": ("号", "Item"),
    "as_of": ("時点", "As of"),
    "citation": ("根拠条文", "Citation"),
    # council
    "council_id": ("市民会議", "Council"),
    "method": ("方法", "Method"),
    "replaces": ("置き換えたもの", "Replaces"),
    "basis": ("分け方", "Basis"),
    "aim_ja": ("ねらい", "Aim"),
    "quorum": ("定足数", "Quorum"),
    "majority": ("議決", "Majority"),
    "appointment_id": ("委員", "Member"),
    "party_id": ("人・団体", "Party"),
    "rules_version": ("規則の版", "Version of the rules"),
    "from_date": ("始まり", "From"),
    "to_date": ("終わり", "Until"),
    "why": ("事由", "Why"),
    # groups
    "action_id": ("事業", "Action"),
    # meetings
    "present": ("出席", "Present"),
    "reply": ("回答", "Reply"),
    "post": ("職", "Post"),
    "means": ("方法", "Means"),
    "what": ("内容", "What"),
    "request_no": ("請求番号", "Number of the request"),
    "received_on": ("受付日", "Received on"),
    "in_force_from": ("施行日", "In force from"),
    "target_event": ("訂正した出来事", "Event corrected"),
    "field": ("項目", "Field"),
    "before": ("訂正前", "Before"),
    "after": ("訂正後", "After"),
    "approved_by": ("承認した者", "Approved by"),
    "no": ("回", "No."),
    "session_id": ("会期", "Session"),
    "result_text": ("出典の言葉による結果", "Result in the source's words"),
    # matters
    "matter_id": ("案件", "Matter"),
    "question": ("問い", "Question"),
    "option_id": ("案", "Option"),
    "option_ids": ("案", "Options"),
    "options_version": ("案の版", "Version of the options"),
    "proposer": ("提案者", "Proposed by"),
    "by": ("述べた者", "By"),
    "channel": ("経路", "Channel"),
    "stance": ("立場", "Stance"),
    "to_meeting": ("次に扱う会議", "To the meeting"),
    "result": ("結果", "Result"),
    "chosen_option": ("選ばれた案", "Chosen option"),
    "conditions": ("条件", "Conditions"),
    "effective_from": ("効力の始まり", "In effect from"),
    "form": ("形", "Form"),
    "disposition": ("回答", "Disposition"),
    "authority": ("決めた者", "Authority"),
    "superseded_by": ("置き換えたもの", "Superseded by"),
    # plan and actions
    "measure_id": ("施策", "Measure"),
    "art16_item": ("条例第16条の号", "Item of article 16"),
    "owner": ("実施主体", "Owner"),
    "adopted_by": ("採択したもの", "Adopted by"),
    "fiscal_year": ("年度", "Fiscal year"),
    "applies_to_fiscal_year": ("反映する年度", "Applies to fiscal year"),
    "indicators": ("指標", "Indicators"),
    "duty": ("役割", "Duty"),
    "improvement_id": ("改善", "Improvement"),
    "held_on": ("開催日", "Held on"),
    "place": ("場所", "Place"),
    "times_held": ("回数", "Times held"),
    "audience": ("だれに", "To whom"),
    # reflections
    "action_ids": ("事業", "Actions"),
    "due": ("期限", "Due"),
    # studies and groups
    "group_id": ("グループ", "Group"),
    # officers
    "attended": ("出席者", "Who attended"),
    # links
    "from_id": ("つながりの起点", "Link from"),
    "to_id": ("つながりの先", "Link to"),
}
"""What means the same in the events of several aggregates."""


def own_words(struct: type[msgspec.Struct]) -> dict[str, Words]:
    """What an event, or a struct inside one, calls its fields itself."""
    declared: dict[str, Words] = getattr(struct, "FIELDS", {})
    return declared


@cache
def field_words() -> dict[str, Words]:
    """The words of every field by its name, in JSON as in the log."""
    declared = dict(SHARED)
    for struct in structs_inside(EVENTS.values()):
        for name, words in own_words(struct).items():
            declared.setdefault(name, words)
    return declared


def words_of(name: str, event: type[Event] | None = None) -> Words | None:
    """What a field is called, in this event if it is of one; None if nobody says."""
    own = own_words(event) if event is not None else {}
    return own.get(name) or field_words().get(name)


def structs_inside(events: typing.Iterable[type[Event]]) -> Iterator[type[msgspec.Struct]]:
    """These events and every struct that one of their fields may hold, each once."""
    ahead: list[Any] = list(events)[::-1]
    seen: set[Any] = set()
    while ahead:
        kind = ahead.pop()
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            if kind not in seen:
                seen.add(kind)
                yield kind
                ahead += [*typing.get_type_hints(kind).values()]
        elif typing.get_origin(kind) is not typing.Literal:
            ahead += typing.get_args(kind)
