"""The template of an evaluation sheet 評価シート: what is judged, and on which scale (O25-O28).

Six items on the process of working together, six on its result. Each is scored 1 to 5 against what was
expected beforehand, where 3 means "as expected", or marked as not applicable with the reason. A template
never changes: another one gets the next version, so that a sheet is read by the items it was opened with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Group = Literal["process", "result"]


@dataclass(frozen=True)
class Item:
    """One thing to be judged: its code, what it belongs to, its name and what is asked, in both languages."""

    code: str
    group: Group
    ja: str
    en: str
    asks_ja: str
    asks_en: str


@dataclass(frozen=True)
class Template:
    """The items of a sheet in their order, and the words of its scale from 1 to 5."""

    version: int
    items: tuple[Item, ...]
    scale: dict[int, tuple[str, str]]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(item.code for item in self.items)


SCALE: dict[int, tuple[str, str]] = {
    5: ("事前の想定を大きく上回った", "far better than expected beforehand"),
    4: ("事前の想定を上回った", "better than expected beforehand"),
    3: ("事前の想定どおり", "as expected beforehand"),
    2: ("事前の想定を下回った", "below what was expected beforehand"),
    1: ("事前の想定を大きく下回った", "far below what was expected beforehand"),
}
"""What a score means: a judgement against prior expectation, not a mark for people (O26, O27)."""

REASON_BELOW = 3
"""A score below this one needs a comment that says why (O26)."""
WIDE_GAP = 2
"""Scores that are this far apart have to be discussed before anything is settled about the item."""

_ITEMS = (
    Item(
        "P1",
        "process",
        ja="目的共有",
        en="shared purpose",
        asks_ja="何のための事業かを双方が同じように理解していたか",
        asks_en="Did both sides understand in the same way what it was for?",
    ),
    Item(
        "P2",
        "process",
        ja="役割分担",
        en="division of roles",
        asks_ja="誰が何を担うかを決め、そのとおりに担えたか",
        asks_en="Was it agreed who does what, and was it done so?",
    ),
    Item(
        "P3",
        "process",
        ja="対等",
        en="equality",
        asks_ja="対等な立場で意見を言い、決めることができたか",
        asks_en="Could both speak and decide as equals?",
    ),
    Item(
        "P4",
        "process",
        ja="相互理解・自主性",
        en="mutual understanding and autonomy",
        asks_ja="相手の特性を理解し、自主性を尊重したか",
        asks_en="Did each understand the other and respect its independence?",
    ),
    Item(
        "P5",
        "process",
        ja="公開・透明性",
        en="openness",
        asks_ja="進め方と結果を外から見えるようにしたか",
        asks_en="Could others see how it was done and what came of it?",
    ),
    Item(
        "P6",
        "process",
        ja="情報共有",
        en="communication",
        asks_ja="必要な情報を必要な時に伝え合ったか",
        asks_en="Did the information needed reach the other side in time?",
    ),
    Item(
        "R1",
        "result",
        ja="目標の達成",
        en="goal reached",
        asks_ja="事前に合意した目標をどこまで達成したか",
        asks_en="How far were the targets reached that had been agreed on?",
    ),
    Item(
        "R2",
        "result",
        ja="相乗効果",
        en="synergy",
        asks_ja="単独ではできなかったことができたか",
        asks_en="Did something come about that neither could have done alone?",
    ),
    Item(
        "R3",
        "result",
        ja="受益者の満足",
        en="satisfaction of beneficiaries",
        asks_ja="受け手となった市民は満足したか",
        asks_en="Were those it was done for satisfied?",
    ),
    Item(
        "R4",
        "result",
        ja="費用",
        en="cost",
        asks_ja="費用と手間に見合う成果があったか",
        asks_en="Was the outcome worth the money and the effort?",
    ),
    Item(
        "R5",
        "result",
        ja="波及",
        en="spread",
        asks_ja="ほかの活動や地域に広がったか",
        asks_en="Did it spread to other activities or places?",
    ),
    Item(
        "R6",
        "result",
        ja="手法の妥当性",
        en="whether collaboration was the right method",
        asks_ja="協働という進め方がふさわしかったか",
        asks_en="Was working together the right way to do it?",
    ),
)

TEMPLATES: dict[int, Template] = {1: Template(1, _ITEMS, SCALE)}
"""Every template there has been, by version."""
CURRENT = 1
"""The version that a new sheet is opened with unless another one is named."""
