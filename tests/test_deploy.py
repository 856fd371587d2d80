"""The files under deploy/ and docker-compose.yml, against the program that they deploy."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from streams.metrics import Metrics
from streams.settings import table

ROOT = Path(__file__).parents[1]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
DASHBOARD = json.loads((ROOT / "deploy/grafana/dashboards/newsroom.json").read_text())
RULES = yaml.safe_load((ROOT / "deploy/prometheus/rules.yml").read_text())


def series() -> set[str]:
    """Every series that a worker can export."""
    metrics = Metrics("1", "1")
    metrics.watch_lag(dict)
    names = set()
    for family in metrics.registry.collect():
        suffixes = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"], "info": ["_info"]}.get(family.type, [""])
        names |= {family.name + suffix for suffix in suffixes}
    return names


def asked() -> set[str]:
    """Every series of ours that the dashboard and the rules ask for."""
    queries = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    queries += [rule["expr"] for group in RULES["groups"] for rule in group["rules"]]
    return {name for query in queries for name in re.findall(r"newsroom_\w+", query)}


def test_every_metric_asked_for_exists():
    assert asked() <= series()


def test_every_metric_is_asked_for():
    used = {re.sub("_(bucket|sum|count|total|info)$", "", name) for name in asked()}
    ours = {re.sub("_(bucket|sum|count|total|info)$", "", name) for name in series() if not name.startswith("newsroom_process_")}
    assert ours <= used


def test_every_variable_of_the_worker_is_a_setting():
    known = {setting.variable for setting in table()}
    given = {name for service in COMPOSE["services"].values() for name in service.get("environment", {}) if name.startswith("NEWSROOM_")}
    given |= set(re.findall(r"NEWSROOM_\w+", (ROOT / "Dockerfile").read_text()))
    assert given <= known


def test_the_image_does_not_run_as_root():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert [line for line in lines if line.startswith("USER ")][-1] != "USER root"
    assert lines.index("USER newsroom") < next(i for i, line in enumerate(lines) if line.startswith("ENTRYPOINT"))


def test_what_the_image_copies_exists_and_is_not_ignored():
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for line in (ROOT / "Dockerfile").read_text().splitlines():
        if line.startswith("COPY "):
            for source in line.split()[1:-1]:
                assert (ROOT / source).exists() and source in kept


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not here: apt-get install prometheus")
@pytest.mark.parametrize("check", [["config", "prometheus.yml"], ["rules", "rules.yml"]])
def test_prometheus_accepts_its_files(check):
    command = ["promtool", "check", check[0], str(ROOT / "deploy/prometheus" / check[1])]
    assert subprocess.run(command, capture_output=True, text=True).returncode == 0


@pytest.mark.skipif(not shutil.which("docker-compose"), reason="docker-compose is not here: apt-get install docker-compose")
def test_compose_accepts_its_file():
    done = subprocess.run(["docker-compose", "-f", str(ROOT / "docker-compose.yml"), "config", "-q"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
