"""The gate's phone: an offline web app in plain modules, and what headquarters hands out of it."""
