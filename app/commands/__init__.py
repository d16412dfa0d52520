"""One module per command: a thin parser over a plain function."""
