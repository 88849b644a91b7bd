"""What was typed into a public form: read as people type it, and each fault named with its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.http.language import spoken, tr
from api.http.problems import declare
from api.mail.addresses import LONGEST, one_address
from api.setup import rules_of_mail
from domain.values.fields import TextRule
from domain.values.refusal import Refusal

LONGEST_TEXT = 10_000

FIELD_REQUIRED = declare(
    422,
    "FIELD_REQUIRED",
    ja="入力が必要です。",
    en="This is needed.",
    rule=rules_of_mail.SENT_IN,
    next_ja="入力してください。",
    next_en="Please fill it in.",
)


@dataclass(frozen=True)
class PublicField:
    """A field of a public form, in the language of the page; ``rows``: lines of a field of several lines."""

    name: str
    label: str
    help: str
    required: bool
    limit: int
    rows: int = 0
    autocomplete: str | None = None


@dataclass(frozen=True)
class Shown:
    """A field with what was typed into it and, if it cannot be taken, why."""

    field: PublicField
    value: str
    error: str | None


def correction_fields(*, knows_where: bool) -> list[PublicField]:
    """What is wrong, and where the answer goes. ``knows_where``: on which page, the form knows."""
    where = tr("どのページのことかも書いてください。", "Please say on which page it is. ")
    return [
        PublicField(
            "text",
            tr("どこが、どう違いますか", "What is wrong, and how"),
            ("" if knows_where else where)
            + tr(
                "正しいと思う内容と、分かれば根拠（資料の名前や日付）も書いてください。ほかの人の名前や住所は書かないでくだ"
                "さい。",
                "Say what you think is right and, if you know, what that rests on: the name or the date of a "
                "document. Please write no names or addresses of other people.",
            ),
            True,
            LONGEST_TEXT,
            rows=8,
        ),
        PublicField(
            "name",
            tr("お名前", "Your name"),
            tr("書かなくてもかまいません。公開しません。", "You need not say it. It is not published."),
            False,
            100,
            autocomplete="name",
        ),
        _address(),
    ]


def comment_fields() -> list[PublicField]:
    """A comment, with the name and the address that the city's rule wants."""
    required_words = tr(
        "市の規則により必要です。公開しません。", "The city's rule asks for it. It is not published."
    )
    return [
        PublicField(
            "text",
            tr("意見", "Your comment"),
            tr(
                "市の考え方とともに公表されるのは、市がまとめた要旨です。ほかの人の名前や住所は書かないでください。",
                "What is published is the city's summary, with its reply. Please write no names or addresses "
                "of other people.",
            ),
            True,
            LONGEST_TEXT,
            rows=12,
        ),
        PublicField("name", tr("お名前", "Your name"), required_words, True, 100, autocomplete="name"),
        PublicField(
            "residence",
            tr("住所", "Your address"),
            required_words,
            True,
            300,
            rows=2,
            autocomplete="street-address",
        ),
        _address(),
    ]


def _address() -> PublicField:
    return PublicField(
        "address",
        tr("メールアドレス", "Your mail address"),
        tr(
            "確認のメールと、受け付けたかどうかのお知らせを送ります。ほかには使いません。",
            "A mail to confirm this goes there, and word of whether it was taken in; nothing else.",
        ),
        True,
        LONGEST,
        autocomplete="email",
    )


def read_typed(fields: list[PublicField], form: Mapping[str, str]) -> tuple[list[Shown], dict[str, str]]:
    """Every field as it was typed, with its fault if it has one; and the words that were taken."""
    shown: list[Shown] = []
    words: dict[str, str] = {}
    for field in fields:
        typed = form.get(field.name, "").replace("\r\n", "\n").replace("\r", "\n")
        try:
            text = _taken(field, typed)
        except Refusal as refused:
            shown.append(
                Shown(field, typed, f"{spoken(refused.sentence)}{_gap()}{spoken(refused.what_next)}")
            )
            continue
        shown.append(Shown(field, typed, None))
        if text:
            words[field.name] = text
    return shown, words


def _gap() -> str:
    return tr("", " ")


def _taken(field: PublicField, typed: str) -> str:
    if field.name == "address":
        return one_address(typed)
    text = typed.strip()
    if not text:
        if field.required:
            raise FIELD_REQUIRED()
        return ""
    TextRule(field.limit, lines=field.rows > 0).check(text, f"/{field.name}")
    return text
