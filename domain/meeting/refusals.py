"""Refusals of meetings and their minutes (see domain/meeting/aggregate.py and domain.md 4.2).

One story: what an evening may be refused, from its notice to its minutes.
"""

from __future__ import annotations

from domain.rules import disclosure, meetings, recording, resolutions
from domain.values.refusal import refusal

COUNCIL_NOT_ACTIVE = refusal(
    "COUNCIL_NOT_ACTIVE",
    ja="市民会議「{council}」は活動中ではありません。",
    en="The council “{council}” is not active.",
    rule=meetings.ACTIVE_COUNCIL,
    next_ja="市民会議の状態を確かめてください。",
    next_en="Look at the state of the council.",
)
SAME_HOUR = refusal(
    "SAME_HOUR",
    ja="同じ会議体の会議「{meeting}」が、同じ日時（{at}）に記録されています。",
    en="A meeting of the same body, “{meeting}”, is on record for the same day and hour ({at_en}).",
    rule=meetings.ONE_AT_A_TIME,
    next_ja="同じ会議を二度登録していないか確かめてください。別の会議であれば、このままで構いません。",
    next_en="See whether it is the same meeting, recorded twice. If it is another, nothing needs to be done.",
)
AGENDA_CLOSED = refusal(
    "AGENDA_CLOSED",
    ja="開会後に議題を追加するには会議の同意が必要です。",
    en="After opening, the meeting must agree to a new item.",
    rule=meetings.AGENDA_AGREED,
    next_ja="会議の同意を得て、「会議の同意」を「はい」にしてください。",
    next_en="Get the meeting's agreement and say that it agreed.",
)
MATTER_REQUIRED = refusal(
    "MATTER_REQUIRED",
    ja="決定事項の議題には案件が必要です。",
    en="An item for decision needs its matter.",
    rule=meetings.ITEM_HAS_MATTER,
    next_ja="案件を示してください。",
    next_en="Give the matter.",
    kind="invalid",
)
NOTICE_TOO_LATE = refusal(
    "NOTICE_TOO_LATE",
    ja="開催通知は{days}日前までに必要です（{given}日前）。",
    en="Notice is due {days} days before (it is {given}).",
    rule=meetings.NOTICE,
    next_ja="緊急の理由を記入するか、開催日を改めてください。",
    next_en="Give the urgent reason, or move the meeting.",
)
REPORT_UNPROVED = refusal(
    "REPORT_UNPROVED",
    ja="議決の報告には、それが書かれている出典が必要です。",
    en="A reported resolution needs the source that reports it.",
    rule=meetings.REPORTED,
    next_ja="出典として、文書と箇所を記入してください。開いている会議の議決は「議決する」で記録できます。",
    next_en="Name document and place as its source. What a meeting resolves while it is open is "
    "recorded as a resolution.",
    kind="invalid",
    since=8,
)
SESSION_UNKNOWN = refusal(
    "SESSION_UNKNOWN",
    ja="会期「{session}」は、この会議体に記録されていません。",
    en="The session “{session}” is not on record of this body.",
    rule=recording.REFERENCES_HOLD,
    next_ja="先に会期を記録するか、会期を省いてください。",
    next_en="Record the session first, or leave the session out.",
    kind="invalid",
    since=8,
)
STATEMENT_UNKNOWN = refusal(
    "STATEMENT_UNKNOWN",
    ja="答えている発言「{statement}」は、この会議に記録されていません。",
    en="The statement “{statement}”, which this one is to answer, is not on record of this meeting.",
    rule=recording.REFERENCES_HOLD,
    next_ja="先に、答えられた発言を記録してください。",
    next_en="Record first the statement that is answered.",
    kind="invalid",
    since=8,
)
NOT_QUORATE = refusal(
    "NOT_QUORATE",
    ja="定足数に達していません（出席{present}人、必要{required}人）。",
    en="The meeting is not quorate ({present} present, {required} required).",
    rule=meetings.QUORATE,
    next_ja="出席を確かめるか、流会として記録してください。",
    next_en="Check who is present, or record the meeting as inquorate.",
)
QUORUM_REACHED = refusal(
    "QUORUM_REACHED",
    ja="定足数に達しているため流会とはできません（出席{present}人、必要{required}人）。",
    en="The meeting is quorate ({present} present, {required} required).",
    rule=meetings.QUORATE,
    next_ja="開会を記録してください。書面協議なら、回答により議決してください。",
    next_en="Open the meeting; in a written procedure resolve by the replies.",
)
QUORUM_UNRULED = refusal(
    "QUORUM_UNRULED",
    ja="何人の出席や回答が必要かの定めが記録にないため、流会や不成立とはできません。",
    en="No rule on record says how many must be present, or must reply, so that nothing can be inquorate.",
    rule=meetings.QUORATE,
    next_ja="定めがあれば、会議規則（定足数、書面の回答を出席に数えるか）を先に記録してください。"
    "なければ、開会するか、回答により議決します。",
    next_en="If there is one, record the rules of procedure first (the quorum, and whether written replies "
    "count as present). If not, open the meeting, or resolve by the replies.",
    since=8,
)
ONLINE_NOT_ALLOWED = refusal(
    "ONLINE_NOT_ALLOWED",
    ja="会議規則はオンライン出席を認めていません。",
    en="The rules do not allow online attendance.",
    rule=meetings.ONLINE,
    next_ja="会議規則を確かめてください。",
    next_en="Look at the rules of procedure.",
)
ALREADY_PRESENT = refusal(
    "ALREADY_PRESENT",
    ja="「{appointment}」は既に出席しています。",
    en="“{appointment}” is present already.",
    rule=meetings.PRESENCE,
    next_ja="出席の記録を確かめてください。",
    next_en="Look at who is present.",
)
NOT_PRESENT = refusal(
    "NOT_PRESENT",
    ja="「{appointment}」は出席していません。",
    en="“{appointment}” is not present.",
    rule=meetings.PRESENCE,
    next_ja="出席の記録を確かめてください。",
    next_en="Look at who is present.",
)
TIME_BACKWARDS = refusal(
    "TIME_BACKWARDS",
    ja="{at}は、既に記録された{last}より前です。",
    en="{at} lies before {last}, which is already on record.",
    rule=meetings.PRESENCE,
    next_ja="時刻を確かめてください。",
    next_en="Check the time.",
    kind="invalid",
)
ITEM_UNKNOWN = refusal(
    "ITEM_UNKNOWN",
    ja="議題「{item}」はありません。",
    en="There is no item “{item}”.",
    rule=recording.REFERENCES_HOLD,
    next_ja="次第を確かめてください。",
    next_en="Look at the running order.",
    kind="invalid",
)
ITEM_TWICE = refusal(
    "ITEM_TWICE",
    ja="議題「{item}」は既にあります。",
    en="There is an item “{item}” already.",
    rule=recording.GIVEN_ONCE,
    next_ja="別の識別子を使ってください。",
    next_en="Use another id.",
)
ITEM_RESOLVED = refusal(
    "ITEM_RESOLVED",
    ja="議題「{item}」は既に終わっています。",
    en="The item “{item}” has been dealt with.",
    rule=meetings.ITEMS_DONE,
    next_ja="次の会議の議題としてください。",
    next_en="Put it on the next meeting's agenda.",
)
MEETING_NOT_OPEN = refusal(
    "MEETING_NOT_OPEN",
    ja="会議は開会中ではありません（{state}）。",
    en="The meeting is not open ({state}).",
    rule=meetings.OPEN_MEETING,
    next_ja="開会を記録してから行ってください。",
    next_en="Open the meeting first.",
)
QUORUM_LOST = refusal(
    "QUORUM_LOST",
    ja="その時点で定足数を欠いています（出席{present}人、必要{required}人）。",
    en="The quorum was lost at that minute ({present} present, {required} required).",
    rule=meetings.KEPT,
    next_ja="休憩または散会を記録してください。",
    next_en="Recess or close the meeting.",
)
TALLY_REQUIRED = refusal(
    "TALLY_REQUIRED",
    ja="この方法では賛否の数が必要です。",
    en="This method needs a tally.",
    rule=resolutions.TALLY,
    next_ja="賛否の数を記入してください。",
    next_en="Give the numbers.",
    kind="invalid",
)
TALLY_MISMATCH = refusal(
    "TALLY_MISMATCH",
    ja="賛否の合計{total}が、表決できる{eligible}人と一致しません。",
    en="The votes add up to {total}, not to the {eligible} who may vote.",
    rule=resolutions.TALLY,
    next_ja="数を確かめてください。",
    next_en="Check the numbers.",
    kind="invalid",
)
NOT_ELIGIBLE = refusal(
    "NOT_ELIGIBLE",
    ja="「{appointment}」は表決できません（不在、除斥またはアドバイザー）。",
    en="“{appointment}” may not vote (absent, recused or adviser).",
    rule=resolutions.ELIGIBLE,
    next_ja="表決者を確かめてください。",
    next_en="Check who may vote.",
    kind="invalid",
)
OPTIONS_CHANGED = refusal(
    "OPTIONS_CHANGED",
    ja="案が確定時（第{frozen}版）から変わっています（会議で示された版: {given}）。",
    en="The options are not those put to the meeting (frozen version {frozen}, given {given}).",
    rule=resolutions.WHAT_WAS_FROZEN,
    next_ja="案を確定し直してから議決してください。",
    next_en="Freeze the options again, then resolve.",
)
ALREADY_RESOLVED = refusal(
    "ALREADY_RESOLVED",
    ja="議題「{item}」は既に議決されています。",
    en="The item “{item}” has been resolved already.",
    rule=resolutions.ONCE,
    next_ja="変更は新しい案件として扱ってください。",
    next_en="A change is a new matter.",
)
OBJECTION_RAISED = refusal(
    "OBJECTION_RAISED",
    ja="異議が{objections}件あるため「異議なし」とはできません。",
    en="There were {objections} objections, so it is not “no objection”.",
    rule=resolutions.OBJECTION,
    next_ja="採決を行ってください。",
    next_en="Take a vote.",
)
OUTCOME_NOT_READ = refusal(
    "OUTCOME_NOT_READ",
    ja="合意した結論の文がありません。",
    en="The text of the outcome is missing.",
    rule=resolutions.READ_BACK,
    next_ja="読み上げた結論を記入してください。",
    next_en="Give what was read back.",
    kind="invalid",
)
LIMITS_REQUIRED = refusal(
    "LIMITS_REQUIRED",
    ja="座長一任には範囲の記載が必要です。",
    en="What is entrusted to the chair needs its limits.",
    rule=resolutions.CHAIR_LIMITS,
    next_ja="一任の範囲を記入してください。",
    next_en="Give the limits.",
    kind="invalid",
)
WRITTEN_NOT_ALLOWED = refusal(
    "WRITTEN_NOT_ALLOWED",
    ja="会議規則は書面協議を認めていません。",
    en="The rules do not allow a written procedure.",
    rule=resolutions.WRITTEN,
    next_ja="会議を開くか、規則を確かめてください。",
    next_en="Hold a meeting, or look at the rules.",
)
REPLIES_REQUIRED = refusal(
    "REPLIES_REQUIRED",
    ja="書面協議には期限と回答の一覧が必要です。",
    en="A written procedure needs its deadline and its replies.",
    rule=resolutions.WRITTEN,
    next_ja="期限と書面の回答を記入してください。",
    next_en="Give the deadline and the replies.",
    kind="invalid",
)
OPINION_REQUIRED = refusal(
    "OPINION_REQUIRED",
    ja="意見集約には1件以上の意見が必要です。",
    en="A summary of opinions needs at least one opinion.",
    rule=resolutions.SUMMARY,
    next_ja="発言または意見を先に記録してください。",
    next_en="Record a statement or an opinion first.",
)
NOT_A_REPORT = refusal(
    "NOT_A_REPORT",
    ja="報告了承は報告事項の議題に限ります。",
    en="Only an item of the type report can be noted so.",
    rule=resolutions.NOTED,
    next_ja="議題の種別を確かめてください。",
    next_en="Check the type of the item.",
    kind="invalid",
)
ITEMS_OPEN = refusal(
    "ITEMS_OPEN",
    ja="終わっていない議題があります（{items}）。",
    en="Some items are still open ({items}).",
    rule=meetings.ITEMS_DONE,
    next_ja="各議題の扱いを記録してから閉会してください。",
    next_en="Record what became of each item, then close.",
)
REQUESTS_OPEN = refusal(
    "REQUESTS_OPEN",
    ja="会議録への修正の申出が残っています（{count}件）。",
    en="{count} requests for changes are open.",
    rule=meetings.REQUESTS_ANSWERED,
    next_ja="先に申出への対応を記録してください。",
    next_en="Answer the requests first.",
)
NOT_CONFIRMED = refusal(
    "NOT_CONFIRMED",
    ja="会議録はまだ確認されていません。",
    en="The minutes have not been confirmed.",
    rule=meetings.CONFIRMED_FIRST,
    next_ja="先に会議録を確認してください。",
    next_en="Confirm the minutes first.",
)
NAMING_NOT_ALLOWED = refusal(
    "NAMING_NOT_ALLOWED",
    ja="発言者の氏名を載せた会議録ですが、本人の同意も会議規則の定めもありません（{speakers}）。",
    en="The minutes name who spoke, without their consent and with no rule that says so ({speakers}).",
    rule=disclosure.SPEAKERS,
    next_ja="役割で記した会議録案を作り直すか、本人の同意を記録してください。",
    next_en="Draft minutes that give roles only, or record the consent of those who spoke.",
)
MINUTES_INCOMPLETE = refusal(
    "MINUTES_INCOMPLETE",
    ja="会議録に必要な項目が足りません（{missing}）。",
    en="The minutes lack: {missing_en}.",
    rule=meetings.TEN_ITEMS,
    next_ja="足りない項目を記録してください。確認後の会議録は、訂正の提案と承認によって補えます。",
    next_en="Record what is missing; confirmed minutes are completed by a correction, proposed and approved.",
)
DRAFT_NOT_NEXT = refusal(
    "DRAFT_NOT_NEXT",
    ja="会議録案の版は{next}です。",
    en="The next version of the draft is {next}.",
    rule=meetings.DRAFTS_NUMBERED,
    next_ja="版を直してください。",
    next_en="Correct the version.",
    kind="invalid",
)
COUNT_IMPOSSIBLE = refusal(
    "COUNT_IMPOSSIBLE",
    ja="出席者{present}人が在任者{serving}人を超えています。",
    en="{present} present is more than {serving} serving.",
    rule=meetings.POSSIBLE_COUNT,
    next_ja="資料の人数を確かめてください。",
    next_en="Check the numbers in the source.",
    kind="invalid",
)
CASTING_VOTE_UNDUE = refusal(
    "CASTING_VOTE_UNDUE",
    ja="可否同数でないか、規則に座長の裁決がないため、裁決はできません。",
    en="There is no tie, or the rules give the chair no casting vote.",
    rule=resolutions.CASTING_VOTE,
    next_ja="座長の決裁票を省いてください。",
    next_en="Leave the casting vote out.",
    kind="invalid",
)
PARTY_TO_ITEM = refusal(
    "PARTY_TO_ITEM",
    ja="「{appointment}」は既にこの議題から外れています。",
    en="“{appointment}” is recused from this item already.",
    rule=meetings.RECUSAL,
    next_ja="除斥の記録を確かめてください。",
    next_en="Look at the recusals.",
)
REQUEST_UNKNOWN = refusal(
    "REQUEST_UNKNOWN",
    ja="修正の申出「{request}」はありません。",
    en="There is no open request “{request}”.",
    rule=recording.REFERENCES_HOLD,
    next_ja="申出の記録を確かめてください。",
    next_en="Look at the requests.",
    kind="invalid",
)
SAME_TIME_AND_PLACE = refusal(
    "SAME_TIME_AND_PLACE",
    ja="日時も場所も変わっていません。",
    en="Neither the time nor the place has changed.",
    rule=meetings.RESCHEDULED,
    next_ja="新しい日時または場所を記入してください。",
    next_en="Give the new time or place.",
    kind="invalid",
)
OPTIONS_OPEN = refusal(
    "OPTIONS_OPEN",
    ja="この案件の案はまだ確定していないため、議決できません。",
    en="The options of this matter have not been frozen, so that nobody could say what was resolved.",
    rule=resolutions.WHAT_WAS_FROZEN,
    next_ja="先に案を確定し、その版を示して議決してください。",
    next_en="Freeze the options first, and resolve on that version.",
    since=4,
)
ATTENDANCE_UNPROVED = refusal(
    "ATTENDANCE_UNPROVED",
    ja="後から分かった出席には、根拠が必要です。",
    en="Attendance that is recorded later needs what shows it.",
    rule=meetings.KNOWN_LATER,
    next_ja="署名した会議録や出席簿などの文書とその箇所、会議録作成者として在席したこと、またはメールを示して"
    "ください。",
    next_en="Give a registered document (signed minutes, a list of those present), that you were there as "
    "minute taker, or a mail.",
    kind="invalid",
)
NOT_OPENED = refusal(
    "NOT_OPENED",
    ja="開会の記録がないため、出席を加えられません。",
    en="No opening is on record to which attendance could be added.",
    rule=meetings.KNOWN_LATER,
    next_ja="開会、または開催された事実を記録してください。出席者はその中に記せます。書面協議で数えられなかった"
    "回答は、会議録に記します。",
    next_en="Record the opening, or that the meeting was held: who was there goes with it. A reply that was "
    "not counted in a written procedure is told in its minutes.",
)
DEADLINE_NOT_LATER = refusal(
    "DEADLINE_NOT_LATER",
    ja="回答期限は{day}より前にはできません。",
    en="The deadline cannot lie before {day}.",
    rule=meetings.IN_WRITING,
    next_ja="期限を確かめてください。",
    next_en="Check the deadline.",
    kind="invalid",
)
DEADLINE_NOT_OVER = refusal(
    "DEADLINE_NOT_OVER",
    ja="回答期限（{deadline}）が過ぎておらず、全員の回答もそろっていません。",
    en="The deadline ({deadline}) is not over, and not everybody has replied.",
    rule=meetings.IN_WRITING,
    next_ja="期限の後に行うか、残りの回答を記録してください。",
    next_en="Wait for the deadline, or record the replies still to come.",
)
REPLIES_TOO_FEW = refusal(
    "REPLIES_TOO_FEW",
    ja="回答した委員が定足数に達していません（{replied}人、必要{required}人）。",
    en="Too few members have replied for a quorum ({replied}, {required} required).",
    rule=meetings.IN_WRITING,
    next_ja="理由を添えて期限を延ばすか、書面協議を不成立として記録してください。",
    next_en="Move the deadline, with the reason, or record the procedure as inquorate.",
)
NOT_A_SIGNATORY = refusal(
    "NOT_A_SIGNATORY",
    ja="「{appointment}」は署名委員に指名されていません。",
    en="“{appointment}” is not named as a signatory.",
    rule=meetings.SIGNED,
    next_ja="先に署名委員を記録してください。",
    next_en="Record who signs the minutes first.",
    kind="invalid",
)
SIGNATURES_MISSING = refusal(
    "SIGNATURES_MISSING",
    ja="署名委員{count}人の署名がまだ記録されていません。",
    en="The signatures of {count} signatories are not on record yet.",
    rule=meetings.SIGNED,
    next_ja="署名を記録するか、座長または次の会議による確認として記録してください。",
    next_en="Record the signatures, or that the chair or the next meeting confirmed the minutes.",
)
