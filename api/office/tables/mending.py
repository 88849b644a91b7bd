"""What mends a fault: for all the cells that have it at once, wherever that is possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from api.http.language import tr
from api.office.desk.refused import shown
from api.office.tables.checking import Checked
from api.office.tables.reading.headings import most_common
from api.office.tables.reading.sheet import Place, address
from api.office.tables.reading.values import name_key, plain
from api.office.tables.rows.declared import Choice, Fault

MOST_INPUTS = 4
"""So many cells are mended one by one; more of them get one field for all."""
ITS_OWN = frozenset({"name", "no", "text", "title", "member", "contact", "address"})
"""Columns in which what other rows say is no help."""


@dataclass
class Group:
    """Faults of one kind: one line of the screen."""

    number: int
    faults: list[Fault]
    sentence: str
    way_out: str
    details: list[str] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    inputs: list[dict[str, str]] = field(default_factory=list)

    @property
    def places(self) -> list[Place]:
        return [fault.place for fault in self.faults if fault.place is not None]

    @property
    def rows(self) -> list[int]:
        return sorted({fault.row for fault in self.faults if fault.row is not None})


def grouped(outcome: Checked) -> list[Group]:
    """The faults by kind and column, in the order in which they stand in the sheet."""
    kinds: dict[tuple[str, str | None, str | None], list[Fault]] = {}
    for fault in outcome.faults:
        kinds.setdefault((fault.refused.code, fault.column, fault.once), []).append(fault)
    ordered = sorted(kinds.values(), key=lambda same: (same[0].once is None, same[0].place or (0, 0)))
    return [_group(outcome, number, same) for number, same in enumerate(ordered, 1)]


def _group(outcome: Checked, number: int, faults: list[Fault]) -> Group:
    in_words = [shown(fault.refused) for fault in faults[:12]]
    sentences = [words["sentence"] for words in in_words]
    group = Group(number, faults, sentences[0], in_words[0]["what_next"])
    if len(set(sentences)) > 1:
        group.details = [
            f"{address(fault.place)}{tr('：', ': ')}{sentence}"
            for fault, sentence in zip(faults, sentences, strict=False)
            if fault.place is not None
        ]
        column = faults[0].column
        words = outcome.table.column(column).words if column else ("", "")
        group.sentence = tr(f"「{words[0]}」に直すところがあります", f"“{words[1]}” has something to mend")
    else:
        group.details = _what_stands_there(faults)
    if any(fault.row is not None for fault in faults):
        group.choices = _choices(outcome, group)
        group.inputs = _inputs(outcome, group)
    return group


def _what_stands_there(faults: Sequence[Fault]) -> list[str]:
    texts = list(dict.fromkeys(fault.was for fault in faults if fault.was))
    if not texts or len(texts) > 5:
        return []
    together = "".join(f"「{text[:30]}」" for text in texts)
    if len(faults) > 1 and len(texts) == 1:
        return [tr(f"どれも{together}", f"All of them say {together}")]
    return [together]


def _choices(outcome: Checked, group: Group) -> list[Choice]:
    code = group.faults[0].refused.code
    made: list[Choice] = []
    if code == "BODY_UNKNOWN":
        made += _of_bodies(group)
    elif code == "COMMENTER_NOT_STATED":
        label = tr("すべて「記入なし」として入れる", "Take them all in as “not stated”")
        made.append(Choice(label, "ok not stated"))
    elif code == "NAME_TWICE":
        for fault in group.faults[:MOST_INPUTS]:
            label = tr(f"{fault.was}は別の人", f"{fault.was}: two people")
            made.append(Choice(label, f"ok two {name_key(fault.was)} {fault.row}"))
    elif code == "CELL_NO_CHOICE":
        made += _of_words(group)
    elif code in ("ACTION_UNKNOWN", "MATTER_UNKNOWN", "MEMBER_UNKNOWN"):
        made += _alike(group)
    else:
        made += _as_the_others(outcome, group)
    rows = group.rows
    label = tr(
        "この行は取り込まない" if len(rows) == 1 else f"この{len(rows)}行は取り込まない",
        "Leave this row out" if len(rows) == 1 else f"Leave these {len(rows)} rows out",
    )
    return [*made, Choice(label, f"skip {','.join(map(str, rows))}")]


def _of_bodies(group: Group) -> list[Choice]:
    made = []
    for text, places in _by_text(group).items():
        alike = next(f.refused.params.get("alike") for f in group.faults if f.was == text)
        if alike:
            made.append(Choice(tr(f"{alike}にする", f"Make it {alike}"), _set(places, alike)))
        label = tr(f"「{text}」を新しい団体として登録", f"Register “{text}” as a new body")
        made.append(Choice(label, f"ok body {name_key(text)}"))
    return made[: MOST_INPUTS * 2]


def _alike(group: Group) -> list[Choice]:
    """The name on record that is most like what stands there; of an action, that it is a new one."""
    made = []
    is_action = group.faults[0].refused.code == "ACTION_UNKNOWN"
    for text, places in list(_by_text(group).items())[:MOST_INPUTS]:
        alike = next(f.refused.params.get("alike") for f in group.faults if f.was == text)
        if alike:
            label = tr(f"「{text}」を{alike}にする", f"Make “{text}” {alike}")
            made.append(Choice(label, _set(places, alike)))
        if is_action:
            label = tr(f"「{text}」を新しい事業として登録", f"Register “{text}” as a new action")
            made.append(Choice(label, f"ok action {plain(text)}"))
    return made


def _of_words(group: Group) -> list[Choice]:
    texts = _by_text(group)
    words = str(group.faults[0].refused.params.get("known", "")).split("、")
    if len(texts) > 1 or not all(words) or len(words) > 6:
        return []
    return [
        Choice(tr(f"{word}にする", f"Make it {word}"), _set(places, word))
        for places in texts.values()
        for word in words
    ]


def _as_the_others(outcome: Checked, group: Group) -> list[Choice]:
    """What most of the other rows say."""
    fault = group.faults[0]
    if fault.column is None or fault.column in ITS_OWN or outcome.table.column(fault.column).secret:
        return []
    bad = set(group.places)
    column = group.places[0][1]
    others = [(row, column) for row in outcome.rows if (row, column) not in bad]
    usual = most_common(outcome.sheet, others)
    if usual is None:
        return []
    count = len(group.places)
    label = tr(
        f"{count}か所とも「{usual}」にする" if count > 1 else f"「{usual}」にする",
        f"Make all {count} of them “{usual}”" if count > 1 else f"Make it “{usual}”",
    )
    return [Choice(label, _set(group.places, usual))]


def _inputs(outcome: Checked, group: Group) -> list[dict[str, str]]:
    """Fields to write into: one for each cell, or one for all of many."""
    if not group.places:
        return []
    by_cell = {fault.place: fault.was for fault in group.faults if fault.place is not None}
    if len(by_cell) <= MOST_INPUTS:
        return [
            {"name": f"cell-{address(place)}", "label": address(place), "was": was[:60]}
            for place, was in by_cell.items()
        ]
    label = tr(f"{len(by_cell)}か所に書く", f"Write into all {len(by_cell)}")
    return [{"name": f"fill-{','.join(map(address, by_cell))}", "label": label, "was": ""}]


def _by_text(group: Group) -> dict[str, list[Place]]:
    texts: dict[str, list[Place]] = {}
    for fault in group.faults:
        if fault.place is not None:
            texts.setdefault(fault.was, []).append(fault.place)
    return texts


def _set(places: Sequence[Place], text: str) -> str:
    return f"set {','.join(map(address, places))}={text}"
