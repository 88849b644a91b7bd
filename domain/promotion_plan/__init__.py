"""Promotion plan 協働推進計画: from drafting with the public to its end."""
