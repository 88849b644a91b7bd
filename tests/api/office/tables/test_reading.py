"""Sheets as offices keep them: each awkward place is read right, or refused with its cell."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.office.tables.reading.bounds import Bounds
from api.office.tables.reading.files import workbook_of_file
from api.office.tables.reading.sheet import Cell, Sheet, address, column_letters, column_number, place_of
from api.office.tables.reading.text import decoded, workbook_of_text
from api.office.tables.reading.values import read_choice, read_day, read_money, read_whole, read_year, said
from domain.values.refusal import Refusal
from tests.api.office.tables.books import book, with_part, with_result

HEADINGS = ("番号", "氏名", "任期（自）")


def only_sheet(content: bytes, name: str = "名簿.xlsx", **bounds: int) -> Sheet:
    (sheet,) = workbook_of_file(content, name, Bounds(**bounds)).sheets
    return sheet


def cell(value: Any) -> Cell:
    return Cell(str(value), value)


def refused_for(code: str, content: bytes, name: str = "表.xlsx", **bounds: int) -> Refusal:
    with pytest.raises(Refusal) as refused:
        workbook_of_file(content, name, Bounds(**bounds))
    assert refused.value.code == code
    assert refused.value.what_next("ja")
    return refused.value


# -- addresses


@given(st.integers(1, 16_384), st.integers(1, 1_048_576))
def test_a_cell_is_known_by_its_address(column: int, row: int) -> None:
    assert column_number(column_letters(column)) == column
    assert place_of(address((row, column))) == (row, column)


def test_addresses_are_those_of_spreadsheets() -> None:
    assert [column_letters(n) for n in (1, 26, 27, 52, 703)] == ["A", "Z", "AA", "AZ", "AAA"]
    assert place_of("B0") is None
    assert place_of("b7") is None


# -- text


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs"])), min_size=1), min_size=1))
def test_what_csv_writes_is_read_again(rows: list[list[str]]) -> None:
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    expected = {
        (r, c): words
        for r, row in enumerate(rows, 1)
        for c, text in enumerate(row, 1)
        if (words := text.strip(" \t\n\u3000"))
    }
    if not expected:
        return
    (sheet,) = workbook_of_text(
        file.getvalue(),
        "表",
        Bounds(),
    ).sheets
    assert {place: one.text for place, one in sheet.cells.items()} == expected


def test_what_a_spreadsheet_copies_is_read_with_its_quotes_and_lines() -> None:
    text = (
        'No.\t意見\t備考\n1\t"二行の\n意見"\t"""協働""の意味"\n2\t"協働"という言葉\t\n\n4\t閉じない"引用\tx\n'
    )
    (sheet,) = workbook_of_text(text, "貼り付け", Bounds()).sheets
    assert [one.text for _, one in sheet.row(2)] == ["1", "二行の\n意見", '"協働"の意味']
    assert sheet.at((3, 2)).text == '"協働"という言葉'  # spreadsheets copy such a cell without quoting it
    assert sheet.rows == 5  # the empty row counts, or every address after it would be wrong
    assert sheet.at((5, 2)).text == '閉じない"引用'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16"])
def test_csv_is_read_however_its_letters_are_written(encoding: str) -> None:
    content = "番号,氏名\r\n１,見本　葉子\r\n".encode(encoding)
    sheet = only_sheet(content, "名簿.csv")
    assert (sheet.name, sheet.at((2, 1)).text, sheet.at((2, 2)).text) == ("名簿", "１", "見本　葉子")
    assert decoded(content)[1] == encoding


def test_letters_that_nobody_can_read_are_told_by_their_line() -> None:
    refused = refused_for("SHEET_LETTERS", "氏名\n".encode() + b"\xff", "名簿.csv")
    assert "2行目" in refused.sentence("ja")


def test_a_single_column_of_many_lines_is_read_in_no_time() -> None:
    (sheet,) = workbook_of_text("行\n" * 10_000, "表", Bounds()).sheets
    assert sheet.rows == 10_000


# -- Excel


def test_headings_and_values_come_as_they_stand() -> None:
    content = book(HEADINGS, (1, "架空\u3000一郎", dt.datetime(2025, 4, 1)), (), ("2", "仮名 花子", 45748))
    sheet = only_sheet(content)
    assert [one.text for _, one in sheet.row(2)] == ["1", "架空\u3000一郎", "2025-04-01"]
    assert [one.text for _, one in sheet.row(3)] == ["", "", ""]
    assert read_day(sheet.at((4, 3))) == read_day(sheet.at((2, 3)))


