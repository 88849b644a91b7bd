"""Why a command on a matter 案件 may be refused (see domain/matter/aggregate.py and domain.md 4.3)."""

from __future__ import annotations

from domain.rules import matters, permissions
from domain.values.refusal import refusal

BEYOND_REMIT = refusal(
    "BEYOND_REMIT",
    ja="所掌の根拠がありません（根拠条文も、慣行の説明も示されていません）。",
    en="Nothing says that this is for the council: neither an article nor an explanation of the practice.",
    rule=matters.REMIT,
    next_ja="根拠条文を示すか、慣行として扱う理由を記入してください。",
    next_en="Cite the article, or explain why the council deals with it by custom.",
    kind="invalid",
)
OPTION_UNKNOWN = refusal(
    "OPTION_UNKNOWN",
    ja="案「{option}」は、この案件で提案されていないか、既に取り下げられています。",
    en="The option “{option}” was not proposed in this matter, or has been withdrawn.",
    rule=matters.OPTIONS,
    next_ja="案の識別子を確かめるか、先に案として提案してください。",
    next_en="Check the option's identifier, or propose it first.",
)
NO_OPTION = refusal(
    "NO_OPTION",
    ja="確定する案がありません。",
    en="There is no option to freeze.",
    rule=matters.OPTIONS,
    next_ja="先に案を提案してください。",
    next_en="Propose an option first.",
)
OPTIONS_NOT_FROZEN = refusal(
    "OPTIONS_NOT_FROZEN",
    ja="案が確定していません（議決された版: {resolved}、現在確定している版: {frozen}）。",
    en="The options decided on are not frozen (decided on version {resolved}, frozen now: version {frozen}).",
    rule=matters.WORD_FOR_WORD,
    next_ja="案を確定してから議決し、その版に基づいて結論を記録してください。",
    next_en="Freeze the options, take the resolution on that version, then conclude.",
)
EVIDENCE_OR_REASON_REQUIRED = refusal(
    "EVIDENCE_OR_REASON_REQUIRED",
    ja="資料がない、または案が一つだけの決定には、理由の記載が必要です（資料{evidence}件、案{options}件）。",
    en="A decision without evidence, or on a single option, needs a written reason "
    "({evidence} pieces of evidence, {options} options).",
    rule=matters.REASONED,
    next_ja="理由を記入するか、資料を添付してください。",
    next_en="Give the reason, or attach the evidence.",
    kind="invalid",
)
CHOICE_MISMATCH = refusal(
    "CHOICE_MISMATCH",
    ja="結果「{result}」と、選ばれた案・条件の記載（案: {chosen}、条件: {conditions}件）が合いません。",
    en="The result “{result_en}” does not fit the option chosen ({chosen}) and the {conditions} conditions.",
    rule=matters.CHOICE,
    next_ja="可決なら選ばれた案を、条件付き可決なら条件も記入し、否決・了承なら案を省いてください。",
    next_en="Name the option that was adopted, and its conditions if there are any; none if it was rejected.",
    kind="invalid",
)
RESOLUTION_UNKNOWN = refusal(
    "RESOLUTION_UNKNOWN",
    ja="会議「{meeting}」に、この案件についての議決「{resolution}」の記録はありません。",
    en="The meeting “{meeting}” has no resolution “{resolution}” on this matter.",
    rule=matters.PROVED,
    next_ja="議決の識別子を確かめるか、先に会議で議決を記録してください。",
    next_en="Check the resolution's identifier, or have the meeting take the resolution first.",
)
RESOLUTION_UNFINISHED = refusal(
    "RESOLUTION_UNFINISHED",
    ja="結果「{result}」では結論になりません。",
    en="The result “{result_en}” concludes nothing.",
    rule=matters.FINISHED,
    next_ja="継続審議とし、次の会議で改めて諮ってください。",
    next_en="Carry the matter over, and put it to the next meeting.",
)
DISSENT_UNASKED = refusal(
    "DISSENT_UNASKED",
    ja="異議または反対があったのに、少数意見の有無が確認されていません（異議{objections}件、反対{against}人）。",
    en="There were objections ({objections}) or votes against ({against}), "
    "and nobody is on record as having been asked for a dissent.",
    rule=matters.DISSENT_ASKED,
    next_ja="少数意見を記録するか、求めた上で「なし」と確認したことを記録してください。",
    next_en="File the dissents, or record that everybody was asked and had none.",
)
DISSENT_PERIOD_OVER = refusal(
    "DISSENT_PERIOD_OVER",
    ja="決定した会議の会議録が確認済みのため、少数意見の受付は終わっています。",
    en="The minutes of the meeting that decided have been confirmed: dissents can no longer be filed.",
    rule=matters.DISSENT_UNTIL,
    next_ja="新しい案件として提起するか、意見を次の会議で述べてください。",
    next_en="Raise a new matter, or state the opinion in the next meeting.",
)
NO_PART_IN_DECISION = refusal(
    "NO_PART_IN_DECISION",
    ja="「{holder}」は、決定した会議に出席していないか、この議題から外れていました。",
    en="“{holder}” was not at the meeting that decided, or was recused from the item.",
    rule=matters.DISSENT_BY,
    next_ja="出席と除斥の記録を確かめるか、次の会議で意見として述べてください。",
    next_en="Look at who was present and recused, or state it as an opinion in the next meeting.",
)
DISSENT_ON_RECORD = refusal(
    "DISSENT_ON_RECORD",
    ja="少数意見が{count}件記録されているため、「なし」とは確認できません。",
    en="{count} dissents are on record: it cannot be confirmed that there are none.",
    rule=matters.DISSENT_ASKED,
    next_ja="記録された少数意見を確かめてください。",
    next_en="Look at the dissents on record.",
)
NOT_ENTRUSTED = refusal(
    "NOT_ENTRUSTED",
    ja="この案件に、座長に一任されたままの事項はありません。",
    en="Nothing in this matter is left to the chair.",
    rule=matters.ENTRUSTED,
    next_ja="一任の議決があるか、既に確定・報告されていないかを確かめてください。",
    next_en="Check whether it was entrusted, and whether it has been settled and reported already.",
)
ENTRUSTMENT_NOT_SETTLED = refusal(
    "ENTRUSTMENT_NOT_SETTLED",
    ja="座長に一任された文案がまだ確定していません。",
    en="The wording left to the chair has not been settled yet.",
    rule=matters.ENTRUSTED,
    next_ja="先に、座長が確定した文案を記録してください。",
    next_en="Record the wording the chair settled on first.",
)
NO_INQUIRY = refusal(
    "NO_INQUIRY",
    ja="諮問を受けた附属機関ではないため、「答申」として送付できません。",
    en="A formal reply (答申) is for a statutory advisory body that received an inquiry (諮問).",
    rule=matters.FORMAL_REPLY,
    next_ja="「提言」または「報告」として送付してください。",
    next_en="Transmit it as a proposal or a report.",
    kind="invalid",
)
NOT_TRANSMITTED = refusal(
    "NOT_TRANSMITTED",
    ja="結論が市に送付されていません。",
    en="The conclusion has not been transmitted to the city.",
    rule=matters.SENT_FIRST,
    next_ja="先に市への送付を記録してください。",
    next_en="Record the transmission first.",
)
ADVISORY_RESULT_AS_DECISION = refusal(
    "ADVISORY_RESULT_AS_DECISION",
    ja="文書番号も根拠条文もないものを、市の決定として記録できません（市民会議の結論は市の決定ではありません）。",
    en="Without a document number or a citation this is no decision of the city; "
    "the council's conclusion is not one.",
    rule=matters.TWO_FACTS,
    next_ja="決裁文書の番号か、根拠条文を記入してください。",
    next_en="Give the number of the decision, or the article.",
    kind="invalid",
)
SUPERSEDE_CYCLE = refusal(
    "SUPERSEDE_CYCLE",
    ja="「{by}」は、これに置き換えられたもの、またはこれ自身です。",
    en="“{by}” was itself replaced by this one, or is this one.",
    rule=matters.REPLACED,
    next_ja="置き換える側の識別子を確かめてください。",
    next_en="Check the identifier of what is to replace it.",
)
ALREADY_SUPERSEDED = refusal(
    "ALREADY_SUPERSEDED",
    ja="既に「{by}」に置き換えられています。",
    en="It has already been superseded by “{by}”.",
    rule=matters.REPLACED,
    next_ja="置き換えた後の案件を変更してください。",
    next_en="Change the one that replaced it.",
)
MATTER_NOT_ADOPTED = refusal(
    "MATTER_NOT_ADOPTED",
    ja="案件「{matter}」は可決・合意されていません（状態: {state}）。",
    en="The matter “{matter}” has not been adopted or agreed on (state: {state}).",
    rule=matters.ADOPTED_FIRST,
    next_ja="先に案件の結論を記録するか、案件の識別子を確かめてください。",
    next_en="Record the conclusion of the matter first, or check its identifier.",
)
SECRETARIAT_HAS_NO_STANCE = refusal(
    "SECRETARIAT_HAS_NO_STANCE",
    ja="事務局自身の発言は説明に限られます（賛否は記録できません）。",
    en="The secretariat speaks to explain; it is neither for nor against.",
    rule=permissions.SECRETARIAT_EXPLAINS,
    next_ja="立場を中立とするか、意見を述べた人を示してください。",
    next_en="Make the stance neutral, or name whose opinion it is.",
    kind="invalid",
)
STEP_NOT_OPEN = refusal(
    "STEP_NOT_OPEN",
    ja="「{step}」という約束した手順は、未実施のものとして記録されていません。",
    en="No promised step “{step}” is on record as still to be taken.",
    rule=matters.PROMISES,
    next_ja="市の回答または決定に記した約束と、既に実施として記録したものを確かめてください。",
    next_en="Look at what the city's answer or decision promised, and at what is on record as taken.",
    kind="invalid",
)
