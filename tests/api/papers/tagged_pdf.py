"""What a PDF says to whoever cannot see it: its structure read back from the bytes, held against PDF/UA-1.

Read with pikepdf alone, not with what made it: the tree of tags, the text behind each by the marks in the
content of the pages and the fonts' own tables, and what ISO 14289-1 asks of it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pikepdf

Maps = dict[int, str]


@dataclass
class Element:
    """An element of the tree: its tag, what it says of itself, its text and what it holds, in their order."""

    tag: str
    alt: str | None = None
    scope: str | None = None
    headers: bool = False
    kids: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(kid if isinstance(kid, str) else kid.text for kid in self.kids)

    def every(self, *tags: str) -> Iterator[Element]:
        for kid in self.kids:
            if isinstance(kid, Element):
                if kid.tag in tags:
                    yield kid
                yield from kid.every(*tags)


@dataclass
class TaggedPdf:
    """A PDF as far as it says of itself what it is."""

    pages: int
    marked: bool
    language: str | None
    shows_title: bool
    title: str | None
    conformance: str | None
    tree: Element | None
    untagged: str
    """Text on its pages that stands in no tag and is no artifact."""

    @classmethod
    def of(cls, content: bytes) -> TaggedPdf:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            root = pdf.Root
            texts, untagged = _texts(pdf)
            tree = root.get("/StructTreeRoot")
            with pdf.open_metadata() as about:
                title, conformance = about.get("dc:title"), about.get("pdfuaid:part")
            return cls(
                len(pdf.pages),
                bool(root.get("/MarkInfo", {}).get("/Marked", False)),
                str(root["/Lang"]) if "/Lang" in root else None,
                bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)),
                str(title) if title else None,
                str(conformance) if conformance else None,
                _element(tree, texts, None) if tree is not None else None,
                untagged,
            )

    def faults(self, texts: list[str] | None = None, language: str = "ja") -> list[str]:
        """What PDF/UA-1 asks for and is not there; with ``texts``: whether it is read in just this order."""
        found = [] if self.marked else ["it does not say that it is tagged"]
        found += [] if self.language == language else [f"its language is {self.language}"]
        found += [] if self.shows_title else ["it shows its file name, not its title"]
        found += [] if self.title else ["it has no title"]
        found += [] if self.conformance == "1" else ["it does not say that it is PDF/UA-1"]
        found += [f"untagged text: {self.untagged[:40]}"] if self.untagged.strip() else []
        if self.tree is None:
            return [*found, "it has no tree of tags"]
        found += [
            f"a picture without words: {n}"
            for n, figure in enumerate(self.tree.every("Figure"))
            if not figure.alt
        ]
        found += list(_tables(self.tree))
        found += list(_headings(self.tree))
        if texts is not None and squeezed(self.tree.text) != squeezed("".join(texts)):
            found.append("it is read in another order, or says something else")
        return found


def squeezed(text: str) -> str:
    """A text without blanks: where a line ends is no word, and nor is the mark before an item of a list."""
    return re.sub(r"[\s•・\u00a0]", "", text)


def _tables(tree: Element) -> Iterator[str]:
    for n, table in enumerate(tree.every("Table"), 1):
        heads = list(table.every("TH"))
        if not heads:
            yield f"table {n} has no headings"
        if any(head.scope not in ("/Row", "/Column") for head in heads):
            yield f"table {n} has a heading that does not say of what it is one"
        if not all(cell.headers for cell in table.every("TD")):
            yield f"table {n} has a cell without its headings"


def _headings(tree: Element) -> Iterator[str]:
    levels = [int(heading.tag[1]) for heading in tree.every("H1", "H2", "H3", "H4")]
    if levels[:1] != [1] or levels.count(1) != 1:
        yield f"its headings begin with {levels[:1]}, {levels.count(1)} of the first level"
    if any(after > before + 1 for before, after in pairwise(levels)):
        yield "its headings leave a level out"


# ------------------------------------------------------------------------------------------------- reading


def _element(node: Any, texts: dict[tuple[int, int], str], page: Any) -> Element:
    page = node.get("/Pg", page)
    made = Element(str(node.get("/S", "/Root"))[1:], str(node["/Alt"]) if "/Alt" in node else None)
    about = node.get("/A", {})
    made.scope = str(about["/Scope"]) if "/Scope" in about else None
    made.headers = "/Headers" in about and len(about["/Headers"]) > 0
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") != "/OBJR":
            made.kids.append(_element(kid, texts, page))
        elif not isinstance(kid, pikepdf.Dictionary):
            made.kids.append(texts.get((page.objgen[0], int(kid)), ""))
    return made


def _texts(pdf: pikepdf.Pdf) -> tuple[dict[tuple[int, int], str], str]:
    """The text behind every mark, by page and mark; and what stands behind none."""
    marked: dict[tuple[int, int], str] = {}
    loose: list[str] = []
    for page in pdf.pages:
        fonts = {name: _to_unicode(font) for name, font in page.resources.get("/Font", {}).items()}
        within: list[int | None] = []
        current: Maps = {}
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name in ("BDC", "BMC"):
                about = operands[1] if len(operands) > 1 else {}
                is_mark = isinstance(about, pikepdf.Dictionary) and "/MCID" in about
                within.append(int(about["/MCID"]) if is_mark else -1 if operands[0] == "/Artifact" else None)
            elif name == "EMC":
                within.pop()
            elif name == "Tf":
                current = fonts[str(operands[0])]
            elif name in ("Tj", "TJ"):
                said = _said(operands[0], current)
                mark = next((m for m in reversed(within) if m is not None), None)
                if mark is None:
                    loose.append(said)
                elif mark >= 0:
                    key = (page.objgen[0], mark)
                    marked[key] = marked.get(key, "") + said
    return marked, "".join(loose)


def _said(shown: Any, font: Maps) -> str:
    pieces = shown if isinstance(shown, pikepdf.Array) else [shown]
    codes = (bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))
    return "".join(
        font.get(int.from_bytes(code[n : n + 2]), "") for code in codes for n in range(0, len(code), 2)
    )


def _to_unicode(font: Any) -> Maps:
    """Which characters the codes of a font stand for, by its own table."""
    table = bytes(font["/ToUnicode"].read_bytes()).decode("ascii", "replace")
    pairs = re.findall(r"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>", table)
    return {int(code, 16): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs}
