"""Which club do a city, a nickname or both name, in a league where that is unambiguous?

One venue writes the nickname or the full name, the other the city, with a letter where a city has
two clubs ("Los Angeles L"). Within one league that is one club. Leagues outside this table are
compared by their clubs' words alone.
"""

from typing import Final, NamedTuple

_TABLES = {
    "nba": """Atlanta/Hawks|Boston/Celtics|Brooklyn/Nets|Charlotte/Hornets|Chicago/Bulls
Cleveland/Cavaliers,Cavs|Dallas/Mavericks,Mavs|Denver/Nuggets|Detroit/Pistons
Golden State/Warriors|Houston/Rockets|Indiana/Pacers|Los Angeles C,LA/Clippers
Los Angeles L/Lakers|Memphis/Grizzlies|Miami/Heat|Milwaukee/Bucks|Minnesota/Timberwolves,Wolves
New Orleans/Pelicans|New York/Knicks|Oklahoma City/Thunder|Orlando/Magic
Philadelphia/76ers,Sixers|Phoenix/Suns|Portland/Trail Blazers,Blazers|Sacramento/Kings
San Antonio/Spurs|Toronto/Raptors|Utah/Jazz|Washington/Wizards""",
    "nfl": """Arizona/Cardinals|Atlanta/Falcons|Baltimore/Ravens|Buffalo/Bills|Carolina/Panthers
Chicago/Bears|Cincinnati/Bengals|Cleveland/Browns|Dallas/Cowboys|Denver/Broncos|Detroit/Lions
Green Bay/Packers|Houston/Texans|Indianapolis/Colts|Jacksonville/Jaguars|Kansas City/Chiefs
Las Vegas/Raiders|Los Angeles C/Chargers|Los Angeles R/Rams|Miami/Dolphins|Minnesota/Vikings
New England/Patriots|New Orleans/Saints|New York G/Giants|New York J/Jets|Philadelphia/Eagles
Pittsburgh/Steelers|San Francisco/49ers|Seattle/Seahawks|Tampa Bay/Buccaneers,Bucs
Tennessee/Titans|Washington/Commanders""",
    "mlb": """Arizona/Diamondbacks|Atlanta/Braves|Baltimore/Orioles|Boston/Red Sox|Chicago C/Cubs
Chicago WS,Chicago W/White Sox|Cincinnati/Reds|Cleveland/Guardians|Colorado/Rockies|Detroit/Tigers
Houston/Astros|Kansas City/Royals|Los Angeles A/Angels|Los Angeles D/Dodgers|Miami/Marlins
Milwaukee/Brewers|Minnesota/Twins|New York M/Mets|New York Y/Yankees|Oakland,Sacramento/Athletics
Philadelphia/Phillies|Pittsburgh/Pirates|San Diego/Padres|San Francisco/Giants|Seattle/Mariners
St Louis/Cardinals|Tampa Bay/Rays|Texas/Rangers|Toronto/Blue Jays|Washington/Nationals""",
    "nhl": """Anaheim/Ducks|Boston/Bruins|Buffalo/Sabres|Calgary/Flames|Carolina/Hurricanes
Chicago/Blackhawks|Colorado/Avalanche|Columbus/Blue Jackets|Dallas/Stars|Detroit/Red Wings
Edmonton/Oilers|Florida/Panthers|Los Angeles/Kings|Minnesota/Wild|Montreal/Canadiens
Nashville/Predators|New Jersey/Devils|New York I/Islanders|New York R/Rangers|Ottawa/Senators
Philadelphia/Flyers|Pittsburgh/Penguins|St Louis/Blues|San Jose/Sharks|Seattle/Kraken
Tampa Bay/Lightning|Toronto/Maple Leafs|Utah/Mammoth,Hockey Club|Vancouver/Canucks
Vegas,Las Vegas/Golden Knights|Washington/Capitals|Winnipeg/Jets""",
    "wnba": """Atlanta/Dream|Chicago/Sky|Connecticut/Sun|Dallas/Wings|Golden State/Valkyries
Indiana/Fever|Las Vegas/Aces|Los Angeles/Sparks|Minnesota/Lynx|New York/Liberty|Phoenix/Mercury
Seattle/Storm|Washington/Mystics|Toronto/Tempo|Portland/Fire""",
}


class Club(NamedTuple):
    """One club of one league."""

    league: str
    nickname: str


def _names(league: str) -> dict[tuple[str, ...], Club]:
    found: dict[tuple[str, ...], Club] = {}
    for entry in _TABLES[league].replace("\n", "|").lower().split("|"):
        cities, _, nicknames = entry.partition("/")
        club = Club(league, nicknames.split(",")[0])
        plain = [c[:-2] if c[-2:-1] == " " else c for c in cities.split(",")]
        for nickname in nicknames.split(","):
            found[tuple(nickname.split())] = club
            for city in (*cities.split(","), *plain):
                found[tuple(f"{city} {nickname}".split())] = club
        for city in cities.split(","):
            found[tuple(city.split())] = club
    return found


CLUBS: Final = {league: _names(league) for league in _TABLES}
"""League -> every name of a club, as words -> the club."""
FULL_NAMES: Final = {
    name: club
    for names in CLUBS.values()
    for name, club in names.items()
    if name[-len(club.nickname.split()) :] == tuple(club.nickname.split())
    and len(name) > len(club.nickname.split())
}
"""City and nickname together -> the club; such names mean one club in all leagues."""
LEAGUES: Final = tuple(_TABLES)


def clubs_of(names: tuple[tuple[str, ...], ...], league: str) -> tuple[Club, ...] | None:
    """The clubs that all these names mean: in `league`, or in the only league that knows them all.

    None when a name is unknown or several leagues would do.
    """
    known = [
        tuple(CLUBS[each][name] for name in names)
        for each in ((league,) if league in CLUBS else () if league else LEAGUES)
        if all(name in CLUBS[each] for name in names)
    ]
    return known[0] if len(known) == 1 else None
