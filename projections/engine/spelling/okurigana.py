"""Okurigana 送り仮名: 取り組み, 取組み and 取組 are one word. Spelled out for what is looked for, so that the
index holds what was written.

A kanji of the table, beside another kanji, may stand with its kana or without. At the end of a word the kana
is left out: what is written with it is found too.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product

_KANA = {
    "り": "取切割借振練送割参終守織張乗売折",
    "き": "引書聞空置巻続動焼抜解敷",
    "い": "払話買追合思使違払扱問行食間向",
    "し": "申貸出話押渡直消差通示越回返流",
    "け": "受届掛付分助開避設",
    "み": "組読込積住編",
    "え": "控替備考支換加迎伝",
    "せ": "任寄合乗",
    "れ": "入離流",
    "ち": "打立持待",
    "て": "立建当捨育",
    "ぎ": "継継防",
    "め": "締決集定止求眺",
    "わせ": "合",
    "もり": "積",
    "まり": "集決",
}
_AFTER: dict[str, tuple[str, ...]] = {}
for _kana, _kanji in _KANA.items():
    for _one in _kanji:
        _AFTER[_one] = (*_AFTER.get(_one, ()), _kana)
MOST = 16


def written_otherwise(word: str) -> list[str]:
    """The other spellings of a folded word, by its okurigana."""
    parts = list(_parts(word))
    spellings = dict.fromkeys(islice(map("".join, product(*parts)), MOST))
    return [spelling for spelling in spellings if spelling != word and len(spelling) > 1]


def _parts(word: str) -> Iterator[tuple[str, ...]]:
    """A word in pieces, each with how it may be written, as it is first."""
    at = 0
    while at < len(word):
        kanji = word[at]
        endings = sorted(_AFTER.get(kanji, ()), key=len, reverse=True)
        kana = next((k for k in endings if word.startswith(k, at + 1)), "")
        end = at + 1 + len(kana)
        following, before = word[end : end + 1], word[:at]
        if kanji in _AFTER and _is_kanji(following):
            yield (kanji + kana, *(kanji + other for other in ("", *_AFTER[kanji]) if other != kana))
        elif kanji in _AFTER and kana and not following and before:
            yield (kanji,)
        else:
            yield (word[at:end],)
        at = end


def _is_kanji(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"
