"""Label the sentences of conflict news by type.

The few names most programs need; the stages behind them are `wiredesk.seeds`, `wiredesk.features`,
`wiredesk.models`, `wiredesk.eval` and `wiredesk.training`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wiredesk.eval import Report, evaluate
    from wiredesk.models import LabelledSentence, Model, ModelFileError, load_model
    from wiredesk.seeds import Record, RecordError, load_seeds, read_records
    from wiredesk.training import train

__all__ = [
    "LabelledSentence",
    "Model",
    "ModelFileError",
    "Record",
    "RecordError",
    "Report",
    "__version__",
    "evaluate",
    "load_model",
    "load_seeds",
    "read_records",
    "train",
]

_HOMES = {
    "LabelledSentence": "models",
    "Model": "models",
    "ModelFileError": "models",
    "Record": "seeds",
    "RecordError": "seeds",
    "Report": "eval",
    "evaluate": "eval",
    "load_model": "models",
    "load_seeds": "seeds",
    "read_records": "seeds",
    "train": "training",
}


def __getattr__(name: str) -> Any:
    """Import a public name's stage on first use, so that ``--help`` and prediction stay quick."""
    if name == "__version__":
        from importlib.metadata import version

        return version("wiredesk")
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"wiredesk.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
