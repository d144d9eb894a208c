"""Arrive: who received a person, where they sleep, what follow-up is due, and to whom they are handed over."""
