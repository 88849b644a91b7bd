"""Disclosure 公開・非公開: what the public may see, and on which ground it may not (O32).

A closed part never vanishes: it shows as a stub that says why. The ground ``deliberation`` lapses, so it
needs a day on which it is looked at again (O14).
"""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal

import msgspec

from domain.rules import disclosure
from domain.values.law import Citation
from domain.values.refusal import Language, refusal

Ground = Literal[
    "personal", "corporate", "statutory", "public_safety", "deliberation", "operations", "in_confidence"
]
GROUNDS: dict[Ground, tuple[str, str]] = {
    "personal": ("個人情報", "personal information"),
    "corporate": ("法人等情報", "corporate information"),
    "statutory": ("法令秘情報", "secret by statute"),
    "public_safety": ("公共安全情報", "public safety"),
    "deliberation": ("審議検討情報", "deliberation in progress"),
    "operations": ("事務事業情報", "operations of the city"),
    "in_confidence": ("任意提供情報", "given in confidence"),
}
"""The exemptions 不開示情報 by their usual short names, in Japanese and English (domain.md 7)."""

GROUND_REQUIRED = refusal(
    "GROUND_REQUIRED",
    ja="非公開とするには理由（根拠）が必要です。",
    en="What is closed needs a ground.",
    rule=disclosure.GROUND,
    next_ja="非公開の理由区分を記入してください。",
    next_en="Give the ground.",
    kind="invalid",
)
REVIEW_DATE_REQUIRED = refusal(
    "REVIEW_DATE_REQUIRED",
    ja="「審議検討情報」は見直しの期日が必要です。",
    en="The ground “deliberation” needs a day of review.",
    rule=disclosure.REVIEW,
    next_ja="見直しの期日を記入してください。",
    next_en="Give the day of review.",
    kind="invalid",
)


class Disclosure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Who may see something: ``public``, ``internal`` (staff and council) or ``closed``; and why not all."""

    FIELDS: ClassVar = {
        "visibility": ("公開範囲", "Visibility"),
        "ground": ("非公開の理由", "Ground"),
        "review_on": ("見直しの期日", "To be reviewed on"),
    }
    visibility: Literal["public", "internal", "closed"] = "public"
    ground: Ground | None = None
    citation: Citation | None = None
    review_on: dt.date | None = None
    REFUSES: ClassVar = (GROUND_REQUIRED, REVIEW_DATE_REQUIRED)

    def check(self) -> Disclosure:
        """Refuses a closed part without a ground (GROUND_REQUIRED), and deliberation without a day of review
        (REVIEW_DATE_REQUIRED)."""
        if self.visibility != "public" and self.ground is None:
            raise GROUND_REQUIRED().at("/ground")
        if self.ground == "deliberation" and self.review_on is None:
            raise REVIEW_DATE_REQUIRED().at("/review_on")
        return self

    @property
    def is_public(self) -> bool:
        return self.visibility == "public"

    def stub(self, lang: Language) -> str:
        """What is printed in place of what is closed: 非公開（理由: …）."""
        ja, en = GROUNDS[self.ground] if self.ground else ("理由の記録なし", "ground not recorded")
        return f"非公開（理由: {ja}）" if lang == "ja" else f"not public ({en})"
