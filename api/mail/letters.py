"""What the service writes to people: plain text, short, one act to a mail. Both languages stand together
here; who is written to gets the one they chose, or both where nobody has been asked yet."""

from __future__ import annotations

from dataclasses import dataclass

from domain.values.refusal import Language

CITY_JA, CITY_EN = "協働の記録", "Kyodo Record"


@dataclass(frozen=True)
class Letter:
    """Subject and text of a mail."""

    subject: str
    text: str


def in_language(language: str, ja: Letter, en: Letter) -> Letter:
    return ja if language == "ja" else en


def in_both(ja: Letter, en: Letter) -> Letter:
    """One letter that says it in Japanese, then in English: to somebody whose language is not known."""
    return Letter(f"{ja.subject} / {en.subject}", f"{ja.text.rstrip()}\n\n----\n\n{en.text}")


def signed(language: Language, lines: list[str], *, why: str) -> str:
    """Lines as a text, with who sends it and why somebody gets it at its end."""
    name = CITY_JA if language == "ja" else CITY_EN
    return "\n".join([*lines, "", "-- ", name, why, ""])


def invitation(link: str, hours: int, language: str | None = None) -> Letter:
    """An account was made for somebody: by this link they sign in for the first time. It names nobody.
    Without ``language`` it is said in both."""
    ja = Letter(
        "【協働の記録】アカウントへの招待",
        signed(
            "ja",
            [
                "協働の記録に、あなたのアカウントが作られました。",
                f"次のアドレスを{hours}時間以内に開いて、サインインのしかたを決めてください。一度だけ使えます。",
                "",
                link,
                "",
                "心当たりがなければ、何もしないでください。期限が過ぎれば使えなくなります。",
            ],
            why="アカウントを作った事務局の操作により、このアドレスに一度だけお送りしています。",
        ),
    )
    en = Letter(
        "[Kyodo Record] Invitation to an account",
        signed(
            "en",
            [
                "An account has been made for you at Kyodo Record.",
                f"Open this address within {hours} hours and choose how you sign in. It works once.",
                "",
                link,
                "",
                "If you know nothing of this, do nothing: the address stops working by itself.",
            ],
            why="Sent once to this address, because the office made the account.",
        ),
    )
    return in_both(ja, en) if language is None else in_language(language, ja, en)
