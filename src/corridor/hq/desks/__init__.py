"""Where the work is done: one desk for each stage, each asking the book and giving orders through one door."""
