"""Whether a plan is feasible, and what it is worth, by docs/reference/plan.md and by nothing the solver knows."""
