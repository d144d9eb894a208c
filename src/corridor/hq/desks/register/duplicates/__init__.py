"""The same human being under several ids: proposals, decisions, and what is then known of one."""
