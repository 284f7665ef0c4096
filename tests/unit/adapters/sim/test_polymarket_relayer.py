"""Does the relayer know the wallets that exist, and nothing else?"""

import json

from foreshock.adapters.seams import HttpRequest
from foreshock.adapters.sim.polymarket_relayer import RelayerFace
from foreshock.adapters.sim.polymarket_wallets import Wallets
from tests.unit.adapters.sim.face_scenario import T0, polymarket_exchange

WALLET = "0x" + "Ab" * 20


def test_known_wallets_are_deployed() -> None:
    wallets = Wallets(polymarket_exchange())
    relayer = RelayerFace(wallets)

    def ask(path: str, method: str = "GET") -> tuple[int, object]:
        answer = relayer.handle(HttpRequest(method, path), T0)
        return answer.status, json.loads(answer.body)

    assert ask(f"/deployed?address={WALLET}&type=WALLET") == (200, {"deployed": False})
    wallets.known(WALLET, "0x1", 3)
    assert ask(f"/deployed?address={WALLET.lower()}") == (200, {"deployed": True})
    assert ask("/submit", "POST")[0] == 404
    assert relayer.open(1, "/", (), T0) is not None
    assert (relayer.take_frames(T0), relayer.take_cuts()) == ([], [])
