"""What a paper is made of, whatever it is rendered as: sections of paragraphs, tables, facts and lists.

Texts are plain words in the language of the paper. Where the record has nothing, the words say so; nothing
here is ever empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

CORRECTED = "※"
"""Stands after whatever was corrected; the part on corrections says what stood there."""


class Strong(str):
    """A text that stands out."""

    __slots__ = ()


@dataclass(frozen=True)
class Paragraph:
    """A text. ``as_``: how it stands on the page."""

    KIND: ClassVar = "paragraph"
    text: str
    as_: Literal["body", "note", "right", "centre", "item", "said"] = "body"


@dataclass(frozen=True)
class Table:
    """Rows under headed columns. ``caption`` says what it is a table of; ``widths`` is how broad its columns
    are to one another; ``by_row``: the first cell of a row is what the row is called."""

    KIND: ClassVar = "table"
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    by_row: bool = False

    def __post_init__(self) -> None:
        if len(self.columns) != len(self.widths) or any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"{self.caption}: rows, columns and widths differ")

    @property
    def shares(self) -> tuple[int, ...]:
        """How broad each column is, in even hundredths of the whole, 100 together."""
        whole = sum(self.widths)
        even = [max(4, 2 * round(50 * width / whole)) for width in self.widths]
        even[even.index(max(even))] -= sum(even) - 100
        return tuple(even)


@dataclass(frozen=True)
class Facts:
    """Pairs of what is asked and what is on record, one or two pairs in each row."""

    KIND: ClassVar = "facts"
    caption: str
    rows: tuple[tuple[tuple[str, str], ...], ...]

    @property
    def breadth(self) -> int:
        """Most pairs in a row."""
        return max(map(len, self.rows))


@dataclass(frozen=True)
class Bullets:
    """A list of sentences."""

    KIND: ClassVar = "bullets"
    entries: tuple[str, ...]


Block = Paragraph | Table | Facts | Bullets
Setting = Literal["usual", "dense", "tight"]
"""How closely a paper is set: what is to keep to one sheet is set closer."""
SETTINGS: tuple[Setting, ...] = ("usual", "dense", "tight")


@dataclass(frozen=True)
class Section:
    """A part with a heading. ``narrow``: it takes half of the breadth, beside the next narrow one;
    ``new_page``: it begins a page, as a letter of its own does."""

    heading: str
    blocks: tuple[Block, ...]
    narrow: bool = False
    new_page: bool = False


@dataclass(frozen=True)
class Letterhead:
    """Who the paper is from: a name, lines of an address, a picture with the words that stand for it."""

    name: str | None = None
    lines: tuple[str, ...] = ()
    picture: str | None = None
    """The name of its file in the folder of papers."""
    picture_words: str = ""


@dataclass(frozen=True)
class Paper:
    """A whole paper. ``name``: which kind (``decision``); ``intro`` stands under the title, ``foot`` below
    all; ``most_pages``: it may be no longer on A4, if that is said."""

    name: str
    language: str
    title: str
    file_name: str
    date: str
    intro: tuple[str, ...]
    sections: tuple[Section, ...]
    foot: tuple[str, ...]
    opening: tuple[Block, ...] = ()
    head: Letterhead = field(default_factory=Letterhead)
    most_pages: int | None = None
    setting: Setting = "usual"

    @property
    def blocks(self) -> Iterator[Block]:
        yield from self.opening
        for section in self.sections:
            yield from section.blocks

    @property
    def texts(self) -> Iterator[str]:
        """Every text in the order in which it is read."""
        head = self.head
        yield from filter(None, (head.picture and head.picture_words, head.name, *head.lines))
        yield from (self.date, self.title, *self.intro)
        for block in self.opening:
            yield from texts_of(block)
        for section in self.sections:
            yield section.heading
            for block in section.blocks:
                yield from texts_of(block)
        yield from self.foot

    @property
    def rows(self) -> int:
        """How many rows of tables and entries of lists it has."""
        return sum(map(_size, self.blocks))

    @property
    def parts(self) -> Iterator[tuple[Section, ...]]:
        """Its sections as they stand: two narrow ones beside one another."""
        ahead = list(self.sections)
        while ahead:
            count = 2 if len(ahead) > 1 and ahead[0].narrow and ahead[1].narrow else 1
            yield tuple(ahead[:count])
            del ahead[:count]

    @property
    def characters(self) -> int:
        return sum(map(len, self.texts))


def texts_of(block: Block) -> Iterator[str]:
    """The texts of a block in the order in which they are read."""
    if isinstance(block, Paragraph):
        yield block.text
    elif isinstance(block, Table):
        yield from block.columns
        for row in block.rows:
            yield from row
    elif isinstance(block, Facts):
        for pairs in block.rows:
            for pair in pairs:
                yield from pair
    else:
        yield from block.entries


def _size(block: Block) -> int:
    if isinstance(block, Table | Facts):
        return len(block.rows)
    return len(block.entries) if isinstance(block, Bullets) else 1


# ------------------------------------------------------------------------------------------------ length


@dataclass(frozen=True)
class _Type:
    """How a setting fills an A4, measured on papers that were set: half-width characters in a line of a
    paragraph and of a table, and heights in hundredths of the page."""

    breadth: int
    in_tables: int
    line: float
    in_table: float
    row: float
    heading: float
    frame: float


_TYPES: dict[Setting, _Type] = {
    "usual": _Type(92, 106, 2.15, 1.65, 0.45, 3.6, 12.0),
    "dense": _Type(102, 112, 1.72, 1.50, 0.38, 3.2, 11.0),
    "tight": _Type(108, 119, 1.56, 1.36, 0.24, 2.55, 9.8),
}


def pages_of(paper: Paper) -> float:
    """About how many A4 pages a paper takes. What is set is counted by the tests."""
    kind = _TYPES[paper.setting]
    height = kind.frame + 1.3 * len(paper.foot)
    height += sum(_block_height(block, kind, 1) for block in paper.opening)
    height += sum(max(_height(section, kind, len(part)) for section in part) for part in paper.parts)
    return height / 100


def _height(section: Section, kind: _Type, beside: int) -> float:
    return kind.heading + sum(_block_height(block, kind, beside) for block in section.blocks)


def _block_height(block: Block, kind: _Type, beside: int) -> float:
    breadth = kind.breadth // beside
    if isinstance(block, Paragraph):
        return kind.line * _lines(block.text, breadth)
    if isinstance(block, Bullets):
        return kind.line * sum(_lines(entry, breadth - 3) for entry in block.entries)
    if isinstance(block, Facts):
        each = kind.in_tables // block.breadth
        lines = [
            max(_lines(text, (kind.in_tables if len(pairs) == 1 else each) - 18) for _, text in pairs)
            for pairs in block.rows
        ]
        return sum(kind.in_table * count + kind.row for count in lines)
    return kind.in_table * (_lines_of(_widths(block.rows), block.shares, kind.in_tables) + 1) + kind.row * (
        len(block.rows) + 1
    )


Widths = list[tuple[list[int], ...]]
"""How broad the lines of every cell are, row by row."""


def _widths(rows: Iterable[tuple[str, ...]]) -> Widths:
    return [tuple([max(1, width_of(line)) for line in cell.split("\n")] for cell in row) for row in rows]


def _lines_of(cells: Widths, shares: Sequence[int], breadth: int) -> int:
    """How many lines rows take, where their columns have these hundredths of the breadth."""
    columns = [max(4, breadth * share // 100 - 2) for share in shares]
    return sum(
        max(sum(-(-line // column) for line in cell) for cell, column in zip(row, columns, strict=True))
        for row in cells
    )


def _lines(text: str, breadth: int) -> int:
    return sum(-(-max(1, width_of(line)) // max(1, breadth)) for line in text.split("\n"))


def width_of(text: str) -> int:
    """How broad a text is, in half-width characters."""
    return sum(2 if character > "\u2e7f" else 1 for character in text)


def broadened(rows: Iterable[tuple[str, ...]], least: tuple[int, ...], step: int = 2) -> tuple[int, ...]:
    """The breadths of columns, in hundredths, with which the rows take few lines: none below its least, the
    rest given step by step to where it saves most, and what saves nothing to the column that has most lines
    of its own, or is fullest."""
    cells, shares, breadth = _widths(rows), list(least), _TYPES["dense"].in_tables
    columns = range(len(shares))
    while sum(shares) < 100:
        tries = [[share + step * (n == m) for m, share in enumerate(shares)] for n in columns]
        own = [_lines_of([(row[n],) for row in cells], shares[n : n + 1], breadth) for n in columns]
        full = [max((max(row[n]) for row in cells), default=0) / shares[n] for n in columns]
        best = min(columns, key=lambda n: (_lines_of(cells, tries[n], breadth), -own[n], -full[n]))
        shares = tries[best]
    shares[-1] -= sum(shares) - 100
    return tuple(shares)


# --------------------------------------------------------------------------------------------- shortening

Shorten = Callable[[str], str]


def shortened(text: str, most: int, left_out: str) -> str:
    """The beginning of a text, to the end of a sentence where that is not too early, and that the rest is
    left out."""
    if len(text) <= most:
        return text
    begin = text[:most]
    end = max(begin.rfind("。"), begin.rfind(". "))
    beginning = begin[: end + 1] if end >= most // 2 else begin.rstrip()
    return f"{beginning}{left_out}"
