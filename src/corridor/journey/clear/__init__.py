"""Who may pass: the lists of authorities as received, and where each person stands with them."""
