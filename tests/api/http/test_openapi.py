"""The description of the API: valid OpenAPI 3.1, complete, and readable without anything from elsewhere."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from api.commands import OWN_PATHS
from domain.kernel.record import KINDS
from domain.values.calendar import EffectiveDate
from domain.values.plain_text import control_in


@pytest.fixture
def described(client: FlaskClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/openapi.json").get_json()
    return found


def operations(described: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        operation["operationId"]: operation
        for path in described["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict)
    }


@pytest.mark.slow
def test_it_is_valid_openapi_3_1(described: dict[str, Any]) -> None:
    assert described["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(described).validate()


def test_every_command_is_described_with_its_names_its_roles_and_its_refusals(
    described: dict[str, Any],
) -> None:
    found = operations(described)
    for kind in KINDS.values():
        for command in kind.COMMANDS.values():
            operation = found[f"{kind.__name__}.{command.name}"]
            assert operation["summary"] == " / ".join(command.about)
            assert operation["description"].startswith(command.doc)
            assert operation["x-roles"] == list(command.roles)
            assert {"FORBIDDEN", "KEY_REUSED", "VERSION_CONFLICT"} <= set(operation["x-refusals"])
            form = "multipart/form-data" if command.name in OWN_PATHS else "application/json"
            assert operation["requestBody"]["content"][form]["schema"]
            assert ("201" if command.creates else "200") in operation["responses"]
            for status, response in operation["responses"].items():
                wanted = "application/json" if status < "300" else "application/problem+json"
                assert list(response["content"]) == [wanted], (operation["operationId"], status)


def test_no_two_operations_share_an_id(described: dict[str, Any]) -> None:
    count = sum(method in ("get", "post") for path in described["paths"].values() for method in path)
    assert len(operations(described)) == count


def test_fields_are_described_with_the_domain_s_limits(described: dict[str, Any]) -> None:
    schemas = described["components"]["schemas"]
    link = schemas["Link.make"]
    assert set(link["required"]) == {"from_id", "to_id", "relation", "reason"}
    assert link["additionalProperties"] is False
    assert link["properties"]["reason"]["maxLength"] == 20_000
    assert schemas["Party.register_person"]["properties"]["name"]["writeOnly"] is True
    kinds = schemas["Party.register_organisation"]["properties"]["category"]["enum"]
    assert "municipality" in kinds
    registered, citation = schemas["Document.register"]["properties"], schemas["Citation"]["properties"]
    title = registered["title"]
    assert (title["type"], title["minLength"], title["maxLength"]) == (["string", "null"], 1, 300)
    for sign in map(chr, (*range(0xD800), *range(0xE000, 0x10000))):
        assert bool(re.search(title["pattern"], f"架{sign}空")) is (control_in(sign, lines=False) is None), (
            sign
        )
    *texts, parts, nothing = registered["dated"]["anyOf"]
    assert ("$ref" in parts, nothing) == (True, {"type": "null"})
    for text in (
        "2006-03-01",
        "2006-03",
        "2006",
        "FY2008",
        "平成18年3月1日",
        "平成20年度",
        "平成十八年",
        "H18",
    ):
        EffectiveDate.parse(text)
        assert any(re.search(arm.get("pattern", r"^\d{4}-\d{2}-\d{2}$"), text) for arm in texts), text
    assert [arm.get("type") for arm in citation["article"]["anyOf"]] == ["integer", None, "null"]
    assert citation["as_of"] == {"type": ["string", "null"], "format": "date"}
    assert None in schemas["EnvelopeInput"]["properties"]["certainty"]["enum"]
    assert set(schemas["Error"]["properties"]) == {"pointer", "detail", "code"}


def test_every_read_is_described_with_what_it_takes_and_takes_nothing_else(
    described: dict[str, Any], client: FlaskClient
) -> None:
    """A list says so, a question has the parameters it declares; what is not described is refused."""

    def parameters(path: str) -> dict[str, Any]:
        found = described["paths"][path]["get"].get("parameters", [])
        return {p["name"]: p for p in found if p["in"] == "query"}

    axes = {"as_known_on", "in_force_on"}
    assert parameters("/api/v1/meetings").keys() == {"council_id", "state", "limit", "cursor", *axes}
    assert parameters("/api/v1/actions/{entity}").keys() == axes
    asked = parameters("/api/v1/questions/S6")
    assert asked.keys() == {"id", "known_on", "effective_on", *axes}
    assert asked["known_on"]["required"] and asked["known_on"]["schema"]["format"] == "date"
    reads = [path for path in described["paths"] if "{" not in path and "get" in described["paths"][path]]
    assert len(reads) > 60
    for path in reads:
        if parameters(path):
            answer = client.get(f"{path}?nonsense=1")
            assert answer.status_code in (401, 422), path
            if answer.status_code == 422:
                assert answer.get_json()["errors"][0]["pointer"] == "/nonsense", path


def test_the_refusals_that_a_command_declares_are_described_with_their_status(
    described: dict[str, Any],
) -> None:
    make = operations(described)["Link.make"]
    assert {"RELATION_UNKNOWN", "LINK_TO_ITSELF", "UNKNOWN_ID", "BUSY"} <= set(make["x-refusals"])
    assert "LINK_TO_ITSELF" in make["responses"]["422"]["description"]
    assert "BUSY" in make["responses"]["409"]["description"]


def test_the_description_is_answered_once(client: FlaskClient) -> None:
    tag = client.get("/api/openapi.json").headers["ETag"]
    assert client.get("/api/openapi.json", headers={"If-None-Match": tag}).status_code == 304


def test_the_docs_page_fetches_nothing_from_elsewhere(client: FlaskClient) -> None:
    answer = client.get("/api/docs")
    page = answer.get_data(as_text=True)
    fetched = re.findall(r'<(?:script|link rel="stylesheet"|img)[^>]* (?:src|href)="([^"]+)"', page)
    assert len(fetched) >= 4
    for address in fetched:
        assert address.startswith("/")
        assert client.get(address).status_code == 200, address
    assert "<script>" not in page
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "script-src" not in policy
    assert "style-src 'self' 'unsafe-inline'" in policy


def test_the_docs_page_serves_swagger_ui_s_own_files_only(client: FlaskClient) -> None:
    assert client.get("/api/docs/index.html").status_code == 404
    assert client.get("/api/docs/..%2f__init__.py").status_code == 404
