"""Budgets, agendas and attendance from sheets."""

from __future__ import annotations

from typing import Any

from tests.api.office.tables.books import book
from tests.api.office.tables.conftest import Desk

BUDGET = (
    "款・項",
    "事業名",
    "当初予算額",
    "補正1\n（6月）",
    "補正2\n（12月）",
    "予算現額",
    "決算額",
    "不用額",
    "備考",
)


def budgets() -> bytes:
    return book(
        ("令和６年度　予算・決算一覧", *[""] * 7, "（単位：千円）"),
        BUDGET,
        ("2 総務費", "協働フォーラム", 480, "△ 80", "－", 400, "３９５", 5, ""),
        ("", "相談窓口", "1,200", 300, -120, 1380, None, None, ""),
        ("合　計", "", 1680, 220, -120, 1780, 395, 5, ""),
        ("※端数処理のため合計が一致しない場合がある。",),
        name="R6",
        change=lambda workbook: workbook.active.merge_cells("A3:A4"),
    )


def test_budgets_are_recorded_as_their_columns_state_them(desk: Desk) -> None:
    desk.start("budgets", budgets())
    assert "合計の行は取り込みません（5行目）" in desk.plain()
    assert "年度がありません。" in desk.plain()
    desk.press("check", once_year="令和6年度", once_document_no="6架財第12号")
    assert "2行とも、このまま入ります" in desk.plain()
    before = len(desk.log())
    desk.press("record")
    new = [e for e in desk.log()[before:] if e.type in ("BudgetAllocated", "SettlementRecorded")]
    amounts = [
        (e.entity, e.data.kind, e.data.amount_yen, e.data.stated_amount, e.data.stated_unit)
        for e in new
        if e.type == "BudgetAllocated"
    ]
    assert amounts == [
        ("action-forum", "initial", 480_000, 480, "千円"),
        ("action-forum", "supplementary", -80_000, -80, "千円"),
        ("action-desk", "initial", 1_200_000, 1_200, "千円"),
        ("action-desk", "supplementary", 300_000, 300, "千円"),
        ("action-desk", "supplementary", -120_000, -120, "千円"),
    ]
    (settled,) = [e for e in new if e.type == "SettlementRecorded"]
    assert (settled.data.spent_yen, settled.data.fiscal_year) == (395_000, 2024)
    assert {e.source.locator for e in new if e.source} == {"シート「R6」3行目", "シート「R6」4行目"}


def test_what_a_budget_reckons_is_compared_and_what_it_does_not_know_is_asked(desk: Desk) -> None:
    rows = [
        ("", "協働フオーラム", 480, None, None, None, None, None, ""),
        ("", "相談窓口", 1_200, None, None, 1_300, 1_250, None, ""),
        ("", "新規の事業", "約80", None, None, None, None, None, ""),
    ]
    desk.start("budgets", book(BUDGET, *rows)).press("check", once_year="R6")
    words = desk.plain()
    assert (
        "「協働フオーラム」という事業は、登録にありません。" in words
        or "「事業名」に直すところがあります B2" in words
    )
    assert "「約80」は金額として読めません。 C4" in words
    assert "「予算現額」が、表のほかの列から計算した額と合いません" in words
    assert "set B2=協働フォーラム" in desk.buttons()
    desk.press("set B2=協働フォーラム").press("ok action 新規の事業").press("check", cell_C4="80")
    assert "G3" in desk.plain()  # more was spent than there was: refused by the action itself
    desk.press("skip 3").press("record")
    registered = [e for e in desk.log() if e.type == "ActionRegistered"]
    assert registered[-1].data.title_ja == "新規の事業"


def test_an_agenda_is_put_on_a_meeting_in_its_order(desk: Desk) -> None:
    desk.start(
        "agenda",
        "番号\t議題\t種別\n１\t前回会議録の確認\t会議録\n２\t相談窓口について\t協議\n３\tその他\t連絡事項\n",
    )
    assert "「会議」を書いてください。" in desk.plain()
    desk.press("check", once_meeting="meeting-2").press("record")
    items = [e for e in desk.log() if e.type == "AgendaItemListed"]
    assert [(e.data.order, e.data.title, e.data.type, e.data.printed_no) for e in items] == [
        (1, "前回会議録の確認", "minutes", "1"),
        (2, "相談窓口について", "discussion", "2"),
        (3, "その他", "other", "3"),
    ]


def attendance(*rows: Any) -> bytes:
    return book(("委員", "出欠", "理由"), *rows, name="出欠")


def test_attendance_of_a_meeting_that_is_over_is_one_fact(desk: Desk) -> None:
    sheet = attendance(("架空　一葉", "◯", ""), ("架空二葉", "欠席届", "体調不良"), ("架空　三枝", "欠", ""))
    desk.start("attendance", sheet).press("check", once_meeting="meeting-1", once_observers="３名")
    assert "3人とも、このまま入ります" in desk.plain()
    desk.press("record")
    (held,) = [e for e in desk.log() if e.type == "MeetingHeld"]
    assert [known.appointment_id for known in held.data.known_attendees] == ["seat-01"]
    assert (held.data.members_present, held.data.members_serving, held.data.observers) == (1, 3, 3)
    assert held.effective.value == "2024-06-20"
    (absent,) = [e for e in desk.log() if e.type == "AbsenceNotified"]
    assert (absent.data.appointment_id, absent.data.reason_class) == ("seat-02", "health")
    assert absent.source is not None
    assert absent.source.locator == "シート「出欠」3行目"


def test_whoever_was_no_member_that_day_is_told_by_the_cell(desk: Desk) -> None:
    sheet = attendance(
        ("架空　一葉", "○"), ("架空 一菜", "○"), ("架空一葉", "×"), ("架空 三枝", "台風のため中止")
    )
    desk.start("attendance", sheet).press("check", once_meeting="meeting-1")
    words = desk.plain()
    assert "「架空 一菜」という氏名の委員は、その日の委員の中にいません。 A3" in words
    assert "同じ委員がA2にもいます。 A4" in words
    assert "「台風のため中止」は、選べる言葉のどれにも当たりません" in words
    assert not [e for e in desk.log() if e.type == "MeetingHeld"]
