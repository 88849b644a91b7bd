"""Pages of the council, its rules and its people."""
