from foreshock.core.signals.lead_lag_places import PLACES_START, PairPlaces


def test_a_pair_has_two_series_and_a_market_one_in_each_of_its_pairs() -> None:
    places = PairPlaces(10)
    assert places.add("p", "A", "B", is_mirrored=False) == 0
    assert places.add("q", "A", "C", is_mirrored=True) == 1
    assert places.series == {"A": [0, 2], "B": [1], "C": [3]}
    assert places.mirrored == {3}


def test_a_place_that_is_left_serves_the_next_pair() -> None:
    places = PairPlaces(10)
    places.add("p", "A", "B", is_mirrored=True)
    places.add("q", "A", "C", is_mirrored=False)
    assert places.remove("p") == 0
    assert places.remove("p") is None
    assert places.series == {"A": [2], "C": [3]}
    assert places.mirrored == set()
    assert places.add("r", "D", "E", is_mirrored=False) == 0
    assert places.sides[0] == ("D", "E")


def test_places_grow_up_to_the_ceiling_and_no_pair_is_taken_twice() -> None:
    places = PairPlaces(PLACES_START + 1)
    for number in range(PLACES_START + 1):
        assert places.add(f"p{number}", f"A{number}", f"B{number}", is_mirrored=False) == number
    assert places.count == PLACES_START + 1
    assert places.add("p0", "A", "B", is_mirrored=False) is None
    assert places.add("one more", "A", "B", is_mirrored=False) is None
