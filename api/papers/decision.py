"""The account of a decision 決定の経緯: one matter from the question to what came of it, on one A4.

One story: its eight parts in the order in which they stand on the paper. What it says is what the page of the
matter says, of the same functions; the days of its steps come from the events themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sqlalchemy as sa

from api.http.language import closed_words, tr
from api.pages.matter import matters
from api.pages.matter.matter_outcome import promised
from api.pages.matter.matter_parts import SPEAKERS
from api.pages.parts import marks
from api.pages.parts.names import Names
from api.papers import people, words
from api.papers.decision_steps import Step, steps
from api.papers.frame import Frame
from api.papers.sentences import attended, correction_lines, voted
from api.papers.structure import (
    Block,
    Bullets,
    Facts,
    Paper,
    Paragraph,
    Section,
    Setting,
    Strong,
    Table,
    broadened,
    pages_of,
    shortened,
)
from api.words import wording
from projections.engine.event_json import Json

MOST_PAGES = 2
CORRECTIONS = 8
"""The number of the part that says what was corrected."""


def read(connection: sa.Connection, entity: str) -> Json:
    """What the page of the matter reads; and for whoever may know them, the names of those who spoke."""
    data = matters.read(connection, entity)
    matter = data["matter"]
    seats = people.seats_of(connection, matter.get("council_id"))
    parties = {party for e in _speeches(matter) if (party := speaker_of(e)) is not None}
    holders = {s: seats[s] for s in parties & seats.keys()}
    data["seats"] = holders
    data["people"] = people.by_name(connection, parties - holders.keys(), holders.values())
    return data


def _speeches(matter: Json) -> Iterator[Json]:
    for name in ("MatterRaised", "OptionProposed", "DissentFiled"):
        yield from matter.get(name, ())


def speaker_of(e: Json) -> str | None:
    """Who raised, proposed or dissented: as the event says, else who did it themselves. None for what
    this reader may not know, and for what the office did."""
    for name in ("raised_by", "proposer", "holder"):
        if e.get(name) is not None:
            return str(e[name])
    envelope = e.get("said") or {}
    by_themselves = envelope.get("role") in SPEAKERS
    return envelope.get("asserted_by") if by_themselves else None


# ----------------------------------------------------------------------------------------------- the paper


def make(data: Json, names: Names, frame: Frame) -> Paper:
    """The paper, with long texts and long lists cut as far as it needs to keep to its pages; the cut is said
    where it is made."""
    shown = matters.show(data, names)
    for level, setting, pages in _LEVELS:
        paper = _Account(data, shown, names, *level).paper(frame, setting)
        if pages_of(paper) <= pages:
            return paper
    return paper


_WHOLE = (400, 40, 12)
"""Characters of a text, rows of a table and entries of a list."""
_LEVELS: tuple[tuple[tuple[int, int, int], Setting, float], ...] = (
    (_WHOLE, "usual", 1),
    (_WHOLE, "dense", 1),
    (_WHOLE, "tight", 1),
    (_WHOLE, "dense", MOST_PAGES),
    ((200, 24, 8), "dense", MOST_PAGES),
    ((120, 16, 6), "dense", MOST_PAGES),
    ((80, 12, 4), "dense", MOST_PAGES),
    ((50, 10, 3), "tight", MOST_PAGES),
)
"""How much of long texts and lists, how closely set, on how many pages: the first that fits is taken."""


class _Account:
    """One account of a matter, in one length."""

    def __init__(self, data: Json, shown: Json, names: Names, most: int, rows: int, entries: int):
        self.data, self.page, self.names = data, shown, names
        self.matter: Json = data["matter"]
        self.rows, self.entries = rows, entries
        cut = tr("…（略）", "… (cut)")
        self.short: Callable[[str], str] = lambda text: shortened(closed_words(text), most, cut)
        self.events = words.typed(self.matter)

    def paper(self, frame: Frame, setting: Setting) -> Paper:
        title = words.plain(self.page["title"])
        parts = (
            (tr("案件と提起", "The matter and who raised it"), self._raised()),
            (tr("経過", "What happened"), self._course()),
            (tr("検討した案と理由", "Options and reasons"), self._options()),
            (tr("賛否と少数意見", "Votes and dissent"), self._votes()),
            (tr("市の決定", "The city's decision"), self._city()),
            (tr("その後", "What came of it"), self._since()),
            (tr("記録にない事項", "What is not on record"), self._unrecorded()),
            (tr("訂正", "Corrections"), self._corrections()),
        )
        sections = [
            Section(f"{n}　{heading}" if n else heading, tuple(blocks), narrow=n >= CORRECTIONS - 1)
            for n, (heading, blocks) in enumerate(parts, 1)
        ]
        return frame.paper(
            "decision",
            tr(f"{title}の決定に至る経緯", f"How it was decided: {title}")
            if self.page["council_conclusion"] or self.page["city_decision"]
            else tr(f"{title}の検討の経緯", f"What has been considered: {title}"),
            tr(f"決定の経緯_{title}", f"Account_{title}"),
            sections=sections,
            corrections_in=str(CORRECTIONS),
            most_pages=MOST_PAGES,
            setting=setting,
        )

    # -- 1

    def _raised(self) -> Iterator[Block]:
        raised = self.page["raised"]
        if self.page["question"]:
            yield Paragraph(self.short(words.plain(self.page["question"])))
        if raised is None:
            yield Paragraph(tr("提起の記録なし。", "Who raised it is not on record."))
            return
        e = self.events["MatterRaised"][0]
        day = words.starred(words.day(raised["date"]), e, day=True)
        who = self._person(speaker_of(e), words.plain(raised["by_label"]))
        remit = raised["remit"]
        why = words.in_quotes(self.short(raised["reason"] or ""))
        grown = words.all_in_quotes(words.plain(x["label"]) for x in raised["raised_from"])
        ground = words.plain(remit["label"] if isinstance(remit, dict) else remit) if remit else None
        undated = tr("日付の記録なし", "date not recorded")
        when = (
            tr(f"提起の日は{day}", f"day: {day}")
            if not day.startswith(undated)
            else tr(f"提起の日は記録なし{day.removeprefix(undated)}", f"{day}")
        )
        yield Paragraph(
            words.sentences(
                tr(f"提起した者は{who}、{when}", f"Raised by {who}; {when}"),
                tr(f"理由は{why}", f"Why: {why}")
                if raised["reason"]
                else tr("理由の記録なし", "Why is not on record"),
                tr(f"役割の根拠は{ground}", f"Within the remit of {ground}") if ground else None,
                tr(
                    f"求めるものは{raised['wanted_label']}",
                    f"Asked for: {raised['wanted_label']}",
                )
                if raised["wanted_label"]
                else None,
                tr(f"もとになったものは{grown}", f"Raised from {grown}") if grown else None,
            )
        )

    def _person(self, party: str | None, role: str | None) -> str:
        """Whoever acted, by name where this reader may know it."""
        seat = self.data["seats"].get(party) or {}
        name = self.data["people"].get(seat.get("party_id") or party)
        label = people.said_by(role, name, seat.get("category"))
        return label or tr("記録なし", "not on record")

    # -- 2

    def _course(self) -> Iterator[Block]:
        listed = steps(self.data, self.page, self.names)
        columns = (
            tr("年月日", "Date"),
            tr("会議等", "Meeting or act"),
            tr("内容", "What"),
            tr("資料", "Documents"),
            tr("文書番号", "Document no."),
        )
        rows = [self._step(step) for step in listed]
        if not rows:
            yield Paragraph(tr("経過の記録なし。", "Nothing is on record."))
            return
        caption = tr("経過の表", "What happened, in order")
        shown = tuple(self._cut(rows))
        yield Table(caption, columns, shown, broadened(shown, (18, 12, 22, 8, 10)), by_row=True)

    def _step(self, step: Step) -> tuple[str, ...]:
        return step.day, step.what, self.short(step.text), self.short(step.documents), step.number

    def _cut(self, rows: list[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
        """As many rows as the paper takes: the first and the last, and how many lie between."""
        if len(rows) <= self.rows:
            yield from rows
            return
        first, last = self.rows // 2, self.rows - self.rows // 2 - 1
        yield from rows[:first]
        left = len(rows) - first - last
        rest = tr(f"この間の{left}件は、記録のアドレスにある。", f"{left} more are at the address below.")
        yield (words.none(), words.none(), rest, *(words.none() for _ in rows[0][3:]))
        yield from rows[len(rows) - last :]

    # -- 3

    def _options(self) -> Iterator[Block]:
        shown = self.page["options"]
        if shown:
            rows = tuple(self._cut([self._option(n, o) for n, o in enumerate(shown, 1)]))
            columns = (
                tr("案", "No."),
                tr("内容", "What"),
                tr("提案した者", "Proposed by"),
                tr("結果", "Outcome"),
                tr("理由・評価", "Reason, assessment"),
            )
            caption = tr("検討した案の表", "The options")
            yield Table(caption, columns, rows, broadened(rows, (6, 20, 12, 12, 20)), by_row=True)
        else:
            as_proposed = (self.page["council_conclusion"] or {}).get("option_label")
            yield Paragraph(
                words.sentences(
                    tr("案の記録なし", "No options are on record"),
                    tr(f"結論は{as_proposed}", f"The conclusion: {as_proposed}") if as_proposed else None,
                )
            )
        about = list(self._reasons())
        if about:
            yield Paragraph(words.sentences(*about))

    def _reasons(self) -> Iterator[str]:
        """By what the options were compared, and why the council concluded as it did."""
        if self.page["criteria"]:
            criteria = words.listed(self.short(text) for text in self.page["criteria"][: self.entries])
            yield tr(f"比べる観点は{criteria}", f"Compared by: {criteria}")
        concluded = self.page["council_conclusion"]
        if concluded is None:
            return
        if concluded["reason"]:
            reason = words.in_quotes(self.short(concluded["reason"]))
            yield tr(f"結論の理由は{reason}", f"Reason: {reason}")
        else:
            yield tr("結論の理由の記録なし", "The reason for the conclusion is not on record")
        if concluded["conditions"]:
            texts = [self.short(words.plain(text)) for text in concluded["conditions"]]
            conditions = words.all_in_quotes(texts[: self.entries])
            yield tr(f"付された条件は{conditions}", f"Conditions: {conditions}")

    def _option(self, n: int, o: Json) -> tuple[str, ...]:
        e = self.events["OptionProposed"][n - 1]
        status = o["status_label"]
        reasons = [o["why"]] if o["why"] else []
        reasons += [
            f"{words.plain(a['criterion'])}{tr('：', ': ')}{words.plain(a['text'])}" for a in o["assessments"]
        ]
        label, text = words.plain(o["label"]), o["text"]
        return (
            tr(f"案{n}", str(n)),
            words.starred(self.short(f"{label}。{text}" if text else label), e, day=False),
            self._person(speaker_of(e), o["proposer_label"]),
            Strong(status) if o["status"] == "chosen" else status,
            self.short(tr("　", " ").join(reasons)) if reasons else words.unrecorded(),
        )

    # -- 4

    def _votes(self) -> Iterator[Block]:
        concluded = self.page["council_conclusion"]
        yield Paragraph(words.sentences(*self._voted(concluded)))
        filed = list(self._dissents())
        if filed:
            yield Bullets(tuple(self._listed(filed)))
        elif self.page["dissent_none"]:
            asked_at = words.era_only(self.page["dissent_none"]["asked_at_label"])
            yield Paragraph(
                tr(f"少数意見は、{asked_at}に確認し、なし。", f"Dissent: asked for on {asked_at}, none.")
            )
        elif concluded is not None:
            yield Paragraph(
                tr(
                    "異なる意見の有無を尋ねた記録なし。",
                    "Whether anyone disagreed: no record of having been asked.",
                )
            )

    def _voted(self, concluded: Json | None) -> Iterator[str]:
        if concluded is None:
            yield tr("市民会議の結論の記録なし", "No conclusion of the council is on record")
            return
        check, votes = concluded["quorum"], concluded["tally"]
        option = concluded["option_label"]
        result = concluded["result_label"]
        chosen = tr(f"{result}（{words.plain(option)}）", f"{result} ({words.plain(option)})")
        yield tr(
            f"市民会議の結論は{chosen if option else result}", f"The council: {chosen if option else result}"
        )
        if concluded["method_label"] and concluded["method_label"] != result:
            yield tr(f"決め方は{concluded['method_label']}", f"Method: {concluded['method_label']}")
        yield attended(check) or tr("出席と定足数の記録なし", "Attendance and quorum are not on record")
        if votes is not None:
            yield voted(votes)
        opinions = [
            tr(f"{g['stance_label']}{len(g['entries'])}件", f"{g['stance_label']} {len(g['entries'])}")
            for g in self.page["opinions"]
        ]
        if opinions:
            yield tr(f"出された意見は、{'、'.join(opinions)}", f"Opinions: {', '.join(opinions)}")

    def _dissents(self) -> Iterator[str]:
        for shown, e in zip(self.page["dissents"], self.events.get("DissentFiled", ()), strict=True):
            who = self._person(speaker_of(e), words.plain(shown["holder_label"]))
            source = shown["source"]
            place = f"{words.plain(source['title'])} {source['locator'] or ''}".strip() if source else None
            quoted = words.in_quotes(self.short(words.plain(shown["text"])))
            text = tr(f"{shown['kind_label']}：{who}{quoted}", f"{shown['kind_label']}: {who} {quoted}")
            at = tr(f"（{place}）", f" ({place})") if place else ""
            yield words.starred(f"{text}{at}", e, day=False)

    def _listed(self, entries: list[str]) -> Iterator[str]:
        yield from entries[: self.entries]
        more = len(entries) - self.entries
        if more > 0:
            yield tr(f"ほか{more}件は、記録のアドレスにある。", f"{more} more are at the address below.")

    # -- 5

    def _city(self) -> Iterator[Block]:
        decided, replied = self.page["city_decision"], self.page["city_response"]
        rows: list[tuple[tuple[str, str], ...]] = []
        if decided is not None:
            e = self.events["CityDecisionRecorded"][-1]
            text = decided["text"]
            rows.append(
                (
                    (
                        tr("決定", "Decided"),
                        words.starred(
                            self.short(words.plain(text)) if text else words.unrecorded(), e, day=False
                        ),
                    ),
                )
            )
            rows += [
                ((tr("結論との違い", "Differs from the conclusion"), text),) for text in self._differs(e)
            ]
            day = words.starred(words.day(decided["date"]), e, day=True)
            since = decided["gap_label"]
            in_force = e.get("in_force_from")
            rows += [
                (
                    (tr("決裁者", "Decided by"), self._authority(e)),
                    (
                        tr("決裁日", "Decided on"),
                        tr(f"{day}　結論の{since}", f"{day}, {since} after the conclusion") if since else day,
                    ),
                ),
                (
                    (tr("文書番号", "Document no."), decided["document_no"] or words.unrecorded()),
                    (
                        tr("施行日", "In force from"),
                        words.day(marks.date(in_force)) if in_force else words.unrecorded(),
                    ),
                ),
            ]
        else:
            yield Paragraph(tr("市の決定の記録なし。", "No decision of the city is on record."))
        if replied is not None:
            e = self.events["CityResponseRecorded"][-1]
            why = words.in_quotes(self.short(replied["reason"] or ""))
            answer = words.sentences(
                replied["disposition_label"],
                tr(f"理由は{why}", f"Why: {why}")
                if replied["reason"]
                else tr("理由の記録なし", "Why is not on record"),
            )
            rows.append(((tr("市の回答", "The city's response"), words.starred(answer, e, day=False)),))
        else:
            rows.append(((tr("市の回答", "The city's response"), words.unrecorded()),))
        yield Facts(tr("市の決定の表", "The city's decision"), tuple(rows))

    def _authority(self, e: Json) -> str:
        post = e.get("approved_by_post") or wording.value("authority", e["authority"])
        posts = [c["post"] for c in e.get("consulted") or () if c.get("post")]
        if not posts:
            return str(post)
        return tr(f"{post}（合議: {'、'.join(posts)}）", f"{post} (consulted: {', '.join(posts)})")

    def _differs(self, decided: Json) -> Iterator[str]:
        """The points that the council and the city both name and say differently, side by side."""
        concluded = marks.last(self.matter.get("MatterConcluded")) or {}
        ours = {p["point"]: p["text"] for p in concluded.get("points") or ()}
        different = [
            tr(
                f"{p['point']}：結論「{ours[p['point']]}」、決定「{p['text']}」",
                f"{p['point']}: the council “{ours[p['point']]}”, the city “{p['text']}”",
            )
            for p in decided.get("points") or ()
            if p["point"] in ours and ours[p["point"]] != p["text"]
        ]
        if different:
            yield self.short("　".join(different[: self.entries]))

    # -- 6

    def _since(self) -> Iterator[Block]:
        lines = [
            tr(f"市の約束：{what}（{words.era_only(state)}）", f"Promised: {what} ({state})")
            for what, state in promised(self.matter)
        ]
        lines += [
            self._action(action, data)
            for action, data in zip(self.page["actions"], self.data["actions"], strict=True)
        ]
        lines += [
            f"{change['relation_label']}{tr('：', ': ')}{self.short(words.plain(change['label']))}"
            for change in self.page["changes"]
        ]
        if lines:
            yield Bullets(tuple(self._listed([self.short(line) for line in lines])))
        else:
            yield Paragraph(tr("その後の事業や変更の記録なし。", "Nothing that came of it is on record."))

    def _action(self, action: Json, data: Json) -> str:
        first = marks.first(data["ledger"])
        title, state = words.plain(action["title"]), action["state_label"]
        if first is None:
            return tr(
                f"事業：{title}（{state}、予算の記録なし）", f"Action: {title} ({state}; no budget on record)"
            )
        year = words.fiscal_year(first["fiscal_year"])
        budget, spent = words.money(action["budget"]), words.money(marks.money(first["spent_yen"]))
        current = words.money(marks.money(first["current_yen"]))
        return tr(
            f"事業：{title}（{state}）。{year}の当初予算{budget}、現額{current}、決算{spent}",
            f"Action: {title} ({state}). {year}: initial budget {budget}, current {current}, spent {spent}",
        )

    # -- 7, 8

    def _unrecorded(self) -> Iterator[Block]:
        gaps = self.page["not_recorded"]
        if gaps:
            yield Bullets(tuple(self._listed(gaps)))
        else:
            yield Paragraph(
                tr(
                    "決定の経緯として調べる項目に、記録のないものはない。",
                    "Of what an account of a decision should have, nothing is missing.",
                )
            )

    def _corrections(self) -> Iterator[Block]:
        made = list(dict.fromkeys(self._corrected()))
        if made:
            yield Bullets(tuple(self._listed(made)))
        else:
            yield Paragraph(tr("訂正の記録なし。", "No correction is on record."))

    def _corrected(self) -> Iterator[str]:
        for row in (self.matter, *self.data["meetings"]):
            for name, entries in words.typed(row).items():
                for e in entries:
                    yield from correction_lines(name, e, self.names)