def test_cells_that_are_one_say_what_the_first_says_and_know_that_they_are_one() -> None:
    content = book(
        ("区分", "氏名"),
        ("公募", "一葉"),
        ("", "二葉"),
        ("中止", ""),
        change=lambda workbook: [workbook.active.merge_cells(cells) for cells in ("A2:A3", "A4:B4")],
    )
    sheet = only_sheet(content)
    assert sheet.at((3, 1)).text == "公募"
    assert sheet.own((3, 1)).text == ""
    down, across = sheet.range_over((3, 1)), sheet.range_over((4, 2))
    assert down is not None
    assert across is not None
    assert (down.text, down.is_down, across.text, across.is_down) == ("A2:A3", True, "A4:B4", False)


def test_a_formula_gives_what_was_stored_and_is_refused_where_nothing_was() -> None:
    content = with_result(book((1, "=A1*2", "=A1*3")), "B1", "2")
    sheet = only_sheet(content)
    assert (said(sheet.at((1, 2))), sheet.at((1, 2)).formula) == ("2", True)
    assert sheet.at((1, 3)).is_unknown
    with pytest.raises(Refusal) as refused:
        said(sheet.at((1, 3)))
    assert refused.value.code == "CELL_FORMULA"


def test_a_value_that_could_not_be_computed_is_no_text() -> None:
    with pytest.raises(Refusal) as refused:
        read_whole(cell("#REF!"))
    assert refused.value.code == "CELL_ERROR"


def test_hidden_sheets_are_told_and_not_read_and_hidden_rows_are_known() -> None:
    def hide(workbook: Any) -> None:
        workbook.create_sheet("旧名簿").append(["秘密"])
        workbook["旧名簿"].sheet_state = "veryHidden"
        workbook["名簿"].row_dimensions[2].hidden = True
        workbook["名簿"].column_dimensions["B"].hidden = True

    workbook = workbook_of_file(book(HEADINGS, (1, "一葉", ""), change=hide), "名簿.xlsx")
    assert workbook.hidden == ("旧名簿",)
    assert [sheet.name for sheet in workbook.sheets] == ["名簿"]
    assert workbook.sheets[0].hidden_rows == {2}
    assert workbook.sheets[0].hidden_columns == {2}


def test_ten_thousand_rows_are_read_and_what_is_too_much_is_told_by_its_cell() -> None:
    content = book(*((n,) for n in range(10_000)))
    assert only_sheet(content).rows == 10_000
    refused = refused_for("SHEET_TOO_LARGE", content, rows=9_999)
    assert "A10000" in refused.sentence("ja")


def test_a_file_with_macros_is_refused_by_what_it_is_not_by_its_name() -> None:
    plain_book = book(HEADINGS)
    refused_for("SHEET_MACROS", plain_book, "名簿.xlsm")
    refused_for("SHEET_MACROS", with_part(plain_book, "xl/vbaProject.bin", lambda _: b"program"))


def test_older_and_locked_files_and_others_are_refused_with_a_way_out() -> None:
    refused_for("SHEET_OLD", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "名簿.xls")
    refused_for("SHEET_UNREADABLE", b"%PDF-1.7 ...", "名簿.pdf")
    refused_for("SHEET_UNREADABLE", b"PK\x03\x04 not really", "名簿.xlsx")
    refused_for("SHEET_EMPTY", b" \n", "名簿.csv")
    refused_for("SHEET_EMPTY", book(("", None)), "名簿.xlsx")


def test_a_file_that_unpacks_to_too_much_is_not_opened() -> None:
    bomb = with_part(book(HEADINGS), "xl/media/image1.png", lambda _: bytes(70 << 20))
    assert len(bomb) < 200_000
    refused_for("SHEET_UNPACKS", bomb)


def test_a_file_with_entities_is_not_opened() -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'

    def entities(part: bytes) -> bytes:
        return part.replace(b"<worksheet", laughs + b"<worksheet", 1)

    refused_for("SHEET_UNREADABLE", with_part(book(HEADINGS), "xl/worksheets/sheet1.xml", entities))
    wide = with_part(book(HEADINGS), "xl/worksheets/sheet1.xml", lambda part: part.decode().encode("utf-16"))
    refused_for("SHEET_UNREADABLE", wide)


