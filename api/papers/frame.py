"""The frame that every paper has: who it is from, of which day it is, of which position of the record it was
made, where the same stands in the record, and for whom this copy is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import sqlalchemy as sa

from api.http.addresses import with_public_url
from api.http.clock import today
from api.http.language import language, tr
from api.papers.people import is_for_office
from api.papers.structure import CORRECTED, SETTINGS, Block, Paper, Section, Setting, pages_of
from api.papers.words import sentences, whole_day
from api.reads.as_of import day_shown, moment
from projections.engine.one_moment import reading_of


@dataclass(frozen=True)
class Frame:
    """What surrounds the paper about one thing. ``address``: the page of the record that says the same;
    ``public``: whether this copy is what anybody gets."""

    address: str
    position: int
    fictional: bool
    public: bool

    def paper(
        self,
        name: str,
        title: str,
        subject: str,
        *,
        sections: list[Section],
        opening: tuple[Block, ...] = (),
        corrections_in: str | None = None,
        most_pages: int | None = None,
        setting: Setting | None = None,
    ) -> Paper:
        """The whole paper. ``subject`` tells its file from others of its kind; ``corrections_in``: which part
        says what was corrected; ``setting``: how closely it is set, else so that it is one page where it can
        be."""
        marked = tr("【架空】", "[Fictional] ") if self.fictional else ""
        made = Paper(
            name=name,
            language=language(),
            title=f"{marked}{title}",
            file_name=subject,
            date=tr(f"{whole_day(today())}作成", f"Made on {whole_day(today())}"),
            intro=(_as_of(),),
            opening=opening,
            sections=tuple(sections),
            foot=tuple(self._foot()),
            most_pages=most_pages,
            setting=setting or "usual",
        )
        if corrections_in is not None and any(CORRECTED in text for text in made.texts):
            made = _explained(made, corrections_in)
        if setting is not None:
            return made
        tries = (replace(made, setting=closer) for closer in SETTINGS)
        return next((closer for closer in tries if pages_of(closer) <= 1), made)

    def _foot(self) -> list[str]:
        lines = [
            tr(
                f"この書類は、記録の{self.position:,}件目までから作成した。",
                f"This paper was made from the record up to its entry {self.position:,}.",
            ),
            tr(
                f"同じ内容は、{with_public_url(self.address)} で確かめられる。",
                f"The same can be looked up at {with_public_url(self.address)}.",
            ),
        ]
        if not self.public:
            lines.append(
                tr(
                    "事務局用の写し。氏名や、公開していない部分を含むことがある。",
                    "The office's own copy. It may hold names, and parts that are not public.",
                )
                if is_for_office()
                else tr(
                    "評価者用の写し。公開していない部分を含むことがある。",
                    "The evaluators' own copy. It may hold parts that are not public.",
                )
            )
        if self.fictional:
            lines.append(
                tr(
                    "架空の記録です。人・団体・決定・金額は実在しません。",
                    "Fictional record: the people, bodies, decisions and amounts do not exist.",
                )
            )
        return lines


def frame_of(connection: sa.Connection, address: str, *, public: bool) -> Frame:
    """The frame of a paper about what the page at ``address`` shows."""
    reading = reading_of(connection)
    return Frame(
        address,
        reading.position if reading is not None else 0,
        reading is not None and reading.fictional is not None,
        public,
    )


def _as_of() -> str:
    at = moment()
    if not at.is_past:
        day = whole_day(day_shown())
        return tr(f"{day}現在の記録による。", f"From the record as it is on {day}.")
    known = whole_day(at.known_on) if at.known_on else None
    force = whole_day(at.in_force_on) if at.in_force_on else None
    return sentences(
        tr(f"{known}までに記録されたことによる。", f"From what was on record by {known}.") if known else None,
        tr(f"{force}に効力のあったことによる。", f"From what was in force on {force}.") if force else None,
    )


def _explained(made: Paper, part: str) -> Paper:
    explained = tr(
        f"{made.intro[0]}{CORRECTED}は訂正があるもの（{part}を参照）。",
        f"{made.intro[0]} {CORRECTED} marks what was corrected (see {part}).",
    )
    return replace(made, intro=(explained, *made.intro[1:]))
