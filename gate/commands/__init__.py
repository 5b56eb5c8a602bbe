"""The commands besides `gate check`, a module each."""
