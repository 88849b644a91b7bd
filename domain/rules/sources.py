"""The laws, standards and published practices that rules come from.

Articles of Kanazawa's ordinance are numbered as in the case sheet; it has been amended since. What other
places practise is named as theirs: for this council it is an example, not a law.
"""

from __future__ import annotations

from domain.rules.rule import Source

_REIKI = "https://www.city.kanazawa.ishikawa.jp/reiki/reiki_honbun/"


def _ordinance(ja: str, en: str) -> Source:
    return Source(
        f"金沢市における市民参加及び協働の推進に関する条例{ja}",
        f"Kanazawa's ordinance on promoting citizen participation and collaboration, {en}",
        f"{_REIKI}a400RG00001317.html",
    )


def rfc(number: int, section: str | None = None) -> Source:
    """A standard of the internet, or one section of it."""
    address = f"https://www.rfc-editor.org/rfc/rfc{number}"
    if section is None:
        return Source(f"RFC {number}", f"RFC {number}", address)
    return Source(f"RFC {number} {section}節", f"RFC {number}, {section}", f"{address}#section-{section}")


ORDINANCE = _ordinance("（制定と改正）", "as enacted and amended")
ACCOUNTABILITY = _ordinance("第5条第2項", "Art. 5(2)")
COUNCIL = _ordinance("第17条第1項", "Art. 17(1)")
CONSULTATION = _ordinance("第17条第2項", "Art. 17(2)")
COMMENTERS = Source(
    "金沢市における市民参加及び協働の推進に関する条例施行規則（平成19年規則第6号）",
    "the enforcement rules of Kanazawa's ordinance on participation and collaboration (No. 6 of 2007)",
    f"{_REIKI}a400RG00001384.html",
)
PUBLIC_RECORDS = Source(
    "金沢市公文書等の管理に関する条例（令和3年条例第2号）",
    "Kanazawa's ordinance on the management of public records (No. 2 of 2021)",
    f"{_REIKI}a400RG00001837.html",
)
DISCLOSURE = Source(
    "金沢市情報公開に関する条例（平成3年条例第2号）",
    "Kanazawa's information disclosure ordinance (No. 2 of 1991)",
    f"{_REIKI}a400RG00000082.html",
)
GROUNDS = Source(
    "情報公開条例に一般的な不開示情報の区分（南さつま市の公表例など）",
    "the exemptions usual in disclosure ordinances, as Minamisatsuma and others publish them",
)
DISCLOSURE_REVIEW = Source(
    "金沢市の2002年の審査会の答申（請求者による紹介）",
    "a finding of Kanazawa's review board in 2002, as its requester tells it",
    "http://nagi.popolo.org/jouhou/kanazawa/0207toshin.htm",
)
PERSONAL_INFORMATION = Source(
    "個人情報の保護に関する法律（2023年4月から市にも適用）",
    "Act on the Protection of Personal Information, which applies to cities since April 2023",
)
ADVISORY_BODIES = Source("地方自治法第138条の4第3項", "Local Autonomy Act, Art. 138-4(3)")
FISCAL_YEAR = Source("地方公共団体の会計年度の制度", "the fiscal year of local governments")
BOOKS = Source("地方公共団体の出納整理期間の制度", "the book-closing period of local governments")
BUDGET_TERMS = Source(
    "自治体の決算審査で使われる「予算現額」「不用額」の式",
    "“current budget” and “unused” as audits of local accounts compute them",
)
CORPORATE_NUMBERS = Source(
    "法人番号の指定等に関する省令第2条", "Ordinance on the designation of corporate numbers, Art. 2"
)

_PLACES = {
    "Kanazawa": "金沢市",
    "Kitami": "北見市",
    "Higashimurayama": "東村山市",
    "Kanuma": "鹿沼市",
    "Miki": "三木市",
    "Chigasaki": "茅ヶ崎市",
    "Asahikawa": "旭川市",
    "Komae": "狛江市",
    "Maebashi": "前橋市",
    "Ichihara": "市原市",
    "Kato": "加東市",
    "Fuchu": "府中市",
    "Sanda": "三田市",
    "Mie": "三重県",
    "Hiroshima": "広島市",
    "Osaka": "大阪市",
}


def practice(*places: str, ja: str = "の公表例", en: str = "practice published by") -> Source:
    """What these places publish of how they do it."""
    return Source(f"{'・'.join(_PLACES[p] for p in places)}{ja}", f"{en} {', '.join(places)}")


MODEL_TEXT = Source("審議会規則によく見られる例文", "wording common in the rules of councils elsewhere")
NO_OBJECTION = Source(
    "「異議なし」の採決について公開された例規", "published rules on adopting by “no objection”"
)
HEARING_BODIES = Source(
    "附属機関と懇話会についての行政実務の区別",
    "the distinction between statutory advisory bodies and opinion hearings in administrative practice",
)
EVALUATION_SHEETS = Source("ほかの自治体が公表する評価シート", "evaluation sheets that others publish")
DOCUMENT_NUMBERS = Source("自治体の文書番号の付け方", "how local governments number their documents")
PROV = Source("W3C PROV-DM", "W3C PROV-DM", "https://www.w3.org/TR/prov-dm/")
DATES = Source("ISO 8601-1", "ISO 8601-1", "https://www.iso.org/standard/70907.html")
URI = rfc(3986, "3")
IDEMPOTENCY = Source(
    "IETF 草案 httpapi-idempotency-key-header",
    "IETF draft httpapi-idempotency-key-header",
    "https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/",
)
