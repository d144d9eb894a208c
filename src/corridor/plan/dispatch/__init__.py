"""What a dispatcher does by hand: parties one after the other, each on the first thing that has room for it."""
