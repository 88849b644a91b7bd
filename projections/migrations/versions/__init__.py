"""One file for each revision, in their order. A revision knows nothing of the tables as they are today."""
