"""Pages of matters and issues."""
