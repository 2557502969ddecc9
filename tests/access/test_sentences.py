from access.sentences import one_full_stop


def test_a_sentence_ends_with_one_full_stop_or_with_the_three_it_was_written_with():
    said = {"Næste møde er man 30. nov..": "Næste møde er man 30. nov.", "Næste møde er i morgen.": "Næste møde er i morgen.", "Vent ...": "Vent ...", "": ""}
    assert {sentence: one_full_stop(sentence) for sentence in said} == said
