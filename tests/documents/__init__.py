"""The documents: each of their commands is run, and what they say of the code is held against it."""
