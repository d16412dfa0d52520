"""Side-by-side measurements against what users would choose instead."""
