"""意見募集に寄せられた意見: each row becomes a text that is not public, the comment, and what the city makes
of it, where the sheet says so."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from api.http.language import tr
from api.http.problems import declare
from api.office.desk.acts import new_id
from api.office.tables.reading.sheet import Place, address
from api.office.tables.reading.values import (
    is_nothing,
    name_key,
    plain,
    read_choice,
    read_day,
    read_line,
    read_text,
)
from api.office.tables.reading.vocabulary import (
    CHANNELS,
    COMMENT_TITLE,
    DISPOSITIONS,
    NOT_STATED,
    TITLES,
    listed,
)
from api.office.tables.rows.declared import Choice, Choices, Column, Once, Plan, Planned, Reading, Row, Table
from api.office.tables.rows.values_for_commands import as_date, effective, without_nothing
from api.setup import rules_of_service
from projections.answers.comment_periods import asked_about

COMMENTER_NOT_STATED = declare(
    422,
    "COMMENTER_NOT_STATED",
    ja="意見を出した人の氏名または住所がありません。",
    en="The name or the address of whoever commented is missing.",
    rule=rules_of_service.SHEETS,
    next_ja="書き入れるか、出した人が書いていないのなら「記入なし」として入れてください。",
    next_en="Write it; or take it in as “not stated”, if whoever commented did not state it.",
)
NUMBER_TWICE = declare(
    422,
    "NUMBER_TWICE",
    ja="同じ番号が{first}にもあります。",
    en="The same number stands in {first}.",
    rule=rules_of_service.SHEETS,
    next_ja="番号を直すか、この行を取り込まないでください。",
    next_en="Mend the number, or leave this row out.",
)

COLUMNS = (
    Column(
        "no",
        ("番号", "Number"),
        hint=("9-1、9-2 は同じ人の意見と読みます", "9-1 and 9-2 are of one person"),
    ),
    Column(
        "received",
        ("受付日", "Received on"),
        hint=("意見募集の期間のうちの日", "a day of the comment period"),
    ),
    Column(
        "channel",
        ("提出方法", "Sent by"),
        hint=("郵送・電子メール・持参など", "post, mail, in person, …"),
    ),
    Column(
        "name",
        ("氏名", "Name"),
        secret=True,
        hint=("金庫に入ります。公表しません", "into the vault; never public"),
    ),
    Column(
        "address",
        ("住所", "Address"),
        secret=True,
        hint=("金庫に入ります", "into the vault"),
    ),
    Column("contact", ("連絡先", "Contact"), secret=True, hint=("金庫に入ります", "into the vault")),
    Column("about", ("該当箇所", "About"), hint=("意見の本文の頭に付きます", "put before the text")),
    Column(
        "text",
        ("意見の内容", "Comment"),
        needed=True,
        secret=True,
        hint=("公開しない文書になります", "becomes a document that is not public"),
    ),
    Column(
        "disposition",
        ("対応区分", "Disposition"),
        hint=("反映・盛り込み済み・参考・対応できない", "one of four"),
    ),
    Column("reply", ("市の考え方", "Reply of the city"), hint=("公表されます", "made public")),
    Column(
        "change",
        ("案の変更", "Change of the draft"),
        hint=("「反映」に要ります", "needed where it is reflected"),
    ),
)


def _commented_on(connection: sa.Connection, _: Mapping[str, str]) -> Choices:
    return [(about, title) for about, _kind, title, _doc in asked_about(connection)]


def _only_one(connection: sa.Connection, _: Mapping[str, str]) -> str:
    known = asked_about(connection)
    return known[0][0] if len(known) == 1 else ""


ONCE = (
    Once(
        "plan",
        ("意見を募集した計画・案件", "Plan or matter that was commented on"),
        "choice",
        needed=True,
        hint=("意見を募集している計画・案件から選びます", "one of those on which comments are asked for"),
        choices=_commented_on,
        usual=_only_one,
    ),
    Once(
        "mark",
        ("番号の頭に付ける字", "Letters before the numbers"),
        hint=(
            "ほかの表と番号が重なるときだけ。英小文字",
            "only where numbers are those of another sheet too; small letters",
        ),
    ),
    Once(
        "dated",
        ("対応を決めた日", "When the dispositions were decided"),
        "day",
        hint=("分からなければ空のまま", "leave it empty if it is not known"),
    ),
)


def plan(reading: Reading) -> Plan:
    made = Plan(settled=reading.settled)
    about = reading.once.get("plan", "")
    kinds = {known: kind for known, kind, _title, _doc in asked_about(reading.connection)}
    if about not in kinds:
        return made
    comments = _Comments(reading, made, about, kinds[about])
    for row in reading.rows:
        comments.take(row)
    made.counts = [
        (tr("意見", "comments"), len(made.rows)),
        (tr("出した人", "people"), comments.people),
        (tr("市の対応", "dispositions"), comments.disposed),
    ]
    return made


class _Comments:
    def __init__(self, reading: Reading, made: Plan, about: str, kind: str):
        self._reading, self._plan, self._about, self._kind = reading, made, about, kind
        mark = re.sub(r"[^a-z0-9]", "", plain(reading.once.get("mark", "")).lower())[:12]
        self._mark = f"{mark}-" if mark else ""
        self._decided = reading.once_read("dated", read_day)
        self._by_person: dict[tuple[str, str], str] = {}
        self._by_number: dict[str, str] = {}
        self._numbers: dict[str, Place] = {}
        self._not_stated = "not stated" in reading.settled
        self.people = self.disposed = 0

    def take(self, row: Row) -> None:
        text = row.read("text", read_text)
        received = row.read("received", read_day)
        channel = self._choice(row, "channel", CHANNELS)
        disposition = self._choice(row, "disposition", DISPOSITIONS)
        about, reply, change = (row.read(key, read_text) for key in ("about", "reply", "change"))
        comment_id = self._number(row)
        who = self._who(row, comment_id)
        if row.faults or text is None or who is None or comment_id is None:
            return
        whole = f"{about}\n\n{text}" if about else text
        content = whole.encode()
        record = self._reading.envelope(row.number)
        document = new_id("Document")
        self._plan.contents.append(content)
        registered = {
            "kind": "public_comment",
            "title": COMMENT_TITLE.format(number=comment_id.removeprefix("c-")),
            "disclosure": {"visibility": "closed", "ground": "personal"},
            "record": record | ({} if received else {"effective": effective(None)}),
        } | without_nothing(dated=as_date(received))
        held = {
            "sha256": hashlib.sha256(content).hexdigest(),
            "size_bytes": len(content),
            "media_type": "text/plain",
            "record": record,
        }
        came = without_nothing(
            comment_id=comment_id, channel=channel, text_ref=document, received_on=as_date(received)
        )
        undated = {} if received else {"effective": effective(None)}
        acts = [
            Planned("Document", "register", document, registered, {"dated": "received"}),
            Planned("Document", "attach_content", document, held, {"sha256": "text"}),
            Planned(
                self._kind,
                "receive_comment",
                self._about,
                {**came, **who, "record": record | undated},
                _FROM,
            ),
        ]
        if disposition is not None:
            self.disposed += 1
            fact = without_nothing(
                comment_id=comment_id, disposition=disposition, reply=reply, draft_change=change
            )
            fact["record"] = record | {"effective": effective(self._decided)}
            acts.append(Planned(self._kind, "dispose_comment", self._about, fact, _FROM))
        self._plan.rows[row.number] = acts

    def _choice(self, row: Row, key: str, words: dict[str, tuple[str, ...]]) -> str | None:
        read = row.read(key, lambda cell: read_choice(cell, words, listed(words)))
        if read is None:
            return None
        value, in_its_own_word = read
        text, place = row.text(key), row.place(key)
        if not in_its_own_word and place is not None and key == "disposition":
            label = words[value][0]
            key_of_ask = f"{key} {plain(text)}"
            self._plan.ask(
                key_of_ask,
                place,
                tr(f"「{text}」を「{label}」と読みました", f"“{text}” was read as “{label}”"),
                choices=lambda places: [
                    Choice(tr("そのとおり", "That is right"), f"ok {key_of_ask}"),
                    *(
                        Choice(
                            tr(f"{names[0]}にする", f"Make it {names[0]}"), f"set {_cells(places)}={names[0]}"
                        )
                        for other, names in words.items()
                        if other != value
                    ),
                ],
            )
        return value

    def _number(self, row: Row) -> str | None:
        """The identifier of the comment: its number in the sheet, or that of its row."""
        place, text = row.place("no"), plain(row.text("no"))
        number = re.sub(r"[^a-z0-9]+", "-", re.sub(r"^(no\.?|№)", "", text.lower())).strip("-")[:20]
        if place is not None and number:
            if number in self._numbers:
                row.refuse(NUMBER_TWICE(first=address(self._numbers[number])), "no")
                return None
            self._numbers[number] = place
        return f"c-{self._mark}{number or f'r{row.number}'}"

    def _who(self, row: Row, comment_id: str | None) -> dict[str, Any] | None:
        """Who commented: by name and address, or as the author of an earlier comment."""
        name, home, contact = (row.read(key, read_line) for key in ("name", "address", "contact"))
        family = plain(row.text("no")).partition("-")
        first = self._by_number.get(family[0]) if family[2] else None
        if first is not None and not (name and home):
            return {"same_person_as": first}
        key = (name_key(name or ""), plain(home or ""))
        stated = bool(name and home) and not (is_nothing(name or "") or is_nothing(home or ""))
        if stated and key in self._by_person:
            self._plan.ask(
                "same people",
                row.place("name"),
                tr(
                    "氏名と住所が同じ意見は、同じ人のものとして入ります",
                    "Comments of one name and address are of one person",
                ),
                choices=lambda _: [Choice(tr("そのとおり", "That is right"), "ok same people")],
            )
            return {"same_person_as": self._by_person[key]}
        if not stated and not self._not_stated:
            row.refuse(COMMENTER_NOT_STATED(), "name" if row.place("name") else "text")
            return None
        if comment_id is not None:
            self._by_number.setdefault(family[0], comment_id)
            if stated:
                self._by_person[key] = comment_id
        self.people += 1
        stands = {"name": name or NOT_STATED, "address": home or NOT_STATED}
        return without_nothing(**stands, contact=contact)


def _cells(places: list[Place]) -> str:
    return ",".join(map(address, places))


_FROM = {
    "comment_id": "no",
    "channel": "channel",
    "received_on": "received",
    "name": "name",
    "address": "address",
    "contact": "contact",
    "text_ref": "text",
    "disposition": "disposition",
    "reply": "reply",
    "draft_change": "change",
}

Cells = Callable[[list[Place]], list[Choice]]

TABLE = Table(
    key="comments",
    words=("意見募集の意見", "Public comments"),
    unit=("件", "comments"),
    columns=COLUMNS,
    once=ONCE,
    plan=plan,
    main="text",
    event="CommentReceived",
    title=TITLES["comments"],
    disclosure={"visibility": "closed", "ground": "personal"},
    leads_to="/desk/past",
    notes=(
        (
            "氏名・住所・連絡先は、記録の外の金庫に入ります。",
            "Names, addresses and contacts go into the vault.",
        ),
        (
            "意見の本文は、公開しない文書になります。",
            "The comments themselves become documents that are not public.",
        ),
        (
            "市の考え方は公表されます。氏名や連絡先を書かないでください。",
            "Replies are made public: write no names there.",
        ),
    ),
)
