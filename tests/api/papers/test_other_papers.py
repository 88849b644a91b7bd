"""Notice, running order, attendance, minutes, letters of appointment, sheet, annual report: what each says,
and to whom."""

from __future__ import annotations

import io

import pikepdf
import pytest
from flask.testing import FlaskClient

from api.papers import routes
from api.papers.structure import Facts, Paper, Table, texts_of
from tests.api.papers.conftest import Asked, said
from tests.api.papers.tagged_pdf import TaggedPdf
from tests.api.site import get

PATHS = (
    "/meetings/meeting-2/notice",
    "/meetings/meeting-2/agenda",
    "/meetings/meeting-2/attendance",
    "/meetings/meeting-2/minutes",
    "/council/council-minamo/appointments",
    "/council/council-minamo/report/2025",
    "/sheets/sheet-forum-2024/paper",
)


def facts(paper: Paper) -> dict[str, str]:
    """Every pair of a paper's facts."""
    return {name: text for b in paper.blocks if isinstance(b, Facts) for row in b.rows for name, text in row}


def table(paper: Paper) -> Table:
    return next(block for block in paper.blocks if isinstance(block, Table))


def test_a_notice_says_when_where_what_and_who_may_attend(asked: Asked) -> None:
    paper = asked.paper(PATHS[0])
    opening = [getattr(block, "text", "") for block in paper.opening]
    assert opening[:3] == [
        "文書番号の記録なし",
        "通知日　令和7年6月2日（月）",
        "みなも市協働市民会議（架空）　委員　各位",
    ]
    assert facts(paper) == {
        "日時": "令和7年6月12日（木）　午後6時30分",
        "場所": "みなも市民プラザ",
        "公開": "公開",
        "傍聴の定員": "10人",
    }
    assert said(paper, 2) == "1　相談窓口の設け方（決定）"
    assert "通知の記録なし" in "".join(asked.paper("/meetings/meeting-3/notice").texts)


def test_a_letter_for_each_member_is_a_page_by_name_for_whoever_may_know_it(
    asked: Asked, office: dict[str, str], anybody: FlaskClient
) -> None:
    path = "/meetings/meeting-2/letters"
    named, public = asked.paper(path, office), asked.paper(path)
    letters = [section for section in named.sections if section.new_page]
    assert len(letters) == len(table(named).rows) == 14
    addressed = [text for letter in letters for block in letter.blocks for text in texts_of(block)]
    assert sum(text == "架空 一葉　様" for text in addressed) == 1
    assert addressed.count("日時") == addressed.count("令和7年6月12日（木）　午後6時30分") == 14
    assert not any("架空 " in text and "様" in text for text in public.texts) and len(public.sections) == 1
    with pikepdf.open(io.BytesIO(anybody.get(f"{path}.pdf", headers=office).data)) as file:
        assert len(file.pages) == 15  # to whom they go, and one for each
    entry = anybody.get("/meetings/meeting-2/calendar.ics")
    assert entry.status_code == 503  # without PUBLIC_URL nobody could find the way back


def test_a_running_order_has_items_and_documents(asked: Asked) -> None:
    paper = asked.paper(PATHS[1])
    assert table(paper).rows == (("1", "相談窓口の設け方", "決定", "相談窓口の設け方", "—"),)
    assert said(paper, 2) == "市民活動団体アンケート（回答48団体）\n近隣3市の相談窓口の例"


def test_attendance_is_by_number_for_everybody_and_by_seat_for_the_office(
    asked: Asked, office: dict[str, str]
) -> None:
    public, named = asked.paper(PATHS[2]), asked.paper(PATHS[2], office)
    for paper in (public, named):
        assert facts(paper)["出席委員"] == "11人" and facts(paper)["うちオンライン"] == "1人"
    assert not any(isinstance(block, Table) for block in public.blocks)
    rows = {row[0]: row[2:] for row in table(named).rows}
    assert len(rows) == 14
    assert rows["1"] == ("架空 一葉", "出席", "進行")
    assert rows["6"] == ("架空 六花", "出席", "除斥・回避（議題1）")
    assert rows["11"] == ("架空 百合", "出席", "午後7時40分退室")
    assert rows["12"] == ("架空 千歳", "出席", "午後6時50分入室、オンライン")
    assert rows["13"] == ("架空 万里", "欠席", "—")
    assert rows["5"][0] == "記録なし"  # erased


def test_who_was_there_is_not_guessed_where_only_a_number_is_known(
    asked: Asked, office: dict[str, str]
) -> None:
    rows = table(asked.paper("/meetings/meeting-1/attendance", office)).rows
    assert [row[3] for row in rows].count("出席") == 3
    assert [row[3] for row in rows].count("記録なし") == 11
    replied = table(asked.paper("/meetings/meeting-3/attendance", office)).rows
    assert [row[3] for row in replied].count("書面で回答") == 4
    later = table(asked.paper("/meetings/meeting-5/attendance", office)).rows
    assert [row[4] for row in later].count("後から分かった出席") == 1


