"""Sheets as offices keep them, read into cells that are known by their addresses.

Nothing here knows what a table means, who reads it, or a database: bytes or a text go in, a workbook or a
refusal comes out.
"""
