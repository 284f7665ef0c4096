"""The tables of names hold what the reader of titles can produce."""

from foreshock.core.matching.index_names import CLUB_CITIES, PHRASE_ALIASES, PHRASES, WORD_ALIASES


def test_no_alias_points_to_another_alias() -> None:
    assert not set(WORD_ALIASES.values()) & set(WORD_ALIASES)


def test_names_are_folded() -> None:
    for name in (*WORD_ALIASES, *WORD_ALIASES.values(), *CLUB_CITIES, *PHRASE_ALIASES):
        assert name == name.lower()
        assert name.isascii()


def test_every_phrase_is_found_and_the_longest_wins() -> None:
    for phrase in PHRASE_ALIASES:
        found = PHRASES.fullmatch(phrase)
        assert found is not None, phrase
    match = PHRASES.search("the women pro basketball final")
    assert match is not None
    assert match[0] == "women pro basketball"


def test_clubs_stand_in_cities_as_titles_spell_them() -> None:
    assert CLUB_CITIES["laker"] == ("losangeles",)
    assert CLUB_CITIES["king"] == ("losangeles", "sacramento")
    assert CLUB_CITIES["sixer"] == CLUB_CITIES["76er"] == ("philadelphia",)
    assert CLUB_CITIES["cardinal"] == ("arizona", "stlouis")
    spelt = {alias.replace(" ", "") for alias in PHRASE_ALIASES.values()}
    for cities in CLUB_CITIES.values():
        assert cities
        assert all(city in spelt or city.isalpha() for city in cities)
