"""What is written to whoever sent something in: confirm it; it was taken in; it was set aside, and why."""

from __future__ import annotations

from api.mail.letters import Letter, Words, letter
from api.submissions.queue import Kind

SENT_BY_FORM = (
    "このアドレスがフォームに入力されたため、お送りしています。",
    "You get this because the address was entered in a form.",
)
KINDS: dict[Kind, Words] = {
    "correction": ("記録の誤りの申出", "request to correct the record"),
    "comment": ("意見募集への意見", "comment in a public consultation"),
}
"""What was sent in, in words."""


def to_confirm(kind: Kind, link: str, hours: int, language: str) -> Letter:
    """Nothing was taken yet: open this link. What was written is not repeated: the address may be wrong."""
    ja, en = KINDS[kind]
    return letter(
        language,
        (f"{ja}の確認", f"Confirm your {en}"),
        [
            (
                f"{ja}がフォームから入力されました。まだ受け付けていません。",
                f"A {en} was entered in a form. It has not been received yet.",
            ),
            (
                f"{hours}時間以内に次のアドレスを開き、「送る」を押してください。それまでは職員も見ません。",
                f"Open this address within {hours} hours and press “Send”. Nobody sees it before that.",
            ),
            "",
            link,
            "",
            (
                "入力した覚えがなければ、何もしないでください。期限が過ぎれば消えます。",
                "If you know nothing of this, do nothing: it is deleted when its time is over.",
            ),
        ],
        why=SENT_BY_FORM,
    )


def taken_in(kind: Kind, number: str, language: str) -> Letter:
    """A clerk has taken it in."""
    ja, en = KINDS[kind]
    then = {
        "correction": (
            "市の担当が内容を確かめ、訂正するかどうかを決めます。訂正したときは、前の文と理由も記録に残ります。",
            "The city looks into it and decides whether to correct the record. If it does, what stood there "
            "before, and why it was changed, stays on record too.",
        ),
        "comment": (
            "いただいた意見への市の考え方は、募集の結果とともに公表されます。お名前は公表されません。",
            "What the city makes of your comment is published with the result. You are not named.",
        ),
    }
    return letter(
        language,
        (f"{ja}を受け付けました", f"Your {en} was received"),
        [
            (f"お送りいただいた{ja}を受け付けました。", f"Your {en} has been received."),
            (f"受付番号: {number}", f"Number: {number}"),
            "",
            then[kind],
        ],
        why=SENT_BY_FORM,
    )


def set_aside(kind: Kind, ground: str, language: str) -> Letter:
    """A clerk has set it aside, for this reason."""
    ja, en = KINDS[kind]
    return letter(
        language,
        (f"{ja}について", f"About your {en}"),
        [
            (
                f"お送りいただいた{ja}は、次の理由で受け付けませんでした。",
                f"Your {en} was not taken in, for this reason:",
            ),
            "",
            ground,
            "",
            (
                "お送りいただいた文は、この記録には残りません。",
                "What you sent does not stay in this record.",
            ),
        ],
        why=SENT_BY_FORM,
    )
