"""Pages of the record as a whole."""
