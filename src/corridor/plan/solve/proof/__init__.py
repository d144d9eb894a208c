"""Is there any better plan? Of small problems, answered whole: what cannot be in one is left out first."""
