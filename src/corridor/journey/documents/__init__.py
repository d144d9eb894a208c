"""Documents: papers a person has, lacks or is given, and permits whose hours run."""
