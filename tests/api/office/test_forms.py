"""Forms made from declarations: read, checked, recorded once, refused with everything kept."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.access.accounts import Accounts
from api.http.schemas import wire_names
from api.office.forms.fields.dates import as_precise_as, read_date, read_time
from domain.kernel.id_fields import NAMED, makes
from domain.kernel.record import KINDS
from domain.values.fields import IdRule, rules_of
from domain.values.refusal import Refusal
from tests.api.conftest import PASSWORD, TellerOf, document, organisation
from tests.api.office.every_form.filling import Filler
from tests.api.office.every_form.reading import Form, command_form
from tests.api.signing_in import Log, sign_in

ORGANISATION = "/desk/parties/-/register-organisation"


@pytest.fixture
def clerk(client: FlaskClient, staff: Any) -> FlaskClient:
    sign_in(client)
    return client


def opened(client: FlaskClient, address: str) -> Form:
    return command_form(client.get(address).get_data(as_text=True))


def filled(form: Form, **values: Any) -> Form:
    filler = Filler(form, lambda _, name: name)
    for name, value in values.items():
        filler.fill(f"/{name}", value)
    return form


def sent(client: FlaskClient, form: Form, button: str) -> TestResponse:
    return client.post(form.action, data={**form.sent(), "act": [button]})


def test_what_is_checked_is_shown_as_it_will_stand_and_recorded_once(clerk: FlaskClient, log: Log) -> None:
    form = filled(opened(clerk, ORGANISATION), name_ja="架空自治会", category="neighbourhood")
    filled(form, **{"record/effective#how": "today"})
    checked = sent(clerk, form, "check")
    page = checked.get_data(as_text=True)
    assert checked.status_code == 200 and "記録に残る文" in page and "架空自治会" in page
    assert log() == []
    form = command_form(page)
    assert [sent(clerk, form, "record").status_code for _ in range(2)] == [303, 303]
    (event,) = log()
    assert event.data.name_ja == "架空自治会" and event.entity.startswith("org-")
    assert "架空" not in event.entity


def test_words_that_changed_since_they_were_shown_are_shown_again(clerk: FlaskClient, log: Log) -> None:
    form = filled(opened(clerk, ORGANISATION), name_ja="架空会", category="npo")
    filled(form, **{"record/effective#how": "today"})
    form = command_form(sent(clerk, form, "check").get_data(as_text=True))
    again = sent(clerk, filled(form, name_ja="架空の会"), "record")
    assert "もう一度お見せします" in again.get_data(as_text=True)
    assert log() == []


def test_a_refusal_keeps_what_was_typed_and_leads_to_its_control(clerk: FlaskClient) -> None:
    form = filled(opened(clerk, f"/en{ORGANISATION}"), name_ja="架空会")
    refused = sent(clerk, form, "check")
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert 'href="#f-category"' in page and 'href="#f-record-effective"' in page
    assert 'value="架空会"' in page


def test_another_clerk_between_is_shown_and_not_overwritten(
    clerk: FlaskClient, teller: TellerOf, log: Log
) -> None:
    other = teller("SEC", party="p-other")
    paper = other.post("documents", document()).json["id"]  # type: ignore[index]
    form = filled(opened(clerk, f"/desk/documents/{paper}/revise"), change="表を直した")
    filled(form, **{"record/effective#how": "today"})
    form = command_form(sent(clerk, form, "check").get_data(as_text=True))
    assert other.post(f"documents/{paper}/revise", {"change": "題を直した"}).status_code == 200
    late = sent(clerk, form, "record")
    assert late.status_code == 422 and "ほかの人が同じものに記録しました" in late.get_data(as_text=True)
    assert "表を直した" in late.get_data(as_text=True)
    assert [e.data.change for e in log() if e.type == "DocumentRevised"] == ["題を直した"]


def test_of_two_things_of_one_name_the_candidates_are_told(clerk: FlaskClient, teller: TellerOf) -> None:
    other = teller("SEC", party="p-other")
    for _ in range(50):
        other.post("parties/-/register-organisation", organisation(name_ja="架空会"))
    form = opened(clerk, "/desk/officer-networks/-/create-posts")
    page = sent(clerk, filled(form, **{"record/asserted_by": "架空会"}), "check").get_data(as_text=True)
    assert "「架空会」では一つに決まりません" in page and "「架空会（50番目）」" in page
    none = sent(clerk, filled(form, **{"record/asserted_by": "だれでもない会"}), "check")
    assert "「だれでもない会」という名前のものは見つかりません" in none.get_data(as_text=True)


def test_what_cannot_be_done_says_why(client: FlaskClient, app: Flask, teller: TellerOf) -> None:
    paper = teller("SEC", party="p-other").post("documents", document()).json["id"]  # type: ignore[index]
    Accounts(app.extensions["kyodo-store"].get().engine).add("approver", ["APR"], "p-apr", PASSWORD)
    sign_in(client, "approver")
    page = client.get(f"/desk/documents/{paper}/-").get_data(as_text=True)
    assert "文書の改訂を記録する" in page and "この操作は事務局だけが行えます" in page
    assert client.get(f"/desk/documents/{paper}/revise").status_code == 200
    assert 'name="act"' not in client.get(f"/desk/documents/{paper}/revise").get_data(as_text=True)


def test_a_member_has_no_forms(client: FlaskClient, app: Flask) -> None:
    Accounts(app.extensions["kyodo-store"].get().engine).add("member", ["MEM"], password=PASSWORD)
    sign_in(client, "member")
    assert client.get("/desk/matters/-/raise-matter").status_code == 403


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("令和8年5月20日", "2026-05-20"),
        ("令和８年５月２０日（水）", "2026-05-20"),
        ("R8.5.20", "2026-05-20"),
        ("r8/5/20", "2026-05-20"),
        ("2026/5/20", "2026-05-20"),
        ("2026-05-20", "2026-05-20"),
        ("R8.5", "2026-05"),
        ("令和8年度", "FY2026"),
        ("2026年", "2026"),
        ("不明", None),
    ],
)
def test_a_date_is_read_as_an_office_writes_it(text: str, value: str | None) -> None:
    assert read_date(text).value == value


def test_a_date_is_no_more_exact_than_it_is_known() -> None:
    assert as_precise_as(read_date("R8.3.20"), "fiscal_year").value == "FY2025"
    assert as_precise_as(read_date("R8.3.20"), "month").value == "2026-03"
    with pytest.raises(Refusal, match="DAY_NEEDED"):
        as_precise_as(read_date("R8.3"), "day")
    assert read_time("午後6時30分").isoformat() == "18:30:00"
    with pytest.raises(Refusal, match="TIME_UNREADABLE"):
        read_time("25:00")


def test_every_identifier_that_a_command_takes_says_what_it_names() -> None:
    silent = {
        (owner, name)
        for kind in KINDS.values()
        for command in kind.COMMANDS.values()
        for field, parameter in wire_names(command).items()
        for owner, name in _ids(parameter.kind, field, command.records.__name__)
        if not makes(owner, name) and name not in NAMED and f"{owner}.{name}" not in NAMED
    }
    assert silent == set()


def _ids(kind: Any, name: str, owner: str) -> Iterator[tuple[str, str]]:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        hints = typing.get_type_hints(kind, include_extras=True)
        for inner in kind.__struct_fields__:
            yield from _ids(hints[inner], inner, kind.__name__)
    elif any(isinstance(rule, IdRule) for rule in rules_of(kind)):
        yield owner, name
    elif typing.get_origin(kind) is not typing.Literal:
        for arm in typing.get_args(kind):
            yield from _ids(arm, name, owner)
