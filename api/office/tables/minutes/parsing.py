"""Minutes as offices write them, read line by line: who said what, on which item, what was voted, and when.

The text is never changed. What begins with a circle and a name is a statement, and so are the lines after it
until the next; what stands in brackets is a note of the stage; a numbered line that the running order names,
or that stands between statements, begins an item. What cannot be read is left for whoever looks at it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from api.office.tables.minutes.paragraphs import Paragraph
from api.office.tables.reading.values import plain

_SPOKEN = re.compile(r"^[○◯〇◎●◇]\s*(?P<who>[^\s:：]{1,30}?)(?:[:：]|[\s\u3000]+)(?P<text>\S.*)$", re.DOTALL)
_LABELLED = re.compile(
    r"^(?P<who>[^\s:：。、「」]{0,10}(?:座長|会長|議長|委員長|委員|事務局|部会長|課長|係長|部長|主査|アドバイザー)"
    r"(?:[(（][^)）]{1,20}[)）])?)\s*[:：]\s*(?P<text>\S.*)$",
    re.DOTALL,
)
_NOTE = re.compile(r"^[\s\u3000]*[(（【\[](?![0-9０-９]{1,2}[)）]).*[)）】\]]$", re.DOTALL)
_ENDS = re.compile(r"閉\s*会")
_ITEM = re.compile(
    r"^[\s\u3000]*(?P<no>[(（]?[0-9０-９]{1,2}[)）]|[0-9０-９]{1,2}[.．、\s\u3000]|[一二三四五六七八九十]{1,3}[、\s\u3000]|[①-⑳])"
    r"[.．、\s\u3000]*(?P<title>\S[^。]{0,78})$"
)
_NUMBER = re.compile(r"第\s*(\d{1,3})\s*回")
_FISCAL = re.compile(r"(令和|平成)\s*(元|\d{1,2})\s*年度")
_DAY = re.compile(
    r"((?:令和|平成|昭和)\s*(?:元|\d{1,2})\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|\d{4}[年/.-]\d{1,2}[月/.-]\d{1,2}日?)"
)
_TIMES = re.compile(r"(午前|午後)?\s*(\d{1,2})\s*[:時]\s*(\d{1,2})?\s*分?|正午")
_PEOPLE = re.compile(r"(\d+)\s*(?:人|名)")
_VOTE = re.compile(
    r"賛成\s*(?:者)?\s*(\d+)\s*(?:名|人|票)"
    r"(?:[、,，]?\s*反対\s*(?:者)?\s*(\d+)\s*(?:名|人|票))?"
    r"(?:[、,，]?\s*(?:棄権|保留)\s*(?:者)?\s*(\d+)\s*(?:名|人|票))?"
)
_DECIDED = re.compile(r"[^。]*(?:可決|否決|承認|了承|決定|異議なし|全員一致)[^。]*。?")
SENTENCE = 280


@dataclass(frozen=True)
class Item:
    no: str
    title: str
    place: str


@dataclass
class Statement:
    """What somebody said: the label before it, its text, its first paragraph, and its item by its place in
    the list."""

    who: str
    text: str
    place: str
    item: int | None


@dataclass(frozen=True)
class Vote:
    """What a sentence says of a vote, in its own words."""

    text: str
    place: str
    item: int | None
    numbers: tuple[int | None, int | None, int | None] = (None, None, None)


@dataclass
class Minutes:
    title: str = ""
    number: int | None = None
    fiscal_year: str = ""
    day: str = ""
    begins: str = ""
    ends: str = ""
    venue: str = ""
    observers: int | None = None
    items: list[Item] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    votes: list[Vote] = field(default_factory=list)
    notes: list[Paragraph] = field(default_factory=list)
    """Lines that became nothing."""
    places: dict[str, str] = field(default_factory=dict)
    """Of what its head says (``title``, ``day``, ``venue``, ``observers``): the paragraph it stands in."""

    @property
    def speakers(self) -> list[str]:
        return list(dict.fromkeys(statement.who for statement in self.statements))


def narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def parse(paragraphs: Sequence[Paragraph]) -> Minutes:
    """Read minutes. Whatever is missing stays empty."""
    minutes = Minutes()
    _facts(minutes, paragraphs)
    begins = next((n for n, p in enumerate(paragraphs) if _spoken(p.text)), len(paragraphs))
    ordered = [p for p in paragraphs[:begins] if not p.row and _ITEM.match(p.text)]
    running = {plain(match["title"]) for p in ordered if (match := _ITEM.match(p.text))}
    over = False
    for n, paragraph in enumerate(paragraphs):
        text = paragraph.text
        if not text or paragraph.row:
            continue
        spoken = _spoken(text)
        if spoken is not None:
            minutes.statements.append(Statement(*spoken, paragraph.place, _last(minutes.items)))
            _vote(minutes, paragraph, spoken[1])
            over = False
        elif _NOTE.match(text):
            minutes.notes.append(paragraph)
            over = over or bool(_ENDS.search(text))
        elif match := _item(text, running, n >= begins - 1):
            _begin(minutes, match, paragraph, n, begins)
        elif minutes.statements and not over:
            minutes.statements[-1].text += f"\n{text}"
            _vote(minutes, paragraph, text)
        else:
            minutes.notes.append(paragraph)
    if not minutes.statements:
        minutes.items = [
            Item(match["no"], match["title"].strip(), p.place)
            for p in ordered
            if (match := _ITEM.match(p.text))
        ]
    return minutes


def _spoken(text: str) -> tuple[str, str] | None:
    match = _SPOKEN.match(text) or _LABELLED.match(text)
    return None if match is None else (match["who"], match["text"].strip())


def _item(text: str, running: set[str], among_statements: bool) -> re.Match[str] | None:
    match = _ITEM.match(text)
    if match is None:
        return None
    return match if among_statements or plain(match["title"]) in running else None


def _begin(minutes: Minutes, match: re.Match[str], paragraph: Paragraph, n: int, begins: int) -> None:
    """An item begins. What the running order at the top lists begins where it comes again."""
    if n < begins - 1:
        return
    title = match["title"].strip()
    minutes.items.append(Item(narrow(match["no"]).strip(" .、　"), title, paragraph.place))


def _last(items: Sequence[Item]) -> int | None:
    return len(items) - 1 if items else None


def _vote(minutes: Minutes, paragraph: Paragraph, text: str) -> None:
    """Note a sentence that says how something was decided."""
    words = narrow(text)
    match = _VOTE.search(words)
    decided = _DECIDED.search(words)
    if match is None and (decided is None or "異議なし" not in words):
        return
    pro, contra, abstain = (int(part) if part else None for part in match.groups()) if match else (None,) * 3
    sentence = words[match.start() :] if match else (decided[0] if decided else words)
    of_item = _last(minutes.items)
    minutes.votes.append(Vote(sentence.strip()[:SENTENCE], paragraph.place, of_item, (pro, contra, abstain)))


# -- what the head of the minutes says


def _facts(minutes: Minutes, paragraphs: Sequence[Paragraph]) -> None:
    head = [p for p in paragraphs if p.row] + [p for p in paragraphs if not p.row][:40]
    lines = [(narrow(p.text), p.place) for p in head if p.text and not _spoken(p.text)]
    titles = [
        (text, place)
        for text, place in lines
        if "\t" not in text and ("会議録" in text or "要旨" in text or _NUMBER.search(text))
    ]
    if titles:
        text, minutes.places["title"] = titles[0]
        minutes.title = re.sub(r"\s*(会議録|議事録|要旨)\s*$", "", text).strip()
    whole = "\n".join([minutes.title, *(text for text, _ in lines)])
    if match := _NUMBER.search(whole):
        minutes.number = int(match[1])
    if match := _FISCAL.search(minutes.title):
        minutes.fiscal_year = match[0]
    for text, place in lines:
        label, value = _labelled(text)
        if label in ("日時", "開催日時", "開催日", "とき"):
            _when(minutes, value)
            minutes.places["day"] = place
        elif label in ("場所", "会場", "開催場所", "ところ") and not minutes.venue:
            minutes.venue = re.sub(r"\s+", " ", value).strip()
            minutes.places["venue"] = place
        elif label in ("傍聴者", "傍聴", "傍聴人") and (match := _PEOPLE.search(value)):
            minutes.observers = int(match[1])
            minutes.places["observers"] = place
    if not minutes.day:
        for text, place in lines:
            if match := _DAY.search(text):
                minutes.day, minutes.places["day"] = match[1], place
                break


def _labelled(text: str) -> tuple[str, str]:
    label, tab, value = text.partition("\t")
    if not tab:
        match = re.match(r"^(日\s*時|場\s*所|会\s*場|傍聴者?|開催日時?|とき|ところ)[\s:：]+(.*)$", text)
        if match is None:
            return "", text
        label, value = match[1], match[2]
    return re.sub(r"\s+", "", label), value


def _when(minutes: Minutes, value: str) -> None:
    if match := _DAY.search(value):
        minutes.day = match[1].replace(" ", "")
        value = value[match.end() :]
    matches = list(_TIMES.finditer(value))
    times = [_time(match) for match in matches]
    if times and "時" not in value[: matches[0].start()]:  # an hour that cannot be read comes before
        minutes.begins = times[0]
        minutes.ends = times[1] if len(times) > 1 else ""


def _time(match: re.Match[str]) -> str:
    if match[0] == "正午":
        return "12:00"
    hour = int(match[2]) + (12 if match[1] == "午後" and int(match[2]) < 12 else 0)
    return f"{hour}:{int(match[3] or 0):02}"
