"""Settings, and the record they point to."""
