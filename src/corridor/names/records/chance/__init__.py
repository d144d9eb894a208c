"""How likely is a pair of records one person? Chance counted in the records, weights added up, a prior that fits."""
