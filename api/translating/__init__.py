"""Further languages: which sentences there are, and how a translator's catalogue of them comes and goes.

Japanese and English stand side by side where a thing is declared (decision 0008). Here every such pair is
found, given a key that stays, written out for a translator (``kyodo words --export``) and read back
(``--import``). The service reads what was imported with api/http/catalogues.py.
"""
