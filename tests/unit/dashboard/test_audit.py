"""Every decision can be found, paged to and followed to its cause, in bounded memory."""

from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.messages import decisions as d
from foreshock.core.domain.messages.operations import HaltRequested
from foreshock.core.domain.messages.trading import OrderAccepted
from foreshock.core.domain.messages.union import Message
from foreshock.core.engine import OUTSIDE, Entry
from foreshock.dashboard.audit import PAGE_MAX, SEARCHED_MAX, Audit
from foreshock.dashboard.views import AuditEntryView
from tests.trading import START, A, B, book, closed, dollars, edge, filled, order, request
from tests.unit.dashboard.told import REFUSAL, Told, measured, package_closed


def traded() -> Told:
    """An edge, the package it led to, and the answers of two orders."""
    told = Told()
    told.tell_step(
        (None, OUTSIDE, book(A, 44, 45)),
        (0, "scanner", d.EdgeQuoted(edge(), ())),
        (0, "scanner", d.Opportunity("edge-1@1", edge(), START)),
        (2, "strategy", request()),
        (3, "guardian", d.TradeApproved(request(), dollars(10))),
        (4, "executor", d.PackageOpened("r1", request())),
        (4, "executor", order("o1")),
    )
    told.tell(OrderAccepted("o1", "v1"), filled("o1", 1, 10), closed("o1", 10))
    told.tell_step((None, OUTSIDE, closed("o1", 10)), (0, "executor", order("o2", market=B)))
    told.tell(OrderAccepted("o2", "v2"), filled("o2", 1, 10), closed("o2", 10), package_closed())
    return told


def kinds(chain: list[AuditEntryView]) -> list[str]:
    return [entry.kind for entry in chain]


DECIDED = ["BookChanged", "Opportunity", "TradeRequest", "TradeApproved", "PackageOpened"]


def test_a_package_is_explained_from_the_book_to_its_close() -> None:
    why = traded().model.why("r1")
    assert why.found
    assert kinds(why.chain)[:5] == DECIDED
    assert kinds(why.chain)[-1] == "PackageClosed"
    assert kinds(why.chain).count("OrderFilled") == 2
    assert why.chain[1].cause == why.chain[0].id


def test_an_edge_is_explained_by_its_newest_package_and_the_last_quote() -> None:
    told = traded()
    told.tell(d.EdgeQuoted(edge(), (REFUSAL,)))
    chain = told.model.why("edge-1").chain
    assert kinds(chain)[:5] == DECIDED
    assert (chain[-1].kind, "DAILY_LOSS" in chain[-1].words) == ("EdgeQuoted", True)


def test_an_edge_that_was_only_quoted_is_explained_by_its_quote() -> None:
    told = Told()
    told.tell_step((None, OUTSIDE, measured()), (0, "scanner", d.EdgeQuoted(edge(), (REFUSAL,))))
    assert kinds(told.model.why("edge-1").chain) == ["EdgeQuoted"]


def test_an_order_is_explained_without_the_other_orders_of_its_package() -> None:
    chain = traded().model.why("o2").chain
    assert kinds(chain)[:5] == DECIDED
    assert {e.about for e in chain if e.kind == "OrderFilled"} == {"o2"}
    assert [e.about for e in chain if e.kind == "OrderClosed"] == ["o1", "o2"], "o1 was the cause"
    assert "PackageClosed" in kinds(chain)


def test_an_entry_is_explained_by_all_that_went_before_it_and_nothing_after() -> None:
    told = traded()
    entry = told.model.audit("OrderFilled").entries[-1]
    chain = told.model.why(entry.id).chain
    assert kinds(chain)[:5] == DECIDED
    assert chain[-1].id == entry.id


def test_a_veto_is_explained_by_the_request_it_answers() -> None:
    told = Told()
    told.tell_step(
        (None, OUTSIDE, request("r9")), (0, "guardian", d.TradeRefused(request("r9"), REFUSAL))
    )
    assert kinds(told.model.why("r9").chain) == ["TradeRequest", "TradeRefused"]


def test_what_nobody_knows_is_said_to_be_not_found() -> None:
    told = traded()
    for name in ("", "unknown", "99.0", "1.99", "-1.0", "1.", "٣.٤", f"{'9' * 5_000}.0"):
        why = told.model.why(name)
        assert (why.found, why.chain) == (False, []), name


