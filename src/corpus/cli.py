"""The `corpus` command: the list of its commands, and how each error becomes an exit code."""

from __future__ import annotations

import errno
import signal
import sys
import traceback

import typer

from corpus.commands import flow, gates, hub, records, releases, removal
from corpus.console import err
from corpus.errors import CorpusError

app = typer.Typer(
    name="corpus",
    help="From a folder of raw articles to a published, versioned Parquet dataset that a stranger can trust.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
COMMANDS = (
    flow.init, flow.publish, flow.serve, flow.status,
    releases.versions, releases.diff, releases.verify, releases.rehydrate, releases.gc,
    removal.retract, removal.removals, hub.push,
    records.why, records.report,
    gates.check, gates.accept,
)  # fmt: skip
for command in COMMANDS:
    app.command()(command)

INTERRUPTED = 130
ENVIRONMENT = {errno.ENOSPC: "the disk is full", errno.EDQUOT: "the disk quota is used up", errno.EROFS: "read-only"}


def _fault_of_the_machine(error: OSError) -> str | None:
    """What is wrong with the machine, where an error says so."""
    if isinstance(error, PermissionError):
        return "no permission"
    return ENVIRONMENT.get(error.errno or 0)


def run(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code (contract: 0, 1, 2, 3, 4, 70, 130)."""
    try:
        result = app(args=arguments, standalone_mode=False)
    except CorpusError as error:
        err.print(f"[red]{type(error).__name__.removesuffix('Error')}[/red]", end=": ")
        err.print(str(error), markup=False)
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted()
    except OSError as error:
        if fault := _fault_of_the_machine(error):
            err.print(
                f"{error.filename or 'corpus'}: {fault}\n  To mend it: make room or grant permission", markup=False
            )
            return 2
        return _ours()
    except Exception as error:  # noqa: BLE001 - the one boundary: what is not expected is a fault of ours, exit code 70
        if (show := getattr(error, "show", None)) and (code := getattr(error, "exit_code", None)) is not None:
            show()  # a usage error of the argument parser
            return int(code)
        return _ours()
    if result == INTERRUPTED:  # typer turns Ctrl-C into this by itself
        return _interrupted()
    return result if isinstance(result, int) else 0


def _interrupted() -> int:
    err.print("Interrupted: the last release is as it was; the next run takes up where this one stopped.")
    return INTERRUPTED


def _ours() -> int:
    err.print(traceback.format_exc(), markup=False, end="")
    err.print("This is a fault of corpus itself. Please report it with the lines above.")
    return 70


def main() -> None:
    """Entry point of the `corpus` command."""
    code = run()
    if code == INTERRUPTED:
        # Where it came inside of exec() (as in dataclasses), Python would end by the signal after all.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    sys.exit(code)


if __name__ == "__main__":
    main()
