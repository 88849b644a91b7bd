"""One past meeting from its minutes and its attendance sheet: two files, every event with its place."""

from __future__ import annotations

import io
from typing import Any

import docx
import pytest
from weasyprint import HTML

from api.office.tables.minutes.paragraphs import paragraphs_of_file, paragraphs_of_text
from api.office.tables.minutes.parsing import parse
from domain.values.refusal import Refusal
from tests.api.office.tables.books import book, with_part
from tests.api.office.tables.conftest import Desk
from tests.api.signing_in import csrf_of

LINES = (
    "令和６年度第３回架空市民会議　会議録",
    "次　第",
    "１　開会",
    "２　議題",
    "（１）相談窓口について",
    "（２）その他",
    "議　事",
    "１　開会",
    "○事務局　定刻となりましたので、開会いたします。",
    "２　議題",
    "（１）相談窓口について",
    "○一葉委員　巡回がよいと思います。",
    "近くなら通えるという声がありました。",
    "○委員　費用はいくらですか。",
    "○事務局（企画課長）　８５千円を見込んでいます。",
    "（賛成者挙手）",
    "○座長　賛成２名、反対１名。よって可決されました。",
    "（２）その他",
    "○三枝委員　次回は平日の夜がよい。",
    "（午後８時３０分　閉会）",
    "上記のとおり相違ないことを証する。",
)


def minutes(*lines: str) -> bytes:
    document = docx.Document()
    for line in lines[:1]:
        document.add_paragraph(line)
    table = document.add_table(rows=0, cols=2)
    for label, text in (
        ("日　時", "令和６年１０月１７日（木）　午後７時～午後８時３０分"),
        ("場　所", "架空市役所５階　大会議室"),
        ("傍聴者", "４名"),
    ):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, text
    for line in lines[1:]:
        document.add_paragraph(line)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def attendance() -> bytes:
    """A grid as offices keep them: meetings down, members across."""
    return book(
        ("委員出欠表",),
        ("回", "期日", "架空一葉", "架空二葉", "架空三枝"),
        ("第2回", "9/12", "○", "○", "○"),
        ("第3回", "10/17", "○", "×", "◯"),
        name="令和６年度",
    )


