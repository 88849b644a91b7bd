"""Working groups, where every member of a project group takes on something; and the sections' officers."""

from __future__ import annotations

from domain.rules.rule import Source, Topic

CASE_SHEET = Source(
    "事例シート（委員それぞれが責任を持つ事業別グループ）",
    "the case sheet: project groups in which each member takes responsibility",
)

TOPIC = Topic("groups", "グループ・検討チーム", "Working groups")
MEMBERS = TOPIC.rule(
    "members",
    "グループは構成員を通じて働きます。一人が同じグループに入るのは一度で、構成員がいなければ活動は始まりま"
    "せん。",
    "A group works through its members: nobody is in it twice, and without members it does not set to work.",
)
LEADER = TOPIC.rule(
    "leader",
    "グループのリーダーは一人です。",
    "A group has one leader.",
)
RESPONSIBLE = TOPIC.rule(
    "responsible",
    "責任分担を持つのは構成員で、支援する職員やアドバイザーではありません。",
    "Responsibilities lie with members, not with supporting staff or advisers.",
)
EACH_RESPONSIBLE = TOPIC.rule(
    "each-responsible",
    "事業別グループは、構成員の全員が責任分担を持ってから活動を始めます。",
    "A project group sets to work when every member has taken on a responsibility.",
    CASE_SHEET,
)
NOTHING_ORPHANED = TOPIC.rule(
    "nothing-orphaned",
    "引き受けられた責任は、持ち主のないままにしません。外れる前、解散の前に、終えるか引き継ぎます。",
    "Nothing taken on is left without an owner: it is discharged or handed over before a member leaves or "
    "the group is dissolved.",
)
DISCHARGED_ONCE = TOPIC.rule(
    "discharged-once",
    "責任分担の完了は一度です。続きは新しい責任分担とします。",
    "A responsibility is discharged once; what follows is a new one.",
)
PROPOSES = TOPIC.rule(
    "proposes",
    "グループは提案や報告をします。結論を出すのは市民会議です。",
    "A group proposes and reports; it is the council that concludes.",
)
STATED_DAY = TOPIC.rule(
    "stated-day",
    "引き受けた責任、検討、今後の取り組みの期限は、記録された期日です。期日の記録がなければ、遅れているとは"
    "言いません。",
    "Responsibilities, studies and follow-ups are due on the day stated for them; where none is on record, "
    "nothing is called late.",
)

OFFICERS = Topic("officers", "協働推進担当者", "Collaboration officers")
ONE_POST = OFFICERS.rule(
    "one-post",
    "協働推進担当者は各課に一人です。交代は、前任者が退いたことを記録してから行います。退くことができるのは、"
    "置かれている担当者です。",
    "Each section has one collaboration officer; a successor follows when the one before has been "
    "relieved, and only who was designated is relieved.",
)
ABOLISHED = OFFICERS.rule(
    "abolished",
    "廃止された課には担当者を置きません。",
    "An abolished section has no officer.",
)
TRAINING = OFFICERS.rule(
    "training",
    "研修は一回ごとに識別子を持ち、実施は一度だけ記録します。",
    "Each training has an identifier of its own and is recorded as held once.",
)
BASIC_FIRST = OFFICERS.rule(
    "basic-first",
    "ステップアップ研修は、基礎研修を受けた人のためのものです。記録がない人がいても断らず、お知らせします。",
    "Follow-on training is for those who had the basic one. Where that is not on record it is pointed out, "
    "not refused.",
)
