"""Which words say the same thing on both venues, and what kind of thing is it?

Words that stand here become concepts; every other word that carries content stays itself and must
be matched by itself. That is the safe way round: a word this table does not know can only keep
two contracts apart.
"""

from typing import Final, NamedTuple, TypeAlias

from foreshock.core.matching.places import COUNTRIES, STATES
from foreshock.core.matching.text import fold, words


class Concept(NamedTuple):
    """kind: which clause it belongs to and how it is compared. name: the one word for it."""

    kind: str
    name: str


_STOP_WORDS = """
will the a an be is are was were been of to in on at by for with this that these those it its
his her their there has have had do does did as and or if from what when which who whom whose
how than then would should could can may so about into happen happens occur occurs officially
"""
STOP: Final = frozenset(_STOP_WORDS.split())
"""Words without content of their own. `not`, `no`, `first`, `before`, `any` and such have it."""
QUESTIONS: Final = frozenset({"who", "which", "what", "where", "whose"})
"""A title that asks one of these names no outcome by itself."""
_PLACEHOLDERS_WORDS = """
player person team song album movie film show candidate party artist actor company country
individual option placeholder club driver word name
"""
PLACEHOLDERS: Final = frozenset(_PLACEHOLDERS_WORDS.split())
"""Followed by one letter or number they hold a place for a name to come."""
GENERAL: Final = frozenset({
    "other",
    "another",
    "others",
    "field",
    "else",
    "none",
    "neither",
    "tie",
})
"""Outcomes that stand for everything that has no market of its own."""

