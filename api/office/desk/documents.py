"""A document with its content, as acts: a screen that brings a text or a file registers both together."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from api.office.desk.acts import Act


def document_acts(
    document: str,
    about: Mapping[str, Any],
    content: bytes,
    media_type: str = "text/plain",
    place: str = "/document",
) -> list[Act]:
    """Register ``document`` and attach its content, whose bytes the screen keeps. ``place``: where on the
    screen the content comes from."""
    held = {
        "sha256": hashlib.sha256(content).hexdigest(),
        "size_bytes": len(content),
        "media_type": media_type,
    }
    return [
        Act("Document", "register", document, about, "/document"),
        Act("Document", "attach_content", document, held, place),
    ]
