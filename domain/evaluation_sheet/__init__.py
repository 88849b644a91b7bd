"""Evaluation sheet 評価シート: two sides, each of its own judgement."""
