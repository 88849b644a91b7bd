"""The rules of the record: whatever refuses, or is due, names one of them, and anybody can open it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.cli.main import cli
from api.http.problems import PROBLEMS
from api.reads.rules import TOPICS
from api.reference.reference_pages import FOLDER
from api.reference.reference_pages import pages as pages_of
from api.setup.config import CONFIG_UNUSABLE
from domain.rules.rule import CONVENTION, Rule, Source, Topic
from domain.values.refusal import REFUSALS, Declared
from projections.answers.due import BASIS, Kind
from tests.api.conftest import application
from tests.api.site import JAPANESE, Page, get, kanazawas_history, site
from tests.support.citations import unopenable

ROOT = Path(__file__).parents[3]
DECLARED: dict[str, Declared] = {**REFUSALS, **PROBLEMS, CONFIG_UNUSABLE.code: CONFIG_UNUSABLE}
RULES = [rule for topic in TOPICS for rule in topic.rules]


@pytest.fixture(scope="module")
def kanazawa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    yield from site(tmp_path_factory.mktemp("kanazawa"), kanazawas_history)


@pytest.fixture(scope="module")
def reader(kanazawa: Flask) -> FlaskClient:
    return kanazawa.test_client()


@pytest.fixture(scope="module")
def pages(reader: FlaskClient) -> dict[str, Page]:
    """The page of rules, in both languages."""
    return {"ja": get(reader, "/rules"), "en": get(reader, "/en/rules")}


# ------------------------------------------------------------------------------------------ the rules


@pytest.mark.parametrize("code", sorted(DECLARED))
def test_every_refusal_rests_on_a_rule_that_can_be_opened(code: str, pages: dict[str, Page]) -> None:
    rule = DECLARED[code].rule
    assert rule in RULES
    for page in pages.values():
        assert rule.anchor in page.ids


@pytest.mark.parametrize("kind", get_args(Kind))
def test_whatever_is_due_is_due_by_a_rule(kind: Kind) -> None:
    assert BASIS[kind] in RULES


def test_no_rule_stands_on_the_page_that_nothing_rests_on() -> None:
    cited = {known.rule for known in DECLARED.values()} | set(BASIS.values())
    assert [rule.anchor for rule in RULES if rule not in cited] == []


def test_every_anchor_names_one_rule_or_one_topic() -> None:
    anchors = [rule.anchor for rule in RULES] + [topic.anchor for topic in TOPICS]
    assert len(anchors) == len(set(anchors))
    assert all(re.fullmatch(r"[a-z0-9-]+", anchor) for anchor in anchors)


def test_a_rule_is_said_in_each_language_by_its_own_words() -> None:
    for rule in RULES:
        assert JAPANESE.search(rule.ja) and rule.ja.endswith("。"), rule.anchor
        assert not JAPANESE.search(rule.line("en")) and rule.en.endswith("."), rule.anchor
        assert rule.sources, rule.anchor


def test_a_rule_without_a_source_says_that_it_is_a_convention() -> None:
    topic = Topic("tea", "お茶", "Tea")
    own = topic.rule("time", "お茶は三時です。", "Tea is at three.")
    law = topic.rule("kind", "緑茶です。", "It is green.", Source("茶法", "Tea Act"), Source("例", "custom"))
    assert own.sources == (CONVENTION,)
    assert own.line("ja") == "お茶は三時です。（この記録の取り決め）"
    assert law.line("en") == "It is green. (Tea Act; custom)"
    assert (own.address, topic.rules) == ("/rules#tea-time", [own, law])
    with pytest.raises(ValueError, match="twice"):
        topic.rule("time", "五時です。", "At five.")


# ------------------------------------------------------------------------------------------- the page


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_page_shows_every_rule_in_its_language_only(pages: dict[str, Page], language: str) -> None:
    page = pages[language]
    assert page.status == 200
    assert {topic.anchor for topic in TOPICS} <= page.ids
    for rule in RULES:
        shown, other = (rule.ja, rule.en) if language == "ja" else (rule.en, rule.ja)
        assert shown in page.text and other not in page.text, rule.anchor
        for source in rule.sources:
            assert (source.ja if language == "ja" else source.en) in page.text
    assert list(page.unmarked_japanese()) == []


def test_a_source_with_an_address_can_be_followed(pages: dict[str, Page]) -> None:
    addresses = {source.url for rule in RULES for source in rule.sources if source.url}
    for address in addresses:
        assert re.match(r"https?://[^\s/]+/|/api/docs$", address), address
        within = f"http://site{address}" if address.startswith("/") else address
        assert all(within in page.links for page in pages.values()), address


def test_the_rules_are_data_too(reader: FlaskClient) -> None:
    told = reader.get("/rules.json").get_json()
    listed = [rule for topic in told["topics"] for rule in topic["rules"]]
    assert [rule["anchor"] for rule in listed] == [rule.anchor for rule in RULES]
    assert listed[0]["says"] == {"ja": RULES[0].ja, "en": RULES[0].en}
    assert listed[0]["url"] == RULES[0].address


def test_the_rules_can_be_read_before_there_is_a_record(tmp_path: Path) -> None:
    for app in application(f"sqlite:///{tmp_path}/none.sqlite"):
        reader = app.test_client()
        refused = reader.get("/api/v1/meetings").get_json()
        assert refused["code"] == "RECORD_MISSING"
        address, _, anchor = refused["rule_url"].partition("#")
        page = get(reader, address)
        assert (page.status, anchor in page.ids) == (200, True)
        assert reader.get("/rules.json").status_code == 200


@pytest.mark.parametrize(("path", "rules"), [("/", "/rules"), ("/en/", "/en/rules")])
def test_every_page_leads_to_the_rules(reader: FlaskClient, path: str, rules: str) -> None:
    assert f"http://site{rules}" in get(reader, path).links


# --------------------------------------------------------------------------------------- from a refusal


@pytest.mark.parametrize(("language", "prefix"), [("ja", ""), ("en", "/en")])
def test_a_problem_says_its_rule_and_where_to_read_it(
    reader: FlaskClient, pages: dict[str, Page], language: str, prefix: str
) -> None:
    answer = reader.get("/api/v1/meetings?limit=0", headers={"Accept-Language": language}).get_json()
    known = DECLARED[answer["code"]]
    assert answer["rule"] == known.rule.line("ja" if language == "ja" else "en")
    assert answer["rule_url"] == prefix + known.rule.address
    assert answer["rule_url"].partition("#")[2] in pages[language].ids


@pytest.mark.parametrize(("path", "prefix"), [("/nothing", ""), ("/en/nothing", "/en")])
def test_a_problem_page_links_its_rule(reader: FlaskClient, path: str, prefix: str) -> None:
    rule: Rule = PROBLEMS["NOT_FOUND"].rule
    assert f"http://site{prefix}{rule.address}" in get(reader, path).links


def test_the_explanation_of_a_code_gives_its_rule_in_both_languages(reader: FlaskClient) -> None:
    for told in reader.get("/api/problems").get_json()["problems"]:
        rule = DECLARED[told["code"]].rule
        assert told["rule"] == {"ja": rule.line("ja"), "en": rule.line("en")}
        assert told["rule_url"] == rule.address


# ------------------------------------------------------------------- nothing cites what cannot be opened


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("domain.md 4.2: rules", ["domain.md"]),
        ("House rule: nothing", ["House rule"]),
        ("issue 2, bad input", ["issue 2"]),
        ("see api/access/accounts.py", ["api/access/accounts.py"]),
        ("人と団体 (F36, O22)", ["F36", "O22"]),
        ("a guess [G]", ["[G]"]),
        ("RFC 9110, 15.5.5; FY2008; S21; M16; 第17条; docs/rules.md; tests/api/cli/test_cli.py", []),
    ],
)
def test_what_cannot_be_opened_is_noticed(text: str, cited: list[str]) -> None:
    assert list(unopenable(text)) == cited


def said_by(file: Path) -> Iterator[str]:
    """Every text in a source file that is not a docstring: sentences, labels, rules, next steps, gaps."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes:
            yield node.value


