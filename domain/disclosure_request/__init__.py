"""Disclosure request 開示請求: what somebody asked to see, and the decision on each item."""
