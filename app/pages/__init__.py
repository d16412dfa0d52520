"""Pages to read, each one HTML file that needs nothing else."""
