"""The roster of a term, from a sheet: looked at, mended, recorded in one act, or not at all."""

from __future__ import annotations

import datetime as dt
from typing import Any

from api.access.accounts import Accounts
from projections.tables.durable import VAULT
from tests.api.conftest import PASSWORD
from tests.api.office.tables.books import book
from tests.api.office.tables.conftest import Desk
from tests.api.signing_in import sign_in

HEADINGS = ("番号", "氏　名", "ふりがな", "区分", "推薦団体", "任期（自）", "任期（至）", "氏名公表", "備考")


def member(n: int, name: str, category: str = "公募", body: str = "", **other: Any) -> tuple[Any, ...]:
    days = {"first": "R7.4.1", "last": "R9.3.31", "publish": "可"} | other
    return (n, name, "", category, body, days["first"], days["last"], days["publish"], "")


def fourteen() -> bytes:
    rows = [member(n, f"新任 {n:02d}号", "団体", "架空町会連合会") for n in range(1, 8)]
    rows += [member(n, f"新任 {n:02d}号") for n in range(8, 14)]
    rows.append(member(14, "架空　一葉", first=dt.datetime(2025, 4, 1), last=45_748 + 729))
    return book(("架空市民会議 委員名簿（第2期）",), (), HEADINGS, *rows, ("※敬称略",))


def test_fourteen_members_are_appointed_by_one_pasted_table_and_one_confirmation(desk: Desk) -> None:
    before = len(desk.log())
    desk.start("members", fourteen())
    assert "14人はこのまま入ります" in desk.plain()
    assert len(desk.log()) == before
    desk.press("check", once_document_no="7架協第211号", once_dated="R7.3.25")
    assert "14人とも、このまま入ります" in desk.plain()
    assert "同じ氏名の人が" in desk.plain()
    assert "令和7年3月25日（火）" in desk.plain()
    assert "第2期" in desk.plain()
    assert len(desk.log()) == before
    looked = desk.client.post(
        desk.page.request.path, data=desk.fields() | {"do": "check"}, headers={"X-Live": "1"}
    )
    assert looked.status_code == 200  # for the page that looks on, which stays where it is
    assert "disabled" not in looked.get_data(as_text=True)
    desk.press("record")
    assert desk.page.request.path == "/desk/members"
    assert "委員の名簿を記録しました（委員14、新しく登録する人13、任期1）" in desk.plain()
    new = desk.log()[before:]
    appointed = [e for e in new if e.type == "MemberAppointed"]
    assert len(appointed) == 14
    assert len({e.correlation_id for e in new}) >= 1
    assert {e.type for e in new} == {
        "DocumentRegistered",
        "DocumentContentAttached",
        "TermOpened",
        "PersonRegistered",
        "NamePublicationConsentGiven",
        "MemberAppointed",
    }
    sheet = new[0].entity
    assert {(e.source.document_id, e.source.locator) for e in appointed if e.source} == {
        (sheet, f"シート「名簿」{row}行目") for row in range(4, 18)
    }
    assert {e.data.document_no for e in appointed} == {"7架協第211号"}
    assert {str(e.effective.value) for e in appointed} == {"2025-04-01"}
    assert appointed[-1].data.party_id == "p-01"  # who sat there before is the same person
    assert {e.data.to_date.value for e in appointed} == {"2027-03-31"}
    consents = [e for e in new if e.type == "NamePublicationConsentGiven"]
    assert {str(e.effective.value) for e in consents} == {"2025-03-25"}
    with desk.app.extensions["kyodo-store"].get().engine.connect() as connection:
        held = " ".join(row.personal for row in connection.execute(VAULT.select()))
    assert "新任 13号" in held
    assert not any("新任" in str(e.data) for e in new)


def test_the_file_is_kept_as_the_source(desk: Desk) -> None:
    content = fourteen()
    desk.start("members", content).press("check", once_document_no="1").press("record")
    (attached,) = [e for e in desk.log() if e.type == "DocumentContentAttached"]
    answer = desk.client.get(f"/documents/{attached.entity}/content")
    assert answer.status_code == 200
    assert answer.data == content


def broken() -> bytes:
    return book(
        HEADINGS,
        member(1, "新任 一号"),
        member(2, "新任 二号", "市民代表"),
        member(3, "新任 三号", last="R6.3.31"),
        member(4, "新任 四号", last="R6.3.31"),
        member(5, "新任 五号", "団体", "架空市商工會"),
        member(6, "", "公募"),
        member(7, "新任 七号", "宇宙人"),
        member(8, "新任 八号", "団体"),
        member(9, "新任 九号", publish=""),
        member(10, "新任 十号", first="H35.4.1"),
        member(11, "新任 一号"),
    )


