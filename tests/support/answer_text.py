"""What an answer says, whatever its form: a page as it is, a document or a PDF by what stands in it."""

from __future__ import annotations

import io
import re
import zipfile

from tests.api.papers.tagged_pdf import TaggedPdf

OF_THE_MOMENT = re.compile(
    r'name="(?:csrf_token|key|draft)" value="[^"]*"|&#34;challenge&#34;: &#34;[^&]*&#34;'
)
"""What is drawn anew for every answer: a form's token, its key and the draft it would be, and what
a passkey is to sign."""


def text_of(content: bytes) -> str:
    """The words, without what is drawn anew for every answer."""
    if content.startswith(b"%PDF"):
        pdf = TaggedPdf.of(content)
        return f"{pdf.title}\n{pdf.tree.text if pdf.tree else ''}\n{pdf.untagged}"
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = [name for name in sorted(parts.namelist()) if name.endswith((".xml", ".rels"))]
            written = "".join(parts.read(name).decode("utf-8", "replace") for name in names)
        return f"{written}\n{re.sub('<[^>]*>', '', written)}"  # words may be cut into runs
    return OF_THE_MOMENT.sub("", content.decode("utf-8", "replace"))
