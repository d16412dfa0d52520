"""Programs that try to break what the package promises; each prints how its cases ended."""
