"""Keys and tokens of the signing vectors, for this folder's tests.

Origin: computed 2026-11-20 with polymarket-client 0.14.0 and checked with py-clob-client-v2 1.2.1,
using the first test key of Hardhat, which is public and must never hold funds.
"""

import json
from pathlib import Path
from typing import Any

KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
ADDRESS = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
WALLET = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
SECRET = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
TOKEN = 25070934348813416902477876984955073880416401960631253331845590271167412497744
POSITION = 663574927012476832975694178961957910328055987427402067619466963999000625152


def golden(shared_wire: Path) -> dict[str, Any]:
    """Every vector of the recordings."""
    path = shared_wire / "polymarket" / "golden" / "signing-vectors.json"
    return json.loads(path.read_text(encoding="utf8"))
