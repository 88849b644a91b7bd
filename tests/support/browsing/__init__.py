"""A real browser: running it, what it finds wrong with a page, pictures of pages."""
