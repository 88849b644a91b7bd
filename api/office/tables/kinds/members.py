"""委員と任期: a roster becomes people, their consent to being named, and their seats for a term.

One story: how each row of a roster becomes somebody with a seat, and what has to be asked on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from api.http.language import tr
from api.http.problems import declare
from api.office.desk.acts import new_id
from api.office.tables.reading.refusals import CELL_NO_CHOICE
from api.office.tables.reading.sheet import Cell, Place, address
from api.office.tables.reading.values import (
    is_nothing,
    name_key,
    plain,
    read_choice,
    read_day,
    read_line,
    read_whole,
    said,
)
from api.office.tables.reading.vocabulary import CATEGORIES, NO, TITLES, YES
from api.office.tables.rows.declared import (
    CELL_NEEDED,
    Choice,
    Choices,
    Column,
    Once,
    Plan,
    Planned,
    Reading,
    Row,
    Table,
)
from api.office.tables.rows.lookups import (
    Council,
    Member,
    closest,
    council_of,
    councils,
    members,
    organisations,
)
from api.office.tables.rows.values_for_commands import as_date, effective, without_nothing
from api.setup import rules_of_service
from domain.values.calendar import EffectiveDate

NAME_IS_NONE = declare(
    422,
    "NAME_IS_NONE",
    ja="「{text}」は氏名ではないようです。",
    en="“{text}” does not look like a name.",
    rule=rules_of_service.SHEETS,
    next_ja="氏名を書くか、決まってから記録するために、この行を取り込まないでください。",
    next_en="Write the name; or leave this row out until it is known.",
)
BODY_UNKNOWN = declare(
    422,
    "BODY_UNKNOWN",
    ja="推薦した団体が、登録にありません。",
    en="The nominating body is not on record.",
    rule=rules_of_service.SHEETS,
    next_ja="登録ずみの団体を選ぶか、新しい団体として登録してください。",
    next_en="Choose a body on record, or register a new one.",
)
TERM_REVERSED = declare(
    422,
    "TERM_REVERSED",
    ja="任期の終わりが、始まりより前です。",
    en="The term ends before it begins.",
    rule=rules_of_service.SHEETS,
    next_ja="どちらかの日付を直してください。",
    next_en="Mend one of the two dates.",
)
NAME_TWICE = declare(
    422,
    "NAME_TWICE",
    ja="同じ氏名が{first}にもあります。",
    en="The same name stands in {first}.",
    rule=rules_of_service.SHEETS,
    next_ja="同じ人の行は1つにしてください。同姓同名の別の人なら、「別の人」を押してください。",
    next_en="Leave one of the rows of a person; if they are two people of one name, say so.",
)

COLUMNS = (
    Column(
        "name",
        ("氏名", "Name"),
        needed=True,
        secret=True,
        hint=("名簿（記録の外の金庫に入ります）", "into the vault, beside the record"),
    ),
    Column(
        "category",
        ("選出の区分", "Category"),
        needed=True,
        hint=("設置のときに定めた区分に読みかえます", "read as a category of the composition"),
    ),
    Column(
        "nominator",
        ("推薦した団体", "Nominated by"),
        hint=("登録ずみの団体と照らし合わせます", "matched with bodies on record"),
    ),
    Column(
        "from",
        ("任期の始まり", "Term from"),
        hint=("和暦・西暦・日付のどれでも読みます", "era, western year or true date"),
    ),
    Column("to", ("任期の終わり", "Term until"), hint=("最後の日です", "the last day")),
    Column("publish", ("氏名の公表", "May be named"), hint=("可・否", "yes, no")),
    Column("post", ("職名", "Post"), secret=True, hint=("金庫に入ります", "into the vault")),
    Column("contact", ("連絡先", "Contact"), secret=True, hint=("金庫に入ります", "into the vault")),
    Column("office", ("充て職", "Seat by office"), hint=("席を伴う職", "the post that brings the seat")),
)


def _councils(connection: sa.Connection, _: Mapping[str, str]) -> Choices:
    return [(council.council_id, council.name) for council in councils(connection)]


def _only_council(connection: sa.Connection, _: Mapping[str, str]) -> str:
    known = councils(connection)
    return known[0].council_id if len(known) == 1 else ""


def _next_term(connection: sa.Connection, answers: Mapping[str, str]) -> str:
    council = council_of(connection, answers.get("council"))
    return "" if council is None else str(max(council.terms, default=0) + 1)


ONCE = (
    Once("council", ("会議体", "Council"), "choice", needed=True, choices=_councils, usual=_only_council),
    Once(
        "term",
        ("期", "Term"),
        "number",
        needed=True,
        hint=("まだ記録のない期なら、任期も始めます", "a term that is not on record yet is opened"),
        usual=_next_term,
    ),
    Once(
        "dated",
        ("いつのことか（決裁・委嘱状の日）", "When it was decided"),
        "day",
        hint=("分からなければ空のまま。打った日にはなりません", "leave it empty if it is not known"),
    ),
    Once(
        "document_no",
        ("委嘱の決裁の文書番号", "Number of the decision"),
        needed=True,
        hint=("決裁の文書に付いた番号", "the number of the document of the decision"),
    ),
)


def plan(reading: Reading) -> Plan:
    made = Plan(settled=reading.settled)
    council = council_of(reading.connection, reading.once.get("council"))
    term_no, dated = reading.once_read("term", read_whole), reading.once_read("dated", read_day)
    if council is None or term_no is None:
        return made
    table = _Roster(reading, made, council, term_no, dated)
    for row in reading.rows:
        table.take(row)
    table.open_term()
    made.counts = [
        (tr("委員", "members"), len(made.rows)),
        (tr("新しく登録する人", "people registered"), table.new_people),
        (tr("団体", "bodies"), len(table.new_bodies)),
        (tr("任期", "terms"), int(council.terms.get(term_no) is None)),
    ]
    return made


class _Roster:
    """The rows of one roster, one after another."""

    def __init__(
        self, reading: Reading, made: Plan, council: Council, term_no: int, dated: EffectiveDate | None
    ):
        self._reading, self._plan, self._council = reading, made, council
        self._term_no, self._dated = term_no, dated
        self._bodies = organisations(reading.connection)
        self.new_bodies: dict[str, str] = {}
        self._known: dict[str, list[Member]] = {}
        for member in members(reading.connection, council.council_id):
            self._known.setdefault(name_key(member.name), []).append(member)
        self._seen: dict[str, Place] = {}
        self._days: tuple[list[EffectiveDate], list[EffectiveDate]] = ([], [])
        self.new_people = 0
        words = council.categories
        self._categories = {word: (label, *CATEGORIES.get(word, ())) for word, label in words.items()}
        self._labels = "、".join(words.values())

    def take(self, row: Row) -> None:
        name = row.read("name", read_line)
        category = self._category(row)
        first, last = row.read("from", read_day), row.read("to", read_day)
        body = self._body(row, category)
        self._ordered(row, first, last)
        term = self._council.terms.get(self._term_no)
        for day, known in zip((first, last), self._days, strict=True):
            if day is not None:
                known.append(day)
        if name is None or not self._is_name(row, name):
            return
        if row.faults or category is None:
            return
        begins = as_date(first) or (term or {}).get("from_date")
        if begins is None:
            row.read("from", _needed(row))
            return
        ends = as_date(last) or _plain_date((term or {}).get("to_date"))
        acts: list[Planned] = []
        party = self._person(row, name, acts)
        self._consent(row, party, acts)
        record = self._reading.envelope(row.number)
        fact = without_nothing(
            appointment_id=f"seat-{self._term_no}-{row.number}-{party[-6:]}",
            party_id=party,
            category=category,
            term_no=self._term_no,
            from_date=_plain_date(begins),
            to_date=ends,
            nominated_by=body,
            by_office=row.read("office", read_line),
            document_no=self._reading.once["document_no"].strip() or None,
            record=record,
        )
        comes_from = {
            "party_id": "name",
            "category": "category",
            "from_date": "from",
            "to_date": "to",
            "nominated_by": "nominator",
            "by_office": "office",
        }
        acts.append(Planned("Council", "appoint", self._council.council_id, fact, comes_from))
        self._plan.rows[row.number] = acts

    # -- what a row says

    def _category(self, row: Row) -> str | None:
        read = row.read("category", lambda cell: read_choice(cell, self._categories, self._labels))
        if read is None:
            return None
        category, in_its_own_word = read
        place, text = row.place("category"), row.text("category")
        if not in_its_own_word and place is not None:
            label = self._council.categories[category]
            sentence = tr(f"「{text}」を「{label}」と読みました", f"“{text}” was read as “{label}”")
            key = f"category {plain(text)}"
            self._plan.ask(key, place, sentence, choices=self._others(key, category))
        return category

    def _others(self, key: str, category: str) -> Callable[[list[Place]], list[Choice]]:
        others = [label for word, label in self._council.categories.items() if word != category]

        def choices(places: list[Place]) -> list[Choice]:
            cells = ",".join(map(address, places))
            return [
                Choice(tr("そのとおり", "That is right"), f"ok {key}"),
                *(
                    Choice(tr(f"{label}にする", f"Make it {label}"), f"set {cells}={label}")
                    for label in others
                ),
            ]

        return choices

    def _body(self, row: Row, category: str | None) -> str | None:
        text = row.read("nominator", read_line)
        if text is None or is_nothing(text) or plain(text).strip("()") in map(plain, _RECRUITED):
            return None
        key = name_key(text)
        if key in self._bodies:
            return self._bodies[key][0]
        if key in self.new_bodies:
            return self.new_bodies[key]
        if f"body {key}" in self._reading.settled:
            party = self.new_bodies[key] = new_id("Party")
            record = self._reading.envelope(row.number) | {"effective": effective(None)}
            fact = {"name_ja": text, "category": "other", "record": record}
            self._plan.lead.append(Planned("Party", "register_organisation", party, fact))
            return party
        alike = closest(text, self._bodies)
        row.refuse(BODY_UNKNOWN(text=text, alike=self._bodies[alike][1] if alike else ""), "nominator")
        return None

    def _ordered(self, row: Row, first: EffectiveDate | None, last: EffectiveDate | None) -> None:
        if first is not None and last is not None and last.before(first):
            row.refuse(TERM_REVERSED(), "to")

    def _is_name(self, row: Row, name: str) -> bool:
        place = row.place("name")
        if plain(name).startswith("(") or is_nothing(name):
            row.refuse(NAME_IS_NONE(text=name[:40]), "name")
            return False
        key = name_key(name)
        if key in self._seen and f"two {key} {row.number}" not in self._reading.settled:
            row.refuse(NAME_TWICE(first=address(self._seen[key])), "name")
            return False
        if place is not None:
            self._seen.setdefault(key, place)
        return True

    def _person(self, row: Row, name: str, acts: list[Planned]) -> str:
        """The person of this name: who sat on this council before, or somebody new."""
        key = name_key(name)
        known = {member.party_id for member in self._known.get(key, ())}
        if len(known) == 1 and f"other {row.number}" not in self._reading.settled:
            place = row.place("name")
            self._plan.ask(
                f"same {row.number}",
                place,
                tr(
                    "同じ氏名の人が、この会議体の委員として登録されています。同じ人として入ります",
                    "Somebody of this name has sat on this council. They are taken to be the same person",
                ),
                detail=name,
                choices=lambda _: [
                    Choice(tr("同じ人", "The same"), f"ok same {row.number}"),
                    Choice(tr("別の人", "Somebody else"), f"ok other {row.number}"),
                ],
            )
            return known.pop()
        party = new_id("Party")
        self.new_people += 1
        fact = without_nothing(
            name=name,
            contact=row.read("contact", read_line),
            post=row.read("post", read_line),
            record=self._reading.envelope(row.number),
        )
        comes_from = {"name": "name", "contact": "contact", "post": "post"}
        acts.append(Planned("Party", "register_person", party, fact, comes_from))
        return party

    def _consent(self, row: Row, party: str, acts: list[Planned]) -> None:
        """可 is consent to being named; an empty cell is none, which is told."""
        place, text = row.place("publish"), row.text("publish")
        if place is None:
            return
        agreed = row.read("publish", _yes_or_no)
        is_new = any(act.entity == party for act in acts)
        if agreed and is_new:
            record = self._reading.envelope(row.number) | {"effective": effective(self._dated)}
            acts.append(Planned("Party", "give_name_consent", party, {"record": record}, {"": "publish"}))
        if not text:
            self._plan.ask(
                "publish",
                place,
                tr(
                    "氏名の公表が空です。「否」として入ります",
                    "Whether they may be named is empty: it is taken as no",
                ),
                tr("後から同意を得れば変えられます。", "It can be changed when they consent."),
                lambda places: [
                    Choice(tr("否にする", "No"), f"set {_cells(places)}={NO[0]}"),
                    Choice(tr("可にする", "Yes"), f"set {_cells(places)}={YES[0]}"),
                ],
            )

    # -- the term

    def open_term(self) -> None:
        """Begin the term, if it is not on record: from the first day to the last of its members."""
        if self._council.terms.get(self._term_no) is not None or not self._days[0]:
            return
        firsts = [day for day in self._days[0] if day.earliest]
        lasts = [day for day in self._days[1] if day.latest]
        fact = without_nothing(
            term_no=self._term_no,
            from_date=as_date(_most(firsts)),
            to_date=as_date(_most(lasts)),
            record=self._reading.envelope(None),
        )
        comes_from = {"term_no": "term", "from_date": "term", "to_date": "term"}
        self._plan.lead.append(Planned("Council", "open_term", self._council.council_id, fact, comes_from))


def _most(days: Sequence[EffectiveDate]) -> EffectiveDate | None:
    """The day that most of them have."""
    values = [day.value for day in days]
    return max(days, key=lambda day: values.count(day.value), default=None)


def _needed(row: Row) -> Callable[[Cell], str | None]:
    ja, en = row.table.column("from").words

    def refuse(_: Cell) -> str | None:
        raise CELL_NEEDED(column=ja, column_en=en)

    return refuse


def _plain_date(date: Any) -> Any:
    """A date of a view without what a body does not take."""
    if not isinstance(date, dict):
        return date
    return {name: date[name] for name in ("value", "precision", "era") if date.get(name) is not None}


def _cells(places: list[Place]) -> str:
    return ",".join(map(address, places))


def _yes_or_no(cell: Cell) -> bool | None:
    word = plain(said(cell)).lower()
    if not word:
        return None
    if word in map(plain, YES):
        return True
    if word in map(plain, NO):
        return False
    raise CELL_NO_CHOICE(text=cell.text[:40], known=f"{YES[0]}、{NO[0]}")


_RECRUITED = CATEGORIES["public_recruitment"]

TABLE = Table(
    key="members",
    words=("委員の名簿", "Roster of members"),
    unit=("人", "members"),
    columns=COLUMNS,
    once=ONCE,
    plan=plan,
    main="name",
    event="MemberAppointed",
    title=TITLES["members"],
    disclosure={"visibility": "closed", "ground": "personal"},
    leads_to="/desk/members",
    notes=(
        ("氏名・職名・連絡先は、記録の外の金庫に入ります。", "Names, posts and contacts go into the vault."),
        (
            "座長の選任は名簿からは入りません。会議で記録します。",
            "The chair is elected in a meeting, and recorded there.",
        ),
        (
            "ふりがな・備考の列は、あってもかまいません。使いません。",
            "Further columns may be there; they are not used.",
        ),
    ),
)
