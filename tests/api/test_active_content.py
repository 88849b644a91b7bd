"""What acts by itself in a file, and what unpacks to too much, is refused whatever it is called."""

from __future__ import annotations

import io
import zipfile
import zlib

import pytest

from api.contents import active_content
from api.contents.content_type import type_of
from domain.values.refusal import Refusal

OFFICE = "application/vnd.openxmlformats-officedocument."
MAIN = "wordprocessingml.document.main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships/"


def packed(entries: dict[str, bytes], *, stored: bool = False) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as pack:
        for name, content in entries.items():
            pack.writestr(name, content)
    return made.getvalue()


def docx(
    types: str = "", relations: str = "", place: str = "word/_rels/document.xml.rels", **more: bytes
) -> bytes:
    override = f'<Override PartName="/word/document.xml" ContentType="{OFFICE}{MAIN}+xml"/>'
    return packed(
        {
            "[Content_Types].xml": f"<Types>{override}{types}</Types>".encode(),
            "word/document.xml": b"<w/>",
            place: f"<Relationships>{relations}</Relationships>".encode(),
            **more,
        }
    )


def relation(kind: str, target: str = "x", mode: str = "", base: str = RELATION) -> str:
    return f'<Relationship Id="r" Type="{base}{kind}" Target="{target}"{mode and f" TargetMode={mode!r}"}/>'


def pdf(*objects: bytes) -> bytes:
    return b"%PDF-1.7\n" + b"\n".join(objects) + b"\n%%EOF\n"


def object_stream(content: bytes, said: bytes = b"/Filter /FlateDecode") -> bytes:
    packed_up = zlib.compress(content) if b"Flate" in said else content
    return (
        b"5 0 obj\n<< /Type /ObjStm /N 1 /First 4 "
        + said
        + b" >>\nstream\n"
        + packed_up
        + b"\nendstream\nendobj"
    )


CATALOGUE = b"1 0 obj\n<< /Type /Catalog >>\nendobj"
SCRIPT = b"2 0 obj\n<< /S /JavaScript /JS (app.alert(1)) >>\nendobj"
BENEATH = b"4 0 << /S /JavaScript /JS (app.alert(1)) >>"
PADDED = (
    b"5 0 obj\n<< /Type /ObjStm /Filter /FlateDecode" + b" " * 4096 + b">>\nstream\n" + zlib.compress(BENEATH)
)


def code(content: bytes) -> str:
    try:
        return type_of(io.BytesIO(content))
    except Refusal as refused:
        return refused.code


@pytest.mark.parametrize(
    "content",
    [
        docx(relations=relation("vbaProject", "harmless.bin", base=MICROSOFT), **{"word/harmless.bin": b"x"}),
        docx(types='<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'),
        docx(types='<Override PartName="/x" ContentType="application/vnd.ms-office.activeX+xml"/>'),
        docx(types='<Override PartName="/x" ContentType="application/vnd.ms-excel.macrosheet+xml"/>'),
        docx(relations=relation("xlMacrosheet", base=MICROSOFT), place="xl/_rels/WORKBOOK.XML.RELS"),
        docx(types='<Override PartName="/x" ContentType="application/vnd.ms-office.&#118;baProject"/>'),
    ],
)
def test_macros_are_found_by_what_a_part_is_and_not_by_its_name(content: bytes) -> None:
    assert code(content) == "CONTENT_MACROS"


@pytest.mark.parametrize("kind", ["attachedTemplate", "oleObject", "image", "frame", "subDocument"])
def test_what_is_loaded_from_elsewhere_is_refused(kind: str) -> None:
    elsewhere = relation(kind, "https://example.com/x", "External")
    assert code(docx(relations=elsewhere)) == "CONTENT_ACTIVE"
    assert code(docx(relations=elsewhere, place="word/_rels/settings.xml.rels")) == "CONTENT_ACTIVE"
    assert code(docx(relations=relation(kind))) == f"{OFFICE}wordprocessingml.document"


@pytest.mark.parametrize("kind", ["hyperlink", "externalLinkPath"])
def test_a_link_to_elsewhere_is_followed_by_people(kind: str) -> None:
    assert code(docx(relations=relation(kind, "https://example.com/", "External"))).endswith("document")


