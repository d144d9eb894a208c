"""Which whole records are the same person? Names, birth date, sex, citizenship and documents weighed together.

`linking.match` links two registers, `linking.duplicates` one with itself, `judgements.standing` folds what people have
said about the proposals. The weighing is Splink's, with DuckDB: the extra `records`.
"""
