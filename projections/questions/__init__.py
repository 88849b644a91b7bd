"""Questions, one file for each family: each is a function that answers from views, with what it rests on."""
