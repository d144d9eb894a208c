"""The solver: the best plan there is time for, and how much better any plan could be."""
