"""Pages to read, each one HTML file that needs nothing else."""

from wiredesk.pages.article import write_page

__all__ = ["write_page"]
