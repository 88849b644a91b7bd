"""Imported catalogues: the translator's file and what the service reads of it, side by side in one folder."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from api.http.catalogues import BETWEEN
from api.translating.checking import Checked, checked
from api.translating.inventory import Inventory
from api.translating.po_file import read


def keep(folder: Path, file: bytes, translation: Checked) -> None:
    """Keep a translator's file that was found right, and compile it. Each file appears whole or not at all;
    the service reads it when it starts."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / f"{translation.tag}.po", file)
    _write(folder / f"{translation.tag}.mo", _compiled(translation))


def earlier(folder: Path, tag: str) -> Catalog | None:
    """The translator's file that was imported last for a language; None if there is none."""
    path = folder / f"{tag}.po"
    return read(path) if path.exists() else None


def states(folder: Path, known: Inventory) -> Iterator[Checked]:
    """How far each imported language is, for the sentences that are said today."""
    for path in sorted(folder.glob("*.po")):
        yield checked(path.stem, read(path), known)


def _compiled(translation: Checked) -> bytes:
    made = Catalog(translation.tag.replace("-", "_"), fuzzy=False)
    for (ja, en), text in translation.translations.items():
        made.add(f"{ja}{BETWEEN}{en}", text)
    file = io.BytesIO()
    write_mo(file, made)
    return file.getvalue()


def _write(path: Path, content: bytes) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(path)
