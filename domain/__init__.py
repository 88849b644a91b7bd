"""What may happen and what has happened. No Flask, no SQL (checked by import-linter)."""
