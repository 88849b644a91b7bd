"""A translator's file: an entry for each sentence, in the form that translation programs read (gettext PO).

``msgctxt`` is the key, ``msgid`` the Japanese; the English and the files that say it stand above as comments.
A file that exists keeps what was translated; what was reworded since is marked fuzzy, to be looked at again.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, write_po

from api.setup import rules_of_service
from api.translating.inventory import Sentence
from domain.values.refusal import refusal

HEADER = """\
# The words of Kyodo Record in a further language. How to translate them: docs/translating.md.
# Keep every {name} in braces: the service fills it in. Leave empty what you do not know: it stays English.
#"""

WORDS_UNREADABLE = refusal(
    "WORDS_UNREADABLE",
    ja="訳のファイル {name} を読み取れません（{why}）。",
    en="The file of translations {name} cannot be read ({why}).",
    rule=rules_of_service.CATALOGUE,
    next_ja="kyodo words --export で作ったファイルを、訳のためのプログラムで保存し直してください。",
    next_en="Save the file that kyodo words --export made once more with a program for translations.",
    kind="invalid",
)


def catalogue(tag: str, sentences: Sequence[Sentence], old: Catalog | None) -> Catalog:
    """The sentences as a translator's catalogue, with what ``old`` says of them."""
    made = Catalog(tag.replace("-", "_"), project="Kyodo Record", header_comment=HEADER, fuzzy=False)
    known = _Old(old, {sentence.key for sentence in sentences})
    for sentence in sentences:
        text, is_sure, before = known.translation(sentence)
        made.add(
            words_of(sentence),
            text,
            context=sentence.key,
            locations=[(place, 1) for place in sentence.places],
            auto_comments=[english(sentence.en)],
            flags=() if is_sure else ("fuzzy",),
            previous_id=before,
        )
    return made


def english(en: str) -> str:
    """The English of a sentence as its comment says it."""
    return f"English: “{en.replace(chr(10), '↵')}”"


def english_of(message: Message) -> str:
    """What the comments of an entry say of its English; long lines were folded."""
    return " ".join(" ".join(message.auto_comments).split())


def words_of(sentence: Sentence) -> str:
    """What is translated: the Japanese, or the English of what is said in English only."""
    return sentence.ja or sentence.en


def is_of(message: Message, sentence: Sentence) -> bool:
    """Whether an entry still translates this sentence: both its languages are as they were."""
    return message.id == words_of(sentence) and english_of(message) == " ".join(english(sentence.en).split())


class _Old:
    """What an earlier file knows; of what has the words of another sentence, only if that is said no more."""

    def __init__(self, old: Catalog | None, keys: set[str]):
        translated = [m for m in old or () if m.id and m.string]
        self._by_key = {m.context: m for m in translated}
        self._by_pair = {(m.id, english_of(m)): m for m in translated}
        self._by_words = {m.id: m for m in translated if m.context not in keys}

    def translation(self, sentence: Sentence) -> tuple[str, bool, tuple[str, ...]]:
        """What was translated, whether it still holds, and what it translated if the words were others."""
        entry = self._by_key.get(sentence.key)
        if entry is None or not is_of(entry, sentence):
            same = self._by_pair.get((words_of(sentence), " ".join(english(sentence.en).split())))
            entry = same or entry or self._by_words.get(words_of(sentence))
        if entry is None:
            return "", True, ()
        is_sure = is_of(entry, sentence)
        before = () if entry.id == words_of(sentence) else (str(entry.id),)
        return str(entry.string), is_sure and not entry.fuzzy, before


def read(path: Path) -> Catalog:
    """The catalogue in a file. Refuses ``WORDS_UNREADABLE``."""
    try:
        with path.open("rb") as file:
            return read_po(file, abort_invalid=True)
    except (OSError, PoFileError, UnicodeDecodeError, ValueError) as wrong:
        why = wrong.strerror if isinstance(wrong, OSError) else str(wrong)
        raise WORDS_UNREADABLE(name=path.name, why=why) from None


def written(made: Catalog) -> bytes:
    """A catalogue as the bytes of a file."""
    file = io.BytesIO()
    write_po(file, made, width=0, include_previous=True, include_lineno=False)
    return file.getvalue()
