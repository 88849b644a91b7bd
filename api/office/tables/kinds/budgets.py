"""事業の予算と決算: each row becomes, for an action and a year, the amounts that its columns state.

What can be reckoned (予算現額, 不用額) is never recorded; where the sheet states it, it is held against what
its other columns come to.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from api.http.language import tr
from api.http.problems import declare
from api.office.desk.acts import new_id
from api.office.tables.reading.sheet import Place
from api.office.tables.reading.values import plain, read_day, read_line, read_money, read_year
from api.office.tables.reading.vocabulary import TITLES
from api.office.tables.rows.declared import Choice, Choices, Column, Once, Plan, Planned, Reading, Row, Table
from api.office.tables.rows.lookups import actions, closest
from api.office.tables.rows.values_for_commands import effective, without_nothing
from api.setup import rules_of_service
from domain.values.money import Money, Unit

ACTION_UNKNOWN = declare(
    422,
    "ACTION_UNKNOWN",
    ja="「{text}」という事業は、登録にありません。",
    en="There is no action “{text}” on record.",
    rule=rules_of_service.SHEETS,
    next_ja="登録ずみの事業を選ぶか、新しい事業として登録するか、この行を取り込まないでください。",
    next_en="Choose an action on record, register a new one, or leave this row out.",
)
YEAR_NEEDED = declare(
    422,
    "YEAR_NEEDED",
    ja="年度がありません。",
    en="The fiscal year is missing.",
    rule=rules_of_service.SHEETS,
    next_ja="年度の列に書くか、「一度に聞くこと」で年度を書いてください。",
    next_en="Write it in the column of years, or once for all rows.",
)

COLUMNS = (
    Column(
        "action",
        ("事業名", "Action"),
        needed=True,
        hint=("登録ずみの事業と照らし合わせます", "matched with the record"),
    ),
    Column(
        "year",
        ("年度", "Fiscal year"),
        hint=("列がなければ一度に聞きます", "asked once if there is no column"),
    ),
    Column(
        "initial", ("当初予算額", "Initial"), hint=("空は「なし」、0 は 0 円", "empty is none, 0 is nought")
    ),
    Column(
        "supplementary", ("補正予算額", "Supplementary"), many=True, hint=("△・▲ は減額", "△ and ▲ reduce")
    ),
    Column("transfer", ("流用", "Transfer"), many=True, hint=("△・▲ は減額", "△ and ▲ reduce")),
    Column("carry_in", ("前年度からの繰越", "Carried in")),
    Column(
        "current", ("予算現額", "Current"), hint=("たしかめるだけで、記録しません", "compared, not recorded")
    ),
    Column("settled", ("決算額", "Settled"), hint=("支出済額", "what was spent")),
    Column("carried_out", ("翌年度繰越額", "Carried out")),
    Column("unused", ("不用額", "Unused"), hint=("たしかめるだけで、記録しません", "compared, not recorded")),
    Column("source", ("財源", "Funded by")),
)
ALLOCATED = ("initial", "supplementary", "transfer", "carry_in")
AMOUNTS = (*ALLOCATED, "current", "settled", "carried_out", "unused")
UNITS: tuple[Unit, ...] = ("千円", "円", "万円", "百万円")


def _units(_: sa.Connection, __: Mapping[str, str]) -> Choices:
    return [(unit, unit) for unit in UNITS]


ONCE = (
    Once(
        "year",
        ("年度（列がないとき）", "Fiscal year, if there is no column"),
        hint=("令和7年度、R7、2025", "R7, 2025"),
    ),
    Once(
        "unit",
        ("金額の単位", "Unit of the amounts"),
        "choice",
        needed=True,
        hint=("セルに単位が書いてあれば、そちらで読みます", "a unit written in a cell counts before this"),
        choices=_units,
        usual=lambda _, __: UNITS[0],
    ),
    Once(
        "document_no",
        ("予算書・決算書の文書番号", "Number of the budget document"),
        hint=("分かるときだけ", "only if it is known"),
    ),
    Once(
        "dated",
        ("決算を確定した日", "When the accounts were settled"),
        "day",
        hint=("分からなければ空のまま", "leave it empty if it is not known"),
    ),
)


def plan(reading: Reading) -> Plan:
    made = Plan(settled=reading.settled)
    year = reading.once_read("year", read_year)
    budgets = _Budgets(reading, made, year)
    for row in reading.rows:
        budgets.take(row)
    made.counts = [
        (tr("事業", "actions"), len(budgets.of_actions)),
        (tr("新しい事業", "new actions"), len(budgets.new)),
        (tr("予算", "allocations"), budgets.allocations),
        (tr("決算", "settlements"), budgets.settlements),
    ]
    return made


class _Budgets:
    def __init__(self, reading: Reading, made: Plan, year: int | None):
        self._reading, self._plan, self._year = reading, made, year
        self._known = actions(reading.connection)
        unit = reading.once.get("unit", "")
        self._unit: Unit = next((known for known in UNITS if known == unit), UNITS[0])
        self._settled_on = reading.once_read("dated", read_day)
        self._number = reading.once.get("document_no", "").strip() or None
        self.new: dict[str, str] = {}
        self.of_actions: set[str] = set()
        self.allocations = self.settlements = 0

    def take(self, row: Row) -> None:
        action = self._action(row)
        year = row.read("year", read_year) or self._year
        if year is None and not any(fault.column == "year" for fault in row.faults):
            row.refuse(YEAR_NEEDED(), "year" if row.place("year") else "action")
        read = {key: row.read_all(key, lambda cell: read_money(cell, self._unit)) for key in AMOUNTS}
        source = row.read("source", read_line)
        if row.faults or action is None or year is None:
            return
        self.of_actions.add(action)
        self._compare(read)
        acts = [
            self._allocate(row, action, year, kind, money, source)
            for kind in ALLOCATED
            for _, money in read[kind]
            if money.yen or kind == "initial"  # a supplement of nothing is no act
        ]
        self.allocations += len(acts)
        if read["settled"]:
            acts.append(self._settle(row, action, year, read))
            self.settlements += 1
        if acts:
            self._plan.rows[row.number] = acts

    def _action(self, row: Row) -> str | None:
        text = row.read("action", read_line)
        if text is None:
            return None
        key = plain(text)
        if key in self._known:
            return self._known[key].action_id
        if key in self.new:
            return self.new[key]
        if f"action {key}" in self._reading.settled:
            action = self.new[key] = new_id("PlanAction")
            record = self._reading.envelope(row.number) | {"effective": effective(None)}
            fact = {"title_ja": text, "record": record}
            self._plan.lead.append(Planned("PlanAction", "register", action, fact))
            return action
        alike = closest(text, self._known)
        row.refuse(
            ACTION_UNKNOWN(text=text, alike=self._known[alike].title if alike else "", key=key), "action"
        )
        return None

    def _allocate(
        self, row: Row, action: str, year: int, kind: str, money: Money, source: str | None
    ) -> Planned:
        fact = without_nothing(
            fiscal_year=year,
            kind=kind,
            amount_yen=money.yen,
            stated_amount=money.stated_amount,
            stated_unit=money.stated_unit,
            document_no=self._number,
            funded_by=source,
            record=self._reading.envelope(row.number),
        )
        comes_from = {"fiscal_year": "year", "kind": kind, "amount_yen": kind, "stated_amount": kind}
        return Planned("PlanAction", "allocate_budget", action, fact, comes_from | {"funded_by": "source"})

    def _settle(
        self, row: Row, action: str, year: int, read: Mapping[str, list[tuple[Place, Money]]]
    ) -> Planned:
        fact = without_nothing(
            fiscal_year=year,
            spent_yen=_sum(read["settled"]),
            carried_out_yen=_sum(read["carried_out"]) if read["carried_out"] else None,
            document_no=self._number,
            record=self._reading.envelope(row.number) | {"effective": effective(self._settled_on)},
        )
        comes_from = {"fiscal_year": "year", "spent_yen": "settled", "carried_out_yen": "carried_out"}
        return Planned("PlanAction", "settle", action, fact, comes_from)

    def _compare(self, read: Mapping[str, list[tuple[Place, Money]]]) -> None:
        """Say where what the sheet reckons is not what its own columns come to."""
        granted = sum(_sum(read[kind]) for kind in ALLOCATED)
        for place, stated in read["current"]:
            if stated.yen != granted:
                self._differs("current", place, stated, granted)
        left = granted - _sum(read["settled"]) - _sum(read["carried_out"])
        for place, stated in read["unused"]:
            if read["settled"] and stated.yen != left:
                self._differs("unused", place, stated, left)

    def _differs(self, key: str, place: Place, stated: Money, reckoned: int) -> None:
        words = next(column.words for column in COLUMNS if column.key == key)
        self._plan.ask(
            f"differs {key}",
            place,
            tr(
                f"「{words[0]}」が、表のほかの列から計算した額と合いません（記録するのは、ほかの列です）",
                f"“{words[1]}” is not what the other columns come to (those are what is recorded)",
            ),
            tr(
                f"表では{stated.label('ja')}、計算では{Money.of_yen(reckoned).label('ja')}",
                f"the sheet says {stated.label('en')}, reckoned it is {Money.of_yen(reckoned).label('en')}",
            ),
            lambda _: [Choice(tr("このまま", "Leave it"), f"ok differs {key}")],
        )


def _sum(amounts: list[tuple[Place, Money]]) -> int:
    return sum(money.yen for _, money in amounts)


TABLE = Table(
    key="budgets",
    words=("事業の予算と決算", "Budgets and accounts of actions"),
    unit=("行", "rows"),
    columns=COLUMNS,
    once=ONCE,
    plan=plan,
    main="action",
    event="BudgetAllocated",
    title=TITLES["budgets"],
    disclosure={"visibility": "internal", "ground": "operations"},
    leads_to="/desk/budgets",
    notes=(
        (
            "補正と流用の列は、いくつあってもかまいません。",
            "There may be several columns of supplements and transfers.",
        ),
        ("合計・小計の行は取り込みません。", "Rows of sums are not taken."),
    ),
)
