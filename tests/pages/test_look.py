

def test_prose_that_is_no_longer_true_stops_a_build_and_no_reader(look, monkeypatch):
    monkeypatch.delenv("BOOKPRESS_BUILD", raising=False)
    look.holds(False, "“the arms are alike”: 1.02")
    monkeypatch.setenv("BOOKPRESS_BUILD", environment.FIXED["BOOKPRESS_BUILD"])
    look.holds(True, "“the arms are alike”: 1.00")
    with pytest.raises(AssertionError, match="alike”: 1.02"):
        look.holds(False, "“the arms are alike”: 1.02")
