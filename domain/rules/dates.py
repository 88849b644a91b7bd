"""When something happened: dates as intervals, never made up, and never the other way round."""

from __future__ import annotations

from domain.rules.rule import Topic
from domain.rules.sources import DATES

TOPIC = Topic("dates", "日付と期間", "Dates and periods")
CALENDAR = TOPIC.rule(
    "calendar",
    "日付は、暦にある年月日でなければなりません。",
    "A date exists in the calendar.",
    DATES,
)
ERAS = TOPIC.rule(
    "eras",
    "元号の日付は、その元号が使われていた期間のものに限ります（平成は31年4月まで、令和は元年5月から。明治は"
    "太陽暦になった6年から）。",
    "A date in an era lies within that era: Heisei ends in April 2019, Reiwa begins in May 2019, and Meiji "
    "is read from 1873, when the solar calendar began.",
)
PRECISION = TOPIC.rule(
    "precision",
    "日付は分かっているところまでを書きます（日、月、年、年度、不明）。分からない日を補うことはしません。",
    "A date is given as precisely as it is known: day, month, year, fiscal year or unknown. No day is made "
    "up.",
)
BOUNDS = TOPIC.rule(
    "bounds",
    "日付の範囲（最も早い日と最も遅い日）は、書かれた値と精度から決まります。",
    "The earliest and the latest day of a date follow from its value and its precision.",
)
INTERVALS = TOPIC.rule(
    "intervals",
    "日付は期間として比べます。一方の最後の日が他方の最初の日より前のときだけ、先後が決まります。",
    "Dates are compared as intervals: one comes before the other only if its last day lies before the first "
    "day of the other.",
)
FORWARD = TOPIC.rule(
    "forward",
    "期間の終わりが始まりより前になることはありません。",
    "No period ends before it begins.",
)
NOT_AHEAD = TOPIC.rule(
    "not-ahead",
    "行った作業は、その日が来てから記録します。",
    "Work is recorded when it has been done, not ahead of its day.",
)
BY_DAY = TOPIC.rule(
    "past-by-day",
    "過去の時点は日で指定します。「その日までに記録されたこと」と「その日に効力があったこと」を別々に尋ねら"
    "れます。",
    "The past is asked for by a day: what had been recorded by then, and what was in force then, are two "
    "questions.",
)
CHANGES_BETWEEN = TOPIC.rule(
    "changes",
    "記録の変更は、いつからいつまでに記録されたものかを、二つの日で尋ねます。",
    "What changed in the record is asked for by two days, from the earlier to the later, on which it was "
    "recorded.",
)
NOT_BY_TYPING = TOPIC.rule(
    "not-by-typing",
    "記録した時刻は、できごとの時刻ではありません。いつのことかは、出典や本人の申告によります。分からないときは"
    "「記録なし」とします。",
    "The moment of recording is not the time at which something happened. That is known from a source or "
    "from whoever says it; if it is not known, it is “not recorded”.",
)
ACTS_HAVE_HAPPENED = TOPIC.rule(
    "happened",
    "行われたこととして記録するのは、その日が来たことだけです。先の日付を持てるのは、任期・効力・予定だけです。",
    "Only what has been done is recorded as done. Terms, effects and plans alone may lie ahead.",
)
ORDER = TOPIC.rule(
    "order",
    "結論は案件の提起より後、市の決定は結論より後というように、あることに続くことが、それより前に行われることは"
    "ありません。",
    "What follows from something does not come before it: a conclusion comes after the matter was raised, "
    "the city’s decision after the conclusion.",
)
