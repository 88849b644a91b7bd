from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from domain.history import KANAZAWA
from domain.history.importing import import_history, read_history
from projections.registry import open_store
from tests.support.served import served


@pytest.fixture(scope="module")
def kanazawa_client(module_database_url: str) -> Iterator[FlaskClient]:
    """The whole application, over a record with Kanazawa's own history; shared, for tests that only read."""
    store = open_store(module_database_url)
    store.create()
    import_history(store.application, read_history(KANAZAWA))
    store.close()
    with (
        served(module_database_url, public_url="https://kyodo.example.jp") as app,
        app.test_client() as client,
    ):
        yield client


def get(client: FlaskClient, path: str, **options: Any) -> Any:
    """The JSON at an address; the test ends if it is not there."""
    response = client.get(path, **options)
    assert response.status_code == 200, f"{path} → {response.status_code} {response.get_data(as_text=True)}"
    return response.get_json()
