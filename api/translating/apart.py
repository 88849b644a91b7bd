"""Japanese words in our code that are no sentence to translate, each group with its reason.

Every other Japanese word in the code has to stand beside its English, or ``kyodo words`` tells of it.
"""

from __future__ import annotations

_WRITTEN_FORMS = (
    *(
        "円",
        "千円",
        "万円",
        "百万円",
        "億円",
        "発",
        "収",
        "第",
        "号",
        "の",
        "課",
        "年",
        "年度",
        "度",
        "元",
        "十",
        "〇一二三四五六七八九",
        *("月", "日", "分", "午前", "午後"),
    ),
    *("不明", "件", "以降", "まで", "（", "）", "、", "か", "ﾞﾟ", "ルールブック"),
    "(?:[0-9]{1,2}|[〇一二三四五六七八九]{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?)",
)
"""How sources write amounts, numbers and days, and how such are printed in Japanese (domain/values)."""

_SIGNS = ("\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f",)
"""Signs that cannot be seen, as a class of characters (domain/values/plain_text.py)."""

_FORMS_OF_A_VALUE = (
    *("可決", "否決", "可否同数", "出席", "賛否を表した", "人の", "人に対し賛成", "人のため", "・推定"),
    *("全件", "最新の", "年度の評価シート（", "日時の記録なし", "の検討", "これ", "中止", "回", "「", "」"),
)
"""Japanese that is put together by itself; its English is put together beside it."""

_NAMED_IN_A_REFUSAL = (
    *(
        "記録",
        "検討項目",
        "検討案",
        "評価項目の版",
        "委嘱",
        "判断基準",
        "改善",
        "意見",
        "個人情報",
        "責任分担",
    ),
    *("指標", "市民会議", "質問", "出来事", "出来事の種類"),
)
"""What a refusal or a title names with one word for both languages."""

_OF_A_STANDARD = (
    *("イベント名", "開始日", "開始時間", "開始日時特記事項", "説明", "主催者", "場所名称", "定員", "備考"),
    *("カテゴリー", "公共データ利用規約（PDL1.0）"),
)
"""Headings of the recommended data set for events (自治体標準オープンデータセット), a licence by its name."""

_BOTH_IN_ONE = (
    "の一覧 /",
    "公開の識別子。省略すれば自動で付く / the public id; made up if left out",
    "appends would lose their order / 追記の順序が保証されません",
    "日本語",
)
"""Both languages in one text, and what a language calls itself."""

_PLACES = (
    *("金沢市", "北見市", "東村山市", "鹿沼市", "三木市", "茅ヶ崎市", "旭川市", "狛江市", "前橋市", "市原市"),
    *("加東市", "府中市", "三田市", "三重県", "広島市", "大阪市", "の公表例", "・"),
)
"""Places whose practice a rule names (domain/rules): each by its name in either language."""

_OF_PAPERS = ("。", "。.", "〓", "游明朝", "游ゴシック")
"""A full stop that is looked for, a sign for what no font has, and fonts by their names (api/papers)."""

_OF_MEETINGS = (
    *("助言者", "事務局", "出席者", "委員", "座長", "人", "その他", "会議の記録"),
    *("（シール", "[、,，]", "【", "：", "第[0-9０-９]+回"),
)
"""How minutes and running orders name people, cards and items, as they are read and compared
(api/office/meetings)."""

APART = frozenset(
    _WRITTEN_FORMS
    + _SIGNS
    + _FORMS_OF_A_VALUE
    + _NAMED_IN_A_REFUSAL
    + _OF_A_STANDARD
    + _BOTH_IN_ONE
    + _PLACES
    + _OF_PAPERS
    + _OF_MEETINGS
)

APART_IN = {
    "api/reference/reference_pages": "tables of the reference, in both languages at once",
    "api/reference/reference_rules": "the page of rules in the documentation, in both languages at once",
    "api/http/openapi": "the description of the API, in both languages at once",
    "api/office/meetings/statements": "how minutes name who speaks, which is read",
    "api/office/tables/minutes/parsing": "how offices write minutes, which are read",
    "api/office/tables/reading/values": "how offices write days and amounts, which are read",
    "api/office/tables/reading/vocabulary": "how offices write headings and values, which are read",
    "api/translating/apart": "this list",
    "api/translating/sentences": "the characters by which Japanese is known",
}
"""Files (without their ending) that hold none to translate."""
