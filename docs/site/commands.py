"""The page of the commands, from the help that the commands give themselves."""

from __future__ import annotations

import re
from typing import Any

from typer.main import get_command

from wiredesk.cli import app

#: What stands between is for readers of the file, and replaced in the site.
_PLACE = re.compile(r"<!-- commands -->.*<!-- /commands -->", re.DOTALL)


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Put the commands where the page asks for them."""
    if page.file.src_uri != "commands.md":
        return markdown
    return _PLACE.sub(lambda _: commands(), markdown)


def commands() -> str:
    """Write all commands as Markdown.

    Returns
    -------
    str
    """
    group: Any = get_command(app)
    parent = group.context_class(group, info_name="wiredesk")
    return "\n\n".join(_told(command, parent) for command in group.commands.values())


def _told(command: Any, parent: Any) -> str:
    context = command.context_class(command, info_name=command.name, parent=parent)
    usage = " ".join(command.get_usage(context).removeprefix("Usage: ").split())
    parts = [f"## {command.name}", command.help, f"```text\n{usage}\n```"]
    for parameter in command.get_params(context):
        names, told = parameter.get_help_record(context)
        if parameter.param_type_name == "argument":
            names = parameter.metavar or parameter.name.upper()
        parts.append(f"`{names}`\n:   {_plain(told)}")
    return "\n\n".join(parts)


def _plain(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>])", r"\\\1", " ".join(text.split()))