class TestReading:
    def test_who_said_what_on_which_item_and_where(self) -> None:
        read = parse(paragraphs_of_file(minutes(*LINES), "会議録.docx"))
        assert [
            (s.who, s.place, read.items[s.item].title) for s in read.statements if s.item is not None
        ] == [
            ("事務局", "9段落目", "開会"),
            ("一葉委員", "12段落目", "相談窓口について"),
            ("委員", "14段落目", "相談窓口について"),
            ("事務局(企画課長)", "15段落目", "相談窓口について")
            if read.statements[3].who == "事務局(企画課長)"
            else ("事務局（企画課長）", "15段落目", "相談窓口について"),
            ("座長", "17段落目", "相談窓口について"),
            ("三枝委員", "19段落目", "その他"),
        ]
        assert read.statements[1].text == "巡回がよいと思います。\n近くなら通えるという声がありました。"

    def test_what_the_head_says(self) -> None:
        read = parse(paragraphs_of_file(minutes(*LINES), "会議録.docx"))
        assert (read.title, read.number, read.fiscal_year) == ("令和6年度第3回架空市民会議", 3, "令和6年度")
        assert (read.day, read.begins, read.ends) == ("令和6年10月17日", "19:00", "20:30")
        assert (read.venue, read.observers) == ("架空市役所5階 大会議室", 4)

    def test_a_vote_in_its_own_words_with_its_numbers(self) -> None:
        (vote,) = parse(paragraphs_of_file(minutes(*LINES), "会議録.docx")).votes
        assert (vote.numbers, vote.place) == ((2, 1, None), "17段落目")
        assert vote.text == "賛成2名、反対1名。よって可決されました。"

    def test_what_follows_the_end_is_no_statement(self) -> None:
        read = parse(paragraphs_of_file(minutes(*LINES), "会議録.docx"))
        assert not any("証する" in statement.text for statement in read.statements)
        assert "上記のとおり相違ないことを証する。" in [one.text for one in read.notes]

    def test_text_is_read_by_its_lines(self) -> None:
        read = parse(paragraphs_of_text("第1回会議録\n日時　R6.4.18\n\n座長：始めます。\n委員：はい。\n"))
        assert [(s.who, s.text, s.place) for s in read.statements] == [
            ("座長", "始めます。", "4行目"),
            ("委員", "はい。", "5行目"),
        ]

    def test_a_pdf_is_read_by_its_pages(self) -> None:
        said = "相談窓口は、公民館を巡回して開くのがよいと思います。初めての人が行きやすいからです。" * 4
        pages = [
            ["令和6年度第3回架空市民会議 会議録", "１　相談窓口について", f"○委員　{said}"],
            ["○座長　では、その案とします。"],
        ]
        read = parse(paragraphs_of_file(pdf(pages), "会議録.pdf"))
        assert [(s.who, s.text, s.place) for s in read.statements] == [
            ("委員", said, "1ページ"),
            ("座長", "では、その案とします。", "2ページ"),
        ]

    @pytest.mark.parametrize(
        ("content", "name", "code"),
        [
            (b"%PDF-1.7 ...", "会議録.pdf", "MINUTES_UNREADABLE"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "会議録.doc", "MINUTES_UNREADABLE"),
            (b"PK\x03\x04", "会議録.docx", "MINUTES_UNREADABLE"),
            (b"PK\x03\x04", "会議録.docm", "MINUTES_MACROS"),
            (b"  \n", "会議録.txt", "MINUTES_EMPTY"),
        ],
    )
    def test_what_cannot_be_read_is_refused_with_a_way_out(
        self, content: bytes, name: str, code: str
    ) -> None:
        with pytest.raises(Refusal) as refused:
            paragraphs_of_file(content, name)
        assert refused.value.code == code
        assert refused.value.what_next("ja")

    def test_a_bomb_and_macros_and_entities_are_not_opened(self) -> None:
        content = minutes(*LINES)
        for changed, code in (
            (with_part(content, "word/media/image1.png", lambda _: bytes(70 << 20)), "MINUTES_TOO_LONG"),
            (with_part(content, "word/vbaProject.bin", lambda _: b"program"), "MINUTES_MACROS"),
            (
                with_part(
                    content,
                    "word/document.xml",
                    lambda part: part.replace(b"<w:document", b"<!DOCTYPE x><w:document", 1),
                ),
                "MINUTES_UNREADABLE",
            ),
        ):
            with pytest.raises(Refusal) as refused:
                paragraphs_of_file(changed, "会議録.docx")
            assert refused.value.code == code


def pdf(pages: list[list[str]]) -> bytes:
    """A PDF as Word makes it: pages of paragraphs."""
    html = "".join(f"<div>{''.join(f'<p>{line}</p>' for line in page)}</div>" for page in pages)
    return bytes(HTML(string=f"<style>div {{ break-after: page }}</style>{html}").write_pdf())


def sent(desk: Desk, content: bytes, sheet: bytes | None, name: str = "会議録.docx") -> Desk:
    path = "/desk/past/meeting"
    data: dict[str, Any] = {
        "csrf_token": csrf_of(desk.client.get(path)),
        "council": "council-small",
        "file": (io.BytesIO(content), name),
    }
    if sheet is not None:
        data["sheet"] = (io.BytesIO(sheet), "出欠表.xlsx")
    desk.page = desk.client.post(path, data=data, content_type="multipart/form-data", follow_redirects=True)
    return desk


