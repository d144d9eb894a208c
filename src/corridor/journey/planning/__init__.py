"""What there is to plan now: the board as a problem of `corridor.plan`, and past days planned again."""
