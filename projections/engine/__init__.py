"""The view engine: the log's recorders, views and their folds, tables and statements."""
