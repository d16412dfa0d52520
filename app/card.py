"""The model card: what a model is, how good it is, and what it is for, in Markdown."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Sequence
from functools import cache
from typing import Any

from wiredesk.errors import InputError
from wiredesk.markdown import code, escaped, fenced, front_matter
from wiredesk.models import Model, load_model
from wiredesk.scorecard import Scored, accuracy, held_scores, mapping, metrics, probabilities
from wiredesk.seeds import corpus_hash, load_seeds

#: Licence of the shipped corpus.
SEEDS_LICENCE = "CC-BY-4.0"

#: Licences that Hugging Face's hub knows by name; any other is its "other".
HUB_LICENCES = frozenset(
    "afl-3.0 agpl-3.0 apache-2.0 artistic-2.0 bsd-2-clause bsd-3-clause bsd-3-clause-clear bsl-1.0 c-uda cc-by-2.0 "
    "cc-by-2.5 cc-by-3.0 cc-by-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0 cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 "
    "cc-by-nc-sa-2.0 cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cc-by-nd-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc0-1.0 "
    "cdla-permissive-1.0 cdla-permissive-2.0 cdla-sharing-1.0 ecl-2.0 epl-1.0 epl-2.0 etalab-2.0 eupl-1.1 gpl-2.0 "
    "gpl-3.0 isc lgpl-2.1 lgpl-3.0 mit mpl-2.0 ms-pl ncsa ofl-1.1 osl-3.0 postgresql unlicense wtfpl zlib".split()
)

#: Texts for the example of its use: for the corpus's own types, and for others.
_EXAMPLES = ("Two rockets hit the market in Darsa. Six people died, the mayor said.", "One sentence. And another one.")


def model_card(
    model: Model, *, file: str = "model.wiredesk", licence: str | None = None, data: str | None = None
) -> str:
    """Write a model's card from what its file holds.

    Parameters
    ----------
    model : Model
    file : str, default="model.wiredesk"
        Name of the model file.
    licence : str, optional
        SPDX identifier. By default that of the shipped corpus if the model was trained on it alone; else the card
        has a line to fill in.
    data : str, optional
        What the training data are, if they are not the shipped corpus.

    Returns
    -------
    str
        Markdown with YAML in front, as Hugging Face's hub reads it [1]_.

    Raises
    ------
    InputError
        If `licence` or `data` is blank, or `data` is given for a model trained on the shipped corpus.

    References
    ----------
    .. [1] Hugging Face (2025). Model Cards. https://huggingface.co/docs/hub/model-cards

    Examples
    --------
    >>> from wiredesk.models import load_model
    >>> card = model_card(load_model(), file="default.wiredesk")
    >>> [line for line in card.splitlines() if line.startswith("## ")][:3]
    ['## How to use it', '## How accurate it is', '## Probabilities and thresholds']
    """
    for option, given in (("license", licence), ("data", data)):
        if given is not None and not given.strip():
            raise InputError(f"{option} is blank; name it or leave it out")
    is_seeds = mapping(model.manifest["training"]).get("corpus") == _seeds_hash()
    if is_seeds and data is not None:
        raise InputError(f"data is {data!r}, but the model was trained on wiredesk's own corpus; leave it out")
    licence = SEEDS_LICENCE if is_seeds and licence is None else licence
    scored = held_scores(model, "wiredesk's corpus" if is_seeds else "the training data")
    sections = {
        "How to use it": _use(model, file),
        "How accurate it is": accuracy(model, scored),
        "Probabilities and thresholds": probabilities(model, scored),
        "Training data": _data(model, is_seeds, data),
        "What it is for": _purpose(model),
        "What it gets wrong": _limits(is_seeds),
        "Licence": _licence(licence, is_seeds, is_seeds or _on_seeds(model)),
        "How to cite it": _citation(model),
    }
    parts = [_front(model, file, licence, scored), f"# {escaped(file)}", _about(model)]
    parts += [f"## {title}\n\n{text}" for title, text in sections.items()]
    return "\n\n".join(parts) + "\n"


def _front(model: Model, file: str, licence: str | None, scored: Sequence[Scored]) -> str:
    topics = ["news", "conflict", "event-coding"] if _is_about_conflict(model) else []
    named = "fill-in" if licence is None else licence.strip()
    known = re.sub(r"-(only|or-later)\Z", "", named.lower())
    values: dict[str, Any] = {
        "language": "en",
        **({"license": known} if known in HUB_LICENCES else {"license": "other", "license_name": named}),
        "library_name": "wiredesk",
        "pipeline_tag": "text-classification",
        "tags": ["wiredesk", "sentence-classification", "multi-label-classification", *topics],
    }
    results: list[dict[str, Any]] = [
        {
            "task": {"type": "text-classification", "name": "Multi-label sentence classification"},
            "dataset": {
                "name": one.name,
                "type": "cross-validation" if one.is_training else one.name,
                "split": "train" if one.is_training else "test",
            },
            "metrics": found,
        }
        for one in scored
        if (found := metrics(model, one))
    ]
    if results:
        values["metrics"] = list(dict.fromkeys(metric["type"] for result in results for metric in result["metrics"]))
        values["model-index"] = [{"name": file, "results": results}]
    comment = "license_name is to be filled in: the training data decide the licence." if licence is None else ""
    return front_matter(values, comment)


def _about(model: Model) -> str:
    kind, types = "conflict news" if _is_about_conflict(model) else "text", [code(name) for name in model.types]
    if len(types) == 1:
        task = f"It marks the sentences of English {kind} that are {types[0]}."
    else:
        task = f"It labels the sentences of English {kind} by type: {', '.join(types)}; any number of them, or none."
    version = _version(model)
    made = f", made {escaped(model.manifest['created'])}{f' by wiredesk {version}' if version else ''}"
    return (
        f"{task} {model.n_features:,} terms (words, characters, cue words, and what the article around a sentence "
        "tells), weighted by TF-IDF, feed one linear classifier per type, whose probabilities are calibrated. The file "
        "holds numbers and settings alone: it loads without scikit-learn, and nothing in it is executed.\n\n"
        f"Content hash {code(model.hash)}{made if model.manifest['created'] else ''}."
    )


def _use(model: Model, file: str) -> str:
    is_shipped = model.hash == load_model().hash
    name = re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", "\ufffd", file)
    # A string of JSON is one of Python.
    loaded = "wiredesk.load_model()" if is_shipped else f"wiredesk.load_model({json.dumps(name, ensure_ascii=False)})"
    text = _EXAMPLES[0] if _is_about_conflict(model) else _EXAMPLES[1]
    script = f'import wiredesk\n\nmodel = {loaded}\nfor s in model.label("{text}"):\n    print(s.text, s.types)'
    # What begins with a hyphen would be taken for an option.
    path = shlex.quote(f"./{name}" if name.startswith("-") else name)
    command = "wiredesk predict article.txt" + ("" if is_shipped else f" -m {path}")
    told = "It comes with wiredesk:" if is_shipped else "With wiredesk installed:"
    return f"{told}\n\n{fenced(script, 'python')}\n\n{fenced(command, 'sh')}"


def _data(model: Model, is_seeds: bool, data: str | None) -> str:
    training = mapping(model.manifest["training"])
    counts = {key: training.get(key) for key in ("sentences", "units", "background", "unlabelled")}
    sentences, units, background, unlabelled = (n if isinstance(n, int) else 0 for n in counts.values())
    size = f"{sentences:,} labelled sentences" if sentences else ""
    if units:
        size += f" in {units:,} units (an article, a group, or a lone sentence)"
    if background:
        ours = f", wiredesk's corpus, which is synthetic ({SEEDS_LICENCE})," if _on_seeds(model) else ""
        size += f"; {background:,} of them{ours} are background, learnt from but not scored"
    if is_seeds:
        told = (
            f"The corpus that comes with wiredesk: {size}, {SEEDS_LICENCE}. **It is synthetic:** its events, "
            "quotations and people are invented; offices, armed groups and places may be real. A language model wrote "
            "it after a guideline; most sentences were labelled twice. In wiredesk's source, `seeds/DATASHEET.md` "
            "tells more, and `seeds/GUIDELINE.md` says what the types mean."
        )
    else:
        told = f"{escaped(data)}." if data else "**To be filled in:** what the data are, who labelled them, and how."
        told += f" {size}." if size else ""
    if unlabelled:
        told += f" It learnt from {unlabelled:,} sentences of unlabelled articles too, where it was sure of the labels."
    facts = {"corpus hash": training.get("corpus"), "classifier": training.get("classifier")}
    lines = [f"- {what}: {code(value)}" for what, value in facts.items() if isinstance(value, str) and value]
    versions = [escaped(f"{name} {number}") for name, number in sorted(model.manifest["versions"].items())]
    lines += [f"- made with {', '.join(versions)}"] if versions else []
    return "\n\n".join(filter(None, [told, "\n".join(lines)]))


def _purpose(model: Model) -> str:
    uses = ["finding sentences of these types for a person to read, in text like the one it was trained on"]
    if _is_about_conflict(model):
        uses = [
            "coding conflict events: it finds the sentences that a person then codes",
            "triage of incoming copy: what reports an attack or casualties comes first",
            "newsroom archives: finding reports, statements and figures again",
        ]
    misuses = [
        "evidence that something happened: a label says what a sentence says, whoever says it, true or not",
        "decisions about persons",
        "other languages than English: their sentences get labels too, and they mean nothing",
    ]
    listed = ["\n".join(f"- {one}" for one in group) for group in (uses, misuses)]
    return f"It is meant for\n\n{listed[0]}\n\nand not for\n\n{listed[1]}"


def _limits(is_seeds: bool) -> str:
    limits = ["A sentence given without its article is judged by its own words alone."]
    if is_seeds:
        limits += [
            "Who speaks is followed through an article by simple rules. A speaker introduced far above, or a quotation "
            "whose marks are missing, is often lost, and analysts, residents and former ministers are taken for "
            "officials too often.",
            "An attack that is only threatened, feared, denied or remembered often counts as a report: the words are "
            "there.",
            "The training data are synthetic, by one kind of writer. What that writer does not think of is not there, "
            "and the shares of the types are no newspaper's.",
        ]
    else:
        limits.append("Text unlike its training data gets worse labels, and its probabilities do not always show it.")
    limits.append("Look at what `review` marks, and measure it on your own text before you count with it.")
    return "\n".join(f"- {limit}" for limit in limits)


def _licence(licence: str | None, is_seeds: bool, names_seeds: bool) -> str:
    told = "**To be filled in:** the training data decide it." if licence is None else f"{escaped(licence)}."
    trained = "trained on" if is_seeds else "trained on its own data and"
    origin = f" It was {trained} wiredesk's corpus, {SEEDS_LICENCE}, by the wiredesk developers." if names_seeds else ""
    return f"{told}{origin} wiredesk's code is BSD-3-Clause."


def _citation(model: Model) -> str:
    year, version = re.match(r"\d{4}(?=-)", model.manifest["created"]), _version(model)
    fields = ["author  = {{The wiredesk developers}}", "title   = {wiredesk}"]
    fields += [f"version = {{{version}}}"] if version else []
    fields += [f"year    = {{{year[0]}}}"] if year else []
    fields.append(f"note    = {{Model {re.sub('[^0-9a-zA-Z]', '', model.hash)}}}")
    return fenced("@software{wiredesk,\n  " + ",\n  ".join(fields) + "\n}", "bibtex")


def _on_seeds(model: Model) -> bool:
    """Say whether a model learnt from the shipped corpus besides other data."""
    return mapping(model.manifest["training"]).get("background_corpus") == _seeds_hash()


@cache
def _seeds_hash() -> str:
    return corpus_hash(load_seeds())


def _is_about_conflict(model: Model) -> bool:
    return "attack_report" in model.types


def _version(model: Model) -> str:
    version = model.manifest["versions"].get("wiredesk")
    return version if isinstance(version, str) and re.fullmatch(r"[\w.+-]+", version) else ""
