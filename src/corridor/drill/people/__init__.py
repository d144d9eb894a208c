"""Who the invented people are and what they are called."""