def test_minutes_hold_the_ten_items_and_what_is_closed_stays_closed(
    asked: Asked, office: dict[str, str]
) -> None:
    public, named = asked.paper(PATHS[3]), asked.paper(PATHS[3], office)
    assert public.title == "第2回全体会　会議録" and len(public.sections) == 12
    assert "非公開（理由: 個人情報）" in said(public, 9) and "3丁目" not in "".join(public.texts)
    assert "○委員　架空 四郎（反対）　隣の3丁目の家で困っている人がいる。" in said(named, 9)
    resolved = (
        "議決：挙手・起立により条件付き可決。賛成6人、反対3人、棄権1人。出席10人、在任13人、成立（必要7人）。"
    )
    assert resolved in said(public, 9)
    assert "架空 " not in "".join(public.texts)
    assert facts(named)["確認"] == "座長" and facts(public)["確認"] == "確認済み"
    draft = asked.paper("/meetings/meeting-4/minutes")
    assert draft.title == "第4回全体会　会議録（案）"
    assert said(draft, 8) == "記録なし"


def test_letters_of_appointment_name_whom_the_reader_may_know_by_name(
    asked: Asked, office: dict[str, str]
) -> None:
    path = f"{PATHS[4]}?in_force_on=2026-03-20"
    public, named = asked.paper(PATHS[4]), asked.paper(PATHS[4], office)
    assert [row[2] for row in table(public).rows[:2]] == ["架空 一葉", "（氏名は公開していません）"]
    assert table(named).rows[1][2] == "架空 二葉"
    first = table(public).rows[0]
    assert first[3:5] == ("令和7年4月1日（火）", "令和9年3月31日（水）")
    assert first[5:] == ("みなも町会連合会（架空）", "記録なし")
    assert "在任する委員は14人（団体8人、公募6人）。" in said(public, 1)
    assert asked.paper(path).intro[0] == "令和8年3月20日（金）に効力のあったことによる。"


def test_an_annual_report_counts_meetings_members_and_openness(asked: Asked, anybody: FlaskClient) -> None:
    paper = asked.paper(PATHS[5])
    assert "記録のある会議は6回" in said(paper, 1)
    rows = {row[0]: row[3:] for row in table(paper).rows}
    assert rows["第4回全体会"] == ("7人／在任14人", "公開", "作成中")
    assert "令和8年3月31日（火）に在任する委員は14人。うち公募は6人、公募率は42.9%。" in said(paper, 2)
    assert "公開率\n100.0％\n5 / 5\n5件中5件を把握" in said(paper, 3)
    assert said(paper, 4).split("\n") == [
        "相談窓口の設け方（結論令和7年6月12日（木））：市の回答は受け入れない",
        "活動助成の要項（結論令和7年10月30日（木））：市の回答は一部受け入れ",
        "第2期協働推進計画の案（結論令和8年1月15日（木））：市の回答は受け入れ",
    ]
    nothing = asked.paper("/council/council-minamo/report/2020")
    assert "この年度の会議の記録なし。" in said(nothing, 1)
    assert anybody.get("/council/council-minamo/report/9999").status_code == 422
    assert anybody.get("/council/no-such/report/2025.pdf").status_code == 404


def test_a_sheet_shows_both_sides_and_one_that_is_closed_says_only_that(
    asked: Asked, office: dict[str, str]
) -> None:
    paper = asked.paper(PATHS[6])
    assert "P6　情報共有\n2　連絡が前日になった日があった\n4\n行政側が2高い（大きな差）" in said(paper, 3)
    assert "合意: 3" in said(paper, 4)
    assert "市民側" not in facts(paper) and "架空" in facts(asked.paper(PATHS[6], office))["市民側"]
    sealed = asked.paper("/sheets/sheet-forum-2025/paper")
    assert said(sealed, 1) == "このシートは非公開（理由: 審議検討情報）。" and len(sealed.sections) == 2


@pytest.mark.parametrize("path", PATHS)
def test_every_paper_is_a_page_in_both_languages_and_its_page_leads_to_it(
    anybody: FlaskClient, path: str
) -> None:
    for prefix in ("", "/en"):
        page = get(anybody, prefix + path)
        assert page.status == 200 and list(page.unmarked_japanese()) == []
        home = get(anybody, prefix + path.rsplit("/", 2 if "/report/" in path else 1)[0])
        listed = path.replace("/2025", "") if "/report/" in path else path
        assert any(link.startswith(f"http://site{prefix}{listed}") for link in home.links)


@pytest.mark.slow
def test_papers_of_other_shapes_are_sound_pdfs_too(asked: Asked, office: dict[str, str]) -> None:
    for path in (PATHS[3], PATHS[6]):
        with asked.request(path, office) as (kind, ids):
            paper = kind.paper(**ids)
            assert TaggedPdf.of(routes.pdf_of(paper, "test")).faults(list(paper.texts)) == [], path
