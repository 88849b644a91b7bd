"""History files (record-history/1) into commands; the history of Kanazawa, which comes with the software."""

from pathlib import Path

KANAZAWA = Path(__file__).with_name("kanazawa_history.yaml")
