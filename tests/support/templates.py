"""The templates as they are written: what each names at its top, what it reads, which blocks it fills."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jinja2
from jinja2 import nodes

import api

FOLDER = Path(api.__file__).parent / "templates"
FACT = frozenset({"certainty", "asserted_by_label", "written_label", "moved", "source", "corrected", "line"})
"""What the macro ``marks`` reads; a header says ``+ fact``."""

_PARSER = jinja2.Environment(autoescape=True)
_NAME = re.compile(r"([a-z][a-z0-9_]*)(\|None)?(\s.*)?", re.DOTALL)


@dataclass(frozen=True)
class Template:
    """One file. ``base``: what it extends."""

    name: str
    source: str
    tree: nodes.Template

    @property
    def base(self) -> str | None:
        extended = next(self.tree.find_all(nodes.Extends), None)
        return extended.template.value if extended and isinstance(extended.template, nodes.Const) else None

    @property
    def filled(self) -> set[str]:
        """The blocks that it defines, those within other blocks aside."""
        return {node.name for node in self.tree.body if isinstance(node, nodes.Block)}

    @property
    def blocks(self) -> set[str]:
        """Every block it defines: a template that extends it may fill these."""
        return {block.name for block in self.tree.find_all(nodes.Block)}

    def named(self) -> set[str]:
        """What its header says that the page gives. ValueError where the header cannot be read."""
        header = re.match(r"\{#(.*?)#\}", self.source, re.DOTALL)
        _, is_said, names = header[1].partition("page:") if header else ("", "", "")
        if not is_said:
            raise ValueError(f"{self.name}: no header that says “page: …”")
        found: set[str] = set()
        for part in _parts(names):
            name = _NAME.fullmatch(part)
            if part != "+ fact" and name is None:
                raise ValueError(f"{self.name}: what is “{part}”?")
            found |= {name[1]} if name else FACT
        return found

    def reads(self) -> set[str]:
        """What it reads of the page, itself and by macros that it imports; ValueError where it hands the page
        on to anything but ``marks``."""
        found = {"title"} if "title" not in self.filled else set()  # the frame's own heading
        found |= self._read_by_macros()
        looked_into = set()
        for node in self.tree.find_all((nodes.Getattr, nodes.Getitem)):
            if isinstance(node.node, nodes.Name) and node.node.name == "page":
                looked_into.add(id(node.node))
                found.add(node.attr if isinstance(node, nodes.Getattr) else node.arg.as_const())
        for call in self.tree.find_all(nodes.Call):
            for page in call.args:
                is_marks = isinstance(call.node, nodes.Getattr) and call.node.attr == "marks"
                if is_marks and isinstance(page, nodes.Name) and page.name == "page":
                    looked_into.add(id(page))
                    found |= FACT
        whole = [node for node in self.tree.find_all(nodes.Name) if node.name == "page"]
        if any(id(node) not in looked_into for node in whole):
            raise ValueError(f"{self.name}: hands on the whole page")
        return found - {"formats"}

    def _read_by_macros(self) -> set[str]:
        """What macros read that this template calls of those that it imports with its context."""
        found = set[str]()
        for imported in self.tree.find_all(nodes.Import):
            if not imported.with_context or not isinstance(imported.template, nodes.Const):
                continue
            called = {
                node.attr
                for node in self.tree.find_all(nodes.Getattr)
                if isinstance(node.node, nodes.Name) and node.node.name == imported.target
            }
            found |= template(imported.template.value).read_by(called)
        return found

    def read_by(self, called: set[str]) -> set[str]:
        """What these macros of this template read of the page, and those that they call."""
        macros = {macro.name: macro for macro in self.tree.find_all(nodes.Macro)}
        found, ahead, seen = set[str](), [*called], set(called)
        while ahead:
            macro = macros.get(ahead.pop())
            if macro is None:
                continue
            for node in macro.find_all(nodes.Getattr):
                if isinstance(node.node, nodes.Name) and node.node.name == "page":
                    found.add(node.attr)
            for name in {node.name for node in macro.find_all(nodes.Name)} & macros.keys() - seen:
                seen.add(name)
                ahead.append(name)
        return found


def _parts(names: str) -> Iterator[str]:
    """What stands between commas, those within brackets aside."""
    depth, part = 0, ""
    for character in names:
        depth += (character in "([{") - (character in ")]}")
        if character == "," and not depth:
            yield part.strip()
            part = ""
        else:
            part += character
    yield part.strip()


@cache
def template(name: str) -> Template:
    """One file, read once: every page that a test renders is held against it."""
    source = (FOLDER / name).read_text(encoding="utf-8")
    return Template(name, source, _PARSER.parse(source, name))


@cache
def named_by(name: str) -> frozenset[str]:
    """What the header of a template says that the page gives."""
    return frozenset(template(name).named())


def templates() -> list[Template]:
    """Every template there is, by its name."""
    return [template(str(path.relative_to(FOLDER))) for path in sorted(FOLDER.rglob("*.html"))]


def ancestors(child: Template) -> Iterator[Template]:
    """What a template extends, and what that extends."""
    while child.base is not None:
        child = template(child.base)
        yield child
