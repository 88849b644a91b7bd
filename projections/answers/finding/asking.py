"""Queries that ask: which question of the catalogue they mean, and which words are left to look for.

「花壇はいくらかかった」 asks what it cost, of 花壇. A query that is no question loses its small words only if
nothing is found with them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_ASKED: tuple[tuple[str, str], ...] = (
    (
        "P8",
        r"いくら|何円|どのくらい(お金|費用)|(お?金|費用|予算|経費).{0,6}(いく|どの|？|\?)|how much|cost\?",
    ),
    ("P4", r"(次|今度|つぎ).{0,4}会議|会議.{0,3}いつ|傍聴(でき|する|は|し)|when .*meeting|next meeting"),
    ("P5", r"(会議録|議事録).{0,6}(読|見|どこ|ある)|read .*minutes"),
    ("P6", r"意見.{0,6}(どう|扱|反映)|what became of .*opinion"),
    ("P10", r"センター.{0,6}(でき|いつ|どう)|will there be .*cent"),
    ("P11", r"(何|なに).{0,4}(心配|困)|心配(し|な|事|ごと)|worried"),
    ("P12", r"隠(し|さ|れ)|書き?換え|改ざん|変えられ|hidden|altered"),
    ("P13", r"データ.{0,6}(使|もら|ダウンロード)|再利用|ダウンロード|reuse|download"),
    (
        "P3",
        r"(だれ|誰)(が|は|です|な).{0,4}(委員|メンバー|座長)|委員.{0,6}(だれ|誰|いつまで|選)"
        r"|who (sits|is on)",
    ),
    ("P7", r"どんな計画|計画.{0,5}(どう|何|なに)|what is the plan"),
    ("P9", r"(どう|どのように)評価|評価.{0,4}(どう|は？|はどう)|how .*(judge|evaluat)"),
    (
        "P2",
        r"なぜ|何故|どうして|理由は|(何|なに)が決ま|どう決ま|(だれ|誰)が決め|決まったこと"
        r"|why|what was decided|who decided",
    ),
    ("P1", r"何があった|なにがあった|これまでの経緯|what (has )?happened"),
)
"""Questions by what is asked with, the more particular ones first."""
_ASKING = tuple((code, re.compile(written, re.IGNORECASE)) for code, written in _ASKED)

_SMALL = (
    "いくら|かかった|かかり|かかる|でしたか|ですか|ますか|ましたか|ました|でしょうか|なぜ|どうして|いつまで|いつ|どこで|どこ"
    "|だれが|誰が|だれ|誰|なにが|何が|どうなった|どうなる|どう|決まった|決めた|決まり|について|教えて|ください"
    "|知りたい|という"
    "|とは|扱われた?|扱い|次の|読め|読む|したい|する|した|して|です|ます"
    r"|\b(?:the|what|why|who|when|how|much|did|was|were|is|are|for|of|about|cost|it)\b"
)
_DROPPED = re.compile(f"(?:{_SMALL})+|[、。，．・？?！!「」『』（）()]+", re.IGNORECASE)
_RUN = re.compile(r"[一-鿿][りみきちえけれせ][一-鿿]|[一-鿿々〆ヶ]+|[ァ-ヺー]+|[0-9A-Za-z]+|[ぁ-ゖ]+")
_PARTICLES = "のはがをにでとへもやかねよ"
MOST_PARTS = 6


@dataclass(frozen=True)
class Asked:
    """A query read as a question: its code in the catalogue, and what is left to look for (perhaps
    nothing)."""

    question: str
    about: str


def asked(query: str) -> Asked | None:
    """The question that a query asks; None if it asks none."""
    plain = unicodedata.normalize("NFKC", query)
    code = next((code for code, written in _ASKING if written.search(plain)), None)
    return None if code is None else Asked(code, " ".join(parts_of(query)))


def parts_of(query: str) -> list[str]:
    """The words that carry a query, without what stands between them: 花壇の予算は is 花壇 and 予算."""
    plain = _DROPPED.sub(" ", unicodedata.normalize("NFKC", query))
    parts: dict[str, None] = {}
    for run in _RUN.findall(plain):
        part = run.strip(_PARTICLES) if run and "ぁ" <= run[0] <= "ゖ" else run
        if len(part) > 1:
            parts[part] = None
    return list(parts)[:MOST_PARTS]
