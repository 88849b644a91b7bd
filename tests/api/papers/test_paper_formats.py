"""The same paper as a page, as PDF/UA and as a Word file; a city's own templates; what is refused, how."""

from __future__ import annotations

import io
import re
import struct
import sys
import threading
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import docx
import pytest
from flask.testing import FlaskClient

from api.papers import html, pdf, routes
from api.papers.docx import docx_of
from api.papers.structure import Paper
from domain.values.refusal import Refusal
from tests.api.papers.conftest import Asked
from tests.api.papers.tagged_pdf import TaggedPdf, squeezed

ACCOUNT = "/matters/matter-plan/account"


def problem(client: FlaskClient, path: str, status: int) -> str:
    """What is said where a paper is refused."""
    answer = client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)[:400]
    return str(answer.get_data(as_text=True))


# --------------------------------------------------------------------------------------------------- PDF


def _pdf(asked: Asked, path: str = ACCOUNT) -> tuple[Paper, bytes]:
    with asked.request(path) as (kind, ids):
        paper = kind.paper(**ids)
        return paper, routes.pdf_of(paper, "test")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_pdf_says_what_the_paper_says_in_its_order_with_everything_ua_asks_for(
    asked: Asked, language: str
) -> None:
    paper, content = _pdf(asked, ("" if language == "ja" else "/en") + ACCOUNT)
    read = TaggedPdf.of(content)
    assert read.faults(list(paper.texts), language) == []
    assert read.title == paper.title
    if language == "ja":
        assert _pdf(asked)[1] == content


