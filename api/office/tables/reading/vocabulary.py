"""How offices write: headings of columns, and words for what a cell may say. None of it is shown to anybody,
but the words for a place in a sheet, which stand in the record.

Headings and words are compared in their plain form (values.plain): full-width and half-width alike, no
spaces.
"""

from __future__ import annotations

NOTHING = frozenset({"", "-", "ー", "―", "なし", "無", "無し", "該当なし", "不明", "未定"})
"""A cell that says that there is nothing, or that nobody knows."""
NOTHING_OF_MONEY = NOTHING | frozenset({"皆増", "皆減", "－", "—"})

THOUSANDS = ("千円", "単位:千円", "(単位:千円)")
TOTALS = ("合計", "計", "小計", "総計", "総合計", "累計")
"""What a row begins with that sums others up."""
NOTES = ("※", "注", "(注", "＊", "*", "備考:")
"""How a note below a table begins."""
EXAMPLE = "例"
"""How the row of example in our own templates is marked, in its first column."""

ROW_OF = "シート「{sheet}」{row}行目"
ROW = "{row}行目"
PARAGRAPH = "{number}段落目"
LINE = "{number}行目"
PAGE = "{number}ページ"
TABLE_ROW = "表{table}の{row}行目"
AND = "、"
UP_TO = "{first}〜{last}"
MENDED = "取り込むときに直したセル: {cells}"
MENDED_CELL = "{cell}（元は「{was}」）"
LETTERS = "元のファイルの文字コードは{encoding}（SHA-256 {sha256}）。UTF-8 にして保管した。"
"""What the record says of where something stood in a sheet, and of what was changed on the way."""

YES = ("可", "公表可", "公開可", "同意", "同意する", "はい", "有", "○", "〇", "◯", "公表する", "yes", "y")
NO = ("否", "不可", "公表不可", "非公表", "同意しない", "いいえ", "無", "×", "✕", "公表しない", "no", "n")
NOT_STATED = "（記入なし）"

HEADINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "members": {
        "name": ("氏名", "委員名", "委員氏名", "名前", "お名前", "氏名(敬称略)"),
        "category": ("選出の区分", "区分", "選出区分", "委員区分", "選出母体区分", "種別"),
        "nominator": (
            "推薦した団体",
            "推薦団体",
            "推薦団体等",
            "推薦母体",
            "選出団体",
            "所属団体",
            "団体名",
            "所属",
        ),
        "from": (
            "任期の始まり",
            "任期(自)",
            "任期自",
            "任期開始",
            "任期開始日",
            "委嘱日",
            "就任日",
            "自",
            "委嘱年月日",
        ),
        "to": ("任期の終わり", "任期(至)", "任期至", "任期終了", "任期満了日", "満了日", "至", "任期満了"),
        "publish": ("氏名の公表", "氏名公表", "公表", "公表の可否", "氏名の公開", "名簿公表"),
        "post": ("職名", "所属・職名", "勤務先・職名", "肩書"),
        "contact": ("連絡先", "住所", "電話", "電話番号", "メール", "メールアドレス", "e-mail", "email"),
        "office": ("充て職", "充職", "職指定"),
    },
    "comments": {
        "no": ("番号", "No.", "No", "整理番号", "意見番号", "受付番号", "№"),
        "received": ("受付日", "受理日", "提出日", "受付年月日", "受信日", "受領日"),
        "channel": ("提出方法", "受付方法", "意見の出し方", "方法", "提出手段"),
        "name": ("氏名", "提出者氏名", "名前", "提出者", "氏名・名称", "提出者名"),
        "address": ("住所", "所在地", "住所・所在地", "提出者住所"),
        "contact": ("連絡先", "電話番号", "電話", "メールアドレス", "メール"),
        "about": ("該当箇所", "意見の箇所", "対象箇所", "ページ", "頁", "該当ページ", "項目"),
        "text": ("意見の内容", "意見", "御意見", "ご意見", "意見の概要", "御意見の内容", "意見内容", "内容"),
        "reply": ("市の考え方", "回答", "市の回答", "考え方", "市の考え方・対応"),
        "disposition": ("対応区分", "対応", "取扱い", "取扱区分", "反映区分"),
        "change": ("案の変更", "修正内容", "修正箇所", "変更内容", "案の修正"),
    },
    "budgets": {
        "action": ("事業名", "事業", "事務事業名", "細事業名"),
        "year": ("年度", "会計年度"),
        "initial": ("当初予算額", "当初予算", "当初", "当初額"),
        "supplementary": ("補正予算額", "補正予算", "補正", "補正1", "補正2", "補正3", "補正4", "補正額"),
        "transfer": ("流用", "流用額", "流用増減", "予備費・流用"),
        "carry_in": ("繰越", "前年度繰越", "前年度からの繰越", "繰越額", "繰越明許"),
        "current": ("予算現額", "現額", "最終予算額", "予算額計"),
        "settled": ("決算額", "決算", "支出済額", "支出額"),
        "carried_out": ("翌年度繰越額", "翌年度繰越", "次年度繰越"),
        "unused": ("不用額", "残額", "執行残"),
        "source": ("財源", "財源内訳"),
    },
    "agenda": {
        "no": ("番号", "No.", "No", "次第", "日程", "議題番号"),
        "title": ("議題", "件名", "議題名", "案件名", "内容", "題名"),
        "type": ("種別", "区分", "種類", "議題の種別"),
        "matter": ("案件", "関係する案件", "対象の案件", "案件の題名"),
    },
    "attendance": {
        "member": ("委員", "氏名", "委員名", "委員氏名", "名前"),
        "status": ("出欠", "出欠席", "出席", "出席状況", "当日の出欠"),
        "reason": ("欠席の理由", "理由", "欠席理由"),
    },
}
"""Headings by table and column, as offices write them; the first is the heading of our own template."""

