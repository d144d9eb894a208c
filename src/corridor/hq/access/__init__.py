"""Who may sign in to headquarters, what their role may see, and what every answer carries to keep it safe."""
