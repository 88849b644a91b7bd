"""Requests 開示請求等: what somebody asked to see or said is wrong, and the decision on each item."""
