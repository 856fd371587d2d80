"""Looking into the lexicons."""

from tests.cli.conftest import invoke


def test_stats_count_each_language_and_each_concept():
    result = invoke("lexicon", "stats")
    assert result.exit_code == 0
    assert {"fr", "en"} <= {line.split()[0] for line in result.stdout.splitlines()[1:]}
    assert "SHELLING" in invoke("lexicon", "stats", "fr").stdout


def test_an_unknown_language_is_named_with_those_there_are():
    result = invoke("lexicon", "stats", "xx")
    assert result.exit_code == 2
    assert "'xx'" in result.stderr and "fr" in result.stderr


def test_trying_a_sentence_shows_what_fired():
    result = invoke("lexicon", "try", "--language", "fr", "L'artillerie a pilonné la ville.")
    assert result.exit_code == 0
    assert "shelling" in result.stdout


def test_checking_says_how_many_examples_ran():
    result = invoke("lexicon", "check", "fr")
    assert "examples, " in result.stdout.splitlines()[-1]
