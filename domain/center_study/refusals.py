"""Why a step of a centre study may be refused (see domain/center_study/aggregate.py)."""

from __future__ import annotations

from domain.rules import studies
from domain.values.refusal import refusal

QUESTION_NAME_WRONG = refusal(
    "QUESTION_NAME_WRONG",
    ja="検討項目の名前「{question}」は使えません（{known}）。",
    en="“{question}” is not the name of a question ({known}).",
    rule=studies.QUESTIONS,
    next_ja="四つの項目のどれかか、「その他」を選んでください。",
    next_en="Choose one of the four, or “other”.",
    kind="invalid",
)
ANSWER_IS_AN_EVENT = refusal(
    "ANSWER_IS_AN_EVENT",
    ja="回答や結果は、ここではなく独立した記録として残します。",
    en="An answer or an outcome is recorded by itself, not here.",
    rule=studies.OPENED_FIRST,
    next_ja="空欄のまま記録し、続けて回答を記録してください。",
    next_en="Leave it empty, and record the answer after it.",
    kind="invalid",
)
NECESSITY_FIRST = refusal(
    "NECESSITY_FIRST",
    ja="「{question}」に答える前に、協働センターが必要だという回答が必要です。",
    en="Before “{question}” is answered it must be answered that a centre is needed.",
    rule=studies.NECESSITY_FIRST,
    next_ja="先に必要性に答えてください。検討や暫定の回答は先にできます。",
    next_en="Answer the question of necessity first; exploring and provisional answers are free.",
)
FUNCTIONS_FIRST = refusal(
    "FUNCTIONS_FIRST",
    ja="立地に答える前に、機能への回答が必要です。",
    en="The functions must be answered before the location.",
    rule=studies.FUNCTIONS_FIRST,
    next_ja="先に機能に答えてください。",
    next_en="Answer the question of functions first.",
)
NO_FINDING = refusal(
    "NO_FINDING",
    ja="「{question}」についての知見が記録されていません。",
    en="No finding on “{question}” is on record.",
    rule=studies.FOUNDED,
    next_ja="先に知見を記録してください。",
    next_en="Record what was found first.",
)
NEEDED_UNSAID = refusal(
    "NEEDED_UNSAID",
    ja="必要性への回答には、必要か否かを記入します。他の項目には記入しません。",
    en="The answer on necessity says whether a centre is needed; no other answer does.",
    rule=studies.NEEDED_OR_NOT,
    next_ja="必要か否かを記入するか、他の項目では省いてください。",
    next_en="Say whether it is needed, or leave it out for another question.",
    kind="invalid",
)
QUESTION_SETTLED = refusal(
    "QUESTION_SETTLED",
    ja="「{question}」は既に決着しています（{state}）。",
    en="“{question}” is settled already ({state}).",
    rule=studies.REOPENED,
    next_ja="新しい根拠や理由があれば、先に再検討を記録してください。",
    next_en="If there is new evidence or a reason, reopen it first.",
)
QUESTION_UNSETTLED = refusal(
    "QUESTION_UNSETTLED",
    ja="「{question}」はまだ決着していないため、再検討は要りません。",
    en="“{question}” is not settled yet and need not be reopened.",
    rule=studies.REOPENED,
    next_ja="そのまま検討を続けてください。",
    next_en="Go on with it.",
)
REOPEN_UNFOUNDED = refusal(
    "REOPEN_UNFOUNDED",
    ja="再検討には、新しい根拠または理由が必要です。",
    en="Reopening needs new evidence or a reason.",
    rule=studies.REOPENED,
    next_ja="新しい根拠の文書か、理由を記入してください。",
    next_en="Name a document, or give the reason.",
    kind="invalid",
)
QUESTIONS_OPEN = refusal(
    "QUESTIONS_OPEN",
    ja="決着していない検討項目があります（{questions}）。",
    en="Some questions are not settled ({questions}).",
    rule=studies.REPORT,
    next_ja="答えるか、理由を添えて「結論を出さず」と記録してください。",
    next_en="Answer them, or leave them open for a reason.",
)
REPORT_VERSION_OLD = refusal(
    "REPORT_VERSION_OLD",
    ja="報告書の版{v}は、提出済みの版{last}より新しくありません。",
    en="Version {v} of the report is not newer than version {last}, which was submitted.",
    rule=studies.REPORT_VERSIONS,
    next_ja="版の番号を確かめてください。",
    next_en="Check the number of the version.",
    kind="invalid",
)
