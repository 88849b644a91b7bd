"""What the fields of forms are called, and what is said beside them: from what is declared."""

from __future__ import annotations

import types
import typing
from typing import Any

import msgspec

from api.http.language import tr
from api.words.values import VALUES
from domain.evaluation_sheet.template import TEMPLATES
from domain.kernel.field_words import own_words, words_of
from domain.kernel.links import RELATIONS
from domain.values.fields import RangeRule

ENVELOPE: dict[str, tuple[str, str]] = {
    "actor": ("行為者（した人）", "Who did it"),
    "party": ("その人・団体", "The person or body"),
    "evidence": ("文書のほかの根拠", "What else it rests on"),
    "kind": ("根拠の種類", "Kind of evidence"),
    "reference": ("見つけ方（事務局だけが見ます）", "How it is found again (for the office only)"),
    "source": ("根拠となる文書", "The document it rests on"),
    "document_id": ("文書", "Document"),
    "locator": ("頁・箇所", "Page or place"),
    "facts": ("そこにある事実の番号", "Numbers of the facts there"),
    "reason": ("理由", "Reason"),
    "legal_basis": ("根拠条文", "Legal basis"),
    "document_no": ("この記録の文書番号", "Document number of this record"),
    "certainty": ("確かさ", "Certainty"),
    "asserted_by": ("述べた人・団体", "Who says so"),
    "note": ("注記", "Note"),
    "on": ("その日", "Day"),
}
"""What the envelope's fields are called in a form."""
PARAMETERS: dict[str, tuple[str, str]] = {
    "contact": ("連絡先", "Contact"),
    "address": ("住所", "Address"),
    "same_person_as": ("同じ人の先の意見", "An earlier comment of the same person"),
    "meeting_agrees": ("会議の同意", "Whether the meeting agrees"),
    "version": ("何番目の出来事か", "Which event"),
}
"""What parameters of commands are called that no event has as a field."""
_UNITS = {
    "number of": ("", ""),
    "ordinal": ("", ""),
    "tenths of an hour": ("時間", "hours"),
    "bytes": ("バイト", "bytes"),
}


def label_of(name: str, owner: type[msgspec.Struct] | None) -> str:
    """What a field is called, in this event or part of one."""
    words = (
        (own_words(owner).get(name) if owner is not None else None) or words_of(name) or PARAMETERS.get(name)
    )
    return tr(*words) if words else name


def envelope_label(name: str) -> str:
    return tr(*ENVELOPE[name]) if name in ENVELOPE else label_of(name, None)


def unit_of(rule: RangeRule) -> str | None:
    words = _UNITS.get(rule.unit, ("", ""))
    return tr(*words) or None


def limit_help(limit: int) -> str | None:
    """How much fits, where that is little."""
    return tr(f"{limit}字まで", f"at most {limit} characters") if limit <= 100 else None


def known_words(name: str) -> dict[str, str]:
    """What codes of a free word are called, by the name of its field."""
    if name == "relation":
        return {
            code: f"これ{words[0]}" if tr("ja", "en") == "ja" else words[1]
            for code, words in RELATIONS.items()
        }
    if name == "item":
        items = [item for template in TEMPLATES.values() for item in template.items]
        return {item.code: f"{item.code} {tr(item.ja, item.en)}" for item in items}
    prefix = f"{name}."
    return {key.removeprefix(prefix): tr(*words) for key, words in VALUES.items() if key.startswith(prefix)}


def doc_help(doc: str) -> str | None:
    """The first paragraph of what a command says of itself; it is written in English alone."""
    first = " ".join(doc.partition("\n\n")[0].split()).replace("``", "“")
    return tr("", first) or None


def is_nullable(kind: Any) -> bool:
    """Whether a declared type takes null."""
    return typing.get_origin(kind) in (typing.Union, types.UnionType) and type(None) in typing.get_args(kind)
