"""Figures of participation, one function each."""
