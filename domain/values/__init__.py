"""Values 値: dates, money, articles, quorums, disclosure, kinds of field, refusals. They import nothing
else of ours."""
