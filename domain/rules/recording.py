"""What can be recorded at all: identifiers, texts and numbers, and how several write to one record."""

from __future__ import annotations

from domain.rules.rule import Topic
from domain.rules.sources import IDEMPOTENCY, URI, rfc

IDENTIFIERS = Topic("identifiers", "識別子と参照", "Identifiers and references")
IDENTIFIER = IDENTIFIERS.rule(
    "form",
    "識別子は英小文字・数字・ハイフンで80字までです。ページのアドレスの一部になるためです。",
    "An identifier is lower-case letters, digits and hyphens, at most 80: it becomes part of an address.",
)
PART_NAME = IDENTIFIERS.rule(
    "part-names",
    "計画の施策のように単独で参照されるものは、決まった語で始まる識別子を持ち、それで何であるかが分かります。",
    "What is referred to by itself, such as a measure of a plan, has an identifier that begins with a fixed "
    "word and so tells what it is.",
)
GIVEN_ONCE = IDENTIFIERS.rule(
    "given-once",
    "一つの識別子は一つのものだけを指し、使い回しません。",
    "An identifier stands for one thing and is not used again.",
)
TAKEN_ONCE = IDENTIFIERS.rule(
    "unique",
    "一つしかないはずのもの（文書番号など）は、記録全体で一度だけ使えます。",
    "What there can be only one of, such as a document number, is used once in the whole record.",
)
REFERENCES_HOLD = IDENTIFIERS.rule(
    "references",
    "ほかのものを指すときは、既に記録されているものを指します。",
    "Whatever is referred to is on record already.",
)

PROVABLE = IDENTIFIERS.rule(
    "provable",
    "記録するのは、書いたとおりに読み戻せ、改変がないと後から確かめられる値だけです。"
    "小数と、大きすぎる整数は記録しません。",
    "What is recorded reads back exactly as it was written and can be proved later: no floating-point "
    "numbers, and no whole number that a reader of JSON may round.",
    rfc(8785),
    rfc(7493, "2.2"),
)

IN_ORDER = IDENTIFIERS.rule(
    "in-order",
    "後から記録したものの記録時刻は、前のものより早くなりません。"
    "時計が大きく戻っているときは、確かめるまで記録しません。",
    "What is recorded later is never recorded earlier. Where the clock has gone far back, nothing is "
    "recorded until somebody has looked at it.",
)
VERSIONS = IDENTIFIERS.rule(
    "versions",
    "より新しい版のサービスが記録したものに、古い版のサービスは書き足しません。"
    "更新の手順は docs/migrations.md にあります。",
    "Older software adds nothing to what newer software has recorded; how to update is told in "
    "docs/migrations.md.",
)

TEXTS = Topic("texts", "文字・数・アドレス", "Texts, numbers and addresses")
PLAIN_TEXT = TEXTS.rule(
    "plain",
    "記録するのは、どこで印刷しても同じに見える文字だけです。制御文字や、表示の向きを変える文字、目に見えない文字は"
    "使えません。異体字や互換漢字は、書いたとおりに残します。",
    "What is recorded is plain text that prints the same everywhere: no control characters, none that change "
    "the direction of writing, none that cannot be seen. Variants of characters stay as they were written.",
)
ESSENCE = TEXTS.rule(
    "essence",
    "項目には要点を記し、長い資料は文書として登録します。",
    "A field holds the essence; long material is registered as a document.",
)
UNKNOWN_LEFT_OUT = TEXTS.rule(
    "unknown",
    "分からないことは空欄や0で埋めず、「不明」として省きます。",
    "What is not known is left out as unknown; it is never filled with an empty text or with 0.",
)
COUNTS = TEXTS.rule(
    "counts",
    "人数や件数は0以上の整数で、項目ごとに範囲が決まっています。",
    "Counts are whole numbers, never negative, and each field has its range.",
)
WEB_ADDRESS = TEXTS.rule(
    "addresses",
    "記録するアドレスは、安心して開けるウェブのもの（http、https、古い資料の ftp）に限り、サーバーの名前が"
    "要ります。",
    "An address on record can be followed safely: http, https, or ftp for old material, with the name of a "
    "server.",
    URI,
)

WRITING = Topic("writing", "記録の進め方", "How the record is written")
STEPS = WRITING.rule(
    "steps",
    "会議・案件・事業などには、それぞれ進む順序があります。いまの段階でできることだけを記録できます。",
    "Meetings, matters, actions and the rest each go through their states in order; only what is possible in "
    "the present state can be recorded.",
)
REASONS = WRITING.rule(
    "reasons",
    "終わらせる、置き換える、断るといった操作には、その理由を書きます。",
    "Whatever ends, replaces or declines something says why.",
)
EXPECTED_VERSION = WRITING.rule(
    "versions",
    "版を指定した操作は、記録がその版のままのときだけ行われます。ほかの人の追加を知らずに上書きしないためで"
    "す。",
    "A command that names a version is carried out only while the record is at that version, so that nobody "
    "writes over what somebody else has added meanwhile.",
    rfc(9110, "13.1.1"),
)
DECIDED_ANEW = WRITING.rule(
    "busy",
    "同時に書き込まれたときは、最大5回まで判断し直します。それでも重なるときは受け付けません。",
    "Where several write at once a command is decided anew, five times at the most; then it is turned away.",
)
REPEATED_ONCE = WRITING.rule(
    "repeats",
    "同じ Idempotency-Key の操作は、何度送っても一度だけ記録されます。別の内容に使い回すことはできません。",
    "A command sent again with its Idempotency-Key is recorded once; the key cannot serve another content.",
    IDEMPOTENCY,
)

IMPORTS = Topic("imports", "史料の取り込み", "Importing a history")
HISTORY_FILE = IMPORTS.rule(
    "file",
    "取り込むファイルは決まった形（record-history/1）の YAML で、そこに書かれた参照・金額・検算が互いに合っ"
    "ていることが要ります。",
    "A file to be imported is YAML of one fixed form (record-history/1), and its references, amounts and "
    "checks agree with each other.",
)
HISTORY_ONCE = IMPORTS.rule(
    "once",
    "同じファイルを再び取り込んでも何も増えません。ファイルで、記録済みのことを変えることはできません。",
    "Importing the same file again adds nothing, and no file changes what is already on record.",
)
