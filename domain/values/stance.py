"""Stance 立場: how somebody stands to what is put to them."""

from __future__ import annotations

from typing import Literal

Stance = Literal["for", "against", "conditional", "question", "neutral"]
