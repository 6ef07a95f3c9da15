"""What `deploy/` holds agrees with the program and with itself, and names nobody's machine, index or secret."""

import os
import re
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from cycle.settings import Settings, load_settings
from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"
SAMPLES = [file for file in sorted(DEPLOY.rglob("*")) if file.is_file()]
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("cycle", "work", "backup")
OF_DOCUMENTATION = r"127\.0\.0\.\d+|0\.0\.0\.0|192\.0\.2\.\d+|172\.30\.8[67]\.\d+"
"""Loopback, all of a machine's own, those that stand in examples (RFC 5737), and the networks of compose.yaml."""


def words_of(sample: Path) -> str:
    return sample.read_text(encoding="utf-8")


def settings_of(name: str, folder: Path, **more: str) -> Settings:
    """The settings that a sample of an environment makes, what is commented out in it too; secrets lie in a folder."""
    text = re.sub(r"^#(?=\w+=')", "", words_of(DEPLOY / name), flags=re.MULTILINE)
    pairs = dict(re.findall(r"^(\w+)='([^'\n]*)'$", text, re.MULTILINE)) | more
    assert len(pairs) == len(re.findall(r"^\w+=", text, re.MULTILINE)) + len(more)
    for key, value in pairs.items():
        if key.endswith("_FILE"):
            secret = folder / Path(value).name
            secret.write_text("postgresql://cycle:geheim@database/cycle" if "URL" in key else "g" * 20)
            pairs[key] = str(secret)
    return load_settings(ROOT / "config.toml", pairs)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda file: str(file.relative_to(DEPLOY)))
def test_a_sample_names_no_machine_no_index_and_no_secret(sample: Path) -> None:
    text = words_of(sample)
    numbers = [one for one in re.findall(r"\b\d+\.\d+\.\d+\.\d+\b", text) if not re.fullmatch(OF_DOCUMENTATION, one)]
    names = re.findall(r"(?<![\w.\]])(?:https?|postgresql|smtps?|imaps?)://([^/\s'\";$]+)", text)
    mails = re.findall(r"[\w.+-]+@([\w-]+\.[\w.-]+)", text)
    elsewhere = [name for name in [*names, *mails] if not re.fullmatch(r"([\w-]+\.)*example|127\.0\.0\.1:8700", name)]
    given = re.findall(r"^[^#\n]*(?:password|secret|token)\w*\s*[=:]\s*(?!\S*[/_]|error\b)'?\w{6,}", text, re.I | re.M)
    assert (numbers, elsewhere, given) == ([], [], [])
    assert not re.search(r"index-url|find-links|pypi|trusted-host|BEGIN [A-Z ]*PRIVATE", text)
    assert socket.gethostname() not in re.findall(r"[\w.-]+", text)
    assert str(Path.home()) == "/root" or str(Path.home()) not in text


