"""A form of the office in Chromium: what a filler has put into the controls of a page as it reads them is
typed, chosen and marked in the window, as somebody does who sees labels and words."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from playwright.sync_api import Locator

from tests.api.office.every_form.reading import Control, Form, command_form
from tests.support.clerk import Clerk, looks_like_an_id

UNFOLD = """field => {
  const folded = [];
  const around = one => one && one.closest("details:not([open])");
  for (let one = around(field); one; one = around(one.parentElement)) folded.unshift(one);
  folded.forEach(one => one.querySelector(":scope > summary").click());
  return folded.length;
}"""


def of_window(clerk: Clerk) -> Form:
    """The form of a command, as it stands in the window."""
    return command_form(clerk.page.content())


class Differs(Exception):
    """What a clerk would stop at."""


def put(clerk: Clerk, before: Form, after: Form) -> None:
    """Do in the window what makes the one of the other."""
    seen: defaultdict[tuple[str, str], int] = defaultdict(int)
    for was, will in zip(before.controls, after.controls, strict=True):
        nth = seen[was.name, was.type]
        seen[was.name, was.type] += 1
        if was.type in ("hidden", "file") or (was.value, was.checked) == (will.value, will.checked):
            continue
        _put_one(clerk, will, nth)


def _put_one(clerk: Clerk, control: Control, nth: int) -> None:
    page = clerk.page
    field = page.locator(f'form.command [name="{control.name}"]:not([type=hidden])')
    if control.type in ("radio", "checkbox"):
        field = page.locator(f'form.command [name="{control.name}"][value="{control.value}"]')
        clerk.counted.presses += field.evaluate(UNFOLD)
        if control.type == "radio" and not control.checked:
            return  # another one is taken
        _by_its_words(field).click()
        clerk.counted.choices += 1
        return
    field = field.nth(nth if field.count() > 1 else 0)
    clerk.counted.presses += field.evaluate(UNFOLD)
    if control.type == "select":
        label = _label_of(control)
        if looks_like_an_id(label):
            raise Differs(f"{control.name} is chosen by an identifier: {label}")
        field.select_option(label=label)
        clerk.counted.choices += 1
        return
    field.fill(control.value)
    if control.suggested:  # chosen by its name
        clerk.counted.choices += 1
        clerk.counted.ids += looks_like_an_id(control.value)
        return
    values = control.value.split("\n") if control.type == "textarea" else [control.value]
    clerk.counted.typed += len(values)
    clerk.counted.ids += sum(looks_like_an_id(value) for value in values)


def _label_of(control: Control) -> str:
    label = " ".join(control.answers[control.value].split())
    alike = [value for value, words in control.answers.items() if " ".join(words.split()) == label]
    if len(alike) > 1:
        raise Differs(f"{control.name}: {len(alike)} choices are called “{label}”")
    return label


def _by_its_words(field: Locator) -> Locator:
    """The label around a box or a button, which is what somebody presses."""
    around = field.locator("xpath=ancestor::label[1]")
    return around if around.count() else field


def press(clerk: Clerk, button: str) -> None:
    """Press a button of the form of a command, by the button it is among those of one name."""
    _press(clerk, clerk.page.locator(f'form.command button[name=act][value="{button}"]:not([tabindex])'))


def _press(clerk: Clerk, button: Any) -> None:
    clerk.counted.presses += button.evaluate(UNFOLD)
    clerk.counted.presses += 1
    with clerk.page.expect_event("domcontentloaded", timeout=60_000):
        button.click()


# -- screens of the daily work, by the names of their controls


def _named(clerk: Clerk, name: str) -> Locator:
    return clerk.page.locator(f'main [name="{name}"]:not([type=hidden])')


def type_in(clerk: Clerk, name: str, text: str, *, choice: bool = False) -> None:
    """Type; ``choice``: what is offered is taken by its name."""
    field = _named(clerk, name).first
    clerk.counted.presses += field.evaluate(UNFOLD)
    field.fill(text)
    lines = text.split("\n")
    if choice:
        clerk.counted.choices += 1
    else:
        clerk.counted.typed += len(lines)
    clerk.counted.ids += sum(map(looks_like_an_id, lines))


def pick(clerk: Clerk, name: str, value: str) -> None:
    """Choose from a list, by what the choice is called there."""
    field = _named(clerk, name).first
    clerk.counted.presses += field.evaluate(UNFOLD)
    called = "(field, value) => [...field.options].filter(o => o.value === value).map(o => o.label.trim())"
    labels = field.evaluate(called, value)
    if len(labels) != 1 or looks_like_an_id(labels[0]):
        raise Differs(f"{name} does not offer what is wanted by a name: {labels}")
    field.select_option(label=labels[0])
    clerk.counted.choices += 1


def take(clerk: Clerk, name: str, value: str) -> None:
    """Take one of several answers, or mark a box, where it is not so already."""
    field = clerk.page.locator(f'main [name="{name}"][value="{value}"]').first
    if field.is_checked():
        return
    clerk.counted.presses += field.evaluate(UNFOLD)
    _by_its_words(field).click()
    clerk.counted.choices += 1


def say(clerk: Clerk, name: str, value: str) -> None:
    """Answer: choose from a list, take one of several, or type."""
    field = _named(clerk, name).first
    if field.evaluate("field => field.localName") == "select":
        if field.input_value() != value:
            pick(clerk, name, value)
    elif field.get_attribute("type") == "radio":
        take(clerk, name, value)
    else:
        type_in(clerk, name, value)
