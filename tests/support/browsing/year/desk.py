"""The clerk at the desk, and the others who act themselves: the year's acts, one after another, in the forms
and screens of the office, reached from what stands on the page.

One story: how an act finds its form, is filled in, checked and recorded, and what is learnt of it.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser, Locator

from api.office.forms.pages import CHECK, RECORD, SHOW
from api.pages.parts.names import PAGES
from domain.kernel.events import Actor, Evidence
from domain.kernel.roles import ROLE_NAMES
from domain.recording.asserting import may_be_on_behalf
from projections.engine.log import events_after
from tests.api.office.every_form.acts import Act, body_of
from tests.api.office.every_form.filling import Filler
from tests.api.office.every_form.reading import Form
from tests.api.office.every_form.retelling import Retelling, Told, _is_date, _replaced, plain
from tests.support.browsing.year import dated, forms
from tests.support.browsing.year.screens import Step
from tests.support.clerk import Clerk, looks_like_an_id

PASSWORD = "a year at the desk"
FORM = "the form of the act"
HUB = "記録する（すべて）"
OWN_SCREENS = {"Meeting": "会議", "Matter": "案件", "EvaluationSheet": "評価シート"}
"""Kinds with a line of their own in the rail."""
THIS_PAGE = "このページのことを記録する"
OFFICERS = frozenset({"DIS"})
"""Who acts themselves though they might be written down for: an officer of the city, with an account."""


@dataclass
class AtTheDesk(Retelling):
    """The story's acts in Chromium. ``base``: the server; ``clock``: the file that says which day it is."""

    base: str = ""
    clock: Path = Path()
    browser: Browser | None = None
    reading: Any = None
    """The record, read beside the server."""
    clerks: dict[str, Clerk] = field(default_factory=dict)
    """Whoever has signed in, by the party of the story they are."""
    event_ids: dict[tuple[str, int], str] = field(default_factory=dict)
    """The events of the story, by the thing and its version."""
    days: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    """What the screens of the daily work say otherwise than the story's commands."""
    done: list[tuple[Act, str, int]] = field(default_factory=list)
    """Each act, where it was done, and how many events it recorded."""

    @property
    def store(self) -> Any:
        return self.reading

    @property
    def clerk(self) -> Clerk:
        return self.clerks["p-clerk"]

    # -- one act

    def act(self, act: Act) -> None:
        """Do one act of the story in its form."""
        self.on(act)
        mine = self._by_the_office(act)
        before, clerk = self.newest(), self.clerk
        try:
            clerk = self.who(mine)
            before = self.newest()
            self.find(clerk, mine)
            self.fill_and_record(clerk, mine)
        except Told as told:
            self.fault(act, f"at {clerk.path}: {told}")
        except Exception as error:
            self.fault(act, f"at {clerk.path}: {error!r:.300}")
        self.learn(act, before, FORM)

    def step(self, step: Step) -> None:
        """Do one act in its form, or several on a screen of the daily work."""
        if step.do is None:
            for act in step.acts:
                self.act(act)
            return
        self.on(step.acts[0])
        before = self.newest()
        try:
            step.do(self, step.acts)
            if self.newest() == before:
                raise Told(f"nothing was recorded: {self.says(self.clerk)}")
        except (Told, forms.Differs) as told:
            self.fault(step.acts[0], f"{step.screen} at {self.clerk.path}: {told}")
        except Exception as error:
            self.fault(step.acts[0], f"{step.screen} at {self.clerk.path}: {error!r:.300}")
        self.learn_together(step, before)

    def learn_together(self, step: Step, before: int) -> None:
        """What several acts recorded: each event of the story is the next of its kind here. What is said
        otherwise, and what is not said, is noted; the answers tell whether it matters."""
        here = self.events_after(before)
        self.done += [(act, step.screen or "", 0) for act in step.acts[:-1]]
        self.done.append((step.acts[-1], step.screen or "", len(here)))
        left, faults = list(here), len(self.faults)
        for act in step.acts:
            for there in act.events:
                wanted = self.here(there.entity)
                alike = [e for e in left if e.type == there.type]
                mine = next((e for e in alike if e.entity == wanted), alike[0] if alike else None)
                if mine is None:
                    self.notes.append(f"{step.screen}: {there.type} is not recorded there")
                    continue
                left.remove(mine)
                self._learn(dataclasses.replace(act, events=[there]), [mine])
        self.notes += [f"{step.screen}: {one}" for one in self.faults[faults:]]
        del self.faults[faults:]
        self.notes += [f"{step.screen}: {e.type} is recorded as well" for e in left]

    def title(self, entity: str | None) -> str | None:
        """What something of the story is called on record."""
        titled = self._title(self.here(entity)) if entity is not None else None
        return titled[0].removesuffix("（") if titled else None

    def given_name(self, seat: str) -> str:
        return (self.title(seat) or "").split(" ")[-1]

    def seats_of_story(self) -> list[str]:
        return [name for name in self.names if name.startswith("seat-")]

    def to_desk(self, clerk: Clerk) -> None:
        if not clerk.path.startswith("/desk"):
            self._home(clerk)

    def learn(self, act: Act, before: int, where: str) -> None:
        events, faults = self.events_after(before), len(self.faults)
        self.done.append((act, where, len(events)))
        if events:
            self._learn(act, events)
        self.notes += self.faults[faults:]
        del self.faults[faults:]

    def on(self, act: Act) -> None:
        """It is the day on which the story wrote this down."""
        day = act.at.isoformat()[:10]
        if day not in self.days:
            self.days.add(day)
            dated.set_clock(self.clock, act.at)

    def _by_the_office(self, act: Act) -> Act:
        """As the secretariat's account does it: what others did it writes down, on evidence; what nobody does
        for another they do themselves."""
        (role,) = act.terms.roles
        if role in ("SEC", "IMP"):
            envelope = dict(act.terms.envelope)
            return dataclasses.replace(act, terms=_replaced(act.terms, envelope, Actor("SEC", "p-clerk")))
        if role in OFFICERS or not may_be_on_behalf(act.command):
            return act
        envelope, actor = dict(act.terms.envelope), act.terms.actor
        envelope.setdefault("actor", Actor(role, actor.party))
        if not {"evidence", "source"} & envelope.keys():
            envelope["evidence"] = Evidence("minute_taker")
        return dataclasses.replace(act, terms=_replaced(act.terms, envelope, Actor("SEC", "p-clerk")))

    # -- who

    def who(self, act: Act) -> Clerk:
        """Whose window it is: the secretariat's, or of somebody who was invited."""
        party = act.terms.actor.party or ""
        (role,) = act.terms.roles
        if party not in self.clerks:
            self.clerks[party] = self._invited(party, role)
        return self.clerks[party]

    def _invited(self, party: str, role: str) -> Clerk:
        """The secretariat makes an account for a person on record; they open the link and choose a
        password."""
        clerk, name = self.clerk, self._called("", self.here(party))
        self.to_desk(clerk)
        clerk.follow("管理")
        clerk.follow("アカウントを作って招待する")
        clerk.fill("利用者名", f"user{len(self.clerks)}")
        clerk.fill("記録にある人として（任意。委員など）", name)
        clerk.press("名前で探す")
        clerk.mark(name)
        clerk.mark(ROLE_NAMES[role][0])
        clerk.press("作って招待する")
        link = clerk.page.locator("main code.secret").inner_text()
        assert self.browser is not None
        invited = Clerk(self.browser, self.base)
        invited.page.goto(self.base + link[link.index("/sign-in/link/") :])
        invited.page.fill("input[name=password]", PASSWORD)
        invited.press("パスワードを決めて入る")
        invited.counted.logins += 1
        return invited

    # -- finding the form

    def find(self, clerk: Clerk, act: Act) -> None:
        """From where the clerk is to the form, by links that say what they lead to."""
        kind, command = act.command.aggregate, act.command
        collection = kind.COLLECTION
        if command.creates:
            self.to_kind(clerk, kind)
            self.go(clerk, f"/desk/{collection}/-/{command.path}", command.about[0])
            return
        entity = self.here(act.entity)
        form = f"/desk/{collection}/{quote(entity)}/{command.path}"
        if clerk is not self.clerk and not self._link(clerk, form).count():
            self._to_its_page(clerk, kind, entity)  # as whoever is asked to come there does
        elif not self._link(clerk, form).count():
            self.to_thing(clerk, kind, entity)
        if not self._link(clerk, form).count():
            self._to_list(clerk, kind, entity)
        self.go(clerk, form, command.about[0])

    def _to_its_page(self, clerk: Clerk, kind: Any, entity: str) -> None:
        """To the public page of a thing, of which somebody was sent the address, and on."""
        clerk.page.goto(f"{self.base}{PAGES.get(kind.__name__, '/trails/')}{entity}")
        clerk.follow(THIS_PAGE)

    def to_kind(self, clerk: Clerk, kind: Any) -> None:
        if clerk.path.split("?")[0] == f"/desk/{kind.COLLECTION}":
            return
        self.to_desk(clerk)
        own = OWN_SCREENS.get(kind.__name__)
        if own is not None:
            clerk.follow(own)
            return
        if clerk.path != "/desk/record":
            clerk.follow(HUB)
        clerk.follow(kind.LABEL[0])

    def _home(self, clerk: Clerk) -> None:
        """From the public page of something back to the desk."""
        here = clerk.page.get_by_role("link", name=THIS_PAGE, exact=True)
        if here.count():
            clerk.follow(THIS_PAGE)
        else:
            clerk.page.goto(f"{self.base}/desk")

    def to_thing(self, clerk: Clerk, kind: Any, entity: str) -> None:
        """To the office's page of a thing, by its name."""
        address = f"/desk/{kind.COLLECTION}/{quote(entity)}"
        if clerk.path.split("?")[0].rstrip("/-") == address:
            return
        if not clerk.path.startswith("/desk"):
            here = clerk.page.locator(f'main a[href^="{address}/-"]')
            if here.count():
                clerk.follow(THIS_PAGE)
                return
            self._home(clerk)
        self.to_kind(clerk, kind)
        if self._link(clerk, address).count():
            self.go(clerk, address, "")
            return
        if not clerk.sees("名前で選ぶ"):
            raise Told(f"{address} is not to be found: {clerk.text()[:200]}")
        clerk.choose(
            "名前で選ぶ", self._called(f"/desk/-/names?kind={kind.__name__}&kinds={kind.__name__}", entity)
        )
        clerk.press("開く")

    def _to_list(self, clerk: Clerk, kind: Any, entity: str) -> None:
        """From a thing's own screen to all that can be recorded of it."""
        every = self._link(clerk, f"/desk/{kind.COLLECTION}/{quote(entity)}/-")
        if every.count():
            clerk._press(every.first, leads=True)

    def _link(self, clerk: Clerk, address: str) -> Locator:
        return clerk.page.locator(f'main a[href="{address}"]')

    def go(self, clerk: Clerk, address: str, called: str) -> None:
        links = self._link(clerk, address)
        if not links.count():
            raise Told(f"no link to “{called}” at {clerk.path}: {clerk.text()[:300]}")
        link = links.first
        for words in (link.inner_text(),):
            if looks_like_an_id(words):
                raise Told(f"a link is called {words}")
        clerk.counted.presses += link.evaluate(forms.UNFOLD)
        clerk._press(link, leads=True)

    # -- the form

    def fill_and_record(self, clerk: Clerk, act: Act) -> None:
        form = forms.of_window(clerk)
        body = self.here(body_of(act))
        when, first = act.command.records.WHEN, act.events[0].data
        if isinstance(when, str) and when not in body and getattr(first, when) is not None:
            body[when] = self.here(plain(getattr(first, when)))
        if "target_version" in body:
            body["target_version"] = self._version_here(act, body["target_version"])
        for _ in range(60):
            filler = self._fill(form, act, body)
            if not filler.wanting:
                break
            forms.put(clerk, form, filler.form)
            forms.press(clerk, filler.wanting[0])
            form = forms.of_window(clerk)
        if any("(not offered" in at for at in filler.lost) or any("/after" in c.name for c in form.controls):
            forms.put(clerk, form, filler.form)
            forms.press(clerk, SHOW)
            form = forms.of_window(clerk)
            filler = self._fill(form, act, body)
        lost = [at for at in filler.lost if not self._is_made(at)]
        if lost:
            raise Told(f"no control for {lost}")
        try:
            forms.put(clerk, form, filler.form)
        except forms.Differs as differs:
            raise Told(str(differs)) from differs
        forms.press(clerk, CHECK)
        if not clerk.page.locator("#kiroku").count():
            raise Told(f"the check says: {self.says(clerk)}")
        forms.press(clerk, RECORD)
        if clerk.page.locator("#faults, form.command").count():
            raise Told(f"recording says: {self.says(clerk)}")

    def _version_here(self, act: Act, version: int) -> int:
        """Which version of the thing here is the event of the story that is meant."""
        meant = self.event_ids[act.entity, version]
        stream = act.command.aggregate.stream_for(self.here(act.entity))
        with self.store.engine.connect() as connection:
            recorded = events_after(connection, 0, stream=stream, limit=500)
        return next(e.version for e in recorded if e.event_id == self.here(meant))

    def _fill(self, form: Form, act: Act, body: dict[str, Any]) -> Filler:
        filler = Filler(copy.deepcopy(form), self._called)
        self._when(act, filler.form, filler, body)
        for name, value in body.items():
            if name != "record":
                filler.fill(f"/{name}", value)
        self._record(act, filler.form, filler, body.get("record", {}))
        return filler

    def says(self, clerk: Clerk) -> str:
        return " ".join(clerk.refused())[:400] or clerk.text()[:300]

    # -- names

    def _differences(self, there: Any, here: Any, at: str, act: Act) -> Iterator[str]:
        """What a screen says besides is no reason not to learn what it names."""
        if isinstance(there, dict) and isinstance(here, dict) and not _is_date(there):
            for name in there.keys() ^ here.keys():
                yield f"{at}.{name} is said {'here' if name in here else 'in the story'} alone"
            shared = there.keys() & here.keys()
            there, here = ({name: one[name] for name in sorted(shared)} for one in (there, here))
        yield from super()._differences(there, here, at, act)

    def _called(self, search: str, value: str) -> str:
        """What a thing is called where it is chosen by name, as the office's search tells it."""
        titled = self._title(value)
        if titled is None:
            return value
        if not search:
            return titled[0].removesuffix("（")
        return super()._called(search, value)


class Fetching:
    """What a page's script asks while somebody types, as a client of tests would ask it."""

    def __init__(self, clerk: Clerk):
        self._clerk = clerk

    def get(self, path: str) -> Fetching:
        self._answer = self._clerk.context.request.get(self._clerk.base + path)
        return self

    def get_json(self) -> Any:
        return self._answer.json()
