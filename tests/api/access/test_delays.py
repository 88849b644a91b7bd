"""Failed sign-ins are waited for, longer and longer; nobody is locked out by what others try."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.access.accounts import Account
from api.access.delays import (
    ATTACKED_FROM,
    DEVICE_COOKIE,
    ONE_NETWORK,
    UNDER_ATTACK,
    WHOLE_NETWORK,
    WINDOW,
    Attempt,
    Pace,
    device_cookie,
    known_device,
    network_of,
)
from api.setup.counters import Count, Counters, file_engine
from tests.api.conftest import PASSWORD, over
from tests.api.signing_in import csrf_of, sign_in

OWNER, ATTACKER = "192.0.2.7", "198.51.100.9"


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def app(one_app: Flask, any_record_url: str) -> Iterator[Flask]:
    yield from over(one_app, any_record_url)


@pytest.fixture
def clock(app: Flask) -> Clock:
    """The clock by which the application counts."""
    made = Clock()
    app.extensions["kyodo-store"].counters().clock = made
    return made


SignIn = Callable[..., TestResponse]


@pytest.fixture
def attempt(app: Flask, staff: Account, clock: Clock) -> SignIn:
    """Try to sign in from an address, in a browser of one's own."""

    def make(
        address: str, password: str, login: str = "staff", browser: FlaskClient | None = None
    ) -> TestResponse:
        client = browser or app.test_client()
        form = {"username": login, "password": password, "csrf_token": csrf_of(client.get("/signin"))}
        return client.post("/signin", data=form, environ_overrides={"REMOTE_ADDR": address})

    return make


def test_after_some_failures_one_waits_and_is_told_how_long(attempt: SignIn, clock: Clock) -> None:
    assert [attempt(OWNER, "wrong").status_code for _ in range(ONE_NETWORK.free)] == [401] * ONE_NETWORK.free
    refused = attempt(OWNER, PASSWORD)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    assert "あと1秒" in refused.get_data(as_text=True)
    clock.now += 1
    assert attempt(OWNER, PASSWORD).status_code == 303


