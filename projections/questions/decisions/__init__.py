"""Questions about one matter: how it was decided, by whom, on what evidence, and what came of it."""