@pytest.mark.parametrize("package", ["domain", "projections", "api"])
def test_no_text_of_the_program_cites_what_its_reader_cannot_open(package: str) -> None:
    files = sorted((ROOT / package).rglob("*.py"))
    told = [(file.name, text) for file in files for text in said_by(file)]
    assert len(told) > 1_000
    assert [(file, text) for file, text in told if list(unopenable(text))] == []


def test_no_template_does() -> None:
    templates = sorted((ROOT / "api" / "templates").rglob("*.html"))
    assert templates
    shown = {t.name: re.sub(r"\{#.*?#\}", "", t.read_text(encoding="utf-8"), flags=re.S) for t in templates}
    assert [name for name, text in shown.items() if list(unopenable(text))] == []


@pytest.mark.parametrize("name", [*pages_of(cli), "coverage.md"])
def test_no_page_of_the_reference_does(name: str) -> None:
    """They are made of declarations and docstrings: of events, commands, views, questions, figures, help."""
    assert list(unopenable((FOLDER / name).read_text(encoding="utf-8"))) == []


def test_neither_the_description_of_the_api_nor_its_problems_do(reader: FlaskClient) -> None:
    for path in ("/api/openapi.json", "/api/problems", "/api/v1/questions", "/api/v1/metrics"):
        told = json.dumps(reader.get(path).get_json(), ensure_ascii=False)
        assert len(told) > 1_000, path
        assert list(unopenable(told)) == [], path
