"""The four ways of putting a line of the record right: which of them are open to whoever is at the desk."""

from __future__ import annotations

from api.http.language import tr
from api.office.mending.at_hand import AtHand, mend_path
from projections.engine.event_json import Json

WAYS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "correct": (
        ("訂正する", "Correct"),
        ("書いたことが事実とちがう。承認が要ります", "What was written is wrong. Somebody approves it"),
    ),
    "withdraw": (
        ("取り消す", "Take back"),
        (
            "今日、自分が書いたものだけ。二つの操作で終わります",
            "Only what you wrote yourself today. Two presses",
        ),
    ),
    "close": (
        ("公開から外す", "Close to the public"),
        (
            "中身は残し、公開の画面で伏せる。条項と期限を書きます",
            "What it says stays; the public page does not show it. Article and term are stated",
        ),
    ),
    "erase": (
        ("消去する", "Erase"),
        (
            "個人の情報だけ。請求の番号と、もう一人の確認が要ります",
            "Personal data alone. A request with its number, and a second person",
        ),
    ),
}


def ways(hand: AtHand, chosen: str) -> list[Json]:
    """The ways, with what each is for, and the one that is chosen."""
    return [
        {
            "label": tr(*label),
            "what": tr(*what),
            "url": mend_path(hand.stored.position, way),
            "chosen": way == chosen,
        }
        for way, (label, what) in WAYS.items()
    ]


def usual_way(hand: AtHand) -> str:
    """What a press of 直す leads to: what oneself wrote today is taken back, anything else corrected."""
    return "withdraw" if hand.is_mine_of_today and not hand.withdrawn else "correct"
