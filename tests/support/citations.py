"""What nobody who reads the record can open: pages of its design, source files, numbers of notes."""

from __future__ import annotations

import re
from collections.abc import Iterator

_DESIGN = "ambition|console|domain|engine|house|interfaces|open-data|operations|site|trust|truth"
_UNOPENABLE = re.compile(
    rf"\b(?:{_DESIGN})\.md\b"
    r"|\bhouse rule"
    r"|\bissue \d+"
    r"|(?<![\w/])(?:domain|projections|api)/[\w/]+\.py\b"
    r"|(?<![\w#&;-])[OF]\d{1,2}(?![\w-])"
    r"|\[[GS]\]",
    re.IGNORECASE,
)


def unopenable(text: str) -> Iterator[str]:
    """Every citation in ``text`` that its reader cannot open."""
    for found in _UNOPENABLE.finditer(text):
        yield found[0]