def test_every_sample_is_named_where_its_use_is_told() -> None:
    told = "".join((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("operations.md", "sizes.md"))
    named = {str(file.relative_to(ROOT)) for file in SAMPLES}
    assert {name for name in named if f"`{name}`" not in told} == set()


def test_the_environment_of_the_service_is_one_that_it_takes(tmp_path: Path) -> None:
    settings = settings_of("cycle.env", tmp_path)
    assert settings.web.base_url == "https://afspraken.gemeente.example"
    assert (settings.mail.transport, settings.mail.security, settings.mail.password) == ("smtp", "starttls", "g" * 20)
    assert settings.database.url == "postgresql://cycle:geheim@database/cycle"
    assert settings.mail.operator == "beheer@gemeente.example"
    assert (settings.watch.readyz_token, settings.web.host) == ("g" * 20, "192.0.2.20")


@pytest.mark.parametrize("name", OURS)
def test_so_is_that_of_each_container(name: str, tmp_path: Path) -> None:
    service = SERVICES[name]
    assert service["env_file"] == ["compose.env"]
    settings = settings_of("compose.env", tmp_path, **service["environment"])
    assert (settings.mail.transport, settings.mail.host, settings.mail.port) == ("smtp", "relay", 25)
    assert (settings.mail.security, settings.mail.user) == ("none", "")
    assert settings.database.url == "postgresql://cycle:geheim@database/cycle"
    assert settings.mail.operator == "beheer@gemeente.example"


def test_every_secret_of_the_containers_is_a_file_that_is_handed_over() -> None:
    """Under `/run/secrets`, to who needs it alone."""
    handed = {name: service.get("secrets", []) for name, service in SERVICES.items()}
    asked = {
        name: sorted(re.findall(r"/run/secrets/(\w+)", " ".join(map(str, service.get("environment", {}).values()))))
        for name, service in SERVICES.items()
    }
    asked["relay"] = re.findall(r"/run/secrets/(\w+)", words_of(DEPLOY / "relay" / "main.cf"))
    assert asked == {name: sorted(secrets) for name, secrets in handed.items()}
    known = {name: f"secrets/{name}" for secrets in handed.values() for name in secrets}
    assert {name: how["file"] for name, how in COMPOSE["secrets"].items()} == known


@pytest.mark.parametrize("name", OURS)
def test_our_containers_can_write_only_where_they_must(name: str) -> None:
    service = SERVICES[name]
    kept = {key: service[key] for key in ("read_only", "cap_drop", "security_opt", "tmpfs")}
    assert kept == {
        "read_only": True,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "tmpfs": ["/tmp:mode=1777,size=64m"],
    }
    assert service["volumes"] == ["state:/var/lib/cycle"]
    assert int(service["stop_grace_period"].removesuffix("s")) > 35


def test_what_goes_on_comes_back_always_and_is_watched() -> None:
    on = {name: service for name, service in SERVICES.items() if "profiles" not in service}
    assert {name: service["restart"] for name, service in on.items()} == dict.fromkeys(on, "always")
    asks_of = {name: service["healthcheck"].get("disable", False) for name, service in on.items() if name != "cycle"}
    assert asks_of == {"work": True, "database": False, "relay": False}
    assert "HEALTHCHECK" in words_of(DEPLOY / "Containerfile")
    assert "healthcheck" not in SERVICES["cycle"]
    for service in on.values():
        for other in service.get("depends_on", {}):
            assert "test" in SERVICES[other]["healthcheck"]


def test_the_world_reaches_the_pages_alone_and_only_by_way_of_this_machine() -> None:
    opened = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert opened == {"cycle": ["127.0.0.1:8700:8700"]}
    networks = COMPOSE["networks"]
    assert {name for name, how in networks.items() if how and how.get("internal")} == {"database", "mail"}
    assert SERVICES["database"]["networks"] == ["database"]
    gateway = networks["front"]["ipam"]["config"][0]["gateway"]
    assert SERVICES["cycle"]["environment"]["FORWARDED_ALLOW_IPS"] == gateway


def test_the_relay_takes_mail_from_the_containers_beside_it_alone() -> None:
    [told] = re.findall(r"^mynetworks = (.+)$", words_of(DEPLOY / "relay" / "main.cf"), re.MULTILINE)
    assert "init" not in SERVICES["relay"]
    assert told.split() == ["127.0.0.0/8", COMPOSE["networks"]["mail"]["ipam"]["config"][0]["subnet"]]


def test_every_named_volume_and_network_is_declared_and_used() -> None:
    volumes = {volume.partition(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    networks = {network for service in SERVICES.values() for network in service["networks"]}
    assert (set(COMPOSE["volumes"]), set(COMPOSE["networks"])) == (volumes, networks)


@pytest.mark.skipif(shutil.which("sh") is None, reason="there is no shell")
def test_the_scripts_are_ones_that_a_shell_takes() -> None:
    [command] = SERVICES["backup"]["command"]
    for script in (words_of(DEPLOY / "bin" / "cycle"), command.replace("$$", "$")):
        assert subprocess.run(["sh", "-n"], input=script, text=True, capture_output=True).stderr == ""
    assert os.access(DEPLOY / "bin" / "cycle", os.X_OK)


ROTATE = shutil.which("logrotate", path=f"{os.environ['PATH']}:/usr/sbin")


@pytest.mark.skipif(ROTATE is None, reason="logrotate is not installed (Debian: logrotate)")
def test_logs_are_turned_over_each_day_and_the_web_server_is_told(tmp_path: Path) -> None:
    logs, signalled = tmp_path / "log", tmp_path / "signalled"
    logs.mkdir()
    (logs / "nginx.log").write_text("2026-11-27T09:00:00+01:00 200 GET 1024 0.01 200\n")
    (logs / "empty.log").write_text("")
    server = subprocess.Popen(["sh", "-c", f"trap 'touch {signalled}; exit' USR1; while :; do sleep 0.05; done"])
    (tmp_path / "nginx.pid").write_text(f"{server.pid}\n")
    sample = words_of(DEPLOY / "logrotate" / "cycle").replace("/var/log/cycle", str(logs))
    (tmp_path / "conf").write_text(sample.replace("/run/nginx.pid", str(tmp_path / "nginx.pid")))
    (tmp_path / "conf").chmod(0o644)
    rotate = [str(ROTATE), "--force", "--state", str(tmp_path / "state"), str(tmp_path / "conf")]
    done = subprocess.run(rotate, capture_output=True, text=True)
    server.wait(20)

    assert (done.returncode, done.stderr) == (0, "")
    assert signalled.exists()
    kept = {re.sub(r"\d{8}", "DAY", file.name): file.stat().st_mode & 0o777 for file in logs.iterdir()}
    assert kept.keys() == {"nginx.log", "nginx.log-DAY", "empty.log"}
    assert (kept["nginx.log"], (logs / "nginx.log").read_text()) == (0o640, "")
