"""`searchvn config`: every setting, its value and where it comes from. Main name: `config`.

Invariant: what it prints is a searchvn.toml that says the same.
"""

import sys

from searchvn.cli.options import ConfigOption, JsonOption
from searchvn.config import KEYS, load_settings, unknown_variables
from searchvn.render.machine import config_json
from searchvn.render.safe import harmless

# What holds where nothing is said and no value of the key says the same.
_UNSAID = {
    "engine": "tantivy nếu đã cài, không thì whoosh",
    "match": "any; all khi xếp theo ngày",
    "format": "rich trên màn hình, plain trong ống dẫn",
    "abbreviations": "chỉ bảng có sẵn",
}


def config(json: JsonOption = False, file: ConfigOption = None) -> int:
    """Cho biết mọi cài đặt và nơi đặt: SEARCHVN_…, ./searchvn.toml, ~/.config/searchvn/searchvn.toml, mặc định."""
    chosen = load_settings(file)
    for name, hint in unknown_variables():
        print(harmless(f"searchvn: không dùng biến môi trường {name}. {hint[:1].upper()}{hint[1:]}"), file=sys.stderr)
    values = {key: getattr(chosen, key) for key in KEYS}
    if json:
        print(config_json(values, chosen.origins))
        return 0
    from searchvn.render.terminal import console, print_config  # rich: only when something is drawn

    print_config(console(chosen.color), values, {key: chosen.origin(key) for key in KEYS}, _UNSAID)
    return 0