def test_the_check_of_a_pdf_finds_what_is_not_there(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    paper, content = _pdf(asked)
    with asked.request(ACCOUNT):
        source = html.html_of(paper)
        plain = pdf.library().HTML(string=source, base_url="paper:").write_pdf()
        monkeypatch.setattr(pdf, "_say_scopes", lambda document, file: None)
        without_scopes = pdf.pdf_of(source, b"test")
    assert {"it does not say that it is tagged", "it has no tree of tags"} <= set(
        TaggedPdf.of(plain).faults()
    )
    assert any("untagged text" in fault for fault in TaggedPdf.of(plain).faults())
    scopes = TaggedPdf.of(without_scopes).faults(list(paper.texts))
    assert scopes and all("does not say of what" in fault for fault in scopes)
    turned = list(paper.texts)[::-1]
    assert TaggedPdf.of(content).faults(turned) == ["it is read in another order, or says something else"]


def test_a_character_that_no_font_has_is_marked_and_said(asked: Asked) -> None:
    with asked.request(ACCOUNT) as (kind, ids):
        paper = replace(kind.paper(**ids), intro=("外字\U00103456の人",))
        read = TaggedPdf.of(routes.pdf_of(paper, "test"))
    assert read.tree is not None
    text = read.tree.text
    assert "外字〓の人" in text and "〓は、書類を作った機械の文字にない字。" in text


# -------------------------------------------------------------------------------------------------- Word


def test_a_word_file_has_the_same_texts_in_styles_of_word(asked: Asked) -> None:
    with asked.request(ACCOUNT) as (kind, ids):
        paper = kind.paper(**ids)
        content = docx_of(paper)
        assert docx_of(paper) == content
    file = docx.Document(io.BytesIO(content))
    assert file.core_properties.title == paper.title and file.core_properties.language == "ja-JP"
    headings = [p.text for p in file.paragraphs if p.style and p.style.name == "Heading 2"]
    assert headings == [section.heading for section in paper.sections]
    said = "".join(text for element in file.iter_inner_content() for text in _texts(element))
    assert squeezed(said) == squeezed("".join(paper.texts))
    course = file.tables[0]
    assert course.rows[0]._tr.xpath("./w:trPr/w:tblHeader")
    assert course._tbl.tblPr.xpath("./w:tblCaption/@w:val") == ["経過の表"]


def _texts(element: Any) -> list[str]:
    if not hasattr(element, "rows"):
        return [element.text]
    cells = [cell for row in element.rows for cell in row.cells]
    return [cell.text for n, cell in enumerate(cells) if n == 0 or cell._tc is not cells[n - 1]._tc]


# ------------------------------------------------------------------------------------------ over the web


def test_files_have_their_type_a_name_in_japanese_and_an_etag(anybody: FlaskClient) -> None:
    for ending, type_, how in (
        ("pdf", "application/pdf", "inline"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "attachment"),
    ):
        answer = anybody.get(f"{ACCOUNT}.{ending}")
        assert answer.status_code == 200 and answer.content_type == type_
        named = answer.headers["Content-Disposition"]
        assert named.startswith(f"{how}; filename=matters-matter-plan-account.{ending}; filename*=UTF-8''")
        assert unquote(named.partition("''")[2]) == f"決定の経緯_第2期協働推進計画の案.{ending}"
        assert answer.headers["Cache-Control"] == "no-cache"
        again = anybody.get(f"{ACCOUNT}.{ending}", headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_what_the_office_gets_is_kept_nowhere(anybody: FlaskClient, office: dict[str, str]) -> None:
    answer = anybody.get(f"{ACCOUNT}.docx", headers=office)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["ETag"] != anybody.get(f"{ACCOUNT}.docx").headers["ETag"]


def test_a_paper_of_something_unknown_is_not_found(anybody: FlaskClient) -> None:
    for ending in ("", ".pdf", ".docx"):
        assert "見つかりません" in problem(anybody, f"/matters/no-such/account{ending}", 404)
    assert "開き直してください" in problem(anybody, f"{ACCOUNT}?for=me", 422)


# ------------------------------------------------------------------------------------------ the city's own


def test_a_letterhead_of_the_city_stands_on_every_format_with_words_for_its_picture(
    asked: Asked, anybody: FlaskClient, own: Path
) -> None:
    (own / "mark.png").write_bytes(_picture())
    (own / "letterhead.toml").write_text(
        'name = "みなも市 市民協働課"\nname_en = "Minamo City"\nlines = ["みなも市1-1"]\n'
        'picture = "mark.png"\npicture_words = "みなも市の市章"\n',
        encoding="utf-8",
    )
    paper, content = _pdf(asked)
    read = TaggedPdf.of(content)
    assert read.faults([text for text in paper.texts if text != "みなも市の市章"]) == []
    assert read.tree is not None
    assert [figure.alt for figure in read.tree.every("Figure")] == ["みなも市の市章"]
    page = anybody.get(ACCOUNT).get_data(as_text=True)
    assert 'alt="みなも市の市章"' in page and "みなも市 市民協働課" in page
    assert anybody.get("/papers/own/mark.png").content_type == "image/png"
    assert anybody.get("/papers/own/letterhead.toml").status_code == 404
    file = docx.Document(io.BytesIO(anybody.get(f"{ACCOUNT}.docx").data))
    assert file.inline_shapes[0]._inline.docPr.get("descr") == "みなも市の市章"
    assert "Minamo City" in anybody.get(f"/en{ACCOUNT}").get_data(as_text=True)


def _picture() -> bytes:
    """A PNG of 6 by 4 pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 6, 4, 8, 2, 0, 0, 0)
    lines = zlib.compress((b"\0" + b"\x16\x36\x5c" * 6) * 4)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


def test_a_template_and_a_base_of_the_city_take_the_place_of_ours(anybody: FlaskClient, own: Path) -> None:
    (own / "decision.html").write_text(
        '{% extends "papers/paper.html" %}{% block foot %}<p>架空市情報公開室</p>{% endblock %}',
        encoding="utf-8",
    )
    base = docx.Document()
    base.add_paragraph("様式第1号")
    base.add_paragraph("{{paper}}")
    base.add_paragraph("以上")
    base.save(str(own / "paper.docx"))
    assert "架空市情報公開室" in anybody.get(ACCOUNT).get_data(as_text=True)
    made = docx.Document(io.BytesIO(anybody.get(f"{ACCOUNT}.docx").data))
    texts = [p.text for p in made.paragraphs]
    assert texts[0] == "様式第1号" and texts[-1] == "以上" and "{{paper}}" not in "".join(texts)
    assert any("の決定に至る経緯" in text for text in texts[1:-1])


@pytest.mark.parametrize(
    ("file", "content", "ending", "where"),
    [
        ("paper.html", "{% if %}", "", "paper.html 1"),
        ("paper.html", "<p>\n{{ nobody_gives }}", ".pdf", "2: UndefinedError"),
        ("decision.html", "{{ paper.__class__.__mro__ }}", "", "SecurityError"),
        ("paper.docx", "no Word file", ".docx", "Word のファイルとして読めません"),
        ("letterhead.toml", "name = ", "", "letterhead.toml"),
        ("letterhead.toml", 'lines = "one"', ".pdf", "lines は文字列の並びです"),
        ("letterhead.toml", 'picture = "../mark.png"', "", "PNG か JPEG"),
        ("letterhead.toml", 'picture = "mark.png"', "", "picture_words"),
    ],
)
def test_a_file_of_the_city_that_cannot_be_used_is_named_with_where_it_is_wrong(
    anybody: FlaskClient, own: Path, file: str, content: str, ending: str, where: str
) -> None:
    (own / file).write_text(content, encoding="utf-8")
    said = problem(anybody, f"{ACCOUNT}{ending}", 503)
    assert file in said and where in said and "備え付けのひな形" in said


def test_a_picture_that_is_none_is_refused(anybody: FlaskClient, own: Path) -> None:
    (own / "mark.png").write_bytes(b"no picture")
    (own / "letterhead.toml").write_text('picture = "mark.png"\npicture_words = "市章"\n', encoding="utf-8")
    for ending in (".pdf", ".docx"):
        assert "mark.png" in problem(anybody, f"{ACCOUNT}{ending}", 503)


# ------------------------------------------------------------------------------------------------ bounds


def test_without_pango_or_fonts_a_pdf_is_refused_and_the_others_are_named(
    anybody: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    routes._kept.clear()
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "weasyprint", None)
        said = problem(anybody, f"{ACCOUNT}.pdf", 503)
        assert "Pango" in said and ".docx" in said
        assert anybody.get(ACCOUNT).status_code == anybody.get(f"{ACCOUNT}.docx").status_code == 200
    monkeypatch.setattr(pdf, "fonts_are_there", lambda: False)
    assert "フォント" in problem(anybody, f"{ACCOUNT}.pdf", 503)


def test_a_service_starts_where_there_is_no_library_for_pdf() -> None:
    """No module takes it in when it is imported: it is looked for when a PDF is made."""
    ours = Path(routes.__file__).parent.parent
    taken = re.compile(r"^(import|from) (weasyprint|pydyf)", re.MULTILINE)
    assert [path for path in ours.rglob("*.py") if taken.search(path.read_text("utf-8"))] == []


def test_one_pdf_is_made_at_a_time_and_who_waits_too_long_is_told(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "LONGEST_WAIT", 0.01)
    with asked.request(ACCOUNT), pdf._setting, pytest.raises(Refusal) as refused:
        pdf.pdf_of("<p>", b"test")
    assert refused.value.code == "PAPERS_BUSY"
    assert not pdf._setting.locked() and isinstance(pdf._setting, type(threading.Lock()))


def test_a_paper_that_is_too_long_is_refused_with_its_length(
    anybody: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "MOST_ROWS", 5)
    said = problem(anybody, f"{ACCOUNT}.pdf", 422)
    assert "長すぎます" in said and "上限は5行" in said
