"""A process that has loaded nothing before serves what any other serves, whatever was imported first."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from flask import Flask

ROOT = Path(__file__).parents[2]
SERVED = """
import json
from api.serve.app import create_app
print(json.dumps(sorted(map(str, create_app().url_map.iter_rules()))))
"""


def test_a_fresh_process_has_every_address(app: Flask, tmp_path: Path) -> None:
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path}/record.db", "SECRET_KEY": "0" * 32}
    done = subprocess.run(
        [sys.executable, "-c", SERVED],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    here = sorted(map(str, app.url_map.iter_rules()))
    assert json.loads(done.stdout) == here
    assert {"/api/v1/meetings/<path:entity>/trail", "/api/v1/questions/S1"} <= set(here)
