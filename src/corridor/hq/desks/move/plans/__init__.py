"""Plans at the desk of Move: asked for, looked at, changed by hand, set beside others, issued."""
