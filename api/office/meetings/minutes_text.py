"""The minutes as one text in the city's ten items, built from the record; and what somebody changed in it.

Statements stand in it as they were typed on the day (``○座長　…``), so that a change is read the same way and
goes back into the record as a change of that statement.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from api.http.language import tr
from api.office.meetings.bodies import Body
from api.office.meetings.statements import cut
from api.pages.parts.names import Names
from api.papers import meeting as of_meeting
from api.papers import minutes as paper_of_minutes
from api.papers.frame import frame_of
from api.papers.structure import Block, Bullets, Facts, Paragraph, Section, Table
from domain.meeting.aggregate import Meeting
from domain.meeting.events import ResolutionTaken, StatementRecorded
from domain.values.resolution_methods import METHODS, RESULTS
from projections.engine.log import events_after

ITEM, OUTCOME = "■", "【"
OWN = (4, 5, 8, 9)
"""Items of the paper that this text says itself: who was there, the staff, the record, what else."""
TEN = 10


@dataclass(frozen=True)
class OnRecord:
    """A statement on record, and the version of its event."""

    item: str
    version: int
    statement: StatementRecorded


@dataclass(frozen=True)
class Changed:
    """A change of what was said on an item. ``before`` None: added; ``after`` None: taken out."""

    item: str
    before: OnRecord | None
    after: str | None
    name: str = ""


def statements_of(connection: sa.Connection, entity: str) -> list[OnRecord]:
    """What is on record of what was said, in order."""
    stream = Meeting.stream_for(entity)
    return [
        OnRecord(e.data.item_id or "", e.version, e.data)
        for e in events_after(connection, stream=stream, limit=5_000)
        if isinstance(e.data, StatementRecorded)
    ]


def build(connection: sa.Connection, meeting: Meeting, body: Body, naming: str) -> str:
    """The text. ``naming``: whether speakers and members stand in it by name."""
    data = of_meeting.read(connection, meeting.entity)
    frame = frame_of(connection, f"/meetings/{meeting.entity}", public=False)
    paper = paper_of_minutes.make(data, Names(connection, data), frame)
    lines = [paper.title, ""]
    for n, section in enumerate(paper.sections[:TEN]):
        lines.append(section.heading)
        if n == OWN[0]:
            lines += _members(meeting, body, naming)
        elif n == OWN[1]:
            lines += _others(meeting, section)
        elif n == OWN[2]:
            lines += _record(connection, meeting, body, naming)
        elif n == OWN[3]:
            lines.pop()  # what else there was is asked beside the text
        else:
            lines += [line for block in section.blocks for line in _block(block)]
        lines.append("")
    return "\n".join(lines).strip() + "\n"


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield block.text
    elif isinstance(block, Bullets):
        yield from (f"・{entry}" for entry in block.entries)
    elif isinstance(block, Facts):
        yield from (f"{label}　{value}" for row in block.rows for label, value in row)
    elif isinstance(block, Table):
        yield from ("　".join(row) for row in block.rows)


def _members(meeting: Meeting, body: Body, naming: str) -> list[str]:
    """Who was there and who was not: by name where the rules have it so, else how many."""
    there = [member for member in body.members if member.seat in meeting.attended]
    away = [member for member in body.members if member.seat not in meeting.attended]
    rules = body.rules
    by_name = naming == "named" or (rules is not None and rules.roster_naming == "named")
    lines = [
        tr(f"出席委員{len(there)}人、欠席委員{len(away)}人", f"Present: {len(there)}; absent: {len(away)}")
    ]
    if by_name:
        comma = tr("、", ", ")
        lines += [tr("出席　", "Present: ") + comma.join(member.name for member in there)]
        lines += [tr("欠席　", "Absent: ") + comma.join(member.name for member in away)] if away else []
    return lines


def _others(meeting: Meeting, section: Section) -> list[str]:
    """Staff and others by their posts: names of people stay in the copy for those who may see them."""
    if not meeting.others:
        return [line for block in section.blocks for line in _block(block)]
    words = {
        "adviser": tr("助言者", "adviser"),
        "staff": tr("事務局", "staff"),
        "guest": tr("出席者", "guest"),
    }
    return [f"・{words[other.capacity]}　{other.post or ''}".rstrip("　") for other in meeting.others]


def _record(connection: sa.Connection, meeting: Meeting, body: Body, naming: str) -> list[str]:
    statements = statements_of(connection, meeting.entity)
    lines: list[str] = []
    for n, item in enumerate(sorted(meeting.items.values(), key=lambda item: item.order), 1):
        lines.append(tr(f"{ITEM}議事{n}　{item.title}", f"{ITEM}Item {n}　{item.title}"))
        lines += [
            f"○{speaker(s.statement, body, naming)}　{s.statement.text}"
            for s in statements
            if s.item == item.item_id
        ]
        taken = [r for r in meeting.resolutions.values() if r.item_id == item.item_id]
        lines += [_outcome(r) for r in taken]
        if not taken and item.item_id in meeting.settled:
            lines.append(tr(f"{OUTCOME}了承または継続】", f"{OUTCOME}noted, or carried over】"))
    return lines


def speaker(statement: StatementRecorded, body: Body, naming: str) -> str:
    """How a speaker stands in the minutes."""
    if naming == "none":
        return tr("発言", "Statement")
    member = body.member(statement.speaker)
    if member is None or naming != "named":
        return statement.speaker_role or tr("委員", "member")
    return statement.speaker_role if statement.speaker_role == "座長" else f"{_plain(member.name)}委員"


def _plain(name: str) -> str:
    return "".join(name.split())


def _outcome(taken: ResolutionTaken) -> str:
    method, result = METHODS[taken.method], RESULTS[taken.result]
    tally = taken.tally
    votes = (
        tr(
            f"、賛成{tally.for_}・反対{tally.against}・棄権{tally.abstain}",
            f", {tally.for_} for, {tally.against} against, {tally.abstain} abstaining",
        )
        if tally is not None
        else ""
    )
    return tr(
        f"{OUTCOME}{method.ja}により{result[0]}{votes}】", f"{OUTCOME}{result[1]} by {method.en}{votes}】"
    )


# -- what was changed


def changes(text: str, meeting: Meeting, on_record: Sequence[OnRecord]) -> list[Changed]:
    """What an edited text changes of what was said, item by item. Words around the statements are the text's
    own and change nothing on record."""
    listed: list[Changed] = []
    blocks = _by_item(text, meeting)
    for item, spoken in blocks.items():
        known = [s for s in on_record if s.item == item]
        old, new = [s.statement.text for s in known], [words for _, words in spoken]
        for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if tag == "equal":
                continue
            pairs = min(b - a, d - c)
            listed += [Changed(item, known[a + k], new[c + k], spoken[c + k][0]) for k in range(pairs)]
            listed += [Changed(item, known[k], None) for k in range(a + pairs, b)]
            listed += [Changed(item, None, new[k], spoken[k][0]) for k in range(c + pairs, d)]
    return listed


def _by_item(text: str, meeting: Meeting) -> dict[str, list[tuple[str, str]]]:
    """The statements of each item that stands in a text: names and words."""
    items = sorted(meeting.items.values(), key=lambda item: item.order)
    by_item: dict[str, list[tuple[str, str]]] = {}
    for piece in text.split(f"\n{ITEM}")[1:]:
        head, _, rest = piece.partition("\n")
        item = next((i for i in items if head.endswith(f"　{i.title}")), None)
        if item is None:
            continue
        spoken = cut(_until(rest, len(by_item) + 1 == len(items)))[1]
        by_item[item.item_id] = [(s.name, s.text) for s in spoken]
    return by_item


def _until(text: str, is_last: bool) -> str:
    """The statements of an item: up to its outcome, and of the last one up to the blank line after it."""
    lines: list[str] = []
    for line in text.split("\n"):
        if line.startswith(OUTCOME) or (is_last and not line.strip() and lines):
            break
        lines.append(line)
    return "\n".join(lines)


def as_shown(changed: Changed) -> dict[str, Any]:
    """A change as a page shows it: what stood, what is to stand."""
    return {
        "name": changed.name,
        "before": changed.before.statement.text if changed.before is not None else None,
        "after": changed.after,
    }
