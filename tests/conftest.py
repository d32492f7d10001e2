"""Tests know nothing of the settings of whoever runs them. Invariant: holds for processes that tests start, too."""

import os

for name in [name for name in os.environ if name.startswith("SEARCHVN_")]:
    del os.environ[name]
os.environ["XDG_CONFIG_HOME"] = "/không/có"
