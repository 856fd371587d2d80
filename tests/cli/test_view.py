"""What a reader sees of a record."""

import pytest

from streams.cli import view
from streams.cli.letters import DeadLetter
from streams.core.records import Boilerplate, Figure, Place, Position, Quantity, ReportedDevelopment, Toll
from streams.core.trace import Mark, SentenceTrace, Stopped
from tests.cli.conftest import BODY, EVIDENCE, development, enriched, printed
from tests.core.test_replay import incident
from tests.subscriber.conftest import alert
from tests.test_harmless import HOSTILE


def lines(renderable, width=120):
    return [line.rstrip() for line in printed(renderable, width).splitlines()]


def test_an_article_names_its_agency_language_and_time():
    assert "Harbour Wire · en · 2026-01-22 14:10+00:00 · article · v1" in lines(view.article(enriched()))


def test_boilerplate_is_named_at_the_end_of_its_line():
    shown = lines(view.article(enriched()))
    assert "Get our newsletter  ░ newsletter" in shown
    assert "Photo: Harbour Wire  ░ credit" in shown


def test_boilerplate_inside_a_paragraph_is_named_there_too():
    inner = BODY.index("medics said")
    shown = lines(view.article(enriched(boilerplate=[Boilerplate(inner, inner + 6, "artefact", "position:orphan")])))
    assert "A drone fired two missiles into a market¹, killing at least 19 people, medics said.  ░ artefact “medics”" in shown


def test_only_boilerplate_is_dim():
    import io

    from streams.cli.terminal import stdout

    out = io.StringIO()
    stdout(file=out, width=120, force_terminal=True, color_system="standard").print(view.article(enriched(developments=[])))
    assert "\x1b[2;3mGet our newsletter\x1b[0m" in out.getvalue()
    assert "\x1b[2;3mA drone" not in out.getvalue()


def test_a_development_is_numbered_where_its_evidence_ends_and_listed_below():
    shown = lines(view.article(enriched()))
    assert "A drone fired two missiles into a market¹, killing at least 19 people, medics said." in shown
    assert "¹ drone_strike  RSF_SDN → SDN  @ El Obeid, SDN (13.18, 30.22)  2026-01-22  missiles 2  claimed by medics" in shown
    assert f"   “{EVIDENCE}”" in shown


def test_a_development_in_the_headline_is_numbered_there():
    found = development(field="headline", start=0, end=12, text="Drone strike")
    assert "Drone strike¹ kills 19" in lines(view.article(enriched(developments=[found])))


def test_two_developments_of_one_clause_stand_side_by_side():
    shown = lines(view.article(enriched(developments=[development(), development(id="d2", type="casualties")])))
    assert any("market¹²," in line for line in shown)


def test_background_and_an_unknown_actor_are_told():
    shown = lines(view.development(development(actor=[], background=True, source=None, status="reported", place=None, quantities=[])))
    assert shown[0] == "▸ drone_strike  ? → SDN  2026-01-22  reported  background"


def test_no_lexicon_is_not_peace():
    assert "no developments" in lines(view.article(enriched(developments=[])))
    assert any("does not mean peace" in line for line in lines(view.article(enriched(developments=[], coverage="boilerplate"))))


def test_offsets_count_code_points_beyond_the_basic_plane():
    body = "😀 Photo: AB"
    shown = lines(view.article(enriched(body=body, developments=[], boilerplate=[Boilerplate(2, len(body), "credit", "r")])))
    assert "😀 Photo: AB  ░ credit “Photo: AB”" in shown


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (Quantity("killed", 19, 19), "killed 19"),
        (Quantity("killed", 600_000, None), "killed 600,000+"),
        (Quantity("missing", None, 5), "missing ≤5"),
        (Quantity("troops", 10_000, 12_000, approx=True), "troops ~10,000-12,000"),
        (Quantity("distance_km", 2.5, 2.5), "distance_km 2.5"),
        (Quantity("casualties", None, None), "casualties ?"),
    ],
)
def test_quantities_read_as_they_are_meant(record, expected):
    assert view.quantity(record) == expected


def test_a_place_that_the_gazetteer_does_not_know_has_no_point():
    assert view.place(Place("Gulf of Aden")) == "Gulf of Aden"
    assert view.place(Place("Bara", "SDN")) == "Bara, SDN"


def test_a_reported_development_names_its_article_and_its_retraction():
    found = development()
    fields = {name: getattr(found, name) for name in found.__struct_fields__}
    record = ReportedDevelopment(**fields, article="urn:1", version=2, source_agency="Harbour Wire", retracted=True)
    shown = lines(view.reported(record))
    assert shown[0] == "Harbour Wire · urn:1 v2"
    assert shown[1].startswith("✗ retracted drone_strike")


def letter(**changes):
    fields = {
        "partition": 0, "offset": 7, "reason": "invalid-json", "message": "it breaks off", "stage": "decode", "topic": "wire.articles.v1",
        "topic_partition": 2, "topic_offset": 12, "key": b"k", "value": b'{"id": ', "headers": [("traceparent", b"00-1")],
    }  # fmt: skip
    return DeadLetter(**{**fields, **changes})


def test_a_dead_letter_says_why_it_is_there_where_it_came_from_and_how_it_begins():
    shown = lines(view.dead_letter(letter()))
    assert shown[1:3] == ["✗ dead letter  0:7  invalid-json  decode", "   it breaks off"]
    assert shown[3:] == ["   from wire.articles.v1 2:12 · k · 7 bytes", '   {"id":', ""]


