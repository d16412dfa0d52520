"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

ModelOption = Annotated[
    str | None, typer.Option("--model", "-m", metavar="FILE", help="A .wiredesk file; the shipped model by default.")
]
ForceOption = Annotated[bool, typer.Option("--force", "-f", help="Replace an existing output file.")]
