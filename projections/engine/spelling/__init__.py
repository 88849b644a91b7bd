"""How one thing is written in several ways: characters, dates, amounts, numbers of articles, okurigana."""
