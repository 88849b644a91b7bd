"""A paper as a Word file, to be edited: the same headings, paragraphs and tables in styles of Word.

A city's own ``paper.docx`` (or ``decision.docx``) is the base: its styles, its page, its head and foot. The
paper stands where the base says ``{{paper}}``, or at its end.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as Base
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph

from api.http.clock import today
from api.http.language import tr
from api.papers import folder
from api.papers.structure import Block, Bullets, Facts, Paper, Paragraph, Setting, Strong, Table

PLACE = "{{paper}}"
"""What stands in a base where the paper is to stand."""
MINCHO, GOTHIC = "游明朝", "游ゴシック"
SIZES: dict[Setting, float] = {"usual": 10.5, "dense": 9.5, "tight": 9}
_BREADTH = Mm(172)
_ALIGNED = {"right": WD_ALIGN_PARAGRAPH.RIGHT, "centre": WD_ALIGN_PARAGRAPH.CENTER}


def docx_of(paper: Paper) -> bytes:
    """The Word file; the same bytes for the same paper. Refuses ``PAPER_TEMPLATE_UNUSABLE``."""
    own = folder.own(f"{paper.name}.docx", "paper.docx")
    if own is None:
        return _saved(_Writer(_usual(paper), paper).written())
    try:
        return _saved(_Writer(_opened(own), paper).written())
    except (KeyError, ValueError, AttributeError) as error:
        raise folder.unusable(own.name, f"{type(error).__name__}: {error}") from None


def _opened(own: Path) -> Base:
    try:
        return Document(io.BytesIO(folder.content(own)))
    except Exception as error:  # whatever is wrong with a file of somebody else's
        raise folder.unusable(
            own.name, f"Word のファイルとして読めません: {error}", f"cannot be read as a Word file: {error}"
        ) from None


def _usual(paper: Paper) -> Base:
    """A4 with the fonts of an office, where a city has no base of its own."""
    base = Document()
    page = base.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin, page.right_margin = Mm(20), Mm(18)
    page.top_margin, page.bottom_margin = Mm(15), Mm(14)
    page.header_distance = page.footer_distance = Mm(7)
    size = SIZES[paper.setting]
    _font(base.styles["Normal"], MINCHO, size, spacing=1.1)
    _font(base.styles["Heading 1"], GOTHIC, 14, before=4, after=1)
    _font(base.styles["Heading 2"], GOTHIC, size + 0.5, before=5, after=2)
    _font(base.styles["List Bullet"], MINCHO, size, spacing=1.1)
    base.styles["Heading 1"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for heading in ("Heading 1", "Heading 2"):
        base.styles[heading].font.bold = True
    for spaced in ("autoSpaceDE", "autoSpaceDN"):  # no gaps between digits and letters of Japanese
        never = OxmlElement(f"w:{spaced}")
        never.set(qn("w:val"), "0")
        _put(base.styles["Normal"].element.get_or_add_pPr(), never, *_AFTER_SPACES)
    _page_numbers(page.footer.paragraphs[0])
    return base


def _font(
    style: Any, name: str, size: float, *, before: float = 0, after: float = 0, spacing: float = 1.0
) -> None:
    assert isinstance(style, ParagraphStyle)
    style.font.name, style.font.size = name, Pt(size)
    style.font.color.rgb = RGBColor(0, 0, 0)
    style.font.bold = None
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), name)
    about = style.paragraph_format
    about.space_before, about.space_after, about.line_spacing = Pt(before), Pt(after), spacing


def _page_numbers(paragraph: WordParagraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for field, after in (("PAGE", " / "), ("NUMPAGES", "")):
        simple = OxmlElement("w:fldSimple")
        simple.set(qn("w:instr"), field)
        paragraph._p.append(simple)
        if after:
            paragraph.add_run(after)


class _Writer:
    """Writes one paper into its base."""

    def __init__(self, base: Base, paper: Paper):
        self.base, self.paper = base, paper
        place = next((p for p in base.paragraphs if PLACE in p.text), None)
        self._place = place._p if place is not None else None

    def written(self) -> Base:
        paper = self.paper
        self._about()
        self._letterhead()
        self._text(paper.title, "Heading 1")
        for line in paper.intro:
            self._small(line).alignment = WD_ALIGN_PARAGRAPH.CENTER
        for block in paper.opening:
            self._block(block)
        for section in paper.sections:
            heading = self._text(section.heading, "Heading 2").paragraph_format
            heading.keep_with_next, heading.page_break_before = True, section.new_page
            for block in section.blocks:
                self._block(block)
        for n, line in enumerate(paper.foot):
            shown = self._small(line)
            if n == 0:
                shown.paragraph_format.space_before = Pt(6)
                _line_above(shown)
        if self._place is not None:
            self._place.getparent().remove(self._place)
        return self.base

    def _about(self) -> None:
        made = dt.datetime.combine(today(), dt.time())
        about = self.base.core_properties
        about.title, about.subject = self.paper.title, tr("書類", "Paper")
        about.author = about.last_modified_by = self.paper.head.name or tr("協働の記録", "Kyodo Record")
        about.language = {"ja": "ja-JP", "en": "en-GB"}.get(self.paper.language, self.paper.language)
        about.created = about.modified = made
        about.comments, about.revision = "", 1
        for properties in self.base.styles.element.iter(qn("w:rPrDefault")):
            for language in properties.iter(qn("w:lang")):
                language.set(qn("w:eastAsia"), "ja-JP")
                language.set(qn("w:val"), "en-US" if self.paper.language == "ja" else about.language)

    def _letterhead(self) -> None:
        head = self.paper.head
        if head.picture:
            content, _ = folder.picture(head.picture)
            paragraph = self._text("")
            try:
                shape = paragraph.add_run().add_picture(io.BytesIO(content), height=Mm(14))
            except Exception as error:  # whatever is wrong with a picture of somebody else's
                raise folder.unusable(
                    folder.LETTERHEAD,
                    f"画像「{head.picture}」が読めません: {error}",
                    f"the picture “{head.picture}” cannot be read: {error}",
                ) from None
            shape._inline.docPr.set("descr", head.picture_words)
        if head.name:
            self._text(head.name).runs[0].font.size = Pt(12)
        for line in head.lines:
            self._small(line)
        self._text(self.paper.date).alignment = WD_ALIGN_PARAGRAPH.RIGHT

    # -- blocks

    def _block(self, block: Block) -> None:
        if isinstance(block, Paragraph):
            self._paragraph(block)
        elif isinstance(block, Bullets):
            for item in block.entries:
                self._text(item, "List Bullet")
        elif isinstance(block, Table):
            self._table(block)
        else:
            self._facts(block)

    def _paragraph(self, block: Paragraph) -> None:
        if block.as_ == "note":
            self._small(block.text)
            return
        for line in block.text.split("\n"):
            shown = self._text(line)
            if block.as_ == "body" and self.paper.language == "ja":
                shown.paragraph_format.first_line_indent = Pt(SIZES[self.paper.setting])
            elif block.as_ == "said":
                shown.paragraph_format.left_indent = Pt(21)
            elif block.as_ == "item":
                shown.runs[0].bold = True
                shown.paragraph_format.keep_with_next = True
            elif block.as_ in _ALIGNED:
                shown.alignment = _ALIGNED[block.as_]

    def _table(self, block: Table) -> None:
        table = self._grid(block.caption, 1 + len(block.rows), len(block.columns))
        breadths = [Emu(_BREADTH * share // 100) for share in block.shares]
        _set_breadths(table, breadths)
        for n, values in enumerate((block.columns, *block.rows)):
            cells = table.rows[n].cells
            for m, (cell, value) in enumerate(zip(cells, values, strict=True)):
                cell.width = breadths[m]
                self._cell(cell, value, is_heading=n == 0)
        _repeated(table.rows[0]._tr)

    def _facts(self, block: Facts) -> None:
        count = 2 * block.breadth
        table = self._grid(block.caption, len(block.rows), count)
        name = Emu(_BREADTH * 15 // 100)
        beside = Emu(_BREADTH // block.breadth - name)
        _set_breadths(table, [name, beside] * block.breadth)
        for n, pairs in enumerate(block.rows):
            cells = list(table.rows[n].cells)
            for cell, breadth in zip(cells, [name, beside] * block.breadth, strict=True):
                cell.width = breadth
            if len(pairs) < block.breadth:
                cells[1] = cells[1].merge(cells[-1])
            for m, (heading, value) in enumerate(pairs):
                self._cell(cells[2 * m], heading, is_heading=True)
                self._cell(cells[2 * m + 1], value)

    def _grid(self, caption: str, rows: int, columns: int) -> WordTable:
        table: WordTable = self.base.add_table(rows, columns)
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        if "Table Grid" in self.base.styles:
            table.style = "Table Grid"
        about = table._tbl.tblPr
        _put(about, _margins(), "w:tblLook", "w:tblCaption", "w:tblDescription")
        described = OxmlElement("w:tblCaption")
        described.set(qn("w:val"), caption)
        about.append(described)
        for row in table.rows:
            whole = OxmlElement("w:cantSplit")
            row._tr.get_or_add_trPr().append(whole)
        self._placed(table._tbl)
        return table

    def _cell(self, cell: _Cell, text: str, *, is_heading: bool = False) -> None:
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.line_spacing = 1.0
        run = paragraph.add_run(text)
        run.font.size = Pt(SIZES[self.paper.setting] - 1)
        run.bold = isinstance(text, Strong) or None
        if is_heading:
            shade = OxmlElement("w:shd")
            for name, value in (("val", "clear"), ("color", "auto"), ("fill", "EEEEEE")):
                shade.set(qn(f"w:{name}"), value)
            cell._tc.get_or_add_tcPr().append(shade)

    def _text(self, text: str, style: str | None = None) -> WordParagraph:
        known = style if style in {s.name for s in self.base.styles} else None
        paragraph = self.base.add_paragraph(text, style=known)
        self._placed(paragraph._p)
        return paragraph

    def _small(self, text: str) -> WordParagraph:
        paragraph = self._text(text)
        for run in paragraph.runs:
            run.font.size = Pt(8)
        return paragraph

    def _placed(self, element: Any) -> None:
        if self._place is not None:
            self._place.addprevious(element)


def _margins() -> Any:
    """Narrow margins of cells, so that a day fits on its line."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "60")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    return margins


