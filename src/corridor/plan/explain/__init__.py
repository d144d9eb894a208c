"""Why a party is where it is in a plan, and the least that would have to be otherwise."""
