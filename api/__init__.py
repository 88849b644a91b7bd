"""How the record is reached: HTTP, pages and the command line."""