_CONCEPTS = {
    "relation": """
add=add,adds,added
win=win,wins,won,winner,winners,winning,champion,champions,be crowned,victory
win=be elected,is elected,gets elected
nominee=nominee,nominees,nomination
nominate=nominate,nominates,nominated
announced=announced,announce,announces,announcement,announced as,be announced as
announced=officially announced
control=control,controls,controlled
release=release,releases,released
leave=out,leave,leaves,leave office,leaves office,out as
resign=resign,resigns,resigned
remove=removed,remove
meet=meet,meets,meet with,met with
cut=cut,cuts,decrease,decreases,decreased,lower rates,reduce,reduces
hike=hike,hikes,hiked,increase,increases,increased,raise,raises
hold=no change,make no change,maintain,maintains,maintain current,unchanged,hold,holds,keep,keeps
hold=no change to,pause
touch=hit,hits,reach,reaches,touch
dip=dip to,dip,dips to,fall to,falls to,drop to,drops to
qualify=qualify,qualifies,qualified
relegate=relegated,relegate,relegation
btts=both teams to score,both teams score,btts
exact score=exact score,correct score
spread=spread,handicap,spread:
total=total points,total goals,total runs,game total
next=next
acquire=acquire,acquires,acquired
buy=buy,buys,bought,purchase,purchases
say=say,says,said,mention,mentions
""",
    "measure": """
tempmax=highest temperature,high temperature,maximum temperature,max temperature,high temp
tempmax=max temp,highest temp
tempmin=lowest temperature,low temperature,minimum temperature,min temperature,low temp,min temp
tempmin=lowest temp
unemployment=unemployment rate,unemployment,u-3,u3
cpi=consumer price index,cpi inflation,cpi,inflation rate,inflation
cpi=rate of cpi inflation,rate of inflation
core cpi=core cpi,core inflation,core consumer price index
pce=pce inflation,pce,pce price index
core pce=core pce,core pce inflation
jobs=jobs,nonfarm payrolls,nonfarm payroll,non farm payrolls,payrolls,nfp,jobs report
gdp=gdp growth,gdp,gross domestic product,real gdp,real gdp growth
recession=recession|shutdown=government shutdown,federal government shutdown
yoy=year over year,yoy,y/y,annual,annually,12 month,year on year
mom=month over month,mom,m/m,monthly,month on month
rate=interest rates,interest rate,policy rate,key rate,repo rate
rate=bank rate,cash rate,rates,rate,key interest rate
price=price,prices,price of,the price of
cap=market cap,market capitalization
points=points,pts
rebounds=rebounds,rebs
assists=assists,asts
threes=three pointers,3 pointers,threes,3 pt made,three pointers made
goals=goals|runs=runs|hits=hits allowed|strikeouts=strikeouts|touchdowns=touchdowns
total bases=total bases|home runs=home runs|passing yards=passing yards
rushing yards=rushing yards|receiving yards=receiving yards|receptions=receptions
steals=steals|blocks=blocks|saves=saves|seats=seats|wins count=regular season wins
tweets=tweets,posts,tweet,post
rain=rain,rainfall|snow=snow,snowfall|precipitation=precipitation
close=close,closes,closing price
tomatometer=tomatometer,rotten tomatoes,rotten tomatoes score
opening=opening weekend,opening weekend box office,domestic opening weekend
approval=approval rating,approval
""",
    "office": """
president=president,prez,presidential,presidency,white house
vice president=vice president,vice presidential,vice presidency,vp
governor=governor,governorship,gubernatorial
senate=senate,u.s. senate,senator,senate seat|house=house,house of representatives
mayor=mayor,mayoral,mayoralty
prime minister=prime minister,pm
fed chair=fed chair,chair of the federal reserve,federal reserve chair,fed chairman,chair of the fed
speaker=speaker of the house,house speaker,speaker
pope=pope,papal
scotus=supreme court,scotus
""",
    "party": """
democratic=democratic party,democrats,democrat,democratic,democratics,dem,dems
republican=republican party,republicans,republican,gop
labour=labour party,labour|conservative=conservative party,conservatives,conservative,tories
reform=reform uk,reform party
liberal democrats=liberal democrats,lib dems,liberal democratic,liberal democrat
""",
    "body": """
fed=federal reserve,federal funds,fed funds,fed,fomc,the fed,us federal reserve
ecb=european central bank,ecb|boe=bank of england,boe|boj=bank of japan,boj
boc=bank of canada,boc|pboc=people's bank of china,peoples bank of china,pboc
rba=reserve bank of australia,rba|snb=swiss national bank,snb
cbr=bank of russia,central bank of russia
bcb=central bank of brazil,bank of brazil|sarb=south african reserve bank,sarb
rbi=reserve bank of india,rbi|banxico=bank of mexico,banxico
btc=bitcoin,btc,$btc,xbt|eth=ethereum,eth,ether,$eth|sol=solana,sol|xrp=xrp,ripple
doge=dogecoin,doge|spx=s&p 500,s&p,spx,sp500|ndx=nasdaq 100,nasdaq-100,ndx
openai=openai|dhs=dhs,department of homeland security,homeland security
hhs=hhs,health and human services,department of health and human services
doj=doj,department of justice,justice department
""",
    "club": """
manchester city=manchester city,man city
manchester united=manchester united,man united,man utd,manchester utd
paris saint germain=paris saint germain,paris saint-germain,psg
""",
    "league": """
nba=nba,pro basketball,professional basketball,pro men's basketball,pro mens basketball
wnba=wnba,women's pro basketball,womens pro basketball,women's professional basketball
wnba=pro women's basketball
nfl=nfl,pro football,professional football
nfl+afc=afc championship,afc championship game,afc champion
nfl+nfc=nfc championship,nfc championship game,nfc champion
nfl+finals=super bowl,pro football championship,nfl championship
mlb=mlb,pro baseball,professional baseball
mlb+finals=world series,pro baseball championship
nhl=nhl,pro hockey,professional hockey
nhl+finals=stanley cup,nhl stanley cup
mls=mls,major league soccer
ncaaf=cfp,college football playoff,college football,ncaaf,ncaa football
ncaab=march madness,ncaa tournament,men's college basketball,mens college basketball,ncaab
ncaab=ncaa men's basketball
ncaawb=women's college basketball,womens college basketball,ncaa women's basketball
fifa world cup=fifa world cup,men's fifa world cup,men's world cup,mens world cup
fifa world cup=fifa men's world cup,mens fifa world cup
women's world cup=women's world cup,fifa women's world cup,womens world cup,fifa womens world cup
club world cup=club world cup,fifa club world cup
champions league=uefa champions league,champions league,ucl
europa league=uefa europa league,europa league
premier league=english premier league,premier league,epl
la liga=la liga,laliga|serie a=serie a|bundesliga=bundesliga|ligue 1=ligue 1
f1=formula 1,formula one,f1|wbc=world baseball classic,wbc
oscars=oscars,oscar,academy awards,academy award
grammys=grammys,grammy,grammy awards,grammy award
emmys=emmys,emmy,emmy awards,primetime emmy awards
golden globes=golden globes,golden globe,golden globe awards
wimbledon=wimbledon|us open=us open|french open=french open,roland garros
australian open=australian open
masters=the masters,masters tournament|pga championship=pga championship
hot 100=billboard hot 100,hot 100,billboard hot 100 chart,hot 100 chart
billboard 200=billboard 200,billboard 200 chart
""",
    "filler": """
election=election,elections,race,midterms,midterm election,midterm elections
finals=finals,championship,championships,title,tournament,trophy
meeting=meeting,meetings,decision,monetary policy meeting
party=party,coalition
team=team
league=league
percent=percent|contract=contract
""",
    "after": "after=after|following=following",
    "negation": "not=not,no,never,fail to,fails to,won't,wont,without",
}


