"""Meetings: announced, quorate, with everything on the agenda dealt with; and their minutes."""

from __future__ import annotations

from domain.rules.rule import Topic
from domain.rules.sources import MODEL_TEXT, practice

QUORUM = Topic("quorum", "定足数", "Quorum")
QUORATE = QUORUM.rule(
    "reached",
    "全体会は、会議規則の定足数に達しているときだけ開きます。達しなければ流会、達していれば流会にはできませ"
    "ん。規則が分からないときは「未確認」と記します。",
    "A plenary opens only with the quorum that the council's rules ask for; without it the meeting is "
    "recorded as inquorate, with it it cannot be. Where no rule is known, that is marked as unverified.",
    MODEL_TEXT,
    practice("Higashimurayama"),
)
KEPT = QUORUM.rule(
    "kept",
    "定足数は議決のときにも要ります。途中で欠けたら、休憩するか閉会します。",
    "A quorum is needed at the minute of a resolution too; when it is lost, the meeting recesses or closes.",
    practice("Kitami"),
)
FIXED_NUMBER = QUORUM.rule(
    "number",
    "定足数は「過半数」「半数以上」「定数」のいずれかで、「定数」には人数が要ります。",
    "A quorum is more than half, at least half, or a fixed number; the last needs its number.",
)

MEETINGS = Topic("meetings", "会議", "Meetings")
ACTIVE_COUNCIL = MEETINGS.rule(
    "active-council",
    "会議を開くのは、設置されて活動している市民会議です。",
    "Meetings are of a council that is established and at work.",
)
NOTICE = MEETINGS.rule(
    "notice",
    "開催の通知は、会議規則が定める日数より前に行います。急ぐときは、その理由を記録します。",
    "Notice is given as many days before as the council's rules say; an urgent meeting says why.",
    practice("Kanuma", "Miki"),
)
ONE_AT_A_TIME = MEETINGS.rule(
    "one-at-a-time",
    "一つの会議体の会議が同じ時刻に二つ記録されたときは、知らせます。分けて開くこともあるため、記録はできます。",
    "If two meetings of one body are recorded for the same hour, that is said. They can be recorded: a body "
    "may sit in parts.",
)
REPORTED = MEETINGS.rule(
    "reported",
    "終わった会議の議決は、出典にあるとおりに、出典の言葉で記録できます。出典にないこと（決め方、票数など）は"
    "「記載なし」とします。",
    "What a meeting that is over resolved can be recorded as a source reports it, in its words. What it does "
    "not tell (method, numbers) is not stated.",
)
AGENDA_AGREED = MEETINGS.rule(
    "agenda",
    "開会した後の議題の追加には、会議の同意が要ります。",
    "After the opening an item is added only if the meeting agrees.",
)
ITEM_HAS_MATTER = MEETINGS.rule(
    "matter",
    "決定事項の議題は、必ず案件についてのものです。",
    "An item for decision is about a matter.",
)
OPEN_MEETING = MEETINGS.rule(
    "open",
    "発言・議決・入退室は、会議が開いている間のことです。",
    "Statements, resolutions, arrivals and departures happen while the meeting is open.",
)
PRESENCE = MEETINGS.rule(
    "presence",
    "出席は分刻みで記録します。入室は一度ずつで、退室できるのは出席している人です。時刻は後戻りしません。",
    "Presence is kept by the minute: nobody comes in twice before leaving, only who is present leaves, and "
    "time does not run backwards.",
)
ONLINE = MEETINGS.rule(
    "online",
    "オンラインの出席は、会議規則が認めるときに限ります。",
    "Attendance online counts where the council's rules allow it.",
    practice("Higashimurayama"),
)
ITEMS_DONE = MEETINGS.rule(
    "items-done",
    "会議を閉じる前に、すべての議題について、議決・了承・継続・取下げのどれになったかを記録します。終わった"
    "議題は再び開きません。",
    "Before a meeting closes each item has been resolved, noted, carried over or dropped; an item that has "
    "been dealt with is not opened again.",
)
RECUSAL = MEETINGS.rule(
    "recusal",
    "利害関係などで議題から外れることは、人と議題ごとに一度記録します。外れた人は、その議題の定足数にも表決"
    "にも数えません。",
    "A recusal is recorded once for a person and an item; who is recused counts neither for the quorum of "
    "the item nor in its vote.",
)
POSSIBLE_COUNT = MEETINGS.rule(
    "counts",
    "出席した委員の数は、在任している委員の数を超えません。取り込む史料でも同じです。",
    "No more members are present than serve, in an imported source either.",
)

MINUTES = Topic("minutes", "会議録", "Minutes")
TEN_ITEMS = MINUTES.rule(
    "ten-items",
    "会議録には、会議名、議題、日時・場所、公開の別と理由、出欠、事務局、傍聴者数、資料、審議の内容、その他"
    "の10項目を載せます。",
    "Minutes hold ten items: body, topics, date and place, open or closed and why, members present and "
    "absent, staff, number of observers, documents, the record itself, and other.",
    practice("Chigasaki"),
)
DRAFTS_NUMBERED = MINUTES.rule(
    "drafts",
    "会議録の案には、抜けのない版の番号が付きます。",
    "Drafts of minutes are numbered without gaps.",
)
REQUESTS_ANSWERED = MINUTES.rule(
    "requests",
    "会議録は、修正の申出にすべて答えてから確認します。",
    "Minutes are confirmed when every request for a change has been answered.",
)
CONFIRMED_FIRST = MINUTES.rule(
    "confirmed",
    "会議録は、確認してから公表します。確認した後の誤りは訂正として直します。",
    "Minutes are confirmed before they are published; after that a mistake is corrected.",
    practice("Asahikawa", "Komae", "Maebashi"),
)
OUTLINE_AND_MINUTES = MINUTES.rule(
    "due",
    "会議の概要と会議録の期限は、その市民会議の会議規則が定めます。規則の記録がなければ、期限はないものとし"
    "て示します。",
    "When an outline and minutes are due is for the council's own rules to say; where none are on record, no "
    "day is given.",
)
RESCHEDULED = MEETINGS.rule(
    "rescheduled",
    "日時や場所を変えたときは、変更前と理由を残し、あらためて通知します。",
    "When a meeting is moved, what stood before and the reason stay on record, and notice is given anew.",
)
KNOWN_LATER = MEETINGS.rule(
    "known-later",
    "後から分かった出席は、根拠の文書を示して加え、定足数を数え直します。数え直す前の数も残ります。",
    "Attendance that becomes known later is added on evidence, and the quorum is counted anew; what was "
    "counted before stays readable.",
)
IN_WRITING = MEETINGS.rule(
    "in-writing",
    "書面協議では、回答を一件ずつ受け付け、期限の後（全員がそろえばその時）に数えます。規則がそう定めるとき"
    "は回答した委員を出席に数え、足りなければ期限を延ばすか不成立とします。",
    "In a written procedure replies come one by one and are counted after the deadline, or when everybody "
    "has replied. Where the rules say so those who replied count as present; if they are too few the "
    "deadline is moved, or the procedure is inquorate.",
    practice("Higashimurayama"),
)
SIGNED = MINUTES.rule(
    "signed",
    "署名委員を置いた会議録は、その全員の署名によって確認します。",
    "Minutes confirmed by signatories are signed by all of them.",
    practice("Maebashi"),
)
