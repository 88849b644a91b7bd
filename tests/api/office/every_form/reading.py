"""Forms as a page has them, read without knowing what they are about: controls, their labels and answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Control:
    """A control: ``answers`` are the values that it can be given, of radio buttons, boxes and lists."""

    name: str
    type: str
    id: str = ""
    value: str = ""
    checked: bool = False
    answers: dict[str, str] = field(default_factory=dict)
    suggested: str = ""
    """The id of the list of names beneath it."""
    search: str = ""
    """Where names are looked for."""


@dataclass
class Form:
    action: str = ""
    controls: list[Control] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)
    multipart: bool = False

    def named(self, name: str) -> list[Control]:
        return [c for c in self.controls if c.name == name]

    def has(self, name: str) -> bool:
        return bool(self.named(name))

    def within(self, prefix: str) -> bool:
        return any(c.name.startswith((f"{prefix}/", f"{prefix}#")) for c in self.controls)

    def sent(self) -> dict[str, list[str]]:
        """What a browser sends of it: texts, what is marked, what is chosen."""
        data: dict[str, list[str]] = {}
        for c in self.controls:
            if c.type in ("radio", "checkbox") and not c.checked:
                continue
            if c.type != "file":
                data.setdefault(c.name, []).append(c.value)
        return data


class _Reader(HTMLParser):
    """The forms of a page that are sent by POST and belong to its content."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.texts: dict[str, str] = {}
        self._form: Form | None = None
        self._select: Control | None = None
        self._option: str | None = None
        self._area: Control | None = None
        self._ids: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        has = {name for name, _ in attrs}
        if tag == "form":
            self._form = Form(a.get("action", ""), multipart="multipart" in a.get("enctype", ""))
            self.forms.append(self._form)
        if self._form is None:
            return
        form = self._form
        if tag == "input":
            control = Control(a.get("name", ""), a.get("type", "text"), a.get("id", ""), a.get("value", ""))
            control.checked, control.suggested = "checked" in has, a.get("list", "")
            control.search = a.get("data-names", "")
            form.controls.append(control)
        elif tag == "select":
            self._select = Control(a["name"], "select", a.get("id", ""))
            form.controls.append(self._select)
        elif tag == "option" and self._select is not None:
            self._option = a.get("value", "")
            self._select.answers[self._option] = ""
            if "selected" in has or len(self._select.answers) == 1:
                self._select.value = self._option
        elif tag == "textarea":
            self._area = Control(a["name"], "textarea", a.get("id", ""))
            form.controls.append(self._area)
        elif tag == "button" and a.get("name") == "act":
            form.buttons.append(a.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = self._option = None
        elif tag == "option":
            self._option = None
        elif tag == "textarea" and self._area is not None:
            self._area.value = self._area.value.removeprefix("\n")
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data
        elif self._select is not None and self._option is not None:
            self._select.answers[self._option] += data


def command_form(html: str) -> Form:
    """The form of a command in its page."""
    reader = _Reader()
    reader.feed(html)
    return next(form for form in reader.forms if "check" in form.buttons)
