"""Which convoys leave when? A timetable is tried whole, a great many of them, each filled by rule of thumb."""
