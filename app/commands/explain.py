"""``wiredesk explain``: the terms behind a sentence's labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from wiredesk.commands.options import ModelOption
from wiredesk.terminal import printable

if TYPE_CHECKING:
    from wiredesk.models import Contribution, Explanation


def explain_command(
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="One sentence, or - for stdin; not with --article.")
    ] = None,
    article: Annotated[
        str | None,
        typer.Option("--article", "-a", metavar="FILE", help="Explain a sentence of this article, with its context."),
    ] = None,
    sentence: Annotated[
        int | None, typer.Option("--sentence", "-s", min=0, help="Which sentence of the article, from 0.")
    ] = None,
    model: ModelOption = None,
    top: Annotated[int, typer.Option("--top", min=1, help="Terms shown per type.")] = 8,
) -> None:
    """Show the terms behind the labels of one sentence."""
    if (text is None) == (article is None) or (article is None) != (sentence is None):
        raise typer.BadParameter("give one sentence, or --article FILE and --sentence NUMBER")
    from wiredesk.errors import InputError
    from wiredesk.features import segment
    from wiredesk.models import load_model
    from wiredesk.readers import read_article
    from wiredesk.sources import STDIN

    if article is not None and sentence is not None:
        whole = read_article(article)
        sentences = [whole[start:end] for start, end in segment(whole)]
        if sentence >= len(sentences):
            raise InputError(f"{article}: has {len(sentences)} sentences, so the last is number {len(sentences) - 1}")
        found = load_model(model).explain(sentences, sentence, document_ids=[article] * len(sentences))
        typer.echo(printable(sentences[sentence]) + "\n")
    else:
        alone = (read_article(STDIN) if text == STDIN else text or "").strip()
        if not alone:
            raise InputError("the text is empty; give one sentence")
        found = load_model(model).explain([alone])
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
        f"{printable(explanation.type)}: {given}, probability {explanation.probability:.3f} "
        f"(threshold {explanation.threshold:.3f}), raw score {explanation.score:+.3f}"
    ]
    shown, rest = explanation.contributions[:top], explanation.contributions[top:]
    lines += [f"  {c.value:+8.3f}  {_term(c)}" for c in shown]
    if rest:
        lines.append(f"  {sum(c.value for c in rest):+8.3f}  {len(rest)} other terms")
    lines.append(f"  {explanation.intercept:+8.3f}  intercept")
    return "\n".join(lines)


def _term(contribution: Contribution) -> str:
    from wiredesk.models.explanation import BLOCK_NAMES

    times = f" x{contribution.count}" if contribution.count > 1 else ""
    return f"{BLOCK_NAMES[contribution.block]}: {printable(contribution.meaning)}{times}"