def test_the_wait_grows_to_a_minute_and_no_further(attempt: SignIn, clock: Clock) -> None:
    waits = []
    for _ in range(ONE_NETWORK.free + 9):
        answer = attempt(OWNER, "wrong")
        waits.append(0)
        while answer.status_code == 429:
            waits[-1] += int(answer.headers["Retry-After"])
            clock.now += int(answer.headers["Retry-After"])
            answer = attempt(OWNER, "wrong")
        assert answer.status_code == 401
    assert waits == [0] * 5 + [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_who_asks_too_early_does_not_prolong_the_wait(attempt: SignIn, clock: Clock) -> None:
    for _ in range(5):
        attempt(OWNER, "wrong")
    assert {attempt(OWNER, "wrong").status_code for _ in range(20)} == {429}
    clock.now += 1
    assert attempt(OWNER, PASSWORD).status_code == 303


def test_an_attack_from_elsewhere_makes_nobody_wait_here(attempt: SignIn, clock: Clock) -> None:
    for _ in range(ONE_NETWORK.free + 2):
        attempt(ATTACKER, "wrong")
    assert attempt(ATTACKER, PASSWORD).status_code == 429
    assert attempt(OWNER, PASSWORD).status_code == 303


def test_an_attack_from_everywhere_locks_out_no_browser_that_is_known(
    app: Flask, attempt: SignIn, clock: Clock
) -> None:
    owner = app.test_client()
    assert attempt(OWNER, PASSWORD, browser=owner).status_code == 303
    owner.delete_cookie("session")
    for n in range(80):
        attempt(f"203.0.{n}.1", "wrong")
    for _ in range(70):
        attempt(OWNER, "wrong", login="other")
        attempt(OWNER, "wrong")
    assert attempt(OWNER, PASSWORD).status_code == 429  # a browser that is not known, from the same network
    assert attempt(OWNER, PASSWORD, browser=owner).status_code == 303


def test_under_attack_a_network_that_did_nothing_does_not_wait(attempt: SignIn, clock: Clock) -> None:
    for n in range(ATTACKED_FROM + 10):
        assert attempt(f"203.0.{n}.1", "wrong").status_code == 401
    assert attempt(OWNER, PASSWORD).status_code == 303


def test_under_attack_a_network_that_failed_waits_longer(attempt: SignIn, clock: Clock) -> None:
    for n in range(ATTACKED_FROM):
        attempt(f"203.0.{n}.1", "wrong")
    assert [attempt(ATTACKER, "wrong").status_code for _ in range(UNDER_ATTACK.free + 1)] == [401, 401, 429]


def test_a_network_that_tries_many_accounts_waits(attempt: SignIn, clock: Clock) -> None:
    answers = [
        attempt(ATTACKER, "wrong", login=f"name{n}").status_code for n in range(WHOLE_NETWORK.free + 1)
    ]
    assert answers == [401] * WHOLE_NETWORK.free + [429]
    clock.now += WHOLE_NETWORK.longest
    assert attempt(ATTACKER, PASSWORD).status_code == 303


def test_failures_are_forgotten_after_a_while_and_by_success(attempt: SignIn, clock: Clock) -> None:
    for _ in range(5):
        attempt(OWNER, "wrong")
    clock.now += WINDOW
    assert [attempt(OWNER, "wrong").status_code for _ in range(4)] == [401] * 4
    assert attempt(OWNER, PASSWORD).status_code == 303
    assert [attempt(OWNER, "wrong").status_code for _ in range(5)] == [401] * 5


def test_counters_hold_over_the_workers(app: Flask, attempt: SignIn, clock: Clock) -> None:
    """Another process has a store of its own; what it counts is the same."""
    for _ in range(5):
        attempt(OWNER, "wrong")
    holder = app.extensions["kyodo-store"]
    holder.close()
    holder.counters().clock = clock
    assert attempt(OWNER, PASSWORD).status_code == 429


def test_no_address_and_no_name_is_kept(app: Flask, attempt: SignIn, clock: Clock) -> None:
    attempt(OWNER, "wrong")
    with app.extensions["kyodo-store"].counters().engine.connect() as connection:
        kept = str(connection.execute(sa.text("SELECT * FROM counter")).all())
    assert kept.count("), (") == 2
    assert "192.0" not in kept and "staff" not in kept


def test_of_many_attempts_at_once_no_more_are_looked_at_than_are_free(tmp_path: object) -> None:
    counters = Counters(file_engine(tmp_path / "counters.sqlite"), "key")  # type: ignore[operator]
    waits: list[float] = []
    barrier = threading.Barrier(8)

    def try_some() -> None:
        barrier.wait()
        waits.extend(Attempt(counters, "staff", ATTACKER, None).wait() for _ in range(3))

    threads = [threading.Thread(target=try_some) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(wait == 0 for wait in waits) in (ONE_NETWORK.free, ONE_NETWORK.free + 1)


def test_that_nothing_can_be_counted_locks_nobody_out(
    app: Flask, attempt: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> float:
        raise sa.exc.OperationalError("disk full", {}, Exception())

    monkeypatch.setattr(Counters, "take", fail)
    monkeypatch.setattr(Counters, "give_back", fail)
    assert attempt(OWNER, "wrong").status_code == 401
    assert attempt(OWNER, PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("count", "wait"),
    [(Count(4, 100), 0), (Count(5, 100), 1), (Count(6, 100), 2), (Count(10, 100), 32), (Count(11, 100), 60)],
)
def test_a_pace_doubles(count: Count, wait: float) -> None:
    assert Pace(5, 60).wait(count, 100) == wait
    assert Pace(5, 60).wait(count, 100 + wait) == 0


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("::ffff:192.0.2.9", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("2001:db8:2::3", "2001:db8:2::/48"),
        ("unix:", "unix:"),
        (None, "unknown"),
    ],
)
def test_addresses_belong_to_networks(address: str | None, network: str) -> None:
    assert network_of(address) == network


def test_a_known_browser_is_known_to_its_account_alone() -> None:
    cookie = device_cookie("key", "a1")
    assert known_device("key", cookie, "a1")
    for key, other, account in (("other", cookie, "a1"), ("key", cookie, "a2"), ("key", cookie, None)):
        assert known_device(key, other, account) is None
    for forged in (None, "", "x", cookie[:-1], '["a1","x"]', "a" * 400):
        assert known_device("key", forged, "a1") is None


def test_the_cookie_of_a_known_browser_is_kept_from_scripts(client: FlaskClient, staff: Account) -> None:
    set_by = [c for c in sign_in(client).headers.getlist("Set-Cookie") if c.startswith(DEVICE_COOKIE)]
    assert len(set_by) == 1 and "HttpOnly" in set_by[0] and "SameSite=Lax" in set_by[0]