def test_a_past_meeting_is_recorded_from_two_files_without_a_typed_word(desk: Desk) -> None:
    before = len(desk.log())
    sent(desk, minutes(*LINES), attendance())
    words = desk.plain()
    assert "議題4、発言6、議決1が、どれも段落を示して一度に入ります。" in words, words
    assert "令和6年10月17日（木）" in words
    assert "出欠表：3人のうち出席2人（在任3人）" in words
    assert len(desk.log()) == before
    desk.press("record")
    new = desk.log()[before:]
    assert [e.type for e in new if e.type not in ("DocumentRegistered", "DocumentContentAttached")] == [
        "MeetingScheduled",
        *["AgendaItemListed"] * 4,
        "MeetingHeld",
        *["StatementRecorded"] * 6,
        "ResolutionReported",
    ]
    spoken = [e for e in new if e.type == "StatementRecorded"]
    assert [(e.data.speaker, e.data.speaker_role) for e in spoken][1:3] == [
        ("seat-01", "一葉委員"),
        (None, "委員"),
    ]
    assert [e.source.locator for e in spoken if e.source] == [f"{n}段落目" for n in (9, 12, 14, 15, 17, 19)]
    # Every event says where it stands: in the minutes, or who was there in the attendance sheet.
    of_meeting = [e for e in new if not e.type.startswith("Document")]
    assert all(e.source is not None and e.source.locator for e in of_meeting)
    assert [e.source.locator for e in of_meeting[:6] if e.source] == [
        "1段落目、表1の1行目、表1の2行目",
        "8段落目",
        "10段落目",
        "11段落目",
        "18段落目",
        "シート「令和６年度」4行目",
    ]
    (held,) = [e for e in new if e.type == "MeetingHeld"]
    assert [known.appointment_id for known in held.data.known_attendees] == ["seat-01", "seat-03"]
    assert (held.data.members_present, held.data.members_serving, held.data.observers) == (2, 3, 4)
    # Everything that happened is dated by the meeting's day, nothing by the day of typing.
    days = {
        str(e.effective.earliest)
        for e in new
        if e.type.startswith(("Meeting", "Agenda", "Statement", "Resolution"))
    }
    assert days == {"2024-10-17"}
    (reported,) = [e for e in new if e.type == "ResolutionReported"]
    assert (reported.data.numbers.for_, reported.data.numbers.against) == (2, 1)
    (scheduled,) = [e for e in new if e.type == "MeetingScheduled"]
    assert (scheduled.data.no, scheduled.data.no_year, scheduled.data.place) == (
        3,
        2024,
        "架空市役所5階 大会議室",
    )


def test_an_unknown_speaker_is_asked_and_nothing_is_recorded_before(desk: Desk) -> None:
    lines = [line.replace("三枝委員", "四郎委員") for line in LINES]
    before = len(desk.log())
    sent(desk, minutes(*lines), attendance())
    assert "「四郎委員」がだれか、その日の委員の中から決められません。" in desk.plain()
    desk.press("record")
    assert len(desk.log()) == before
    desk.press("check", who_5="seat-02", said_2="seat-03", skip_0="on")
    desk.press("record")
    spoken = [e for e in desk.log()[before:] if e.type == "StatementRecorded"]
    assert [(e.data.speaker, e.data.speaker_role) for e in spoken] == [
        ("seat-01", "一葉委員"),
        ("seat-03", "委員"),
        (None, "事務局（企画課長）"),
        (None, "座長"),
        ("seat-02", "四郎委員"),
    ]


def test_an_unknown_name_in_the_sheet_is_told_by_its_cell(desk: Desk) -> None:
    sheet = book(("委員", "出欠"), ("架空一葉", "○"), ("架空 五郎", "○"), name="出欠")
    sent(desk, minutes(*LINES), sheet)
    assert "出欠表の「架空 五郎」（B3）が、その日の委員の中にいません。" in desk.plain()
    desk.press("check", day="H20.4.1")  # before there was a council
    assert "その日に委員だった人の記録がありません。" in desk.plain()


def test_minutes_in_plain_text_without_a_sheet_need_the_day_and_numbers_alone(desk: Desk) -> None:
    text = "第4回会議録\n\n座長：始めます。\n委員：はい。\n".encode("cp932")
    sent(desk, text, None, "会議録.txt")
    assert "「開催日」を書いてください。" in desk.plain()
    desk.press("check", day="R6.11.14", present="2").press("record")
    (held,) = [e for e in desk.log() if e.type == "MeetingHeld"]
    assert (held.effective.value, held.data.members_present) == ("2024-11-14", 2)
    assert held.source is not None
    assert held.source.locator is None  # the day was typed: it stands nowhere in the text


def test_the_page_that_looks_on_is_answered_where_it_is(desk: Desk) -> None:
    sent(desk, "第4回会議録\n\n座長：始めます。\n".encode(), None, "会議録.txt")
    address = desk.page.request.path
    said = desk.fields() | {"day": "R6.11.14", "present": "2", "do": "check"}
    looked = desk.client.post(address, data=said, headers={"X-Live": "1"})
    assert looked.status_code == 200
    assert "disabled" not in looked.get_data(as_text=True)  # it can be recorded as it stands now


def test_the_roster_and_the_budgets_are_pages_of_the_desk(desk: Desk) -> None:
    words = desk.get("/desk/members").plain()
    assert "架空市民会議" in words or "委員" in words
    assert "名簿を貼る" in words
    assert desk.page.status_code == 200
    assert "予算の記録はまだありません。" in desk.get("/desk/budgets").plain()
    assert "No budget is on record yet." in desk.get("/en/desk/budgets").plain()
