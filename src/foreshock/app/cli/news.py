"""Did the running desk's alerts come before the news, and what are the news?"""

from typing import TYPE_CHECKING, Annotated

import typer

from foreshock.app.cli.output import Columns, Format, emit, emit_one, write
from foreshock.core.domain.units import MICRO

if TYPE_CHECKING:
    from foreshock.dashboard.news import AlertNewsView, NewsItemView, NewsView

OutputOption = Annotated[Format, typer.Option("-o", "--output", help="Shape of stdout.")]
TITLE_CHARS_MAX = 60
LIMIT = 30


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(news)


def news(
    output: OutputOption = Format.TABLE,
    limit: Annotated[int, typer.Option("--limit", min=1, max=2_000, help="Rows.")] = LIMIT,
) -> None:
    """Alerts with the news that explain them or came after them, and how often they came first."""
    from foreshock.app.client import ask, require_running
    from foreshock.app.config import home_folder
    from foreshock.dashboard.news import NewsView

    view = ask(require_running(home_folder()), f"/api/news?limit={limit}", NewsView)
    if output in {Format.JSON, Format.JSONL}:
        emit_one(view, [], output)
        return
    alerts: Columns[AlertNewsView] = {
        "market": lambda a: a.title[:TITLE_CHARS_MAX],
        "alert": lambda a: f"{a.detector} {a.level}",
        "news": lambda a: a.explanation,
        "before s": lambda a: "" if a.lead_us is None else f"{a.lead_us / MICRO:.0f}",
        "evidence": _evidence,
    }
    emit(view.history, alerts, output)
    if output is Format.CSV:
        return
    write("\n")
    items: Columns[NewsItemView] = {
        "source": lambda i: i.source,
        "kind": lambda i: "scheduled" if i.is_scheduled else "news",
        "title": lambda i: i.title,
    }
    emit(view.items, items, output)
    write("\n" + "\n".join(_lines(view)) + "\n")


def _evidence(alert: "AlertNewsView") -> str:
    if not alert.items:
        return ""
    first = alert.items[0]
    return f"{first.source}: {first.title[:TITLE_CHARS_MAX]} ({', '.join(first.shared)})"


def _lines(view: "NewsView") -> list[str]:
    record = view.record
    lines = [
        f"{source.source}: {source.items_count} items"
        + (f"; {source.words}" if source.words else "")
        for source in view.sources
    ] or ["no source of news has answered: nothing can be said of any alert"]
    counts = (
        f"{record.alerts_count} alerts: {record.explained_count} explained, "
        f"{record.preceded_count} before the news, {record.unexplained_count} unexplained, "
        f"{record.waiting_count} waiting"
    )
    return [*lines, counts, record.words]
