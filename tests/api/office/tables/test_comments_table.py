"""Hundreds of public comments from one sheet, in one confirmation; and what a sheet may lack."""

from __future__ import annotations

from typing import Any

from projections.tables.durable import VAULT
from tests.api.office.tables.books import book
from tests.api.office.tables.conftest import Desk

HEADINGS = ("番号", "受付日", "提出方法", "氏名", "住所", "意見の内容", "対応区分", "市の考え方")


def comment(n: Any, **other: Any) -> tuple[Any, ...]:
    usual = {
        "received": f"R6.11.{1 + hash(n) % 30 if isinstance(n, int) else 5}",
        "channel": "電子メール",
        "name": f"意見者 {n}",
        "address": f"架空町{n}番",
        "text": f"意見その{n}。\n図を大きくしてほしい。",
        "disposition": "参考",
        "reply": "今後の参考とします。",
    }
    return (n, *(usual | other).values())


def test_three_hundred_comments_are_received_by_one_file_and_one_confirmation(desk: Desk) -> None:
    before = len(desk.log())
    desk.start("comments", book(HEADINGS, *(comment(n) for n in range(1, 301))))
    assert "300件とも、このまま入ります" in desk.plain()
    assert len(desk.log()) == before
    desk.press("record")
    assert "意見募集の意見を記録しました（意見300、出した人300、市の対応300）" in desk.plain()
    new = desk.log()[before:]
    received = [e for e in new if e.type == "CommentReceived"]
    assert [e.data.comment_id for e in received] == [f"c-{n}" for n in range(1, 301)]
    assert received[0].source is not None
    assert received[0].source.locator == "シート「名簿」2行目"
    assert len({e.data.text_ref for e in received}) == 300
    assert not any("意見者" in str(e.data) or "図を大きく" in str(e.data) for e in new)
    with desk.app.extensions["kyodo-store"].get().engine.connect() as connection:
        held = [row.personal for row in connection.execute(VAULT.select())]
    assert sum("意見者" in personal for personal in held) == 300
    text = desk.client.get(f"/documents/{received[6].data.text_ref}/content")
    assert text.get_data(as_text=True) == "意見その7。\n図を大きくしてほしい。"


def test_a_broken_sheet_lists_its_faults_by_kind_and_records_nothing(desk: Desk) -> None:
    before = len(desk.log())
    sheet = book(
        HEADINGS,
        comment(1),
        comment(2, name="", address=""),
        comment(3, name="", address=""),
        comment(4, received="11月28日"),
        comment(5, received="R6.12.5"),
        comment(6, disposition="反映・参考"),
        comment(7, disposition="反映"),
        comment(8, reply="電話 03-1234-5678 に御連絡ください。"),
        comment(1),
        comment(10, text=""),
        comment(11, disposition="対応困難"),
    )
    words = desk.start("comments", sheet).plain()
    for fault in (
        "意見を出した人の氏名または住所がありません。 D3 D4",
        "「11月28日」には年がありません。 B5",
        "「反映・参考」は、選べる言葉のどれにも当たりません（反映、盛り込み済み、参考、対応できない）。 G7",
        "同じ番号がA2にもあります。 A10",
        "「意見の内容」が空です。 F11",
        "「対応困難」を「対応できない」と読みました G12",
    ):
        assert fault in words, fault
    # What only the plan itself knows is refused by it, and stands at its cell too:
    assert "B6" in words  # received after the last day
    assert "H9" in words  # a reply that tells how to reach somebody
    assert len(desk.log()) == before


def test_comments_of_one_person_are_known_by_their_numbers_or_by_name_and_address(desk: Desk) -> None:
    rows = [
        comment("9-1", received="R6.11.5"),
        comment("9-2", received="R6.11.5", name="", address=""),
        comment(10, received="R6.11.6"),
        comment(11, received="R6.11.6", name="意見者　10", address="架空町１０番"),
    ]
    desk.start("comments", book(HEADINGS, *rows))
    assert "氏名と住所が同じ意見は、同じ人のものとして入ります" in desk.plain()
    desk.press("record")
    assert "意見4、出した人2" in desk.plain()
    received = [e for e in desk.log() if e.type == "CommentReceived"]
    refs = [e.data.vault_ref for e in received]
    assert (refs[0] == refs[1], refs[2] == refs[3], refs[0] == refs[2]) == (True, True, False)


