"""What a PDF says, page by page: read by a process of its own, within bounds.

A PDF comes from anywhere, and reading one may take for ever or all of the memory. So it is read aside
(``python -m api.contents.pdf_text`` reads the file from its input), which ends by itself at ``SECONDS`` of
the processor and ``MEMORY`` bytes; whoever waits goes on without a text.

A page that is a picture of paper says nothing: characters are not recognised here.
"""

from __future__ import annotations

import io
import re
import resource
import subprocess
import sys
from collections.abc import Iterable, Iterator
from typing import IO

import msgspec
from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTTextBox

MOST_BYTES = 32 << 20
MOST_PAGES = 300
SECONDS = 30
MEMORY = 2 << 30


class PdfUnreadable(Exception):
    """It is no PDF, is locked by a password, or takes more than it may."""


def pages_of(file: IO[bytes]) -> list[str]:
    """The text of each page, empty where it has none. Raises PdfUnreadable."""
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise PdfUnreadable
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__],
            input=content,
            capture_output=True,
            timeout=4 * SECONDS,
            check=True,
        )
        return msgspec.json.decode(done.stdout, type=list[str])
    except (subprocess.SubprocessError, msgspec.DecodeError) as wrong:
        raise PdfUnreadable from wrong


def _pages(content: bytes) -> list[str]:
    together = LAParams(boxes_flow=None)  # from the top of a page to its foot
    pages = extract_pages(io.BytesIO(content), maxpages=MOST_PAGES, laparams=together)
    return ["\n".join(_paragraphs(page)) for page in pages]


_BEGINS = re.compile(r"\s*([○●◎◯・◆◇■□※【〔]|[（(]?\d{1,2}[）)．.、\u3000 ])|\u3000")
"""With what a paragraph begins, so that it does not go on with the line before."""


def _paragraphs(page: Iterable[object]) -> Iterator[str]:
    """Lines, where one that reaches the right margin goes on in the next."""
    lines = [line for box in page if isinstance(box, LTTextBox) for line in box]
    margin = max((line.x1 for line in lines), default=0)
    paragraph = ""
    for line in lines:
        text = line.get_text().rstrip()
        if paragraph and _BEGINS.match(text):
            yield paragraph
            paragraph = ""
        between = " " if paragraph[-1:].isascii() and text[:1].isascii() else ""
        paragraph += f"{between}{text.strip()}" if paragraph else text
        if line.x1 < margin - 1.5 * line.height:
            yield paragraph
            paragraph = ""
    if paragraph:
        yield paragraph


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.stdout.buffer.write(msgspec.json.encode(_pages(sys.stdin.buffer.read())))


if __name__ == "__main__":
    main()
