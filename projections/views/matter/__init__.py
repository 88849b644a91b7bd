"""Views of matters, of where they came from, and of issues."""
