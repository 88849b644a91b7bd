"""Legal instrument 条例: its articles as of a day."""
