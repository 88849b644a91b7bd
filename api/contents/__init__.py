"""The contents of documents: kept, looked into, sent."""
