"""Words for readers 言い回し: what enumerated values, states, fields and relations are called on a page.

No key of the record is ever shown as it is: a test sees to it that every value and every field has words.
"""

from __future__ import annotations

from api.http.language import LANGUAGES, lang, language, spoken, tr
from api.words.states import STATES
from api.words.values import VALUES
from domain.kernel.events import Event
from domain.kernel.field_words import words_of
from domain.kernel.links import RELATIONS
from domain.kernel.roles import ROLE_NAMES
from domain.values.law import Citation


def value(field: str, code: str | None) -> str:
    """An enumerated value of a field in words. What is no such value is free text and stays as it is; null is
    what is closed to the reader (a caller who may meet what is unknown asks first)."""
    if code is None:
        return tr("非公開", "not public")
    words = VALUES.get(f"{field}.{code}") or VALUES.get(code)
    return tr(*words) if words else code


def field(name: str, event: type[Event] | None = None) -> str:
    """What a field is called, in this event if it is one of its fields."""
    words = words_of(name, event)
    return tr(*words) if words else name


def state(kind: str, code: str) -> tuple[str, str]:
    """A state in words, and its tone."""
    ja, en, tone = STATES[kind][code]
    return tr(ja, en), tone


def relation(name: str, *, forward: bool) -> str:
    """How the thing at hand is related to another: これの背景は …, または これを根拠とするもの …."""
    ja, en, back_ja, back_en = RELATIONS[name]
    ja, en = (back_ja, back_en) if forward else (ja, en)
    return f"これ{ja}" if lang() == "ja" else tr(ja, en)


def role(name: str) -> str:
    """Somebody by the role in which they act: 座長 / the chair."""
    ja, en = ROLE_NAMES[name]
    if language() not in LANGUAGES:
        return tr(ja, en)
    return tr(ja, en if name in _PLURAL else f"{_article(en) if name in _SEVERAL else 'the'} {en}")


_SEVERAL = {"MEM", "ADV", "LDR", "EV-C", "EV-G"}
_PLURAL = {"joint", "unstated"}


def _article(noun: str) -> str:
    return "an" if noun[0] in "aeiou" else "a"


def body(category: str) -> str:
    """An organisation of this category, as an English sentence speaks of it; in a further language by its
    name."""
    if language() not in LANGUAGES:
        return tr(*VALUES[category])
    named = {"municipality": "the city", "prefecture": "the prefecture", "other": "a body"}
    noun = VALUES[category][1]
    return named.get(category) or f"{_article(noun)} {noun}"


def cited(citation: Citation, law: str) -> str:
    """An article after its law: 条例第17条, ordinance, Article 17."""
    if language() in LANGUAGES or citation.article is None:
        return citation.label(lang(), law)
    whole = citation.instrument_id
    parts = [Citation(whole, citation.article)]
    parts += [Citation(whole, paragraph=citation.paragraph)] if citation.paragraph else []
    parts += [Citation(whole, item=citation.item)] if citation.item else []
    return ", ".join([law, *(spoken(part.label) for part in parts)])


def yes(answer: bool) -> str:
    return tr("はい", "yes") if answer else tr("いいえ", "no")


def listed(words: list[str]) -> str:
    """Several words in a row."""
    return ("、" if lang() == "ja" else ", ").join(words)
