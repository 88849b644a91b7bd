from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.serve.app import create_app
from api.setup.config import RecordSettings
from domain.history import KANAZAWA
from domain.history.importing import import_history, read_history
from projections.registry import open_store


@pytest.fixture(scope="module")
def kanazawa_client(module_database_url: str) -> Iterator[FlaskClient]:
    """The whole application, over a record with Kanazawa's own history; shared, for tests that only read."""
    store = open_store(module_database_url)
    store.create()
    import_history(store.application, read_history(KANAZAWA))
    store.close()
    settings = RecordSettings(
        database_url=module_database_url, secret_key="only for tests", public_url="https://kyodo.example.jp"
    )
    with create_app(settings).test_client() as client:
        yield client


def get(client: FlaskClient, path: str, **options: Any) -> Any:
    """The JSON at an address; the test ends if it is not there."""
    response = client.get(path, **options)
    assert response.status_code == 200, f"{path} → {response.status_code} {response.get_data(as_text=True)}"
    return response.get_json()
