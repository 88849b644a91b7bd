"""Views of meetings."""
