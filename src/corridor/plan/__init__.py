"""Who travels on what, when, and why: the problem, the plan, its proof, and the reasons.

Knows `corridor.base` only, so that it can be used as a library.
"""
