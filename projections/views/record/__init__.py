"""Views of the record as a whole: timeline, sources, corrections, search, what is due."""
