"""Every mistake that was found, kept as a case with the reason why it was one."""

from typing import NamedTuple

import pytest

from foreshock.core.domain.relations import Decision, RelationKind
from foreshock.core.matching.compare import compare
from foreshock.core.matching.contract import ContractText
from foreshock.core.matching.reading import read
from tests.unit.core.matching.written import kalshi, poly


class Mistake(NamedTuple):
    why: str
    a: ContractText
    b: ContractText
    decision: Decision
    relation: RelationKind


WON_28 = "Will {} win the 2028 US Presidential Election?"
NEXT_PRESIDENT = "Who will win the next presidential election? \N{EM DASH} {}"

MISTAKES = [
    Mistake(
        "the same words with the two sides exchanged were the same bet",
        poly("Will Israel strike Iran by March 31?", "2026-03-31"),
        kalshi("X", "Will Iran strike Israel by March 31?", "2026-03-31"),
        "reject",
        "unknown",
    ),
    Mistake(
        "parties were not seen to exchange their places",
        poly("Will the Democrats win more seats than the Republicans in Texas?", "2026-11-03"),
        kalshi(
            "X", "Will the Republicans win more seats than the Democrats in Texas?", "2026-11-03"
        ),
        "reject",
        "unknown",
    ),
    Mistake(
        "a question that offers two outcomes was compared without the one that YES picks",
        poly("Will OpenAI or Anthropic IPO first? \N{EM DASH} OpenAI"),
        kalshi("KXOAIANTH-40-ANTH", "Will OpenAI or Anthropic IPO first? \N{EM DASH} Anthropic"),
        "reject",
        "unknown",
    ),
    Mistake(
        '"and" and "or" are stop words, yet not the same word',
        poly("Will OpenAI and Anthropic IPO in 2026?", "2026-12-31"),
        kalshi("X", "Will OpenAI or Anthropic IPO in 2026?", "2026-12-31"),
        "review",
        "unknown",
    ),
    Mistake(
        "the letter of a group was taken for an article or an initial",
        poly("2026 World Cup Group A Winner: Mexico"),
        kalshi("X", "2026 World Cup Group B Winner: Mexico"),
        "reject",
        "unknown",
    ),
    Mistake(
        'a film\'s name was taken for the placeholder "another"',
        poly("Will One Battle After Another win Best Picture at the 98th Academy Awards?"),
        kalshi("X", "Will One Battle After Another win Best Picture at the 2026 Oscars?"),
        "accept",
        "identity",
    ),
    Mistake(
        "the founding year of a club was taken for a date, so a game was no game",
        poly("Pisa SC vs. Bologna FC 1909: Both Teams to Score", "2026-03-02T17:30:00Z"),
        kalshi("", "Bologna at Pisa: Both Teams to Score", "2026-03-16T17:30:00Z"),
        "accept",
        "identity",
    ),
    Mistake(
        "two numbers that exclude each other and leave nothing out were only different numbers",
        poly(
            "Will the February 2026 unemployment rate be \N{LESS-THAN OR EQUAL TO}4.0%?",
            "2026-03-06",
        ),
        kalshi("", "Will the unemployment rate (U-3) be above 4.0% in February?", "2026-03-06"),
        "accept",
        "complement",
    ),
    Mistake(
        "a hike by nothing is no hike",
        poly("No change in Fed interest rates after March 2026 meeting?", "2026-03-18"),
        kalshi(
            "X",
            "Will the Federal Reserve Hike rates by 0bps at their March 2026 meeting?",
            "2026-03-18",
        ),
        "accept",
        "identity",
    ),
    Mistake(
        "more than 25 bps is 50 bps or more where rates move in quarters of a percent",
        poly("Will the Fed decrease interest rates by 50+ bps after the March 2026 meeting?"),
        kalshi("X", "Will the Federal Reserve Cut rates by >25bps at their March 2026 meeting?"),
        "accept",
        "identity",
    ),
    Mistake(
        "the year in a ticker is a deadline where nobody is elected, not the year of a contest",
        kalshi("KXFEDCHAIRNOM-29-PJ", "Trump Fed Chair Nominee - Jefferson"),
        poly("Trump Fed Chair Nominee - Jefferson"),
        "accept",
        "identity",
    ),
    Mistake(
        "a dotted initial inside a name in the outcome's label kept a person from himself",
        poly(WON_28.format("Donald Trump"), "2028-11-07"),
        kalshi("KXPRESPERSON-28-DTRU", NEXT_PRESIDENT.format("Donald J. Trump"), "2029-11-07"),
        "accept",
        "identity",
    ),
    Mistake(
        "father and son share every word but one",
        poly(WON_28.format("Donald Trump"), "2028-11-07"),
        kalshi(
            "KXPRESPERSON-28-DTRUJR", NEXT_PRESIDENT.format("Donald J. Trump Jr."), "2029-11-07"
        ),
        "reject",
        "disjoint",
    ),
    Mistake(
        "two winners of one race exclude each other, one winner of two races does not",
        poly("Will Lando Norris win the 2026 Monaco Grand Prix?"),
        kalshi("X", "Will Lando Norris win the 2026 Miami Grand Prix?"),
        "reject",
        "unknown",
    ),
    Mistake(
        "a surname alone may be another person's",
        kalshi("KXPRESPERSON-28-TGAB", NEXT_PRESIDENT.format("Tulsi Gabbard"), "2029-11-07"),
        poly("2028 US presidential election winner?: Gabbard"),
        "review",
        "unknown",
    ),
    Mistake(
        "announcing is not happening",
        poly("Tom Hardy announced as next James Bond?"),
        kalshi("KXBOND-30-TOM", "Will Tom Hardy be the next James Bond?"),
        "review",
        "unknown",
    ),
    Mistake(
        "the same city, day and bucket are measured at two stations",
        poly(
            "Will the highest temperature in Chicago be between 42-43°F on March 2?", "2026-03-02"
        ),
        kalshi("", "Will the high temp in Chicago be 42-43° on Mar 2, 2026?", "2026-03-03"),
        "review",
        "unknown",
    ),
    Mistake(
        "the same coin, strike and day are read off two indexes at two hours",
        poly("Will the price of Bitcoin be above $58,000 on July 3?", "2026-07-03"),
        kalshi("KXBTCD-26JUL0317-T57999.99", "Bitcoin price on Jul 3, 2026?", "2026-07-03"),
        "reject",
        "unknown",
    ),
    Mistake(
        "players of the same name play on consecutive nights",
        poly("Anthony Edwards: Points O/U 27.5", "2026-03-01T20:30:00Z"),
        kalshi("", "Anthony Edwards: 28+ points", "2026-03-16T20:30:00Z"),
        "review",
        "unknown",
    ),
    Mistake(
        "Finals MVP and MVP are two awards, though finals add nothing to winning the league",
        poly("Will Nikola Jokic win the 2026 NBA MVP?"),
        kalshi("X", "Will Nikola Jokic win the 2026 NBA Finals MVP?"),
        "review",
        "unknown",
    ),
    Mistake(
        "a title with its name left out matched whoever was named elsewhere",
        kalshi("KXPERSONPRESMAM-45", "Will  become President of the United States before 2045?"),
        poly("Will become President of the United States before 2045?"),
        "reject",
        "unknown",
    ),
    Mistake(
        "a place held for a name to come is not a name",
        poly("Will Person B win the 2028 Democratic presidential nomination?"),
        kalshi("X", "Will Person B be the Democratic Presidential nominee in 2028?"),
        "reject",
        "unknown",
    ),
    Mistake(
        "West Virginia holds every word of Virginia",
        poly("Will Democrats win the Virginia governor race in 2029?"),
        kalshi("X", "Will Democrats win the West Virginia governor race in 2029?"),
        "reject",
        "unknown",
    ),
    Mistake(
        "New York has clubs of one name's length in every league",
        poly("Knicks vs. Celtics", slug="nba-nyk-bos-2026-01-09"),
        kalshi("KXNHLGAME-26JAN09NYRBOS-BOS", "New York R at Boston - Boston"),
        "reject",
        "unknown",
    ),
    Mistake(
        "the women's team plays under the club's name",
        poly("Arsenal WFC vs. Chelsea FC: Both Teams to Score", "2026-03-14T17:30:00Z"),
        kalshi("", "Chelsea at Arsenal: Both Teams to Score", "2026-03-28T17:30:00Z"),
        "reject",
        "unknown",
    ),
    Mistake(
        "two states' universities and their state universities played on one day",
        poly("Washington vs. Oregon", slug="cfb-wash-ore-2026-10-10"),
        kalshi("KXNCAAFGAME-26OCT10WSUORST-WSU", "Washington St. at Oregon St. - Washington St."),
        "reject",
        "unknown",
    ),
    Mistake(
        "two short names on one day may be two games",
        poly("Brighton & Hove Albion vs. Newcastle United", slug="epl-bri-new-2026-03-14"),
        kalshi("KXEPLGAME-26MAR14BRINEW-BRI", "Brighton vs Newcastle - Brighton"),
        "review",
        "unknown",
    ),
    Mistake(
        "the same parties and chambers were combined the other way round",
        poly("2026 Balance of Power: D Senate, R House", "2026-11-03"),
        kalshi("X", "2026 Balance of Power: R Senate, D House", "2026-11-03"),
        "reject",
        "unknown",
    ),
    Mistake(
        "a match that is not named is any match",
        poly("Will the match be a Draw?", "2024-05-03"),
        kalshi("X", "Will the match be a draw?", "2024-05-03"),
        "review",
        "unknown",
    ),
    Mistake(
        '"today" is another day in each of two markets',
        poly("Will Joe Biden make an appearance today?", "2024-07-18"),
        kalshi("X", "Will Joe Biden make an appearance today?", "2024-07-19"),
        "review",
        "unknown",
    ),
    Mistake(
        "the side that pays stood in words that were not read as a game",
        kalshi(
            "KXWNBAGAME-26AUG08INDCHI-IND",
            "Indiana vs Chicago women's Pro Basketball game: Indiana wins?",
            label="Indiana",
        ),
        kalshi(
            "KXWNBAGAME-26AUG08INDCHI-CHI",
            "Indiana vs Chicago women's Pro Basketball game: Chicago wins?",
            label="Chicago",
        ),
        "accept",
        "complement",
    ),
    Mistake(
        "the same, with the winner in front",
        poly("Eagles vs. Chiefs", slug="nfl-phi-kc-2026-09-14"),
        kalshi(
            "KXNFLGAME-26SEP14PHIKC-KC",
            "Will Kansas City win the Philadelphia vs Kansas City Pro Football game?",
            label="Kansas City",
        ),
        "accept",
        "complement",
    ),
    Mistake(
        "which market of a game it is stood in a word that was taken for a subject",
        poly("Real Madrid CF vs. FC Barcelona: Total Corners O/U 9.5", "2026-03-01T20:00:00Z"),
        kalshi("", "Barcelona at Real Madrid: Total Goals O/U 9.5", "2026-03-15T20:00:00Z"),
        "review",
        "unknown",
    ),
    Mistake(
        "the label that names the winner was not read where the title asks for it",
        kalshi("KXMLBGAME-26AUG081610LAAMIA-MIA", "Los Angeles A vs Miami Winner?", label="Miami"),
        kalshi(
            "KXMLBGAME-26AUG081610LAAMIA-LAA",
            "Los Angeles A vs Miami Winner?",
            label="Los Angeles A",
        ),
        "accept",
        "complement",
    ),
    Mistake(
        "two winners' markets of one game were the same while neither said which",
        kalshi("KXMLBGAME-26AUG081610LAAMIA-MIA", "Los Angeles A vs Miami Winner?"),
        kalshi("KXMLBGAME-26AUG081610LAAMIA-LAA", "Los Angeles A vs Miami Winner?"),
        "review",
        "unknown",
    ),
    Mistake(
        "closing two or three days after a game was taken for another night's game",
        poly("Indiana Fever vs. Chicago Sky", "2026-08-08T19:30:00Z"),
        kalshi(
            "KXWNBAGAME-26AUG08INDCHI-IND",
            "Indiana vs Chicago Winner?",
            "2026-08-10T19:30:00Z",
            label="Indiana",
        ),
        "accept",
        "identity",
    ),
    Mistake(
        "two games of one day are told apart by their hour",
        poly("Tampa Bay Rays vs. Seattle Mariners", "2026-08-07T17:10:00Z"),
        kalshi(
            "KXMLBGAME-26AUG072145TBSEA-TB",
            "Tampa Bay vs Seattle Winner?",
            "2026-08-11T01:45:00Z",
            label="Tampa Bay",
        ),
        "reject",
        "unknown",
    ),
    Mistake(
        "two games of the same teams ended together, and only the rules numbered them",
        poly(
            "Will Indiana beat Utah?",
            "2026-12-05T20:00:00Z",
            rules='This market will resolve to "Yes" if Indiana wins the game against Utah (game 8 of the season). Otherwise it will resolve to "No".',
        ),
        kalshi(
            "KXGAME-G28INDUTA-IND",
            "Will Indiana beat Utah?",
            "2026-12-05T20:00:00Z",
            rules="If Indiana wins the game against Utah (game 28 of the season), then the market resolves to Yes.",
        ),
        "review",
        "unknown",
    ),
    Mistake(
        "two games between the same teams within a day were one",
        poly("Will Atlanta beat Cleveland?", "2026-12-05T20:00:00Z"),
        kalshi("KXSERIESGAME-ATL", "Will Atlanta beat Cleveland?", "2026-12-06T20:00:00Z"),
        "review",
        "unknown",
    ),
    Mistake(
        "a bucket lies within the cumulative market above its lower end",
        poly("Will the February 2026 unemployment rate be 4.3%?", "2026-03-06"),
        kalshi("", "Will the unemployment rate (U-3) be above 4.2% in February?", "2026-03-06"),
        "reject",
        "subset",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=[m.why for m in MISTAKES])
def test_a_mistake_is_made_once(mistake: Mistake) -> None:
    found = compare(read(mistake.a), read(mistake.b))
    assert (found.decision, found.relation) == (mistake.decision, mistake.relation), found.reason
