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
TABLE_NOT_READ = declare(
    422,
    "TABLE_NOT_READ",
    ja="「{text}」をワークショップの表として読み取れません。",
    en="“{text}” cannot be read as a line of a workshop's table.",
    rule=rules_of_service.ASKED,
    next_ja="「■1 テーマ」の行のあとに「・まとまり（シール3）：カード、カード」と書いてください。",
    next_en="Write “■1 theme”, and below it “・cluster（3）：card、card”.",
)
STATEMENT_EMPTY = declare(
    422,
    "STATEMENT_EMPTY",
    ja="「{name}」の発言の文がありません。",
    en="What “{name}” said is not there.",
    rule=rules_of_service.ASKED,
    next_ja="文を書くか、その行を消してください。",
    next_en="Write it, or take the line out.",
)
OPENING_MISSING = declare(
    422,
    "OPENING_MISSING",
    ja="開会の時刻か、進行した人が書かれていません。",
    en="The time of the opening, or who presided, is not said.",
    rule=meetings.OPEN_MEETING,
    next_ja="開会の時刻と進行を入れてください。",
    next_en="Say when the meeting was opened, and who presided.",
)
VOTE_MINUTE_NEEDED = declare(
    422,
    "VOTE_MINUTE_NEEDED",
    ja="この議事のあいだに出入りがあります。採決の時刻がないと、何人で採決したか分かりません。",
    en="Somebody came or went meanwhile. Without its time nobody knows how many took the vote.",
    rule=meetings.KEPT,
    next_ja="採決の時刻を書いてください。",
    next_en="Say when the vote was taken.",
)
OPTION_NOT_CHOSEN = declare(
    422,
    "OPTION_NOT_CHOSEN",
    ja="どの案を採決にかけたかが選ばれていません。",
    en="It is not said which option was put to the vote.",
    rule=resolutions.WHAT_WAS_FROZEN,
    next_ja="採決にかけた案を選んでください。",
    next_en="Choose the option.",
)
OPPOSED_INCOMPLETE = declare(
    422,
    "OPPOSED_INCOMPLETE",
    ja="反対{against}人に対し、名前が{named}人です。",
    en="{against} were against, and {named} are named.",
    rule=resolutions.TALLY,
    next_ja="反対した全員を選ぶか、名前を選ばずに数だけを記録してください。",
    next_en="Name all of them, or none and record the number alone.",
)
HOLDER_MISSING = declare(
    422,
    "HOLDER_MISSING",
    ja="だれの少数意見かが選ばれていません。",
    en="It is not said whose minority opinion it is.",
    rule=rules_of_service.ASKED,
    next_ja="委員を選んでください。",
    next_en="Choose the member.",
)
NO_ITEM_TO_RECORD = declare(
    422,
    "NO_ITEM_TO_RECORD",
    ja="記録するものがありません。",
    en="There is nothing to record.",
    rule=rules_of_service.ASKED,
    next_ja="発言を書くか、議事の終わりかたを選んでください。",
    next_en="Write what was said, or choose how the item ended.",
)
CONFIRMED_DAY_MISSING = declare(
    422,
    "CONFIRMED_DAY_MISSING",
    ja="会議録を確認した日が書かれていません。",
    en="The day on which the minutes were confirmed is not said.",
    rule=dates.NOT_BY_TYPING,
    next_ja="確認した日を書いてください（例: R8.6.10）。",
    next_en="Say on which day (for example 2026-06-10).",
)
REASON_FOR_CHANGES = declare(
    422,
    "REASON_FOR_CHANGES",
    ja="記録した発言を直す理由が書かれていません。",
    en="It is not said why statements on record are changed.",
    rule=rules_of_service.ASKED,
    next_ja="理由を書いてください。直しは、ほかの人が承認します。",
    next_en="Say why. Somebody else approves the changes.",
)
STATEMENT_TAKEN_OUT = declare(
    422,
    "STATEMENT_TAKEN_OUT",
    ja="記録した発言が文から消えています。",
    en="A statement on record is missing from the text.",
    rule=rules_of_service.ASKED,
    next_ja="文を戻してください。記録そのものを取り消すときは「直す」を使います。",
    next_en="Put it back. To take it off the record, withdraw it there.",
)
