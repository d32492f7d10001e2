"""What can I type? One file per command, one options file, one error boundary.

Main name: `main`, the console script. Invariant: whatever happens, the user sees at most one line about it on standard
error (two more show the place of a mistake in a query), and the exit status says which kind it was (0 found or done,
1 nothing found, 2 error, 130 interrupted).
"""

import gc

# Modules live as long as the process: looking for garbage among them while they are imported takes 9 ms of 120.
# `boundary` looks again when all are there.
gc.disable()

from searchvn.cli.boundary import main  # noqa: E402

__all__ = ["main"]
