"""``wiredesk annotate``: choose sentences for people to label."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from wiredesk.commands.options import ForceOption, ModelOption
from wiredesk.terminal import printable


def annotate_command(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT", help="Articles, as for predict.")],
    output: Annotated[str, typer.Option("--output", "-o", metavar="OUT", help="The file that the tool imports.")],
    tool: Annotated[
        str, typer.Option("--for", metavar="label-studio|doccano", help="The tool that people label with.")
    ] = "label-studio",
    order: Annotated[
        str,
        typer.Option(
            "--order", metavar="review|document", help="What the model is least sure of first, or as sentences stand."
        ),
    ] = "review",
    limit: Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help="Most sentences.")] = None,
    config: Annotated[
        str | None, typer.Option("--config", metavar="FILE", help="Write Label Studio's labelling configuration here.")
    ] = None,
    text_column: Annotated[str, typer.Option("--text-column", metavar="NAME", help="Column of the texts.")] = "text",
    id_column: Annotated[
        str | None, typer.Option("--id-column", metavar="NAME", help="Column of document names; else document or id.")
    ] = None,
    model: ModelOption = None,
    force: ForceOption = False,
) -> None:
    """Choose sentences for people to label, and write them for Label Studio or doccano."""
    from wiredesk.annotation import TOOLS, make_tasks
    from wiredesk.models import load_model
    from wiredesk.models.atomic import write_text
    from wiredesk.outputs import check_output
    from wiredesk.prediction import labelled_documents
    from wiredesk.readers import Reading, read_documents
    from wiredesk.rejects import refuse
    from wiredesk.seeds.label_studio import labelling_config
    from wiredesk.sources import find_sources

    if tool not in TOOLS:
        raise typer.BadParameter(f"--for {tool!r}; choose {' or '.join(TOOLS)}")
    if order not in ("review", "document"):
        raise typer.BadParameter(f"--order {order!r}; choose review or document")
    if config is not None and os.path.realpath(output) == os.path.realpath(config):
        raise typer.BadParameter("--output and --config name the same file; give each a name of its own")
    sources = find_sources(inputs)
    for path in (output, config):
        if path is not None:
            check_output(path, force, [source.name for source in sources])
    loaded = load_model(model)
    reading = Reading(text_column=text_column, id_column=id_column)
    documents = labelled_documents(read_documents(sources, reading, refuse), loaded)
    tasks = make_tasks(documents, loaded, order=order, limit=limit)
    files = {output: TOOLS[tool](tasks)} | ({config: labelling_config(loaded.types)} if config else {})
    for path, content in files.items():
        write_text(path, content, overwrite=force)
    number = len({task.document for task in tasks})
    told = f"{number:,} document{'' if number == 1 else 's'}"
    typer.echo(printable(f"wiredesk: {len(tasks):,} sentences of {told} in {output}"), err=True)
