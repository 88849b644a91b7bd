"""The minutes of a meeting 会議録 in the city's ten items, built from the record (O22)."""

from __future__ import annotations

from collections.abc import Iterator

from api.http.language import tr
from api.pages.parts import marks
from api.pages.parts.names import Names
from api.papers import words
from api.papers.frame import Frame
from api.papers.meeting import Meeting
from api.papers.sentences import attended, correction_lines, voted
from api.papers.structure import Block, Bullets, Paper, Paragraph, Section, Table, broadened
from projections.engine.event_json import Json


def make(data: Json, names: Names, frame: Frame) -> Paper:
    return _Minutes(data, names).paper(frame)


class _Minutes:
    def __init__(self, data: Json, names: Names):
        self.meeting = Meeting(data, names)
        self.page, self.names = self.meeting.page, names

    def paper(self, frame: Frame) -> Paper:
        title = self.meeting.title
        is_final = bool(self.meeting.meeting.get("MinutesConfirmed"))
        called = tr("会議録", "Minutes") if is_final else tr("会議録（案）", "Minutes (draft)")
        parts: tuple[tuple[str, Iterator[Block]], ...] = (
            (tr("会議の名称", "Body"), self._body()),
            (tr("議題", "Topics"), self._topics()),
            (tr("日時・場所", "Date and place"), self._when()),
            (tr("公開・非公開とその理由", "Open or closed, and why"), self._openness()),
            (tr("出席者・欠席者", "Members present and absent"), self._members()),
            (tr("事務局・その他の出席者", "Staff and others present"), self._staff()),
            (tr("傍聴者", "Observers"), self._observers()),
            (tr("会議資料", "Documents"), self._documents()),
            (tr("審議の内容", "The record of the meeting"), self._record()),
            (tr("その他", "Other matters"), self._other()),
            (tr("会議録の確認", "Confirmation of the minutes"), self._confirmed()),
            (tr("訂正", "Corrections"), self._corrections()),
        )
        sections = [Section(f"{n}　{heading}", tuple(blocks)) for n, (heading, blocks) in enumerate(parts, 1)]
        return frame.paper(
            "minutes",
            tr(f"{title}　{called}", f"{called}: {title}"),
            tr(f"会議録_{title}", f"Minutes_{title}"),
            sections=sections,
            corrections_in=str(len(parts)),
        )

    def _body(self) -> Iterator[Block]:
        yield Paragraph(
            tr("　", ", ").join(
                filter(None, (self.meeting.council, self.page["session"], self.meeting.title))
            )
        )

    def _topics(self) -> Iterator[Block]:
        items = [f"{no}　{title}" for no, title, _ in self.meeting.items()]
        yield Bullets(tuple(items)) if items else Paragraph(words.unrecorded())

    def _when(self) -> Iterator[Block]:
        yield self.meeting.facts(
            (tr("日時", "Date"), self.meeting.when), (tr("場所", "Place"), self.meeting.place)
        )

    def _openness(self) -> Iterator[Block]:
        yield Paragraph(self.meeting.openness)

    def _members(self) -> Iterator[Block]:
        yield Paragraph(
            words.sentences(
                *(tr(f"{name}{count}", f"{name}: {count}") for name, count in self.meeting.numbers()[:2])
            )
        )
        check = attended(self.page["quorum"])
        yield Paragraph(
            tr(f"定足数の確認は{check}。", f"Quorum: {check}.")
            if check
            else tr("定足数の確認の記録なし。", "No check of the quorum is on record.")
        )
        seats = self.meeting.seats()
        if seats:
            columns = (tr("区分", "Seat"), tr("氏名", "Name"), tr("出欠", "Attendance"), tr("備考", "Notes"))
            widths = broadened(seats, (20, 26, 14, 20))
            yield Table(tr("委員の出欠の表", "Members"), columns, tuple(seats), widths, by_row=True)

    def _staff(self) -> Iterator[Block]:
        others = self.meeting.others()
        count = self.page["attendance"]["staff"]
        if others:
            yield Bullets(tuple(f"{capacity}{tr('：', ': ')}{who}" for capacity, who in others))
        elif count is not None:
            yield Paragraph(tr(f"事務局{words.people(count)}。", f"Staff: {count}."))
        else:
            yield Paragraph(words.unrecorded())

    def _observers(self) -> Iterator[Block]:
        counted = self.page["observers"]
        yield Paragraph(words.people(counted) if counted is not None else words.unrecorded())

    def _documents(self) -> Iterator[Block]:
        documents = self.meeting.documents
        if documents:
            yield Bullets(tuple(documents))
        else:
            yield Paragraph(words.unrecorded() if documents is None else tr("なし", "none"))

    # -- what was said and resolved

    def _record(self) -> Iterator[Block]:
        if not self.page["agenda"]:
            yield Paragraph(tr("議題の記録なし。", "No agenda is on record."))
        for item in self.page["agenda"]:
            yield Paragraph(
                tr(
                    f"（{item['no']}）{words.plain(item['title'])}",
                    f"({item['no']}) {words.plain(item['title'])}",
                ),
                "item",
            )
            yield from self._item(item)

    def _item(self, item: Json) -> Iterator[Block]:
        if item["closed"]:
            reason = item["closed"]["reason"] or words.unrecorded()
            yield Paragraph(
                tr(f"非公開で行った（{reason}）。", f"Dealt with behind closed doors ({reason})."), "said"
            )
        recused = words.listed(item["recusals"])
        if item["recusals"]:
            yield Paragraph(tr(f"除斥・回避があった（{recused}）。", f"Recused: {recused}."), "said")
        for statement in item["statements"]:
            yield Paragraph(self._statement(statement), "said")
        for output in item["workshop"]:
            clusters = words.listed(c["label"] for c in output["clusters"])
            yield Paragraph(
                tr(
                    f"ワークショップ「{output['theme']}」：{clusters}",
                    f"Workshop “{output['theme']}”: {clusters}",
                ),
                "said",
            )
        if not item["closed"] and not item["statements"]:
            yield Paragraph(tr("発言の記録なし。", "No statement is on record."), "said")
        yield Paragraph(self._outcome(item), "said")

    def _statement(self, shown: Json) -> str:
        """○委員（公募） 架空はるか　text: by name where it may be known."""
        e = next((s for s in self.meeting.said if s.get("statement_id") == shown["id"]), {})
        seat = next((s for s in self.meeting.data["seats"] if s["seat"] == e.get("speaker")), None)
        name = self.meeting.data["people"].get(seat["party_id"]) if seat else None
        role = shown["speaker_label"]
        who = tr("　", ", ").join(filter(None, (role, name))) or tr(
            "発言者の記録なし", "speaker not recorded"
        )
        stance = (
            tr(f"（{shown['stance_label']}）", f" ({shown['stance_label']})") if shown["stance_label"] else ""
        )
        return tr(
            f"○{who}{stance}　{words.plain(shown['text'])}", f"{who}{stance}: {words.plain(shown['text'])}"
        )

    def _outcome(self, item: Json) -> str:
        e = next(
            (e for e in self.meeting.events.get("ResolutionTaken", ()) if e.get("item_id") == item["key"]),
            None,
        )
        taken = item["resolution"]
        if taken is None:
            label = item["outcome_label"]
            return (
                tr(f"結果：{label}。", f"Outcome: {label}.")
                if label
                else tr("結果の記録なし。", "The outcome is not on record.")
            )
        method, result = taken["method_label"], taken["result_label"]
        outcome = words.sentences(
            tr(f"議決：{method}により{result}", f"Resolved: {result}, by {method}"),
            voted(taken["tally"]) if taken["tally"] else None,
            attended(taken["quorum"]),
            words.plain(taken["text"]) if taken["text"] else None,
        )
        return words.starred(outcome, e, day=False) if e else outcome

    def _other(self) -> Iterator[Block]:
        drafted = marks.last(self.meeting.meeting.get("MinutesDrafted")) or {}
        yield Paragraph(words.plain(drafted.get("other")))

    def _confirmed(self) -> Iterator[Block]:
        minutes = self.page["minutes"]
        if minutes is None:
            yield Paragraph(tr("会議録の作成・確認の記録なし。", "No minutes are on record."))
            return
        published = minutes["published"]
        signed = minutes["signed_label"]
        rows = [
            (tr("状態", "State"), minutes["state_label"]),
            (tr("確認", "Confirmed by"), minutes["confirmed_label"] or words.unrecorded()),
            (tr("確認日", "Confirmed on"), self._day_of("MinutesConfirmed")),
            (tr("公表日", "Published on"), words.day(published) if published else words.unrecorded()),
        ]
        rows += [(tr("署名", "Signed"), signed)] if signed else []
        rows += [
            (
                tr("公表しない部分", "Not published"),
                tr(f"{r['part']}（{r['reason']}）", f"{r['part']} ({r['reason']})"),
            )
            for r in minutes["redactions"]
        ]
        yield self.meeting.facts(*rows)

    def _day_of(self, type_: str) -> str:
        e = marks.last(self.meeting.events.get(type_))
        return words.starred(words.of(e["said"]), e, day=True) if e else words.unrecorded()

    def _corrections(self) -> Iterator[Block]:
        made = [
            line
            for name, entries in self.meeting.events.items()
            for e in entries
            for line in correction_lines(name, e, self.names)
        ]
        made += [
            tr(f"会議録の訂正：{words.plain(e['reason'])}", f"Minutes corrected: {words.plain(e['reason'])}")
            for e in self.meeting.events.get("MinutesCorrected", ())
        ]
        yield (
            Bullets(tuple(dict.fromkeys(made)))
            if made
            else Paragraph(tr("訂正の記録なし。", "No correction is on record."))
        )
