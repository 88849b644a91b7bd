"""Plan action 事業: budgets, what was done, what it cost."""
