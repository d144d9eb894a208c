"""Who bears a name like this one: an index of people's names, kept, searched, changed and saved."""
