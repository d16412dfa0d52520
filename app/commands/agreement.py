"""``wiredesk agreement``: how far annotators agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from wiredesk.commands.options import LABELLED
from wiredesk.terminal import printable, shortened

if TYPE_CHECKING:
    from wiredesk.eval.agreement import Agreement, Disagreement


def agreement_command(
    data: Annotated[
        list[str],
        typer.Argument(metavar="FILE", help=f"{LABELLED} With annotators."),
    ],
    show: Annotated[int, typer.Option("--show", min=0, metavar="N", help="Disagreements to list.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Measure how far annotators agree, and list where they do not."""
    import json

    from wiredesk.eval.agreement import measure_agreement
    from wiredesk.seeds import read_records

    agreements, disagreements = measure_agreement(read_records(data))
    if as_json:
        types = {a.type: {**a._asdict(), "kappa": {" / ".join(p): k for p, k in a.kappa.items()}} for a in agreements}
        found = {"types": types, "disagreements": [one._asdict() for one in disagreements]}
        typer.echo(json.dumps(_without_nan(found), ensure_ascii=False))
        return
    typer.echo(_table(agreements))
    if disagreements and show:
        typer.echo("\n" + "\n\n".join(map(_told, disagreements[:show])))
    if len(disagreements) > show:
        typer.echo(f"\n{len(disagreements) - show:,} more sentences; --show N lists more")


def _table(agreements: list[Agreement]) -> str:
    """Lay the measures out, 80 columns wide for names of up to 20 characters."""
    names = [printable(one.type) for one in agreements]
    width = max(map(len, ["type", *names]))
    lines = [f"{'type':{width}}  sentences  differ  Krippendorff's alpha  Cohen's kappa"]
    for name, one in zip(names, agreements, strict=True):
        known = [value for value in one.kappa.values() if value == value]
        kappa = "-" if not known else f"{known[0]:.2f}" if len(one.kappa) == 1 else f"{min(known):.2f}-{max(known):.2f}"
        alpha = f"{one.alpha:.2f}" if one.alpha == one.alpha else "-"
        lines.append(f"{name:{width}}  {one.sentences:>9,}  {one.disagreements:>6,}  {alpha:>20}  {kappa:>13}")
    pairs = {pair for one in agreements for pair in one.kappa}
    if len(pairs) > 1:
        lines.append(f"\nCohen's kappa: the lowest and highest of {len(pairs)} pairs of annotators.")
    return "\n".join(lines)


def _told(one: Disagreement) -> str:
    from textwrap import fill

    text = fill(shortened(one.text), 78, initial_indent="  ", subsequent_indent="  ")
    labels = [printable(f"    {name}: {', '.join(types) or 'none'}") for name, types in one.labels.items()]
    return "\n".join([printable(one.document or "-"), text, *labels])


def _without_nan(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(item) for item in value]
    return None if value != value else value
