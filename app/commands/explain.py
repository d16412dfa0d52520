"""``wiredesk explain``: the terms behind a sentence's labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from wiredesk.commands.options import ModelOption

if TYPE_CHECKING:
    from wiredesk.models import Contribution, Explanation

#: What a block of features is called when shown to people.
BLOCK_NAMES = {"word": "word", "char": "letters", "cue": "cue", "near": "cues near each other", "context": "context"}


def explain_command(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="One sentence, or - for stdin.")],
    model: ModelOption = None,
    top: Annotated[int, typer.Option("--top", min=1, help="Terms shown per type.")] = 8,
) -> None:
    """Show the terms behind the labels of one sentence."""
    from wiredesk.articles import STDIN, read_article
    from wiredesk.errors import InputError
    from wiredesk.models import load_model

    sentence = (read_article(STDIN) if text == STDIN else text).strip()
    if not sentence:
        raise InputError("the text is empty; give one sentence")
    found = load_model(model).explain([sentence])
    typer.echo("\n\n".join(format_explanation(explanation, top) for explanation in found))


def format_explanation(explanation: Explanation, top: int) -> str:
    """Lay out one type's explanation for a terminal.

    Parameters
    ----------
    explanation : Explanation
    top : int
        Number of terms to show; the others are summed up.

    Returns
    -------
    str
    """
    given = "yes" if explanation.probability >= explanation.threshold else "no"
    lines = [
        f"{explanation.type}: {given}, probability {explanation.probability:.3f} "
        f"(threshold {explanation.threshold:.3f}), raw score {explanation.score:+.3f}"
    ]
    shown, rest = explanation.contributions[:top], explanation.contributions[top:]
    lines += [f"  {c.value:+8.3f}  {_term(c)}" for c in shown]
    if rest:
        lines.append(f"  {sum(c.value for c in rest):+8.3f}  {len(rest)} other terms")
    lines.append(f"  {explanation.intercept:+8.3f}  intercept")
    return "\n".join(lines)


def _term(contribution: Contribution) -> str:
    times = f" x{contribution.count}" if contribution.count > 1 else ""
    return f"{BLOCK_NAMES[contribution.block]} “{contribution.term}”{times}"