def test_who_stated_no_name_is_taken_in_as_such_when_somebody_says_so(desk: Desk) -> None:
    desk.start("comments", book(HEADINGS, comment(1), comment(2, name="", address="")))
    desk.press("ok not stated").press("record")
    assert "意見2、出した人2" in desk.plain()


def test_the_same_sheet_a_second_time_is_refused_by_its_numbers(desk: Desk) -> None:
    sheet = book(HEADINGS, comment(1), comment(2))
    desk.start("comments", sheet).press("record")
    desk.start("comments", sheet)
    assert "A2 A3" in desk.plain()
    desk.press("check", once_mark="f")
    assert "2件とも、このまま入ります" in desk.plain()


def test_more_rows_than_are_taken_at_once_are_told_by_the_first_cell_too_many(desk: Desk) -> None:
    desk.start("comments", "意見の内容\n" + "意見\n" * 10_000)
    assert "この表は10000行。A1002 から先は入りません" in desk.plain()
    assert "disabled" in desk.text.split('value="record"', 1)[1][:30]


def test_cells_that_are_one_downwards_are_read_and_those_across_are_refused(desk: Desk) -> None:
    def join(workbook: Any) -> None:
        workbook.active.merge_cells("H2:H3")
        workbook.active.merge_cells("E4:F4")

    rows = [comment(1), comment(2, reply=""), comment(3, address="中止", text="")]
    desk.start("comments", book(HEADINGS, *rows, change=join))
    assert "E4:F4 は横に結合されていて、どの列の値か分かりません。 F4" in desk.plain()
    desk.press("skip 4").press("record")
    replies = [e.data.reply for e in desk.log() if e.type == "CommentDisposed"]
    assert replies == ["今後の参考とします。"] * 2


def test_a_formula_without_a_value_and_a_hidden_sheet_are_told(desk: Desk) -> None:
    def add(workbook: Any) -> None:
        workbook.active["F3"] = '=CONCATENATE("意見",A3)'
        workbook.create_sheet("内部用").append(["秘密"])
        workbook["内部用"].sheet_state = "hidden"

    desk.start("comments", book(HEADINGS, comment(1), comment(2), change=add))
    assert "F3 は計算式で、計算した値がファイルに残っていません。" in desk.plain()
    assert "隠れたシート「内部用」は読んでいません。" in desk.plain()


def test_what_cannot_be_read_at_all_keeps_the_pasted_text_and_says_a_way_out(desk: Desk) -> None:
    desk.start("comments", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "意見.xls")
    assert desk.page.status_code == 422
    assert "「Excel ブック（.xlsx）」を選び" in desk.plain()
    desk.start("comments", "列\n" + "\t" * 300 + "意見")
    assert desk.page.status_code == 422
    assert "KO2 より先は読みません" in desk.plain()
    assert "意見</textarea>" in desk.text


def test_the_template_is_read_by_what_reads_everything_else(desk: Desk) -> None:
    template = desk.client.get("/desk/tables/comments/template")
    assert template.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    desk.start("comments", template.data)
    assert "記入例は取り込みません（2行目）" in desk.plain()
    assert "見出しの下に、取り込める行がありません。" in desk.plain()
    assert "分かりません" not in desk.plain()  # every heading is known


def test_both_languages(desk: Desk) -> None:
    desk.start("comments", book(HEADINGS, comment(1), comment(2, text="")))
    desk.get("/en" + desk.page.request.path)
    assert "Nothing has been recorded yet. 1 comments can be recorded as they are" in desk.plain()
    assert "“Comment” is empty. F3" in desk.plain()
