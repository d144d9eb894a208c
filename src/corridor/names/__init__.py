"""The same person in any script: a name's common form, an index that finds it, and why it is the same."""
