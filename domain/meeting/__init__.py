"""Meeting 会議: who was there and how it was decided."""
