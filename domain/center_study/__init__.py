"""Center study 協働センターの検討: questions, findings, answers, reports."""
