"""Papers 書類: what a city prints of its record, each as a page to print, as PDF/UA and as a Word file.

A paper is one structure of headings, paragraphs and tables (structure.py), made by one function of the
record's answers (one file for each paper). The page and the PDF are rendered of it by a template, the Word
file is built of it; template, base of the Word file and letterhead can be the city's own (folder.py).
"""
