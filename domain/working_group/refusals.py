"""Why a step of a working group may be refused (see domain/working_group/aggregate.py)."""

from __future__ import annotations

from domain.rules import dates, groups
from domain.values.refusal import refusal

LEADER_EXISTS = refusal(
    "LEADER_EXISTS",
    ja="このグループには既にリーダーがいます（{leader}）。",
    en="This group already has a leader ({leader}).",
    rule=groups.LEADER,
    next_ja="先に今のリーダーの解除を記録するか、構成員として割り当ててください。",
    next_en="Release the present leader first, or assign a member.",
)
IN_GROUP_ALREADY = refusal(
    "IN_GROUP_ALREADY",
    ja="「{who}」は既にこのグループに割り当てられています。",
    en="“{who}” is already assigned to this group.",
    rule=groups.MEMBERS,
    next_ja="割り当てを確かめてください。",
    next_en="Look at who is assigned.",
)
NOT_MEMBER = refusal(
    "NOT_MEMBER",
    ja="「{appointment}」はこのグループの構成員ではないため、責任を持てません。",
    en="“{appointment}” is not a member of this group and holds no responsibility in it.",
    rule=groups.RESPONSIBLE,
    next_ja="先に構成員として割り当てるか、構成員の委嘱の識別子を示してください。",
    next_en="Assign them as a member first, or give the appointment of a member.",
)
NO_RESPONSIBILITY = refusal(
    "NO_RESPONSIBILITY",
    ja="責任分担のない構成員がいます（{members}）。",
    en="Some members hold no responsibility ({members}).",
    rule=groups.EACH_RESPONSIBLE,
    next_ja="構成員それぞれの責任分担を記録してから、活動を始めてください。",
    next_en="Record a responsibility for each of them, then activate the group.",
)
GROUP_EMPTY = refusal(
    "GROUP_EMPTY",
    ja="構成員のいないグループは活動を始められません。",
    en="A group without members cannot set to work.",
    rule=groups.MEMBERS,
    next_ja="先に構成員を割り当ててください。",
    next_en="Assign its members first.",
)
RESPONSIBILITY_OPEN = refusal(
    "RESPONSIBILITY_OPEN",
    ja="完了していない責任分担があります（{duties}）。",
    en="Some responsibilities are still open ({duties}).",
    rule=groups.NOTHING_ORPHANED,
    next_ja="完了または引継ぎを記録してください。",
    next_en="Discharge them or hand them over first.",
)
RESPONSIBILITY_CLOSED = refusal(
    "RESPONSIBILITY_CLOSED",
    ja="責任分担「{duty}」は既に完了しています。",
    en="The responsibility “{duty}” has already been discharged.",
    rule=groups.DISCHARGED_ONCE,
    next_ja="続きがあれば、新しい責任分担として記録してください。",
    next_en="Record what follows as a new responsibility.",
)
WORK_AHEAD = refusal(
    "WORK_AHEAD",
    ja="{day}の作業は、まだ記録できません。",
    en="Work on {day_en} cannot be recorded yet.",
    rule=dates.NOT_AHEAD,
    next_ja="日付を確かめるか、作業の後に記録してください。",
    next_en="Check the day, or record it when the work is done.",
    kind="invalid",
)
GROUP_CANNOT_CONCLUDE = refusal(
    "GROUP_CANNOT_CONCLUDE",
    ja="グループは市民会議に代わって結論を出せません。",
    en="A group does not conclude for the council.",
    rule=groups.PROPOSES,
    next_ja="提案または報告として記録し、結論は市民会議の案件で記録してください。",
    next_en="Record it as a proposal or report; the council concludes in a matter.",
)
