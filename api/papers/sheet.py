"""An evaluation sheet 評価シート: how both sides judged, item by item, as the page of the sheet shows it."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from api.http.language import tr
from api.pages.parts.names import Names
from api.pages.plan import sheets
from api.papers import people, words
from api.papers.frame import Frame
from api.papers.structure import Block, Bullets, Facts, Paper, Paragraph, Section, Table, broadened
from domain.evaluation_sheet.events import SIDES
from projections.engine.event_json import Json


def read(connection: sa.Connection, entity: str) -> Json:
    """What the page of the sheet reads, with the names of who judged for whoever sees names."""
    data = sheets.read(connection, entity)
    opened = data["sheet"].get("opened") or {}
    parties = [opened.get(f"side_{side}") for side in SIDES] if people.sees_names() else []
    return {**data, "people": people.by_name(connection, parties)}


def make(data: Json, names: Names, frame: Frame) -> Paper:
    page = sheets.show(data, names)
    title = words.era_only(words.plain(page["title"]))
    named = [data["people"].get((data["sheet"].get("opened") or {}).get(f"side_{s}")) for s in SIDES]
    parts: list[tuple[str, Iterator[Block]]] = [(tr("シートの概要", "About the sheet"), _about(page, named))]
    if not page["closed"]:
        parts += [
            (tr("事前の目標", "Targets beforehand"), _targets(page)),
            *((group["label"], _judged(group)) for group in page["groups"]),
            (tr("全体の評価と話し合い", "Overall, and the dialogue"), _overall(page)),
            (tr("第三者の意見", "Third-party opinions"), _third(page)),
            (tr("改善", "Improvements"), _improvements(page)),
        ]
    parts.append((tr("記録にない事項", "What is not on record"), _unrecorded(page)))
    sections = [Section(f"{n}　{heading}", tuple(blocks)) for n, (heading, blocks) in enumerate(parts, 1)]
    about = words.plain(page["action"]["label"]) if page["action"] else None
    return frame.paper(
        "sheet",
        tr(f"{about}　{title}", f"{title}: {about}") if about else title,
        tr(f"評価シート_{about or title}", f"Sheet_{about or title}"),
        sections=sections,
    )


def _about(page: Json, named: list[str | None]) -> Iterator[Block]:
    if page["closed"]:
        yield Paragraph(
            words.sentences(tr(f"このシートは{page['closed']}", f"This sheet is {page['closed']}"))
        )
        return
    sides = [
        (side["label"], name or words.plain(side["evaluator"]["label"]))
        for side, name in zip(page["sides"], named, strict=True)
        if name or side["evaluator"]  # else it is not on record, or this reader is not told
    ]
    submitted = [
        (tr(f"{s['label']}の評価", f"Submitted by {s['label']}"), s["status_label"]) for s in page["sides"]
    ]
    pairs = [
        (tr("年度", "Fiscal year"), words.era_only(page["fiscal_year_label"] or words.unrecorded())),
        (tr("段階", "Stage"), page["stage_label"]),
        (tr("状態", "State"), page["state_label"]),
        *sides,
        *submitted,
        (tr("評価の尺度", "Scale"), words.listed(page["scale"])),
    ]
    yield Facts(tr("シートの概要", "About the sheet"), tuple((pair,) for pair in pairs))


def _targets(page: Json) -> Iterator[Block]:
    targets, without = page["targets"], page["without_targets"]
    if targets is not None:
        entries = [*map(words.plain, targets["indicators"])]
        entries += (
            [tr(f"対象：{targets['beneficiaries']}", f"For: {targets['beneficiaries']}")]
            if targets["beneficiaries"]
            else []
        )
        entries.append(tr(f"決めた日：{words.day(targets['date'])}", f"Set on: {words.day(targets['date'])}"))
        yield Bullets(tuple(entries))
    elif without is not None:
        yield Paragraph(
            words.sentences(
                tr("事前の目標を決めずに始めた", "It was opened without targets"),
                tr(f"理由は{words.plain(without['reason'])}", f"Why: {words.plain(without['reason'])}"),
            )
        )
    else:
        yield Paragraph(tr("事前の目標の記録なし。", "No targets are on record."))


def _judged(group: Json) -> Iterator[Block]:
    rows = tuple(_item(item) for item in group["items"])
    labels = [side["label"] for side in group["items"][0]["sides"]] if rows else []
    if not rows:
        yield Paragraph(words.unrecorded())
        return
    columns = (tr("項目", "Item"), *labels, tr("差", "Gap"), tr("話し合い・合意", "Dialogue and outcome"))
    yield Table(
        words.plain(group["label"]), columns, rows, broadened(rows, (22, 16, 16, 12, 16)), by_row=True
    )


def _item(item: Json) -> tuple[str, ...]:
    sides = [
        tr("　", ", ").join(
            filter(None, (side["score"], words.plain(side["comment"]) if side["comment"] else None))
        )
        or words.unrecorded()
        for side in item["sides"]
    ]
    talked = [words.plain(d["cause"]) for d in item["discussed"] if d["cause"]]
    if item["outcome"]:
        text = words.plain(item["outcome"]["text"]) if item["outcome"]["text"] else ""
        talked.append(f"{item['outcome']['label']} {text}".strip())
    label = f"{item['code']}　{item['label']}"
    return (
        label,
        *sides,
        item["gap_label"] or words.unrecorded(),
        tr("。", "; ").join(talked) or words.none(),
    )


def _overall(page: Json) -> Iterator[Block]:
    overall_words = [
        words.plain(side["overall"]) if side["overall"] else words.unrecorded() for side in page["sides"]
    ]
    entries = [
        f"{side['label']}{tr('：', ': ')}{overall}"
        for side, overall in zip(page["sides"], overall_words, strict=True)
    ]
    entries += [
        tr(f"話し合い：{words.day(d['date'])}", f"Dialogue: {words.day(d['date'])}")
        for d in page["dialogues"]
    ] or [tr("話し合いの記録なし", "No dialogue is on record")]
    yield Bullets(tuple(entries))


def _third(page: Json) -> Iterator[Block]:
    entries = [_opinion(o) for o in page["third_party"]]
    yield (
        Bullets(tuple(entries))
        if entries
        else Paragraph(tr("第三者の意見の記録なし。", "None is on record."))
    )


def _opinion(o: Json) -> str:
    if o["closed"]:
        return words.plain(o["closed"])
    by, grade = words.plain(o["by"]), o["grade"] or words.unrecorded()
    text = words.plain(o["text"]) if o["text"] else ""
    return tr(f"{by}：評価{grade}。{text}", f"{by}: grade {grade}. {text}")


def _improvements(page: Json) -> Iterator[Block]:
    entries = [_improvement(i) for i in page["improvements"]]
    yield Bullets(tuple(entries)) if entries else Paragraph(tr("改善の記録なし。", "None is on record."))


def _improvement(i: Json) -> str:
    if i["closed"]:
        return words.plain(i["closed"])
    text, owner = words.plain(i["text"]), i["owner_label"]
    year = words.era_only(i["fiscal_year_label"] or words.unrecorded())
    return tr(f"{text}（{owner}、{year}から）", f"{text} ({owner}, from {year})")


def _unrecorded(page: Json) -> Iterator[Block]:
    gaps = page["not_recorded"]
    none = tr("決まりで調べる項目に、記録のないものはない。", "Of what is looked for, nothing is missing.")
    yield Bullets(tuple(gaps)) if gaps else Paragraph(none)