CATEGORIES: dict[str, tuple[str, ...]] = {
    "public_recruitment": ("公募", "公募委員", "公募市民", "市民公募", "市民代表", "一般公募", "市民委員"),
    "organisation": ("団体", "団体推薦", "団体代表", "推薦", "関係団体", "市民団体", "団体選出"),
    "academic": ("学識経験者", "学識", "学識者", "有識者", "知識経験者"),
    "expert": ("学識経験者", "学識", "学識者", "有識者", "知識経験者"),
    "city": ("行政", "市職員", "行政職員", "関係行政機関", "市"),
    "business": ("事業者", "企業", "商工", "産業"),
}
"""What offices call the categories of seats, by the word the record has for one."""

CHANNELS: dict[str, tuple[str, ...]] = {
    "post": ("郵送", "郵便", "はがき", "封書"),
    "fax": ("ファクス", "FAX", "ファックス", "ファクシミリ"),
    "email": ("電子メール", "メール", "Eメール", "e-mail", "email"),
    "form": ("入力フォーム", "電子申請", "フォーム", "ウェブ", "Web", "ホームページ", "オンライン", "HP"),
    "in_person": ("持参", "窓口", "窓口持参", "直接", "意見箱", "回収箱"),
    "meeting": ("説明会", "説明会会場", "意見交換会", "ワークショップ", "会場"),
    "other": ("その他", "電話"),
}
DISPOSITIONS: dict[str, tuple[str, ...]] = {
    "reflected": ("反映", "反映(修正)", "反映する", "反映します", "修正", "案を修正", "一部反映"),
    "already_included": ("盛り込み済み", "盛込済", "盛込済み", "盛り込み済", "既記載", "記載済", "記載済み"),
    "for_reference": ("参考", "今後の参考", "参考とする", "参考意見", "その他参考", "今後検討"),
    "not_adopted": ("対応できない", "対応困難", "反映できない", "反映しない", "対応不可", "不採用"),
}
ITEM_TYPES: dict[str, tuple[str, ...]] = {
    "report": ("報告", "報告事項", "情報提供"),
    "discussion": ("協議", "協議事項", "意見交換", "検討", "審議"),
    "decision": ("議決", "議題", "議案", "決定", "採決", "審議事項", "決議"),
    "hearing": ("意見聴取", "ヒアリング", "聴取"),
    "minutes": ("会議録", "会議録の確認", "議事録", "前回会議録の確認"),
    "other": ("その他", "連絡", "連絡事項"),
}
STATUSES: dict[str, tuple[str, ...]] = {
    "present": ("出席", "出", "○", "〇", "◯", "◎", "遅参", "遅刻", "遅", "早退", "早", "○遅", "○早"),
    "online": ("オンライン", "Web", "○(Web)", "〇(Web)", "◯(Web)", "オンライン出席", "ウェブ"),
    "absent": ("欠席", "欠", "×", "✕", "✖", "無断欠席", "欠席(届なし)"),
    "notified": ("欠席の届", "欠席届", "届出欠席", "欠席(届あり)", "欠席(届)", "届出あり"),
    "written": ("書面", "書面回答", "書面表決", "委任状"),
}
REASONS: dict[str, tuple[str, ...]] = {
    "work": ("仕事", "公務", "業務", "所用", "出張"),
    "health": ("体調", "体調不良", "病気", "療養"),
    "family": ("家庭", "家族", "家事", "看護", "介護"),
    "other": ("その他",),
}

TITLES = {
    "members": "委員の名簿（取り込んだ表）",
    "comments": "意見募集の意見（取り込んだ表）",
    "budgets": "事業の予算と決算（取り込んだ表）",
    "agenda": "会議の次第（取り込んだ表）",
    "attendance": "会議の出欠（取り込んだ表）",
}
"""What the document is called that a sheet becomes."""
COMMENT_TITLE = "意見 {number}"
EXAMPLES: dict[str, dict[str, str]] = {
    "members": {
        "name": "架空 一葉",
        "category": "公募",
        "from": "R7.4.1",
        "to": "R9.3.31",
        "publish": "可",
    },
    "comments": {
        "no": "1",
        "channel": "電子メール",
        "name": "架空 二葉",
        "address": "架空町1-1",
        "text": "案の12ページの図を大きくしてほしい。",
    },
    "budgets": {
        "action": "協働フォーラム",
        "year": "R7",
        "initial": "480",
        "supplementary": "△80",
        "settled": "395",
    },
    "agenda": {"no": "1", "title": "相談窓口の設け方", "type": "議題"},
    "attendance": {"member": "架空 一葉", "status": "○"},
}
"""The row of example in the template of each table."""


def listed(words: dict[str, tuple[str, ...]]) -> str:
    """The words that there are to choose from, as a sentence names them."""
    return "、".join(names[0] for names in words.values())


MINUTES_TITLE = "{title}　会議録"
ATTENDANCE_TITLE = "{title}　出欠表"
CHAIR = ("座長", "議長", "会長", "委員長", "部会長")
DEPUTY = ("副座長", "副議長", "副会長", "副委員長", "職務代理", "副部会長", "職務代理者")
MEMBER = ("委員", "各委員", "委員一同")
OFFICE = ("事務局", "事務局職員")
NO_NAME = ("委員", "座長", "議長", "会長", "副座長", "副会長", "氏", "さん", "君")
"""What is put after a family name."""
WORKS = ("全体会", "本会議", "定例会")
"""Words of a title by which a plenary is known."""
