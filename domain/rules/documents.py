"""Documents, their numbers and contents; people and organisations; articles of law; links."""

from __future__ import annotations

from domain.rules.rule import Topic
from domain.rules.sources import CORPORATE_NUMBERS, DOCUMENT_NUMBERS, ORDINANCE, PROV, PUBLIC_RECORDS

TOPIC = Topic("documents", "文書", "Documents")
NUMBER = TOPIC.rule(
    "number",
    "文書番号は、年度・課の記号・発または収・番号・枝番からなり、全体で一度だけ使います。",
    "A document number has the fiscal year, the section's symbol, sent or received, a number and a branch; "
    "as a whole it is used once.",
    DOCUMENT_NUMBERS,
)
CHECKSUM = TOPIC.rule(
    "checksum",
    "文書の内容は SHA-256（16進数64桁）で見分けます。届いた内容は、記録された値と一致しなければなりません。",
    "A SHA-256 of 64 hexadecimal digits says which text a document is; content has to agree with the one on "
    "record.",
)
NOT_OVERWRITTEN = TOPIC.rule(
    "not-overwritten",
    "記録された内容は上書きしません。新しい内容は、改訂として加えます。",
    "Content on record is never overwritten; a newer text is a revision.",
)
WITHOUT_CONTENT = TOPIC.rule(
    "without-content",
    "内容を保管していない文書も、あることだけは記録できます。",
    "A document may be on record though its content is not held here.",
)
RETENTION = TOPIC.rule(
    "retention",
    "文書の保存期間は、年数または永久として定め、満了後の扱いとともに記録します。",
    "How long a document is held is a number of years, or for good, with what becomes of it then.",
    PUBLIC_RECORDS,
)

PEOPLE = Topic("people", "人と団体", "People and organisations")
CORPORATE_NUMBER = PEOPLE.rule(
    "corporate-number",
    "法人番号は13桁で、先頭の数字は残りの12桁から計算される検査用数字です。",
    "A corporate number has 13 digits, the first of which is a check digit computed from the other twelve.",
    CORPORATE_NUMBERS,
)
AFFILIATIONS = PEOPLE.rule(
    "affiliations",
    "人の所属は、団体と期間で記録します。どの団体に属するかは、人に関することなので公表しません。",
    "What a person belongs to is recorded by organisation and period. Which organisation it is tells of a "
    "person, and is not published.",
)
MERGED = PEOPLE.rule(
    "merged",
    "同じ人の二つの登録は一つに統合します。統合先は、統合も削除もされていない別の登録です。",
    "Two entries of one person are merged into one of them: another, which is neither merged nor erased.",
)

LAWS = Topic("laws", "条例の条文", "Articles of law")
ONE_TEXT = LAWS.rule(
    "one-text",
    "ある日の、ある条の条文は一つです。改正された条文は、改正を記録してからその日付で加えます。",
    "An article has one text on any day; an amended text is added with its day after the amendment is "
    "recorded.",
    ORDINANCE,
)
NUMBERING = LAWS.rule(
    "numbering",
    "項と号は、番号の順に記録します。引用するときは番号で探すためです。",
    "Paragraphs and items stand in the order of their numbers, by which they are cited.",
)

LINKS = Topic("links", "つながり", "Links")
MADE_ONCE = LINKS.rule(
    "once",
    "つながりは一度だけ作り、一度だけ取り消せます。取り消したことも残ります。",
    "A link is made once and withdrawn once; a withdrawn one stays visible as withdrawn.",
)
RELATIONS = LINKS.rule(
    "relations",
    "つながりの種類は決まっています。どれも「何が何から生じたか」を表します。",
    "There is a fixed list of relations; each tells what came of what.",
    PROV,
)
TWO_THINGS = LINKS.rule(
    "two-things",
    "つながりは、二つの別のものの間にあります。",
    "A link is between two different things.",
    PROV,
)