# -- what cells mean


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("R7.4.1", "2025-04-01"),
        ("r7/4/1", "2025-04-01"),
        ("令和７年４月１日", "2025-04-01"),
        ("令和7年4月1日（火）", "2025-04-01"),
        ("令和元年５月１日", "2019-05-01"),
        ("平成三十年四月一日", "2018-04-01"),
        ("H31.4.30", "2019-04-30"),
        ("S64.1.7", "1989-01-07"),
        ("２０２５／４／１", "2025-04-01"),
        ("2025年4月", "2025-04"),
        ("令和7年度", "FY2025"),
        ("45748", "2025-04-01"),
        (45748, "2025-04-01"),
    ],
)
def test_days_are_read_as_offices_write_them(text: Any, value: str) -> None:
    read = read_day(cell(text))
    assert read is not None
    assert read.value == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("H35.4.1", "ERA_OUT_OF_RANGE"),
        ("R7.2.30", "DATE_IMPOSSIBLE"),
        ("7/18", "CELL_NO_YEAR"),
        ("7月18日", "CELL_NO_YEAR"),
        ("書面", "DATE_UNREADABLE"),
    ],
)
def test_a_day_that_is_none_is_not_guessed(text: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_day(cell(text))
    assert refused.value.code == code


@given(st.dates(dt.date(1941, 2, 1), dt.date(2100, 1, 1)))
def test_a_day_is_the_same_in_every_way_of_writing_it(day: dt.date) -> None:
    ways = [
        cell(day),
        cell(f"{day.year}/{day.month}/{day.day}"),
        cell(f"{day.year}年{day.month}月{day.day}日"),
        cell(str((day - dt.date(1899, 12, 30)).days)),
    ]
    if day >= dt.date(2019, 5, 1):
        ways += [cell(f"R{day.year - 2018}.{day.month}.{day.day}")]
    assert {read.value for way in ways if (read := read_day(way))} == {day.isoformat()}
    assert len(ways) >= 4


@pytest.mark.parametrize(
    ("text", "yen"),
    [
        ("△ 85", -85_000),
        ("▲1,500", -1_500_000),
        ("−８５", -85_000),
        (-120, -120_000),
        ("４７２", 472_000),
        (897.6, 897_600),
        ("¥120,000", 120_000),
        ("3,400千円", 3_400_000),
        ("1,369億2,241万円", 136_922_410_000),
        (0, 0),
    ],
)
def test_amounts_are_read_as_budgets_write_them(text: Any, yen: int) -> None:
    money = read_money(cell(text), "千円")
    assert money is not None
    assert money.yen == yen
    assert money.check() is money


@pytest.mark.parametrize("text", ["", "－", "-", "皆増"])
def test_no_amount_is_not_nought(text: str) -> None:
    assert read_money(cell(text), "千円") is None


@pytest.mark.parametrize(("text", "code"), [("約80", "MONEY_UNREADABLE"), (0.0005, "MONEY_NOT_WHOLE")])
def test_what_is_no_amount_is_refused(text: Any, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_money(cell(text), "千円")
    assert refused.value.code == code


@given(st.integers(-(10**12), 10**12))
def test_an_amount_is_the_same_narrow_and_wide(amount: int) -> None:
    wide = f"{amount:,}".translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789,"})
    for text in (amount, f"{amount:,}", wide, f"{amount}円"):
        money = read_money(cell(text), "円")
        assert money is not None
        assert money.yen == amount


def test_years_and_numbers() -> None:
    assert [read_year(cell(text)) for text in ("R6", "令和６年度", "2024", 2024, "FY2024")] == [2024] * 5
    assert [read_whole(cell(text)) for text in ("１２名", "1,200", 12.0, "－")] == [12, 1200, 12, None]
    with pytest.raises(Refusal):
        read_whole(cell("12.5"))


def test_a_word_is_known_by_what_offices_call_it_and_it_is_told_when_that_is_another() -> None:
    words = {"reflected": ("反映", "反映（修正）"), "already_included": ("盛り込み済み", "盛込済")}
    assert read_choice(cell("Ａ\u3000反映"), words, "") == ("reflected", True)
    assert read_choice(cell("反映(修正)"), words, "") == ("reflected", False)
    assert read_choice(cell("盛込済"), words, "") == ("already_included", False)
    assert read_choice(cell("－"), words, "") is None
    with pytest.raises(Refusal):
        read_choice(cell("反映・参考"), words, "")


def test_a_cell_that_is_mended_is_its_own_and_the_others_stay_what_they_were() -> None:
    content = book(("区分",), ("公募",), ("",), ("",), change=lambda w: w.active.merge_cells("A2:A4"))
    mended = only_sheet(content).with_cells({(3, 1): "団体"})
    assert [mended.at((row, 1)).text for row in (2, 3, 4)] == ["公募", "団体", "公募"]
