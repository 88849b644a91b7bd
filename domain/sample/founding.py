"""How the fictional council begins: the ordinance, the council, its rules, its members, its plan."""

from __future__ import annotations

from domain.sample import texts
from domain.sample.story import COUNCIL, LAW, NOTICE_DAYS, PLAN, REMIT, Storyteller


class Founding(Storyteller):
    """The council's first days."""

    # -- the foundation

    def found_council(self) -> None:
        """A fictional city, its ordinance, its plan, and a council of 28 with rules of its own."""
        self.do(
            "SEC",
            "Party",
            "org-aoba-city",
            "register_organisation",
            name_ja=texts.CITY,
            category="municipality",
        )
        for n, (name, category) in enumerate(texts.ORGANISATIONS, 1):
            self.do(
                "SEC", "Party", f"org-sample-{n}", "register_organisation", name_ja=name, category=category
            )
        self._enact()
        self.do(
            "SEC",
            "Council",
            COUNCIL,
            "establish",
            name_ja=texts.COUNCIL,
            established_on=self.on(),
            legal_basis={"instrument_id": LAW, "article": 5, "paragraph": 1},
            organised_by=["citizens", "city"],
            document_no="3あ協第1号",
        )
        self.made.councils.append(COUNCIL)
        self.do(
            "SEC",
            "Council",
            COUNCIL,
            "state_remit",
            citation=REMIT,
            power="consult",
            scope=["promotion_plan"],
        )
        seats = [
            {"category": "organisation", "label_ja": "団体", "seats": 16},
            {"category": "public_recruitment", "label_ja": "公募", "seats": 14},
        ]
        self.do("SEC", "Council", COUNCIL, "define_composition", seat_categories=seats, term_months=120)
        self._adopt_rules()
        self._appoint_members()
        self._make_plan()

    def _enact(self) -> None:
        self.do("SEC", "LegalInstrument", LAW, "enact", title_ja=texts.ORDINANCE, enacted=self.on(-30))
        for article, heading, text in texts.ARTICLES:
            self.do(
                "SEC",
                "LegalInstrument",
                LAW,
                "record_article",
                article=article,
                heading=heading,
                paragraphs=[{"paragraph": 1, "text_ja": text}],
            )

    def _adopt_rules(self) -> None:
        self.do(
            "SEC",
            "Council",
            COUNCIL,
            "adopt_rules",
            rules_version=1,
            effective_from=self.on(),
            quorum={"basis": "more_than_half"},
            majority={"base": "present", "threshold": "more_than_half"},
            notice_days=NOTICE_DAYS,
            minutes_due_days=45,
            publicity_default="open",
            minutes_style="summary",
            speaker_naming="role",
            online=True,
            written=True,
        )

    def _appoint_members(self) -> None:
        self.do("SEC", "Council", COUNCIL, "open_term", term_no=1, from_date=self.on())
        for n, seat in enumerate(self.members, 1):
            party = f"p-sample-{n:02d}"
            self.do("SEC", "Party", party, "register_person", name=f"架空 {n:02d}番")
            organisation = n <= 16
            self.do(
                "SEC",
                "Council",
                COUNCIL,
                "appoint",
                appointment_id=seat,
                party_id=party,
                category="organisation" if organisation else "public_recruitment",
                term_no=1,
                from_date=self.on(),
                nominated_by=f"org-sample-{n % len(texts.ORGANISATIONS) + 1}" if organisation else None,
            )
        self.do("SEC", "Council", COUNCIL, "elect_chair", appointment_id=self.members[0], from_date=self.on())
        self.do("SEC", "Party", "p-sample-adviser", "register_person", name="架空 助言者")
        self.do("SEC", "Council", COUNCIL, "invite_adviser", party_id="p-sample-adviser", from_date=self.on())

    def _make_plan(self) -> None:
        self.do(
            "IMP",
            "PromotionPlan",
            PLAN,
            "register",
            title_ja=texts.PLAN,
            formulated_with=[COUNCIL],
            period_from_fy=2021,
            period_to_fy=2030,
        )
        for n, matter in enumerate(texts.MATTERS, 1):
            self.do(
                "SEC", "PromotionPlan", PLAN, "state_measure", measure_id=f"measure-{n}", text_ja=matter[4]
            )

    def _document(self, document: str, title: str, kind: str) -> None:
        self.do(
            "SEC", "Document", document, "register", title=title, kind=kind, disclosure={}, dated=self.on()
        )