def test_a_long_dead_letter_is_cut_unless_it_is_shown_whole():
    long = letter(value=b"x" * 5_000 + b"END")
    assert "END" not in printed(view.dead_letter(long))
    assert "END" in printed(view.dead_letter_whole(long))
    assert "traceparent: 00-1" in printed(view.dead_letter_whole(long))


def test_an_explanation_shows_what_was_seen_what_fired_and_what_stopped_the_rest():
    trace = SentenceTrace(
        "body", 100, 100 + len(EVIDENCE), EVIDENCE,
        marks=[Mark("en/drone", "WEAPON_DRONE", 102, 107)],
        developments=[development()],
        stopped=[Stopped("shelling/missile", 120, 128, "drone_strike has the same weapon")],
    )  # fmt: skip
    shown = "\n".join(lines(view.explanation(trace)))
    assert "seen     drone  = WEAPON_DRONE  en/drone" in shown
    assert "fired    en/drone fire:object" in shown
    assert f"stopped  shelling/missile  by drone_strike has the same weapon  “{EVIDENCE[20:28]}”" in shown


def test_what_was_not_read_says_why():
    assert lines(view.explanation(SentenceTrace("body", 0, 4, "Copy", skipped="boilerplate: share (cue:share)")))[0] == (
        "Copy  ░ boilerplate: share (cue:share)"
    )


def test_no_record_commands_the_terminal_or_the_markup():
    poison = HOSTILE + "[bold]:boom:[/]"
    words = dict.fromkeys(("text", "source", "date", "rule"), poison)
    found = development(start=0, end=len(poison), place=Place(poison, poison), actor=[poison], target=[poison], **words)
    words = dict.fromkeys(("headline", "body", "source", "language", "format", "signal"), poison)
    article = enriched(developments=[found], boilerplate=[], **words)
    fields = {name: getattr(found, name) for name in found.__struct_fields__}
    raw = poison.encode("utf-8", "replace")
    dead = letter(key=raw, value=raw, headers=[(poison, raw)], **dict.fromkeys(("reason", "message", "stage", "topic"), poison))
    considered = {"marks": [Mark(poison, poison, 0, 5)], "stopped": [Stopped(poison, 0, 5, poison)], "developments": [found]}
    trace = SentenceTrace("body", 0, 5, poison, **considered)
    views = [
        view.article(article),
        view.title(article),
        view.reported(ReportedDevelopment(**fields, article=poison, version=1, source_agency=poison)),
        view.dead_letter_whole(dead),
        view.dead_letter(dead),
        view.dead_letter_line(dead),
        view.explanation(trace),
        view.explanation(SentenceTrace("body", 0, 5, poison, skipped=poison)),
    ]
    for one in views:
        shown = printed(one)
        assert not set(shown) & set("\x1b\x9b\u202e\u2066\x07\r\u2028\ud800")
        assert "[bold]:boom:[/]" in shown


TOLL = Toll(
    kind="killed", min=17, max=19, contradicted=["the army"],
    figures=[Figure(min=19, max=19, source="medics", development="d1"), Figure(min=17, max=None, approx=True, development="d2")],
)  # fmt: skip


def test_an_alert_says_what_is_new_how_sure_and_who_counts_whom():
    shown = lines(view.alert(alert(msg_type="update", changes=["Opfer: 19 statt 17"], casualties=[TOLL], date="2026-01-22")))
    assert "↻ update  desk · 2026-01-22 14:10+00:00 · Severe · Possible · claimed · 2 independent sources · i1" in shown
    assert "   + Opfer: 19 statt 17" in shown
    assert "   drone_strike  RSF_SDN  @ El Obeid, SDN  2026-01-22" in shown
    assert "   killed 17-19  19 medics, ~17+ ?  contradicted: the army" in shown
    assert "   “A drone fired two missiles”  Harbour Wire · reported · urn:1 v1 body 0-26" in shown


def test_an_incident_shows_claim_and_denial_side_by_side():
    positions = [Position("claimed", ["the army"]), Position("denied", ["the rebels", "medics"])]
    shown = lines(view.incident(incident(types=["casualties", "drone_strike"], positions=positions, retracted=True, casualties=[TOLL])))
    assert "2026-01-22 12:00+00:00 · Severe · Possible · claimed · 1 independent source · retracted · i1" in shown
    assert "✗  drone_strike, casualties  RSF_SDN  @ El Obeid, SDN (13.18, 30.22)" in shown
    assert "   denied: the rebels, medics" in shown
    assert "   “A drone fired”  Harbour Wire · en · claimed · drone_strike · urn:1 v1 body 0-5" in shown


def test_no_text_of_an_incident_or_alert_commands_the_terminal():
    toll = Toll(kind="killed", min=1, max=2, contradicted=[HOSTILE], figures=[Figure(min=1, max=1, source=HOSTILE, development="d")] * 2)
    denied = [Position("denied", [HOSTILE])]
    one = incident(id=HOSTILE, place=Place(HOSTILE), date=HOSTILE, actor=[HOSTILE], positions=denied, casualties=[toll])
    told = alert(headline=HOSTILE, changes=[HOSTILE], subscription=HOSTILE, incident=HOSTILE, place=Place(HOSTILE), casualties=[toll])
    shown = printed(view.incident(one)) + printed(view.alert(told))
    assert not any(character in shown for character in HOSTILE if not character.isprintable() and character != "\n")
