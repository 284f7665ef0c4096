"""Which different words name the same thing often enough that an index must know it?

General knowledge only: what both venues call months, coins, leagues, countries and clubs. An alias
here widens a search; it never decides that two contracts are the same bet.
"""

import re
from typing import Final

MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH_OF: Final = {name: number for number, name in enumerate(MONTHS, start=1)}

_WORDS = """
january jan|february feb|march mar|april apr|june jun|july jul|august aug|sept sep|september sep
october oct|november nov|december dec
bitcoin btc|xbt btc|ethereum eth|ether eth|solana sol|dogecoin doge|ripple xrp|cardano ada
litecoin ltc|avalanche avax|chainlink link|nasdaq ndx|nasdaq100 ndx|sp500 spx|russell rut
fomc fed|inflation cpi|jobless unemployment|payrolls nfp|bps bp
usa us|america us|britain uk|england eng|turkiye turkey|czechia czech|holland netherlands
cabo cape|gop republican|republicans republican|democrats democratic|democrat democratic
dems democratic|presidency president|presidential president|nominee nomination|nominated nomination
winner win|wins win|won win|winning win|championship champion|championships champion
temp temperature|highest max|high max|maximum max|lowest min|low min|minimum min
btts bothteamsscore|film movie|governor gubernatorial|governorship gubernatorial
hike raise|increase raise|decrease cut|reduce cut|lower cut
leaves out|leave out|resign out|resigns out|departs out|fired out|removed out|exit out
"""
WORD_ALIASES: Final = {
    other: known
    for line in _WORDS.split("\n")
    for entry in line.split("|")
    if entry
    for other, known in (entry.split(),)
}
"""Other word -> the word it is indexed as, both already folded and without a plural s."""

_PHRASES = {
    "pro basketball": "nba",
    "pro football": "nfl",
    "pro baseball": "mlb",
    "pro hockey": "nhl",
    "women pro basketball": "wnba",
    "federal reserve": "fed",
    "s&p 500": "spx",
    "s&p500": "spx",
    "s&p": "spx",
    "nasdaq-100": "ndx",
    "nonfarm payrolls": "nfp",
    "non-farm payrolls": "nfp",
    "both teams to score": "bothteamsscore",
    "united states": "us",
    "united kingdom": "uk",
    "u.s.": "us",
    "u.k.": "uk",
    "korea republic": "south korea",
    "cote divoire": "ivory coast",
    "prime minister": "pm",
    "basis points": "bp",
    "new york city": "nyc new york",
    "los angeles": "losangeles",
    "new york": "newyork",
    "san francisco": "sanfrancisco",
    "san antonio": "sanantonio",
    "new orleans": "neworleans",
    "oklahoma city": "oklahomacity",
    "golden state": "goldenstate",
    "kansas city": "kansascity",
    "green bay": "greenbay",
    "tampa bay": "tampabay",
    "las vegas": "lasvegas",
    "new england": "newengland",
    "san diego": "sandiego",
    "san jose": "sanjose",
    "new jersey": "newjersey",
    "st. louis": "stlouis",
    "st louis": "stlouis",
}
PHRASE_ALIASES: Final = {phrase: _PHRASES[phrase] for phrase in sorted(_PHRASES)}
PHRASES: Final = re.compile(
    r"(?<![a-z0-9])(?:"
    + "|".join(re.escape(p) for p in sorted(_PHRASES, key=lambda phrase: (-len(phrase), phrase)))
    + r")(?![a-z0-9])"
)
"""The longest phrase wins. Cities of two words become one, so that no half of them matches."""

_CLUBS = """
hawk atlanta|celtic boston|net brooklyn|hornet charlotte|bull chicago|cavalier cleveland
cav cleveland|maverick dallas|mav dallas|nugget denver|piston detroit|warrior goldenstate
rocket houston|pacer indiana|clipper losangeles|laker losangeles|grizzly memphis|grizzlie memphis
heat miami|buck milwaukee|timberwolve minnesota|timberwolf minnesota|pelican neworleans
knick newyork|thunder oklahomacity|magic orlando|76er philadelphia|sixer philadelphia|sun phoenix
blazer portland|king sacramento losangeles|spur sanantonio|raptor toronto|jazz utah
wizard washington
cardinal arizona stlouis|falcon atlanta|raven baltimore|bill buffalo|panther carolina florida
bear chicago|bengal cincinnati|brown cleveland|cowboy dallas|bronco denver|lion detroit
packer greenbay|texan houston|colt indianapolis|jaguar jacksonville|chief kansascity
raider lasvegas|charger losangeles|ram losangeles|dolphin miami|viking minnesota
patriot newengland|saint neworleans|giant newyork sanfrancisco|jet newyork winnipeg
eagle philadelphia|steeler pittsburgh|49er sanfrancisco|seahawk seattle|buccaneer tampabay
titan tennessee|commander washington
diamondback arizona|brave atlanta|oriole baltimore|cub chicago|guardian cleveland|rockie colorado
tiger detroit|astro houston|royal kansascity|angel losangeles|dodger losangeles|marlin miami
brewer milwaukee|twin minnesota|met newyork|yankee newyork|athletic oakland sacramento
phillie philadelphia|pirate pittsburgh|padre sandiego|mariner seattle|ranger texas newyork
national washington
duck anaheim|bruin boston|sabre buffalo|flame calgary|hurricane carolina|blackhawk chicago
avalanche colorado|oiler edmonton|canadien montreal|predator nashville|devil newjersey
islander newyork|senator ottawa|flyer philadelphia|penguin pittsburgh|shark sanjose
kraken seattle|canuck vancouver|capital washington|lightning tampabay|leaf toronto
"""
CLUB_CITIES: Final = {
    club: tuple(cities)
    for line in _CLUBS.split("\n")
    for entry in line.split("|")
    if entry
    for club, *cities in (entry.split(),)
}
"""Nickname of a club in the big North American leagues -> the places it may stand for."""