def test_a_part_that_declares_entities_is_none() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><Relationships/>'
    assert code(docx(**{"_rels/.rels": bomb.encode()})) == "CONTENT_TYPE_REFUSED"


def test_what_unpacks_to_too_much_is_refused_without_unpacking_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """600 MB in 600 kB."""
    bomb = docx(**{"word/media/x.png": bytes(600 << 20)})
    assert len(bomb) < 1 << 20
    monkeypatch.setattr(active_content, "CHUNK", None)  # nothing is read of it
    assert code(bomb) == "CONTENT_UNPACKS"


def test_both_sides_of_what_may_be_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    content = docx(**{"word/media/x.png": bytes(5_000)})
    with zipfile.ZipFile(io.BytesIO(content)) as pack:
        size = sum(entry.file_size for entry in pack.infolist())
    for limit, expected in ((size, f"{OFFICE}wordprocessingml.document"), (size - 1, "CONTENT_UNPACKS")):
        monkeypatch.setattr(active_content, "MOST_UNPACKED", limit)
        assert code(content) == expected
    monkeypatch.setattr(active_content, "MOST_UNPACKED", size)
    monkeypatch.setattr(active_content, "MOST_PARTS", 3)
    assert code(content) == "CONTENT_UNPACKS"


def test_a_part_that_is_not_what_it_says_is_refused() -> None:
    """Of a size, or with a checksum, of something else."""
    content = bytearray(docx(**{"word/media/x.png": b"picture" * 100}))
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 16] ^= 1  # the checksum in the directory
    assert code(bytes(content)) == "CONTENT_TYPE_REFUSED"


@pytest.mark.parametrize(
    "content",
    [
        pdf(CATALOGUE, SCRIPT),
        pdf(CATALOGUE, SCRIPT.replace(b"/JavaScript", b"/J#61vaScrip#74")),
        pdf(CATALOGUE, b"2 0 obj\n<</S/Launch/F(cmd.exe)>>\nendobj"),
        pdf(CATALOGUE, object_stream(BENEATH)),
        pdf(CATALOGUE, object_stream(BENEATH, b"")),
        pdf(CATALOGUE, object_stream(BENEATH).replace(b"/ObjStm", b"/Obj#53tm")),
        pdf(CATALOGUE, object_stream(bytes(2_000_000) + BENEATH)),
        pdf(CATALOGUE, object_stream(BENEATH, b"/Filter /ASCIIHexDecode")),
        pdf(CATALOGUE, object_stream(BENEATH, b"/Filter [/ASCIIHexDecode /FlateDecode]")),
        pdf(CATALOGUE, object_stream(BENEATH, b"/Filter /FlateDecode /DecodeParms << /Predictor 12 >>")),
        pdf(CATALOGUE, PADDED),
        pdf(CATALOGUE, object_stream(BENEATH).replace(b"\nstream\n", b"\nstream\nnot packed\n")),
    ],
)
def test_a_pdf_that_runs_something_or_cannot_be_searched_is_refused(content: bytes) -> None:
    assert code(content) == "CONTENT_ACTIVE"


@pytest.mark.parametrize(
    "content",
    [
        pdf(CATALOGUE),
        pdf(CATALOGUE, object_stream(b"4 0 << /Type /Page >>")),
        pdf(CATALOGUE, b"2 0 obj\n<</S/URI/URI(https://example.com/)>>\nendobj"),
        pdf(CATALOGUE, b"2 0 obj\n<</Title(About JavaScript)/JavaScriptless 1>>\nendobj"),
    ],
)
def test_a_pdf_that_only_shows_is_kept(content: bytes) -> None:
    assert code(content) == "application/pdf"


def test_objects_that_unpack_to_too_much_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = pdf(CATALOGUE, object_stream(bytes(100_000)), object_stream(bytes(100_000)))
    for limit, expected in ((200_000, "application/pdf"), (199_999, "CONTENT_UNPACKS")):
        monkeypatch.setattr(active_content, "MOST_OBJECTS", limit)
        assert code(content) == expected
