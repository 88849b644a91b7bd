"""A story told once more on another record, where some of its acts are done in forms.

What is named anew there (the system makes the names of things and parts) is named so in everything that
follows. Of each act in a form the record must say what the story's record says."""

from __future__ import annotations

import dataclasses
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import msgspec
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from api.reads.people import who_sees_names
from domain.kernel.events import Actor, Evidence, Recorded
from domain.kernel.record import KINDS
from domain.kernel.viewer import OFFICE
from domain.recording.application import Batch, command_named
from domain.recording.asserting import may_be_on_behalf
from domain.recording.receipts import CommandTerms
from domain.values.calendar import EffectiveDate
from projections.engine.log import events_after
from projections.tables.durable import ACCOUNT, VAULT
from projections.views.matter.decision_trail import thing
from tests.api.office.every_form.acts import Act, body_of
from tests.api.office.every_form.filling import Filler
from tests.api.office.every_form.reading import Form, command_form

Doing = Callable[["Retelling", Act], None]
_WORD = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass
class Retelling:
    app: Flask
    client: FlaskClient
    account_id: str
    names: dict[str, str] = field(default_factory=dict)
    """What is called otherwise here, by what it is called in the story."""
    things: set[str] = field(default_factory=set)
    known: dict[str, set[str]] = field(default_factory=dict)
    """What has been named in the story so far: things, and parts of each of them."""
    seats: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Who holds a seat, and how many seats they had by then."""
    contents: dict[str, bytes] = field(default_factory=dict)
    """Contents of documents, by their digest."""
    faults: list[str] = field(default_factory=list)
    role: str = "SEC"
    """The role of the account at the moment."""
    _batch: Batch | None = None

    # -- the record

    @property
    def store(self) -> Any:
        return self.app.extensions["kyodo-store"].get()

    def newest(self) -> int:
        newest: int = self.store.application.newest()
        return newest

    def events_after(self, position: int) -> list[Recorded[Any]]:
        with self.store.engine.connect() as connection:
            return events_after(connection, position, limit=500)

    # -- telling

    def people(self, parties: Iterable[str]) -> None:
        """Register people who act in the story and are not on its record: those who record them name them."""
        register = command_named("Party", "register_person")
        for party in parties:
            terms = CommandTerms(Actor("SEC", "p-sec"), frozenset({"SEC"}))
            self.store.application.execute(register, party, {"name": f"架空 {party}"}, terms)
            self.things.add(party)

    def tell(self, acts: Iterable[Act], in_forms: Callable[[Act], bool]) -> None:
        """Tell the acts in order; those that ``in_forms`` picks are done in a form."""
        for act in acts:
            self.store.application.clock = lambda at=act.at: at
            if in_forms(act):
                self._save()
                self._in_a_form(act)
            else:
                self._given(act)
                if act.saved:
                    self._save()
        self._save()

    def _given(self, act: Act) -> None:
        self._batch = self._batch or Batch(self.store.application)
        before = len(self._batch.unit.recorded)
        self._batch.execute(act.command, self.here(act.entity), self._arguments(act), self._terms(act))
        self._learn(act, self._batch.unit.recorded[before:])

    def _save(self) -> None:
        if self._batch is not None:
            self.store.application.save_batch(self._batch)
        self._batch = None

    def _arguments(self, act: Act) -> dict[str, Any]:
        kinds = {p.name: p.kind for p in act.command.parameters()}
        said = {name: self.here(plain(value)) for name, value in act.arguments.items()}
        return {name: msgspec.convert(value, kinds[name]) for name, value in said.items()}

    def _terms(self, act: Act) -> CommandTerms:
        said = {
            name: msgspec.convert(self.here(plain(value)), type(value))
            if isinstance(value, msgspec.Struct | str)
            else value
            for name, value in act.terms.envelope.items()
        }
        return _replaced(act.terms, said)

    # -- names

    def here(self, value: Any) -> Any:
        """A value of the story as it is named here."""
        if isinstance(value, str):
            if value in self.names:
                return self.names[value]
            base, mark, part = value.partition("#")
            if mark and (base in self.names or part in self.names):
                return f"{self.names.get(base, base)}#{self.names.get(part, part)}"
            return value
        if isinstance(value, dict):
            return {name: self.here(inner) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.here(inner) for inner in value]
        return value

    def _learn(self, act: Act, events: list[Recorded[Any]]) -> None:
        """Match what was recorded here with the story; what it names for the first time may be called
        otherwise."""
        self._same(act, events)
        for there in act.events:
            self.things |= {there.entity, there.stream}
            self.known.setdefault(there.entity, set()).update(_strings(plain(there.data)))

    def _same(self, act: Act, events: list[Recorded[Any]]) -> None:
        if [e.type for e in events] != [e.type for e in act.events]:
            self.fault(act, f"recorded {[e.type for e in events]}, not {[e.type for e in act.events]}")
            return
        for there, here in zip(act.events, events, strict=True):
            if here.type == "MemberAppointed":
                held = sum(party == here.data.party_id for party, _ in self.seats.values())
                self.seats[here.data.appointment_id] = here.data.party_id, held + 1
            if there.event_id != here.event_id:
                self.names[there.event_id] = here.event_id
            if there.stream != here.stream and there.entity not in self.things:
                self.names |= {there.entity: here.entity, there.stream: here.stream}
            for fault in self._differences(plain(there.data), plain(here.data), there.type, act):
                self.fault(act, fault)
            order = there.effective.compare(here.effective)
            if there.dated in ("told", "inherited", "field") and order in ("before", "after"):
                self.fault(act, f"{there.type}: {here.effective}, not {there.effective}")

    def _differences(self, there: Any, here: Any, at: str, act: Act) -> Iterator[str]:
        if _is_date(there) and _is_date(here):
            if msgspec.convert(there, EffectiveDate).check() != msgspec.convert(here, EffectiveDate).check():
                yield f"{at}: {here}, not {there}"
        elif isinstance(there, dict) and isinstance(here, dict) and there.keys() == here.keys():
            for name in there:
                yield from self._differences(there[name], here[name], f"{at}.{name}", act)
        elif isinstance(there, list) and isinstance(here, list) and len(there) == len(here):
            wanted = [self.here(one) for one in there]
            if all(isinstance(one, str) for one in wanted) and sorted(wanted) == sorted(here):
                return  # boxes have no order
            for n, pair in enumerate(zip(there, here, strict=True)):
                yield from self._differences(*pair, f"{at}[{n}]", act)
        elif isinstance(there, str) and isinstance(here, str):
            if self.here(there) != here and self._vaulted(there) != here:
                fresh = there not in self.known.get(act.entity, ()) and there not in self.things
                if fresh and _WORD.fullmatch(there) and _WORD.fullmatch(here):
                    self.names[there] = here
                else:
                    yield f"{at}: {here!r}, not {self.here(there)!r}"
        elif there != here:
            yield f"{at}: {here!r}, not {there!r}"

    def _vaulted(self, text: str) -> str:
        """A reference into the vault, which is made of the name of a thing."""
        for there, here in self.names.items():
            if there in text:
                return text.replace(there, here)
        return text

    def fault(self, act: Act, what: str) -> None:
        self.faults.append(f"{act.command.aggregate.__name__}.{act.command.name} ({act.entity}): {what}")

    # -- forms

    def _in_a_form(self, act: Act) -> None:
        before = self.newest()
        try:
            self._fill_and_send(self.by_the_office(act))
        except Told as told:
            self.fault(act, str(told))
        events = self.events_after(before)
        if events:
            self._learn(act, events)
        else:  # the story goes on
            self._given(act)
            self._save()

    def by_the_office(self, act: Act) -> Act:
        """The act as the office does it: what others did the secretariat writes down, on evidence."""
        (role,) = act.terms.roles
        envelope, actor = dict(act.terms.envelope), act.terms.actor
        if role in OFFICE or not may_be_on_behalf(act.command):
            office = next((r for r in act.command.roles if r in OFFICE and r != "IMP"), role)
            who = Actor(role if role in OFFICE or role == "EV-C" else office, actor.party)
            return dataclasses.replace(act, terms=_replaced(act.terms, envelope, who))
        if "actor" not in envelope:
            party = actor.party if actor.party in self.things else None
            envelope["actor"] = Actor(role, party)
        if not {"evidence", "source"} & envelope.keys():
            envelope["evidence"] = Evidence("minute_taker")
        return dataclasses.replace(act, terms=_replaced(act.terms, envelope, Actor("SEC", "p-sec")))

    def _as_who_gives(self, act: Act) -> None:
        """The account is that of whoever gave the command: with their roles, for their party."""
        self.role = act.terms.actor.role
        row = {
            "roles": msgspec.json.encode([act.terms.actor.role]).decode(),
            "party_id": self.here(act.terms.actor.party),
        }
        with self.store.engine.begin() as connection:
            connection.execute(sa.update(ACCOUNT).where(ACCOUNT.c.account_id == self.account_id).values(row))

    def _fill_and_send(self, act: Act) -> None:
        self._as_who_gives(act)
        kind = act.command.aggregate
        of = "-" if act.command.creates else self.here(act.entity)
        address = f"/desk/{kind.COLLECTION}/{of}/{act.command.path}"
        page = self.client.get(address)
        if page.status_code != 200:
            raise Told(f"GET answers {page.status_code}: {_plain(page)}")
        form = command_form(page.get_data(as_text=True))
        body = self.here(body_of(act))
        when, first = act.command.records.WHEN, act.events[0].data
        if isinstance(when, str) and when not in body and getattr(first, when) is not None:
            body[when] = self.here(plain(getattr(first, when)))  # by the clock, where the story was told live
        if form.multipart:
            content = self.contents[body.pop("sha256")]
            body = {"record": body.get("record", {})}
        for _ in range(80):
            filler = Filler(form, self._called)
            self._when(act, form, filler, body)
            for name, value in body.items():
                if name != "record":
                    filler.fill(f"/{name}", value)
            self._record(act, form, filler, body.get("record", {}))
            if not filler.wanting:
                break
            form = self._press(form, filler.wanting[0])
        if any("/after" in c.name for c in form.controls) or any(
            "(not offered" in at for at in filler.lost
        ):  # the control of what is corrected is known now
            form = self._press(form, "show")
            filler = Filler(form, self._called)
            for name, value in body.items():
                if name != "record":
                    filler.fill(f"/{name}", value)
        lost = [at for at in filler.lost if not self._is_made(at)]
        if lost:
            raise Told(f"no control for {lost}")
        before = self.newest()
        checked = self._send(form, "check", content if form.multipart else None)
        if self.newest() != before:
            raise Told("checking recorded something")
        text = checked.get_data(as_text=True)
        if checked.status_code != 200 or 'id="kiroku"' not in text:
            raise Told(f"the check answers {checked.status_code}: {_faults(text)}")
        done = self._send(command_form(text), "record")
        if done.status_code != 303:
            raise Told(f"recording answers {done.status_code}: {_faults(done.get_data(as_text=True))}")

    def _when(self, act: Act, form: Form, filler: Filler, body: dict[str, Any]) -> None:
        """いつのことか: as the story says it, else as its record has it."""
        how = {c.value for c in form.named("/record/effective#how")}
        if not how:
            return
        said, first = body.get("record", {}), act.events[0]
        if said.get("live") and "live" in how:
            filler.fill("/record/effective#how", "live")
        elif first.dated == "inherited" and "effective" not in said:
            filler.fill("/record/effective#how", "named")
        else:
            date = said.get("effective") or plain(first.effective)
            filler.fill(
                "/record/effective#how",
                "unknown" if date.get("precision", "unknown") == "unknown" else "paper",
            )
            filler.fill("/record/effective", date)

    def _record(self, act: Act, form: Form, filler: Filler, record: dict[str, Any]) -> None:
        for name, value in record.items():
            if name not in ("effective", "live", "correlation_id", "causation_id"):
                if name == "reason" and not form.has("/record/reason"):
                    continue
                filler.fill(f"/record/{name}", value)

    def _is_made(self, at: str) -> bool:
        """Whether a place without a control is that of a name that the system makes."""
        return at.endswith("_id") or at == "/question"

    def _press(self, form: Form, button: str) -> Form:
        answer = self._send(form, button)
        if answer.status_code != 200:
            raise Told(f"“{button}” answers {answer.status_code}")
        return command_form(answer.get_data(as_text=True))

    def _send(self, form: Form, button: str, file: bytes | None = None) -> Any:
        data: dict[str, Any] = {**form.sent(), "act": [button]}
        if file is not None:
            data["file"] = (io.BytesIO(file), "資料.txt")
        kind = "multipart/form-data" if form.multipart else None
        return self.client.post(form.action, data=data, content_type=kind)

    def _called(self, search: str, value: str) -> str:
        """What a thing is called where it is chosen by name: its own title, as the page tells it from others
        of that title; a word of the record is typed as it is."""
        titled = self._title(value)
        if not search:
            return value
        if titled is None:  # what is closed has no title: it is the newest of those, which are listed first
            closed = self.client.get(f"{search}&q={quote('（非公開）')}").get_json()["names"]
            return next(iter(closed), value)
        title, rank, kind = titled
        found = self.client.get(f"{search}&q={quote(title)}").get_json()["names"]
        begins = (title if title[-1] == "（" else f"{title}（", f"{title} ")
        alike = [n for n in found if n == title or n.startswith(begins)]
        alike = [n for n in alike if f"（{kind}）" in n] or alike
        numbered = f"{title}（{rank}番目）"
        if title[-1] == "（":
            return next((n for n in alike if n.endswith(f"（{rank}番目）")), (alike or [value])[0])
        return (
            alike[0]
            if len(alike) == 1
            else next((n for n in alike if n.endswith(f"（{rank}番目）")), numbered)
        )

    def _title(self, value: str) -> tuple[str, int, str] | None:
        """The title of something on record, how many of that title were recorded by then, and its kind."""
        known = thing.table.c
        with self.store.engine.connect() as connection:
            row = connection.execute(sa.select(known).where(known.id == value)).first()
            if row is None and value in self.seats:
                party, rank = self.seats[value]
                held = connection.execute(
                    sa.select(VAULT.c.personal).where(VAULT.c.party_id == party)
                ).scalar()
                return (f"{msgspec.json.decode(held)['name']}（", rank, "") if held else None
            if row is None:
                return None
            kind = KINDS[row.kind].LABEL[0]
            if row.title is not None:
                same = sa.select(sa.func.count()).where(
                    known.title == row.title, known.kind == row.kind, known.position <= row.position
                )
                return row.title, connection.execute(same).scalar_one(), kind
            if self.role not in who_sees_names():
                unnamed = known.kind == row.kind, known.title.is_(None), known.position <= row.position
                rank = connection.execute(sa.select(sa.func.count()).where(*unnamed)).scalar_one()
                return "（氏名は公開していません）", rank, kind
            held = connection.execute(sa.select(VAULT.c.personal).where(VAULT.c.party_id == value)).scalar()
            if held is None:
                return None
            name = msgspec.json.decode(held)["name"]
            people = connection.execute(
                sa.select(known.id, VAULT.c.personal)
                .join(VAULT, VAULT.c.party_id == known.id)
                .where(known.position <= row.position)
            )
            rank = sum(msgspec.json.decode(one.personal).get("name") == name for one in people)
            return name, rank, kind


class Told(Exception):
    """What went wrong with a form."""


def _replaced(terms: CommandTerms, envelope: dict[str, Any], actor: Actor | None = None) -> CommandTerms:
    made = dataclasses.replace(terms, envelope=envelope, key=None, expected_version=None)
    return made if actor is None else dataclasses.replace(made, actor=actor, roles=frozenset({actor.role}))


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    return msgspec.json.decode(msgspec.json.encode(value))


def _is_date(value: Any) -> bool:
    return isinstance(value, dict) and "precision" in value


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)


def _plain(page: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.get_data(as_text=True).partition("<main")[2]))[
        :300
    ]


def _faults(html: str) -> str:
    found = re.search(r'id="faults".*?</ul>', html, re.DOTALL) or re.search(
        r"<main.*?</main>", html, re.DOTALL
    )
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0]))[:400] if found else html[:200]
