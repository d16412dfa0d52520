"""The command line: one parser per command, and one way for all of them to fail."""

from __future__ import annotations

import os
import sys
from io import BufferedWriter, FileIO, TextIOWrapper
from typing import Annotated, Any, NoReturn

import typer

from wiredesk.commands.agreement import agreement_command
from wiredesk.commands.annotate import annotate_command
from wiredesk.commands.card import card_command
from wiredesk.commands.evaluate import evaluate_command
from wiredesk.commands.explain import explain_command
from wiredesk.commands.info import info_command
from wiredesk.commands.predict import predict_command
from wiredesk.commands.train import train_command
from wiredesk.errors import InputError
from wiredesk.terminal import printable

app = typer.Typer(
    name="wiredesk",
    help="Label the sentences of conflict news: attack report, official quote, casualty figure, political context.",
    epilog="Results go to stdout, everything else to stderr. Exit code: 0 done, 1 failed, 2 wrong usage.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("predict")(predict_command)
app.command("train")(train_command)
app.command("evaluate")(evaluate_command)
app.command("explain")(explain_command)
app.command("info")(info_command)
app.command("card")(card_command)
app.command("annotate")(annotate_command)
app.command("agreement")(agreement_command)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"wiredesk {version('wiredesk')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line and end with its exit code; what the user can mend is said in one line."""
    _mend_streams()
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the output has enough. What is still to be flushed at the end goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except (KeyboardInterrupt, typer.Abort):
        _fail("stopped", 130)
    except Exception as error:
        _explain(error)
        raise
    sys.exit(code if isinstance(code, int) else 0)


def _explain(error: Exception) -> None:
    """End with one line, if an error is one that the user can mend."""
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        _fail(f"{where}{error.strerror or error}")
    # Wrong usage: typer's own errors, whose class has moved from version to version.
    if hasattr(error, "format_message"):
        if not sys.argv[1:]:
            error.show()  # type: ignore[attr-defined]  # No command at all: the help.
            sys.exit(2)
        command = sys.argv[1] if sys.argv[1] in [known.name for known in app.registered_commands] else ""
        message = error.format_message().removeprefix("Invalid value: ").rstrip(".")
        _fail(f"{message}; see {' '.join(filter(None, ('wiredesk', command, '--help')))}", 2)
    if isinstance(error, _user_errors()):
        _fail(str(error))


class _Messages(FileIO):
    """Stderr, where what cannot be said is left out: the work does not fail for it."""

    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except OSError:
            return len(data)


def _mend_streams() -> None:
    # A stream that the caller closed is None: as good as /dev/null.
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")
    elif sys.stderr is sys.__stderr__ and isinstance(sys.stderr, TextIOWrapper):
        raw = BufferedWriter(_Messages(sys.stderr.fileno(), "w", closefd=False))
        sys.stderr = TextIOWrapper(raw, sys.stderr.encoding, "backslashreplace", line_buffering=True)
    # What a terminal cannot show is replaced; data is written as UTF-8 whatever the locale (`write_records`).
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def _user_errors() -> tuple[type[Exception], ...]:
    # Imported when something has failed: the stages behind them would slow down every start.
    from wiredesk.models import ModelFileError
    from wiredesk.seeds import RecordError
    from wiredesk.seeds.extras import MissingExtraError

    return InputError, MissingExtraError, ModelFileError, RecordError


def _fail(message: str, code: int = 1) -> NoReturn:
    sys.stderr.write(f"wiredesk: {printable(' '.join(message.split()))}\n")
    sys.exit(code)
