"""One matter of the fictional record, from its question to what the city does about it."""

from __future__ import annotations

import datetime as dt

from domain.sample import texts
from domain.sample.evening import Evening, Vote
from domain.sample.story import COUNCIL, REMIT
from domain.values.calendar import fiscal_year_of


class Deciding(Evening):
    """A matter, its meeting, and what follows."""

    # -- one matter from its question to the city's answer, and what came of it

    def decide_one_matter(self) -> None:
        """A month goes by; a matter is raised, dealt with in a meeting, concluded, answered and acted on."""
        self.pass_days(self.dice.randint(20, 40))
        self.number += 1
        number = self.number
        which = (number - 1) % len(texts.MATTERS)
        matter, meeting = f"matter-s{number:05d}", f"meeting-s{number:05d}"
        self._raise(matter, which, number)
        self._convene(meeting, matter, number)
        present = self._open(meeting)
        recused = self._talk(meeting, present)
        vote = self._resolve(meeting, present, recused)
        self._conclude(matter, meeting, vote)
        self._keep_minutes(meeting, number)
        self._city_answers(matter, which, vote, number)
        self._settle_last_year()
        self.made.matters.append(matter)
        self.made.meetings.append(meeting)

    def _raise(self, matter: str, which: int, number: int) -> None:
        title, question, options, evidence, _, _ = texts.MATTERS[which]
        self.do(
            "SEC",
            "Matter",
            matter,
            "raise_matter",
            matter_no=f"{number}",
            title=f"{title}について" if number <= len(texts.MATTERS) else f"{title}について（その{number}）",
            question=question,
            council_id=COUNCIL,
            remit=REMIT,
            wanted="decision",
            raised_from=[f"measure-{which + 1}"],
        )
        for n, label in enumerate(options, 1):
            role = "SEC" if n == 1 else "MEM"
            self.do(role, "Matter", matter, "propose_option", option_id=f"option-{n}", label=label)
        self.do(
            "CHR",
            "Matter",
            matter,
            "adopt_criterion",
            criterion_id="c-reach",
            text="参加していない市民に届くこと",
        )
        document = f"doc-s{number:05d}-evidence"
        self._document(document, evidence, "survey")
        self.do(
            "SEC",
            "Matter",
            matter,
            "attach_evidence",
            evidence_id="e-1",
            document_id=document,
            kind="survey",
            bears_on=["option-1", "c-reach"],
        )
        for n in range(self.dice.randint(2, 5)):
            stance = self.pick(["for", "against", "question"])
            words = {"for": texts.FOR, "against": texts.AGAINST, "question": texts.QUESTIONS}[stance]
            self.do(
                "MEM",
                "Matter",
                matter,
                "record_opinion",
                opinion_id=f"o-{n}",
                channel=self.pick(["oral", "written", "workshop"]),
                stance=stance,
                text=self.pick(words),
                option_id=f"option-{self.dice.randint(1, 3)}",
            )
        if self.dice.random() < 0.3:
            self.do(
                "MEM",
                "Matter",
                matter,
                "withdraw_option",
                option_id="option-3",
                reason=self.pick(texts.AGAINST),
            )
        self.do("CHR", "Matter", matter, "freeze_options")

    def _city_answers(self, matter: str, which: int, vote: Vote, number: int) -> None:
        if vote.result != "adopted":
            return
        self.pass_days(3)
        self.do(
            "SEC",
            "Matter",
            matter,
            "transmit",
            to="org-aoba-city",
            form="proposal",
            document_no=f"あ協発第{number}号",
            on=self.on(),
        )
        self.pass_days(self.dice.randint(10, 40))
        disposition = self.pick(["accepted", "partly", "partly", "deferred", "declined"])
        reason = {"partly": 0, "accepted": 1, "deferred": 2, "declined": 3}[disposition]
        self.do(
            "APR",
            "Matter",
            matter,
            "record_city_response",
            disposition=disposition,
            reason=texts.CITY_REASONS[reason],
            on=self.on(),
        )
        if disposition in ("accepted", "partly"):
            self.do(
                "APR",
                "Matter",
                matter,
                "record_city_decision",
                authority="mayor",
                document_no=f"あ協第{number}号",
                decided_on=self.on(),
                text=texts.CITY_REASONS[reason],
            )
            self._act(matter, which, number)

    def _act(self, matter: str, which: int, number: int) -> None:
        action, year = f"action-s{number:05d}", fiscal_year_of(self.now.date())
        title, measure = texts.MATTERS[which][5], f"measure-{which + 1}"
        self.do("SEC", "PlanAction", action, "propose", title=title, measure_id=measure, matter_id=matter)
        self.do("APR", "PlanAction", action, "adopt", matter_id=matter, fiscal_year=year)
        self.do("SEC", "PlanAction", action, "open_cycle", fiscal_year=year)
        thousands = self.dice.randint(50, 900)
        self.do(
            "SEC",
            "PlanAction",
            action,
            "allocate_budget",
            fiscal_year=year,
            kind="initial",
            amount_yen=thousands * 1_000,
            stated_amount=thousands,
            stated_unit="千円",
        )
        goals = [texts.MATTERS[which][4]]
        self.do("SEC", "PlanAction", action, "plan_cycle", fiscal_year=year, goals=goals)
        self.do("SEC", "PlanAction", action, "start_implementation", fiscal_year=year)
        first, again = self.dice.randint(5, 60), self.dice.randint(5, 60)
        self.do(
            "SEC",
            "PlanAction",
            action,
            "record_activity",
            activity_id="activity-1",
            kind="forum",
            title_ja=f"{title}のつどい",
            held_on=self.on(),
            participants=first + again,
            first_time=first,
            returning=again,
        )
        self.made.actions.append(action)
        self.running.append((action, year, thousands * 1_000))

    def _settle_last_year(self) -> None:
        """Once the books of a year are closed (31 May), its actions' settlements are known (O29)."""
        for action, year, budget in [r for r in self.running if self.now.date() > dt.date(r[1] + 1, 6, 1)]:
            self.do("SEC", "PlanAction", action, "complete_implementation", fiscal_year=year)
            spent = budget * self.dice.randint(60, 100) // 100
            self.do("SEC", "PlanAction", action, "settle", fiscal_year=year, spent_yen=spent)
            self.running.remove((action, year, budget))