def test_a_broken_table_lists_its_faults_by_kind_with_their_cells_and_records_nothing(desk: Desk) -> None:
    before = len(desk.log())
    desk.start("members", broken()).press("check", once_document_no="1")
    words = desk.plain()
    for fault in (
        "任期の終わりが、始まりより前です。 G4 G5",
        "推薦した団体が、登録にありません。 E6",
        "「氏名」が空です。 B7",
        "「宇宙人」は、選べる言葉のどれにも当たりません（団体、公募）。 D8",
        "は元号の期間外です。 F11",
        "同じ氏名がB2にもあります。 B12",
        "「市民代表」を「公募」と読みました D3",
        "氏名の公表が空です。「否」として入ります H10",
    ):
        assert fault in words, fault
    assert "E9" in words  # a body is needed for a seat of bodies: refused by the council itself
    assert "record" in desk.buttons()
    assert desk.press("record").page.status_code == 200
    assert len(desk.log()) == before


def test_one_button_mends_all_cells_of_a_kind_and_then_all_is_recorded(desk: Desk) -> None:
    desk.start("members", broken()).press("check", once_document_no="1")
    desk.press("set G4,G5=R9.3.31")
    assert "任期の終わりが" not in desk.plain()
    desk.press("set E6=架空市商工会")
    desk.press("check", cell_B7="新任 六号", cell_F11="令和７年４月１日", cell_E9="架空町会連合会")
    desk.press("set D8=公募").press("skip 12")
    desk.press("ok category 市民代表")
    assert "直すもの" not in desk.plain()
    before = len(desk.log())
    desk.press("record")
    appointed = [e for e in desk.log()[before:] if e.type == "MemberAppointed"]
    assert len(appointed) == 10
    notes = {e.source.locator: e.note for e in appointed if e.source}
    assert notes["シート「名簿」4行目"] == "取り込むときに直したセル: G4（元は「R6.3.31」）"
    assert notes["シート「名簿」2行目"] is None
    registered = [e for e in desk.log()[before:] if e.type == "PersonRegistered"]
    assert {e.note for e in registered if e.source and e.source.locator == "シート「名簿」7行目"} == {
        "取り込むときに直したセル: B7"  # what was written there is a name, and belongs into the vault
    }


def test_a_new_body_is_registered_when_somebody_says_so(desk: Desk) -> None:
    desk.start("members", book(HEADINGS, member(1, "新任 一号", "団体", "みらい研究会")))
    desk.press("check", once_document_no="1").press("ok body みらい研究会").press("record")
    (body,) = [e for e in desk.log()[-8:] if e.type == "OrganisationRegistered"]
    (seat,) = [e for e in desk.log()[-8:] if e.type == "MemberAppointed"]
    assert body.data.name_ja == "みらい研究会"
    assert seat.data.nominated_by == body.entity


def test_a_pasted_table_is_read_as_a_file_is(desk: Desk) -> None:
    rows = [HEADINGS, *(member(n, f"新任 {n}号") for n in (1, 2))]
    desk.start("members", "\n".join("\t".join(map(str, row)) for row in rows))
    desk.press("check", once_document_no="1").press("record")
    assert "委員2" in desk.plain()


def test_what_was_mended_and_chosen_is_there_when_somebody_comes_back(desk: Desk) -> None:
    desk.start("members", broken()).press("check", once_document_no="7架協第1号", cell_B7="新任 六号")
    address = desk.page.request.path
    desk.get("/desk/past")
    assert address in desk.text
    desk.get(address)
    assert 'value="7架協第1号"' in desk.text
    assert "<ins>新任 六号</ins>" in desk.text


def test_a_sheet_of_somebody_else_is_not_there(desk: Desk) -> None:
    desk.start("members", broken())
    address = desk.page.request.path
    Accounts(desk.app.extensions["kyodo-store"].get().engine).add("other", ["SEC"], "p-other", PASSWORD)
    other = desk.app.test_client()
    sign_in(other, "other")
    assert other.get(address).status_code == 404


def test_whoever_discards_a_sheet_leaves_nothing(desk: Desk) -> None:
    before = len(desk.log())
    desk.start("members", broken())
    address = desk.page.request.path
    desk.press("discard")
    assert "何も記録していません" in desk.plain()
    assert desk.client.get(address).status_code == 404
    assert len(desk.log()) == before
