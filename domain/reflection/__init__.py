"""Reflection 振り返り: claims, problems, devices, follow-ups."""
