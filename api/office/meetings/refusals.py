"""What the screens of meetings refuse themselves: words that cannot be read, and what is not chosen yet.

Whatever else is wrong, the commands refuse.
"""

from __future__ import annotations

from api.http.problems import declare
from api.setup import rules_of_service
from domain.rules import dates, meetings, resolutions

NUMBER_NOT_READ = declare(
    422,
    "NUMBER_NOT_READ",
    ja="「{text}」を数として読み取れません。",
    en="“{text}” cannot be read as a number.",
    rule=rules_of_service.ASKED,
    next_ja="人数は数字だけで書いてください（例: 7）。",
    next_en="Write the number in figures (for example 7).",
)
TITLE_UNKNOWN = declare(
    422,
    "TITLE_UNKNOWN",
    ja="「{text}」という名前の{of_ja}は見つかりません。",
    en="There is no {of_en} called “{text}”.",
    rule=rules_of_service.ASKED,
    next_ja="候補から選んでください。まだ記録がなければ、先に記録します。",
    next_en="Choose one of those that are offered. What is not on record is recorded first.",
)
DAY_MISSING = declare(
    422,
    "DAY_MISSING",
    ja="会議の日が書かれていません。",
    en="The day of the meeting is not said.",
    rule=dates.NOT_BY_TYPING,
    next_ja="例: 令和8年5月20日、R8.5.20、2026-05-20",
    next_en="For example 2026-05-20, R8.5.20 or 令和8年5月20日.",
)
WHEN_MISSING = declare(
    422,
    "WHEN_MISSING",
    ja="いつのことかが選ばれていません。",
    en="It is not said when this happened.",
    rule=dates.NOT_BY_TYPING,
    next_ja="次第を決めた日を選んでください。分からなければ「不明」にします。",
    next_en="Choose the day on which the agenda was settled, or “not known”.",
)
TIME_MISSING = declare(
    422,
    "TIME_MISSING",
    ja="{what}の時刻が書かれていません。",
    en="The time of {what_en} is not said.",
    rule=dates.NOT_BY_TYPING,
    next_ja="例: 18:30",
    next_en="For example 18:30.",
)
BEHIND_CLOSED_DOORS = declare(
    422,
    "BEHIND_CLOSED_DOORS",
    ja="公開しない理由が書かれていません。",
    en="It is not said why the meeting is not open.",
    rule=meetings.NOTICE,
    next_ja="公開しない理由を書いてください。会議録にのります。",
    next_en="Say why; it stands in the minutes.",
)
SPEAKER_UNKNOWN = declare(
    422,
    "SPEAKER_UNKNOWN",
    ja="「{name}」は名簿と出席者に見つかりません。",
    en="“{name}” is neither a member nor among those who were there.",
    rule=rules_of_service.ASKED,
    next_ja="発言者を選ぶか、名前を直してください。文はそのまま残ります。",
    next_en="Choose the speaker, or mend the name. The text stays as it is.",
)
SPEAKER_AMBIGUOUS = declare(
    422,
    "SPEAKER_AMBIGUOUS",
    ja="「{name}」にあたる人が{number}人います。",
    en="“{name}” may be {number} people.",
    rule=rules_of_service.ASKED,
    next_ja="発言者を選んでください。",
    next_en="Choose the speaker.",
)
SPEAKER_MISSING = declare(
    422,
    "SPEAKER_MISSING",
    ja="はじめの文に発言者がありません。",
    en="The first lines have no speaker.",
    rule=rules_of_service.ASKED,
    next_ja="行の頭に「○」と名前を書いてください。",
    next_en="Begin the line with ○ and a name.",
)
VOTES_DO_NOT_ADD_UP = declare(
    422,
    "VOTES_DO_NOT_ADD_UP",
    ja="{sum_ja}を足すと{total}票です。採決に加わる{eligible}人に{away_ja}。",
    en="{sum_en} are {total} votes; {eligible} take part ({away_en}).",
    rule=resolutions.TALLY,
    next_ja="数を確かめるか、出入りの時刻を直してください。",
    next_en="Check the numbers, or the minutes at which people came and went.",
)