def test_an_entry_says_who_said_what_and_in_answer_to_what() -> None:
    told = Told()
    told.later(3).tell_step(
        (None, OUTSIDE, HaltRequested("all", "dashboard", "odd")),
        (0, "guardian", d.Halted("all", "dashboard", "odd")),
    )
    newest, oldest = told.model.audit().entries
    assert (newest.id, newest.cause, newest.sender, newest.kind) == (
        "1.1",
        "1.0",
        "guardian",
        "Halted",
    )
    assert (oldest.id, oldest.cause, oldest.sender) == ("1.0", None, OUTSIDE)
    assert newest.at_us == told.now_us


def test_books_and_measurements_do_not_push_decisions_out() -> None:
    told = Told([HaltRequested("all", "dashboard", "odd")])
    for _ in range(100):
        told.tell(book(A, 44, 45), measured())
    assert kinds(told.model.audit().entries) == ["HaltRequested"]


def test_a_flood_of_quotes_does_not_push_decisions_out() -> None:
    audit = Audit(decisions_max=10, routine_max=5)
    audit.hear(1, Entry(0, None, OUTSIDE, HaltRequested("all", "dashboard", "odd")), START)
    for step in range(2, 100):
        audit.hear(step, Entry(0, None, "scanner", d.EdgeQuoted(edge(), ())), START)
    entries = audit.page("", None, 100).entries
    assert len(entries) == 6
    assert entries[-1].kind == "HaltRequested"


def test_search_looks_at_kind_id_sender_and_words_whatever_the_case() -> None:
    model = traded().model
    for query in ("packageCLOSED", "EXECUTOR", "r1", "hedged"):
        assert model.audit(query).entries, query
    assert model.audit("nowhere to be found").entries == []


def test_a_search_that_finds_nothing_reads_a_part_and_says_where_to_go_on() -> None:
    told = Told([HaltRequested("all", "dashboard", "the needle")])
    for _ in range(SEARCHED_MAX + 5):
        told.tell(HaltRequested("all", "dashboard", "hay"))
    first = told.model.audit("needle")
    assert (first.entries, first.next_before is None) == ([], False)
    second = told.model.audit("needle", first.next_before)
    assert (len(second.entries), second.next_before) == (1, None)


def test_a_page_is_never_longer_than_its_ceiling() -> None:
    told = Told([HaltRequested("all", "dashboard", "odd")] * (PAGE_MAX + 1))
    assert len(told.model.audit(limit=10 * PAGE_MAX).entries) == PAGE_MAX


def test_the_chain_of_hashes_is_not_claimed_to_be_verified() -> None:
    assert Told().model.audit().chain == "not yet verified"


def test_threads_are_forgotten_with_their_entries() -> None:
    audit = Audit(decisions_max=3, routine_max=3)
    for step in range(1, 50):
        name = f"r{step}"
        audit.hear(step, Entry(0, None, "strategy", request(name)), START)
    audit.page("", None, 1)
    assert not audit.why("r1").found
    assert audit.why("r49").found
    assert len([s for s in range(1, 50) if audit.why(f"r{s}").found]) == 3


messages = st.sampled_from([
    HaltRequested("all", "dashboard", "odd"),
    d.EdgeQuoted(edge(), ()),
    book(A, 44, 45),
    request("r1"),
    order("o1"),
    closed("o1", 10),
])


@given(
    steps=st.lists(st.lists(messages, min_size=1, max_size=4), max_size=20),
    limit=st.integers(1, 7),
    decisions_max=st.integers(1, 12),
)
def test_pages_hold_every_kept_entry_once_newest_first(
    steps: list[list[Message]], limit: int, decisions_max: int
) -> None:
    audit = Audit(decisions_max, routine_max=5)
    for step, said in enumerate(steps, 1):
        for index, message in enumerate(said):
            audit.hear(step, Entry(index, index - 1 if index else None, "x", message), START)
    whole = [entry.id for entry in audit.page("", None, PAGE_MAX).entries]
    paged: list[str] = []
    before: str | None = None
    while True:
        page = audit.page("", before, limit)
        paged += [entry.id for entry in page.entries]
        before = page.next_before
        if before is None:
            break
    assert paged == whole
    keys = [tuple(map(int, name.split("."))) for name in whole]
    assert keys == sorted(set(keys), reverse=True)
    assert len(whole) <= decisions_max + 5
