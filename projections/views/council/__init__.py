"""Views of the council, its people and its groups."""
