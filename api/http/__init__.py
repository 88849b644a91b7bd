"""What every answer goes through: problems, schemas, languages, headers, the cache of answers."""
