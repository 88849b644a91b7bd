"""Programs that keep the same data as rows with a history: what the record is measured beside."""
