"""The words every other part speaks: ids, moments, places, the operation file, refusals, limits."""
