"""Papers as others open them: every account of a decision of three records as PDF, and its Word file opened
by LibreOffice, unchanged.

    python -m tests.papers_opened [--images docs/images]

Of each account: how many pages the PDF has and whether its structure is sound (tests/api/papers), how many
pages LibreOffice lays the Word file out on, and whether the text that it reads is the paper's. It needs
``soffice`` (Debian: libreoffice-writer-nogui); ``--images`` needs ``pdftoppm`` (poppler-utils) as well. What
it prints is kept in docs/office.md.
"""

from __future__ import annotations

import io
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from flask import Flask

from api.papers import routes
from api.papers.docx import docx_of
from domain.sample.record import make_sample
from projections.engine.store import Store
from projections.registry import open_store
from tests.api.papers.conftest import Asked
from tests.api.papers.tagged_pdf import TaggedPdf, squeezed
from tests.api.site import kanazawas_history
from tests.support.served import served
from tests.support.stories.year.record import make_the_year

SHOWN = ("matter-desk", "matter-fund", "matter-plan")
OTHERS = (
    "/meetings/meeting-2/notice",
    "/meetings/meeting-2/agenda",
    "/meetings/meeting-2/attendance",
    "/meetings/meeting-2/minutes",
    "/council/council-minamo/appointments",
    "/council/council-minamo/report/2025",
    "/sheets/sheet-forum-2024/paper",
)
"""Papers of the year besides its accounts."""


@dataclass
class Opened:
    """What became of one paper."""

    path: str
    pages: int
    faults: list[str]
    seconds: float
    word_pages: int = 0
    same: bool = False


def _filled(fill: Callable[[Store], object]) -> Callable[[str], None]:
    def make(url: str) -> None:
        store = open_store(url)
        store.create()
        fill(store)
        store.close()

    return make


RECORDS: dict[str, Callable[[str], None]] = {
    "one real year": make_the_year,
    "the fictional sample, 16 years": _filled(lambda store: make_sample(store.application, 16)),
    "Kanazawa's history": _filled(kanazawas_history),
}


def main(images: Path | None) -> int:
    sound = True
    with tempfile.TemporaryDirectory() as place:
        for n, (name, make) in enumerate(RECORDS.items()):
            folder = Path(place) / str(n)
            folder.mkdir()
            url = f"sqlite:///{folder / 'record.sqlite'}"
            make(url)
            with served(url) as app:
                made = list(_made(app, folder, OTHERS if n == 0 else ()))
            _open_all(made, folder)
            sound = _tell(name, made) and sound
            if images is not None and n == 0:
                _draw(folder, images)
    return 0 if sound else 1


def _made(app: Flask, folder: Path, others: tuple[str, ...]) -> Iterator[tuple[Opened, str]]:
    """Every account of the record, and these other papers, as files; each with the text it should hold. Where
    there are others it is in both languages."""
    listed = app.test_client().get("/api/v1/matters?limit=200").json["items"]
    paths = [f"/matters/{matter['matter_id']}/account" for matter in listed]
    for path in (*paths, *others):
        for prefix in ("", "/en") if others else ("",):
            with Asked(app).request(prefix + path) as (kind, ids):
                paper = kind.paper(**ids)
                begun = time.perf_counter()
                content = routes.pdf_of(paper, "opened")
                seconds = time.perf_counter() - begun
                stem = folder / _stem(prefix + path)
                stem.with_suffix(".pdf").write_bytes(content)
                stem.with_suffix(".docx").write_bytes(docx_of(paper))
            faults = TaggedPdf.of(content).faults(list(paper.texts), paper.language)
            pages = len(pikepdf.open(io.BytesIO(content)).pages)
            yield Opened(prefix + path, pages, faults, seconds), "".join(paper.texts)


def _stem(path: str) -> str:
    return path.strip("/").replace("/", "-")


def _open_all(made: list[tuple[Opened, str]], folder: Path) -> None:
    """Have LibreOffice read every Word file: as it lays it out, and as text."""
    files = [str(folder / f"{_stem(opened.path)}.docx") for opened, _ in made]
    for kind, into in (("pdf", "laid"), ("txt:Text (encoded):UTF8", "read")):
        home = f"-env:UserInstallation=file://{folder / 'office'}"
        command = ["soffice", home, "--headless", "--convert-to", kind, "--outdir", str(folder / into)]
        if files:
            subprocess.run([*command, *files], check=True, capture_output=True)
    for opened, text in made:
        stem = _stem(opened.path)
        opened.word_pages = len(pikepdf.open(folder / "laid" / f"{stem}.pdf").pages)
        read = (folder / "read" / f"{stem}.txt").read_text("utf-8-sig")
        opened.same = squeezed(read) == squeezed(text)


def _tell(name: str, made: list[tuple[Opened, str]]) -> bool:
    """Print what became of a record's papers; whether all is as it should be."""
    accounts = [opened for opened, _ in made if opened.path.endswith("/account")]
    others = [opened for opened, _ in made if opened not in accounts]
    both = " (each in Japanese and in English)" if others else ""
    print(f"{name}: {len(accounts)} accounts{both}", flush=True)
    for what, group in (("accounts", accounts), ("other papers", others)):
        if not group:
            continue
        pages = [opened.pages for opened in group]
        word = [opened.word_pages for opened in group]
        print(f"  {what}: {len(group)} PDFs, {_pages(pages)}; Word by LibreOffice: {_pages(word)}")
        sound, same = sum(not o.faults for o in group), sum(o.same for o in group)
        print(f"    structure of the PDF sound: {sound}; text that LibreOffice reads the same: {same}")
        print(f"    seconds for a PDF: median {statistics.median(o.seconds for o in group):.2f}")
    wrong = [o for o, _ in made if o.faults or not o.same]
    wrong += [o for o in accounts if max(o.pages, o.word_pages) > 2]
    for opened in wrong:
        print(f"  WRONG {opened}")
    return not wrong


def _pages(counts: list[int]) -> str:
    return f"{counts.count(1)} on one page, {counts.count(2)} on two, the longest {max(counts)}"


def _draw(folder: Path, images: Path) -> None:
    """Pictures of three accounts: as PDF, and as LibreOffice lays out the Word file."""
    for matter in SHOWN:
        stem = f"matters-{matter}-account"
        for kind, file in (("pdf", folder / f"{stem}.pdf"), ("docx", folder / "laid" / f"{stem}.pdf")):
            target = images / f"account-{matter.removeprefix('matter-')}-{kind}"
            draw = ["pdftoppm", "-png", "-gray", "-r", "84", "-singlefile", "-f", "1", "-l", "1"]
            subprocess.run([*draw, str(file), str(target)], check=True)


if __name__ == "__main__":
    chosen = sys.argv[2] if sys.argv[1:2] == ["--images"] else None
    sys.exit(main(Path(chosen) if chosen else None))
