"""Document 文書: what is kept, and who may see it."""