Phrase: TypeAlias = tuple[tuple[str, ...], tuple[Concept, ...]]
"""Its words, and what they mean together: "super bowl" is the finals of the nfl."""


def _phrases() -> dict[str, list[Phrase]]:
    """First word -> phrases that begin with it, longest first."""
    table: dict[tuple[str, ...], tuple[Concept, ...]] = {}
    for kind, text in _CONCEPTS.items():
        for entry in text.strip().replace("\n", "|").split("|"):
            name, _, phrases = entry.partition("=")
            for phrase in phrases.split(","):
                table[as_words(phrase)] = _meant(kind, name)
    for phrase, country in COUNTRIES.items():
        table[as_words(phrase)] = (Concept("place", country),)
    for phrase in ("nyc", "new york city"):
        table[as_words(phrase)] = (Concept("place", "new york city"),)
    for state in STATES:
        table.setdefault(as_words(state), (Concept("place", f"state of {state}"),))
    by_first: dict[str, list[Phrase]] = {}
    for phrase in sorted(table, key=len, reverse=True):
        by_first.setdefault(phrase[0], []).append((phrase, table[phrase]))
    return by_first


def _meant(kind: str, name: str) -> tuple[Concept, ...]:
    first, mark, filler = name.partition("+")
    return (Concept(kind, first), Concept("filler", filler)) if mark else (Concept(kind, first),)


def as_words(phrase: str) -> tuple[str, ...]:
    """A phrase the way the reader sees its words."""

    return tuple(word.text for word in words(fold(phrase)))


PHRASES: Final = _phrases()
CRYPTO: Final = frozenset({"btc", "eth", "sol", "xrp", "doge"})
_COUNTED_WORDS = """
points rebounds assists threes goals runs strikeouts touchdowns steals blocks saves seats
receptions tweets
"""
COUNTED: Final = frozenset(_COUNTED_WORDS.split()) | {
    "total bases",
    "home runs",
    "hits allowed",
    "wins count",
}
"""Measures that only take whole numbers."""
ELECTED: Final = frozenset({"president", "vice president", "governor", "senate", "house", "mayor"})
US_OFFICES: Final = frozenset({"president", "vice president", "senate", "house", "scotus"})
"""Offices that mean the United States when no country is named, on venues of the United States."""
SOCCER: Final = frozenset(
    {"premier league", "la liga", "serie a", "bundesliga", "ligue 1", "mls", "champions league"}
    | {"europa league", "club world cup"}
)
CLUB_AFFIXES: Final = frozenset({"fc", "cf", "afc", "sc", "fk", "ssc", "acf"})
"""What a soccer club's name has in full and not in short."""
GENERIC: Final = frozenset({"draw", "match", "game", "team", "it", "event", "market"})
"""Words that point at a subject without naming it."""
SYMMETRIC: Final = frozenset({"meet"})
"""Relations that mean the same whichever side comes first."""
TRADED_PRICE: Final = frozenset({"price", "touch", "dip", "close"})
WEATHER: Final = frozenset({"tempmax", "tempmin", "rain", "snow", "precipitation"})
US_MEASURES: Final = frozenset({
    "unemployment",
    "cpi",
    "core cpi",
    "pce",
    "core pce",
    "jobs",
    "gdp",
    "recession",
    "shutdown",
})
"""Statistics that mean the United States when no country is named."""
_AWARDS_WORDS = """
mvp award player rookie coach scorer goalscorer goal assist seed pick conference division
eastern western round pool group semifinal semifinals quarterfinal medal poty opoy dpoy boot
ball cup shield pole sprint
"""
ORDINALS: Final = {"first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th"}
AWARDS: Final = frozenset(_AWARDS_WORDS.split())
"""Words that make "win" something else than the whole competition."""
PRIZES: Final = frozenset({"mvp", "poty", "opoy", "dpoy", "rookie", "best"})
"""Words of an award that is won, even where the title only names it: "NBA MVP: Jokic"."""
INDEXES: Final = frozenset({"cpi", "core cpi", "pce", "core pce"})
"""Price indexes: "for the year" is how far they rose in it."""
TENNIS: Final = frozenset({"wimbledon", "us open", "french open", "australian open"})
GENERATIONS: Final = frozenset({"jr", "sr", "ii", "iii", "iv"})
"""Parts of a name that tell a parent from a child: their absence is not an abbreviation."""
DRAWN: Final = frozenset({"epl", "laliga", "bundesliga", "seriea", "ligue1", "ucl", "mls"})
"""Leagues whose games may end in a draw, which is an outcome of its own."""
DRAWLESS: Final = frozenset({"nba", "wnba", "mlb", "nhl", "nfl", "ncaaf", "ncaab", "ncaawb"})
"""Leagues whose games end with a winner: nfl ties are rare and stand in the payoff matrix."""
