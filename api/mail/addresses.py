"""One mail address, as somebody typed it: what cannot be one is refused in words, and is in no header."""

from __future__ import annotations

import re
import unicodedata

from api.http.problems import declare
from api.setup import rules_of_mail

LONGEST = 254
"""Characters of an address that a mail server takes (RFC 5321, 4.5.3.1.3)."""

MAIL_ADDRESS_MISSING = declare(
    422,
    "MAIL_ADDRESS_MISSING",
    ja="メールアドレスが入力されていません。",
    en="No mail address was entered.",
    rule=rules_of_mail.MAIL_ADDRESS,
    next_ja="届くメールアドレスを一つ入力してください。",
    next_en="Enter one address at which mail reaches you.",
)
MAIL_ADDRESS_SEVERAL = declare(
    422,
    "MAIL_ADDRESS_SEVERAL",
    ja="メールアドレスが二つ以上あるか、改行が入っています。",
    en="There is more than one mail address, or a line break.",
    rule=rules_of_mail.MAIL_ADDRESS,
    next_ja="アドレスを一つだけ、一行で入力してください。",
    next_en="Enter a single address, in one line.",
)
MAIL_ADDRESS_LONG = declare(
    422,
    "MAIL_ADDRESS_LONG",
    ja="メールアドレスが長すぎます（{most}字まで）。",
    en="The mail address is too long (at most {most} characters).",
    rule=rules_of_mail.MAIL_ADDRESS,
    next_ja="アドレスだけが入力されているか、確かめてください。",
    next_en="See that nothing but the address was entered.",
)
MAIL_ADDRESS_UNUSABLE = declare(
    422,
    "MAIL_ADDRESS_UNUSABLE",
    ja="メールアドレスの形になっていません。",
    en="This does not have the form of a mail address.",
    rule=rules_of_mail.MAIL_ADDRESS,
    next_ja="@ の前後を確かめてください。英数字と記号だけが使えます。",
    next_en="See what stands before and after the @. Letters, digits and signs of ASCII alone can be used.",
)

# Dots may stand anywhere before the @: carriers in Japan gave out such addresses for years.
_ONE = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
_SEVERAL = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029,;、，；\x00]|@[^@]*@|\S\s+\S")


def one_address(typed: str) -> str:
    """The one address in what was typed; full-width signs count as theirs. Refuses ``MAIL_ADDRESS_MISSING``,
    ``MAIL_ADDRESS_SEVERAL``, ``MAIL_ADDRESS_LONG``, ``MAIL_ADDRESS_UNUSABLE``."""
    text = unicodedata.normalize("NFKC", typed[: LONGEST * 4]).strip(" \t\u3000")
    if not text:
        raise MAIL_ADDRESS_MISSING()
    if _SEVERAL.search(text):
        raise MAIL_ADDRESS_SEVERAL()
    if len(text) > LONGEST:
        raise MAIL_ADDRESS_LONG(most=LONGEST)
    if not _ONE.fullmatch(text):
        raise MAIL_ADDRESS_UNUSABLE()
    return text