def _set_breadths(table: WordTable, breadths: list[Emu]) -> None:
    """Say of every column how broad it is: Word looks at the cells, LibreOffice at the columns."""
    for column, breadth in zip(table.columns, breadths, strict=True):
        column.width = breadth


def _repeated(row: Any) -> None:
    """The heading of a table stands on each of its pages."""
    heading = OxmlElement("w:tblHeader")
    row.get_or_add_trPr().append(heading)


def _line_above(paragraph: WordParagraph) -> None:
    borders = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "3"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    _put(paragraph._p.get_or_add_pPr(), borders, *_AFTER_BORDERS)


_AFTER_SPACES = ("w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr")
_AFTER_BORDERS = ("w:shd", "w:tabs", "w:autoSpaceDE", "w:autoSpaceDN", *_AFTER_SPACES)
"""What comes after them in the properties of a paragraph, whose order is fixed (ISO 29500-1, 17.3.1)."""


def _put(properties: Any, element: Any, *after: str) -> None:
    properties.insert_element_before(element, *after)


def _saved(base: Base) -> bytes:
    """The file without the moments at which its parts were packed."""
    packed, anew = io.BytesIO(), io.BytesIO()
    base.save(packed)
    with zipfile.ZipFile(packed) as whole, zipfile.ZipFile(anew, "w", zipfile.ZIP_DEFLATED) as file:
        for part in whole.infolist():
            file.writestr(zipfile.ZipInfo(part.filename), whole.read(part), zipfile.ZIP_DEFLATED)
    return anew.getvalue()
