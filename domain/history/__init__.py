"""History files (record-history/1) into commands."""
