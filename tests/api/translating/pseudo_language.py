"""A translator who marks every sentence instead of translating it: what is not marked on a page was not said
through a catalogue."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.pofile import read_po, write_po

_MARKED = re.compile("⟦[^⟦⟧]*⟧")


def translate(source: Path, target: Path, leave: tuple[str, ...] = (), **instead: str) -> None:
    """Translate a file: ``Hello`` is ``⟦Hello⟧``. What is in ``leave`` (keys) stays empty; ``instead`` are
    other translations by key, with two underscores for a dot."""
    with source.open("rb") as file:
        catalogue = read_po(file)
    others = {key.replace("__", "."): text for key, text in instead.items()}
    for message in catalogue:
        if message.id and message.context not in leave:
            english = " ".join(message.auto_comments)[len("English: “") : -1].replace("↵", "\n")
            message.string = others.get(str(message.context), marked(english))
    with target.open("wb") as file:
        write_po(file, catalogue, width=0)


def marked(english: str) -> str:
    """A sentence, marked; its spaces stay where they are."""
    words = english.strip()
    return english.replace(words, f"⟦{words}⟧") if words else english


def unmarked(text: str) -> str:
    """What is left of a text without everything that is marked, one mark inside another too."""
    while (less := _MARKED.sub("", text)) != text:
        text = less
    return text.strip()
