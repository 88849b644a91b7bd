"""Whether a translator's file can be used: what is wrong is refused by name, what is odd is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message

from api.http.catalogues import blanks_of
from api.http.language import LANGUAGES, TAKEN
from api.setup import rules_of_service
from api.translating.inventory import Inventory, Sentence
from api.translating.po_file import is_of
from api.translating.sentences import Pair
from domain.values.refusal import Refusal, refusal

WORDS_LANGUAGE = refusal(
    "WORDS_LANGUAGE",
    ja="「{tag}」という言語のページは作れません。",
    en="There can be no pages in a language “{tag}”.",
    rule=rules_of_service.CATALOGUE,
    next_ja="fr、pt-BR のように指定してください。日本語と英語は元からあります（インドネシア語は id-ID）。",
    next_en="Name a language like fr or pt-BR; Japanese and English are there already (Indonesian is id-ID).",
    kind="invalid",
)
WORDS_BLANKS = refusal(
    "WORDS_BLANKS",
    ja="{key} の訳の差し込み {got} が、元の文の {wanted} と合いません。",
    en="The blanks {got} in the translation of {key} are not those of the sentence, {wanted}.",
    rule=rules_of_service.CATALOGUE,
    next_ja="元の文の {{…}} をそのまま、訳のふさわしい場所に書いてください。",
    next_en="Put each {{…}} of the sentence, spelled as it is, where it belongs in the translation.",
    kind="invalid",
)
WORDS_MARKUP = refusal(
    "WORDS_MARKUP",
    ja="{key} の訳に、元の文にない HTML の記号があります。",
    en="The translation of {key} has HTML that the sentence has not.",
    rule=rules_of_service.CATALOGUE,
    next_ja="「<」で始まる記号を訳から取り除いてください。",
    next_en="Take what begins with “<” out of the translation.",
    kind="invalid",
)
WORDS_PLURALS = refusal(
    "WORDS_PLURALS",
    ja="{key} に複数形の訳（msgid_plural）があります。",
    en="There are plural forms (msgid_plural) of {key}.",
    rule=rules_of_service.CATALOGUE,
    next_ja="数を表す文は、単数と複数が別の項目になっています。それぞれに一つの訳を書いてください。",
    next_en="Sentences that count are entries of their own for one and for many: give each one translation.",
    kind="invalid",
)

_MARKUP = re.compile(r"<[A-Za-z/!]")


@dataclass
class Checked:
    """What a file holds. ``translations`` are of the sentences that are said today, by their wordings."""

    tag: str
    translations: dict[Pair, str] = field(default_factory=dict)
    wrong: list[Refusal] = field(default_factory=list)
    odd: list[tuple[str, str]] = field(default_factory=list)
    """What is told, in Japanese and in English, and does not hinder."""
    stale: list[str] = field(default_factory=list)
    """Keys of translations of which nothing is said any more, or something else."""
    unsure: list[str] = field(default_factory=list)
    """Keys of what is marked fuzzy: it is not used."""
    missing: list[str] = field(default_factory=list)
    """Keys of what is not translated. What English says nothing for may be left so."""


def language_of(tag: str) -> str:
    """A language as an address names it. Refuses ``WORDS_LANGUAGE``."""
    plain = tag.strip().replace("_", "-")
    try:
        locale = Locale.parse(plain, sep="-")
    except (ValueError, UnknownLocaleError):
        raise WORDS_LANGUAGE(tag=tag) from None
    plain = str(locale).replace("_", "-")
    if plain in LANGUAGES or plain in TAKEN:
        raise WORDS_LANGUAGE(tag=tag)
    return plain


def checked(tag: str, file: Catalog, known: Inventory) -> Checked:
    """What a file holds for these sentences, with everything that is wrong or odd about it."""
    result = Checked(tag)
    for message in file:
        if message.id and message.string:
            _read(message, known.sentences.get(message.context or ""), result)
    result.missing = [s.key for s in known.once() if s.en and (s.ja, s.en) not in result.translations]
    return result


def _read(message: Message, sentence: Sentence | None, result: Checked) -> None:
    key = message.context or str(message.id)
    if message.pluralizable:
        result.wrong.append(WORDS_PLURALS(key=key))
    elif sentence is None or not is_of(message, sentence):
        result.stale.append(key)
    elif message.fuzzy:
        result.unsure.append(key)
    else:
        text = str(message.string)
        result.wrong += _faults(sentence, text)
        result.odd += _oddities(sentence, text)
        if result.translations.setdefault((sentence.ja, sentence.en), text) != text:
            result.odd.append(
                (
                    f"{key}: 同じ文に二つの訳があります。前の訳を使います。",
                    f"{key}: the same sentence has two translations; the first is used.",
                )
            )


def _faults(sentence: Sentence, text: str) -> Iterator[Refusal]:
    if _MARKUP.search(text) and not _MARKUP.search(sentence.ja + sentence.en):
        yield WORDS_MARKUP(key=sentence.key)
    ja, en = set(blanks(sentence.ja)), set(blanks(sentence.en))
    try:
        got = set(blanks_of(text))
    except ValueError:
        got = {text}
    if not (ja & en <= got <= ja | en):
        yield WORDS_BLANKS(key=sentence.key, got=_listed(got), wanted=_listed(ja & en or ja | en))


def blanks(text: str) -> list[str]:
    """The blanks of a sentence of ours; braces that are none are words."""
    try:
        return blanks_of(text)
    except ValueError:
        return []


def _listed(names: set[str]) -> str:
    return " ".join(f"{{{name}}}" for name in sorted(names)) or "—"


def _oddities(sentence: Sentence, text: str) -> Iterator[tuple[str, str]]:
    key, en = sentence.key, sentence.en
    if len(text) > 60 and len(text) > 3 * max(len(en), 2 * len(sentence.ja)):
        yield f"{key}: 訳がとても長くなっています。", f"{key}: the translation is very long."
    if (en[:1] == " ") != (text[:1] == " ") or (en[-1:] == " ") != (text[-1:] == " "):
        yield (
            f"{key}: 初めか終わりの空白が、英語の文と違います。",
            f"{key}: a space at the beginning or at the end is not as in the English.",
        )
