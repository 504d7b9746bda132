"""What site/deploy ships names what there is: variables, commands, figures, files; and migrations let the old code live."""

import ipaddress
import os
import re
import runpy
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from django.core.management import get_commands
from django.db import migrations, models

from config.backup import backup_folder
from tests.addresses import patterns
from tools.migrations import faults

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "site/deploy"
CODE = "".join(path.read_text() for path in (ROOT / "site/config").rglob("*.py"))
SECRET_PART = re.compile(r"<(?:\w+:)?(?:secret|jeton|token)>")
OF_DJANGO_AND_SHELL = {"DJANGO_SETTINGS_MODULE", "PYTHONPATH"}


def test_each_variable_of_the_units_and_of_compose_is_one_that_the_site_reads():
    example = (DEPLOY / "systemd/rallynov.env.exemple").read_text()
    named = set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    named |= set(compose["x-site"]["environment"])
    for name in named - OF_DJANGO_AND_SHELL - {"RALLYNOV_DIRECT_DATABASE_URL"}:
        assert f'"{name}"' in CODE, name


def test_the_services_of_a_machine_take_turns_in_one_folder():
    """Each unit, and each container, has a temporary folder of its own."""
    example = (DEPLOY / "systemd/rallynov.env.exemple").read_text()
    folder = re.search(r"^RALLYNOV_LOCKS_FOLDER=(.+)$", example, re.MULTILINE)[1]
    for unit in ("rallynov-web@.service", "rallynov-worker.service", "rallynov-echeances.service"):
        text = (DEPLOY / "systemd" / unit).read_text()
        assert "StateDirectory=rallynov\n" in text and folder.startswith("/var/lib/rallynov/")
        assert "EnvironmentFile=/etc/rallynov/rallynov.env\n" in text
    site = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["x-site"]
    assert site["environment"]["RALLYNOV_LOCKS_FOLDER"].startswith("/var/lib/rallynov/")
    assert site["volumes"] == ["fichiers:/var/lib/rallynov"]


def test_an_answer_that_is_streamed_for_long_keeps_its_process_alive_part_by_part(tmp_path, monkeypatch):
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    monkeypatch.setenv("RALLYNOV_COUNTERS_FOLDER", "")
    closed, beats = [], []

    class Answer(list):
        streaming = True

        def close(self):
            closed.append(1)

    response = Answer([b"a", b"b"])
    worker = SimpleNamespace(wsgi=lambda environ, start: response, notify=lambda: beats.append(1))
    runpy.run_path(DEPLOY / "gunicorn.conf.py")["post_worker_init"](worker)
    answer = worker.wsgi({}, None)
    assert [(part, len(beats)) for part in answer] == [(b"a", 1), (b"b", 2)]
    answer.close()
    assert closed == [1]


def test_each_command_that_is_run_exists():
    texts = [path.read_text() for path in DEPLOY.rglob("*") if path.is_file() and "nginx" not in path.parts]
    named = {name for text in texts for name in re.findall(r"manage\.py[, ]+([a-z_]+)", text)}
    named |= set(re.findall(r"^gerer ([a-z]+)", (DEPLOY / "mettre-a-jour").read_text(), re.MULTILINE))
    assert {"migrate", "db_worker", "echeances", "sauvegarder", "collectstatic"} <= named <= set(get_commands())


def test_each_file_that_compose_mounts_is_shipped():
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    mounted = [
        volume.split(":")[0] for service in compose["services"].values() for volume in service.get("volumes", ())
    ]
    files = [path for path in mounted if path.startswith("./")]
    assert len(files) == 5
    assert [path for path in files if not (DEPLOY / path).is_file()] == []


def test_behind_varnish_and_nginx_two_proxies_are_ours():
    """With one, all visitors would have nginx's address, and one quota."""
    example = (DEPLOY / "systemd/rallynov.env.exemple").read_text()
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["x-site"]["environment"]
    assert "\nPURGE_URL=http" in example and "\nRALLYNOV_TRUSTED_PROXIES=2\n" in example
    assert compose["PURGE_URL"] and compose["RALLYNOV_TRUSTED_PROXIES"] == "2"


def test_the_secret_of_no_link_stands_in_nginx_s_log():
    """A room whose links hold a secret has its line in the map, in every language."""
    template = (DEPLOY / "nginx/rallynov.conf.template").read_text()
    lines = template.split("map $uri $rallynov_path {")[1].split("}")[0].splitlines()
    masks = [re.compile(line.split()[0][1:].replace("?<", "?P<")) for line in lines if line.strip().startswith("~")]
    routes = [route for route in patterns() if SECRET_PART.search(route)]
    assert len(routes) > 20
    for prefix in ("/", "/en/"):
        told = [prefix + route for route in routes if not any(mask.match(prefix + route) for mask in masks)]
        assert [route for route in told if not route.startswith("/en/admin/")] == []


def test_the_image_holds_no_secret_of_who_builds_it():
    """`COPY . .` takes all that isn't named here: the compose file's variables and certificate stand beside it."""
    left_out = (ROOT / ".dockerignore").read_text().splitlines()
    assert {".git", "**/.env", "site/deploy/certificats", "media", "private", "db.sqlite3*"} <= set(left_out)
    # Nor what a build of another machine left: make would take it for done.
    assert {".venv", "node_modules"} <= set(left_out)
    kept = (ROOT / ".gitignore").read_text().splitlines()
    assert {".env", "/site/deploy/certificats/"} <= set(kept)
    compose = (DEPLOY / "compose.yaml").read_text()
    assert "\n    - path: .env\n" in compose and ":-./certificats}:" in compose


@pytest.mark.parametrize(
    ("node", "npm", "used"),
    [
        ("v20.19.2", "9.2.0", "the wheel's"),
        ("v20.19.2", "10.8.2", "the machine's"),
        ("v18.20.4", "10.7.0", "the wheel's"),
    ],
)
def test_an_npm_that_stumbles_over_our_lock_is_left_alone(tmp_path, node, npm, used):
    """Debian 13's, of Node 20 but 9.2, reads no “overrides” of a “latest”: the image was not built."""
    whose = 'case "$1" in --version) echo {version};; *) echo "{owner}" >> "$NOTES";; esac'
    for path, version, owner in (
        ("bin/node", node, "node"), ("bin/npm", npm, "the machine's"), (".venv/bin/npm", "11", "the wheel's")
    ):  # fmt: skip
        stub = tmp_path / path
        stub.parent.mkdir(parents=True, exist_ok=True)
        stub.write_text(f"#!/bin/sh\n{whose.format(version=version, owner=owner)}\n")
        stub.chmod(0o755)
    env = {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "NOTES": str(tmp_path / "notes")}
    subprocess.run(["sh", ROOT / "tools/packages.sh"], cwd=tmp_path, env=env, check=True, capture_output=True)
    assert (tmp_path / "notes").read_text() == f"{used}\n"


def test_each_variable_of_the_operator_reaches_the_containers():
    for name, service in yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"].items():
        if service["image"] == "${IMAGE:-rallynov}":
            assert service["env_file"] == [{"path": ".env", "required": False}], name
        else:
            assert name in {"base", "cache", "varnish", "nginx"}


def test_a_backup_before_an_update_does_not_run_its_migrations():
    """`docker compose run` runs first what a service depends on, and the new image's migrations may be what fails."""
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    assert services["sauvegarde"]["depends_on"] == {"base": {"condition": "service_healthy"}}


def test_who_is_looked_up_once_keeps_its_address():
    """Varnish and nginx resolve a name when they start; a container made anew by an update may be given another's address."""
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    network = compose["networks"]["default"]["ipam"]["config"][0]
    others = ipaddress.ip_network(network["ip_range"])
    fixed = [
        ipaddress.ip_address(compose["services"][name]["networks"]["default"]["ipv4_address"])
        for name in ("site", "varnish")
    ]
    assert len(set(fixed)) == 2
    for address in fixed:
        assert address in ipaddress.ip_network(network["subnet"]) and address not in others


def test_mails_come_from_an_address_that_a_server_takes():
    assert re.search(
        r"^RALLYNOV_FROM_EMAIL='[^@\n]+@(?!localhost)",
        (DEPLOY / "systemd/rallynov.env.exemple").read_text(),
        re.MULTILINE,
    )


def test_nginx_is_given_the_hosts_between_spaces():
    """`server_name a,b` is one name, that nobody asks for."""
    nginx = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["nginx"]
    script = nginx["entrypoint"][2].replace("$$", "$").replace("/docker-entrypoint.sh", "printenv")
    env = {"PATH": os.environ["PATH"], "ALLOWED_HOSTS": "www.rallynov.example,rallynov.example"}
    completed = subprocess.run(["sh", "-c", script, "nginx", "RALLYNOV_HOSTS"], env=env, capture_output=True, text=True)
    assert completed.stdout == "www.rallynov.example rallynov.example\n"


def test_nginx_is_told_nothing_twice():
    """Debian's nginx.conf says these for all servers: said again at the same level, nginx doesn't start."""
    template = (DEPLOY / "nginx/rallynov.conf.template").read_text()
    for_all = set(re.findall(r"^([a-z_]+) ", template, re.MULTILINE))
    assert "upstream" in for_all
    assert for_all & {
        "access_log", "default_type", "error_log", "gzip", "keepalive_timeout", "sendfile", "server_tokens",
        "ssl_prefer_server_ciphers", "ssl_protocols", "tcp_nopush", "types_hash_max_size",
    } == set()  # fmt: skip
    assert template.count("\nserver {") == template.count("\n    server_tokens off;")


def test_the_operator_is_told_to_install_what_the_release_calls():
    """A bare Debian has no curl, and its nginx has a default server of its own; PgBouncer knows no base before it is told."""
    told = (ROOT / "docs/exploitation.md").read_text()
    installed = re.search(r"apt-get install postgresql(?:.|\\\n)*", told)[0].split()
    assert {"curl", "gettext-base", "pgbouncer", "varnish", "nginx", "libpango-1.0-0"} <= set(installed)
    first = told[told.index("mettre-a-jour /opt") - 4000 :]
    # nginx is in the group of the site: the secrets are root's alone.
    assert "install -D -m 600 systemd/rallynov.env.exemple" in first
    for step in ("/etc/pgbouncer/userlist.txt", "rm -f /etc/nginx/sites-enabled/default", "manage.py creer_site"):
        assert step in first, step


def test_an_instance_reloads_as_the_guide_says():
    """A unit without ExecReload refuses `systemctl reload`."""
    assert "(ou `systemctl reload`) remplace les processus" in (ROOT / "docs/exploitation.md").read_text()
    assert "\nExecReload=/bin/kill -HUP $MAINPID\n" in (DEPLOY / "systemd/rallynov-web@.service").read_text()


def test_a_reload_goes_on_counting_where_it_did(monkeypatch):
    """It reads the server's file again; a folder each time would stay in memory for ever."""
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "/dev/shm/rallynov-metriques-1-of-another-start")
    monkeypatch.setenv("RALLYNOV_COUNTERS_FOLDER", "")
    first = runpy.run_path(DEPLOY / "gunicorn.conf.py")["figures"]
    try:
        assert first == os.environ["PROMETHEUS_MULTIPROC_DIR"] != "/dev/shm/rallynov-metriques-1-of-another-start"
        assert runpy.run_path(DEPLOY / "gunicorn.conf.py")["figures"] == first
    finally:
        os.rmdir(first)


def test_nobody_gives_up_a_request_that_the_others_wait_for(monkeypatch):
    """A process that ends sooner loses a long PDF, which Varnish then asks of the next; later, it works for nobody."""
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", f"/dev/shm/rallynov-metriques-{os.getpid()}-given")
    monkeypatch.setenv("RALLYNOV_COUNTERS_FOLDER", "")
    seconds = {runpy.run_path(DEPLOY / "gunicorn.conf.py")["timeout"]}
    texts = [path.read_text() for path in [*DEPLOY.glob("varnish/*.vcl"), *DEPLOY.glob("nginx/*")]]
    told = re.findall(r"(?:first_byte_timeout = |proxy_read_timeout )(\d+)s", "".join(texts))
    assert len(told) == 5
    assert seconds | set(map(int, told)) == {60}


def test_varnish_starts_with_its_rules_and_its_short_log_wherever_it_does():
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["varnish"]["command"]
    unit = (DEPLOY / "systemd/varnish-rallynov.conf").read_text().splitlines()[-1].split()
    for command in (compose, unit):
        options = dict(zip(command, command[1:], strict=False))
        assert (options["-f"], options["-I"]) == ("/etc/varnish/rallynov.vcl", "/etc/varnish/rallynov.cli")


@pytest.mark.django_db
def test_each_figure_of_the_alerts_is_one_that_the_site_gives(client, settings):
    settings.RALLYNOV_METRICS_TOKEN = "jeton"
    backup_folder.remember({"debut": "2026-11-27T02:30:00+00:00"})
    client.get("/sante/vivant")
    metrics = client.get("/sante/metriques", headers={"Authorization": "Bearer jeton"}).content.decode()
    alerts = yaml.safe_load((DEPLOY / "prometheus/alertes.yaml").read_text())["groups"][0]["rules"]
    named = {name for alert in alerts for name in re.findall(r"rallynov_[a-z_]+", alert["expr"])}
    known = set(re.findall(r"^# TYPE (rallynov_[a-z_]+)", metrics, re.MULTILINE))
    assert len(alerts) == 12
    assert {name.removesuffix("_bucket") for name in named} <= known


def test_each_variable_that_is_read_is_told_to_the_operator():
    read = re.findall(r"environment\.[a-z_]+\(\s*\"([A-Z_]{5,})\"", CODE)
    read += re.findall(r"environ\.get\(\"(RALLYNOV_[A-Z_]+)\"", (DEPLOY / "gunicorn.conf.py").read_text())
    told = (ROOT / "docs/exploitation.md").read_text()
    assert len(set(read)) > 25
    assert sorted({name for name in read if f"`{name}`" not in told} - {"TEST_DB", "TEST_TEMPLATE"}) == []


@pytest.fixture
def release(tmp_path):
    """``release(folder, **env)``: the script, run with commands that only note that they were called: (it, the notes)."""
    (tmp_path / "bin").mkdir()
    for name, more in (
        ("runuser", ""),
        ("systemctl", ""),
        ("sleep", ""),
        ("curl", '[ "$PORT_MUET" != "${5##*:}" ] || exit 22'),
    ):
        stub = tmp_path / "bin" / name
        stub.write_text(f'#!/bin/sh\necho "{name} $*" >> "$NOTES"\ncase "$*" in *"$ECHOUE"*) exit 1;; esac\n{more}\n')
        stub.chmod(0o755)
    (tmp_path / "env").write_text(
        "DATABASE_URL=postgres://par-le-bassin/x\nRALLYNOV_DIRECT_DATABASE_URL=postgres://direct/x\n"
    )
    for version in ("1.0", "2.0"):
        python = tmp_path / version / ".venv/bin/python"
        python.parent.mkdir(parents=True)
        python.touch(mode=0o755)
        (tmp_path / version / "manage.py").touch()
    (tmp_path / "notes").touch()

    def run(folder=tmp_path / "2.0", **env):
        done = subprocess.run(
            ["sh", DEPLOY / "mettre-a-jour", folder], cwd=tmp_path,
            env={
                "PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "NOTES": str(tmp_path / "notes"), "ECHOUE": "jamais",
                "PORT_MUET": "", "RALLYNOV_RACINE": str(tmp_path), "RALLYNOV_ENV": str(tmp_path / "env"), **env,
            },
            capture_output=True, text=True,
        )  # fmt: skip
        notes = (tmp_path / "notes").read_text().splitlines()
        return done, [
            re.sub(r"^runuser .*manage\.py ", "", line) for line in notes if not line.startswith(("curl", "sleep"))
        ]

    return run


def test_a_release_saves_migrates_then_restarts_one_after_the_other(release, tmp_path):
    done, notes = release()
    assert done.returncode == 0, done.stderr
    assert [note.split(" --")[0] for note in notes] == [
        "sauvegarder /var/backups/rallynov",
        "migrate",
        "collectstatic",
        "systemctl restart rallynov-worker",
        "systemctl restart rallynov-web@8001",
        "systemctl restart rallynov-web@8002",
    ]
    assert (tmp_path / "actuel").resolve() == tmp_path / "2.0"


@pytest.mark.parametrize(("step", "last"), [("sauvegarder", "sauvegarder"), ("migrate", "migrate")])
def test_a_release_that_fails_restarts_nothing(release, tmp_path, step, last):
    done, notes = release(ECHOUE=step)
    assert done.returncode != 0
    assert notes[-1].startswith(last)
    assert not (tmp_path / "actuel").exists()


def test_varnish_has_seen_an_instance_come_back_before_the_next_one_goes(release, tmp_path):
    """It asks each second, and had given up the one that took more than four to come back: who reads would get a 503."""
    release()
    told = [line.partition(" http")[0].split(" --")[0] for line in (tmp_path / "notes").read_text().splitlines()]
    after = told[told.index("systemctl restart rallynov-web@8001") :]
    assert after == [
        "systemctl restart rallynov-web@8001", "curl", "sleep 5", "systemctl restart rallynov-web@8002", "curl", "sleep 5"
    ]  # fmt: skip


def test_an_instance_that_is_not_ready_leaves_the_others_as_they_are(release):
    done, notes = release(PORT_MUET="8001/sante/pret")
    assert done.returncode == 1 and "8001 n’est pas prête" in done.stderr
    assert "systemctl restart rallynov-web@8002" not in notes


def test_a_release_of_which_no_instance_is_ready_is_taken_out_of_service(release, tmp_path):
    """Otherwise the next start of the machine would give it to all instances."""
    (tmp_path / "actuel").symlink_to(tmp_path / "1.0")
    done, notes = release(PORT_MUET="8001/sante/pret")
    assert f"Retour à {tmp_path / '1.0'}." in done.stderr
    assert (tmp_path / "actuel").resolve() == tmp_path / "1.0"
    assert notes[-2:] == ["systemctl restart rallynov-worker", "systemctl restart rallynov-web@8001"]


def test_a_release_that_some_instance_serves_stays_in_service(release, tmp_path):
    (tmp_path / "actuel").symlink_to(tmp_path / "1.0")
    done, _notes = release(PORT_MUET="8002/sante/pret")
    assert done.returncode == 1
    assert (tmp_path / "actuel").resolve() == tmp_path / "2.0"


def test_the_folder_of_a_release_may_be_relative_and_must_hold_a_release(release, tmp_path):
    assert release("2.0")[0].returncode == 0
    assert (tmp_path / "actuel").readlink() == tmp_path / "2.0"
    for folder in ("absent", "bin"):
        (tmp_path / "notes").write_text("")
        done, notes = release(folder)
        assert (done.returncode, notes) == (1, [])
        assert f"{folder} n’est pas le dossier d’une version" in done.stderr


def migration(*operations, **attributes):
    return type("Migration", (migrations.Migration,), {"operations": list(operations), **attributes})(
        "0002_essai", "fiches"
    )


@pytest.mark.parametrize(
    ("operation", "is_fatal"),
    [
        (migrations.AddField("fiche", "note", models.TextField(null=True)), False),
        (migrations.AddField("fiche", "note", models.TextField(default="", db_default="")), False),
        (migrations.AddField("fiche", "note", models.TextField(default="")), True),
        (migrations.AddField("fiche", "notes", models.ManyToManyField("rallynov_fiches.Mot")), False),
        (migrations.AddIndex("fiche", models.Index(fields=["note"], name="x")), False),
        (migrations.RemoveField("fiche", "note"), True),
        (migrations.RenameField("fiche", "note", "notes"), True),
        (migrations.DeleteModel("fiche"), True),
        (migrations.RunPython(migrations.RunPython.noop), False),
        (migrations.SeparateDatabaseAndState([migrations.RemoveField("fiche", "note")]), True),
        (migrations.SeparateDatabaseAndState([], [migrations.RemoveField("fiche", "note")]), False),
    ],
)
def test_a_migration_that_the_version_in_service_would_not_survive_is_told(operation, is_fatal):
    assert bool(faults(migration(operation))) is is_fatal
    assert faults(migration(operation, needs_stop="Le site est arrêté pour celle-ci.")) == []


def test_a_new_table_may_be_as_it_likes():
    table = migrations.CreateModel("Note", [("id", models.BigAutoField(primary_key=True))])
    assert faults(migration(table, migrations.AddField("note", "texte", models.TextField(default="")))) == []


def visitor(address):
    """As nginx counts who asks: the first pattern of its map that the address matches."""
    template = (DEPLOY / "nginx/rallynov.conf.template").read_text()
    (mapped,) = re.findall(r"map \$remote_addr \$rallynov_visitor \{\n(.*?)\n\}", template, re.DOTALL)
    for pattern in re.findall(r'"~(.*)" ', mapped):
        if match := re.search(pattern.replace("?<", "?P<"), address):
            return match[1]
    return address


def test_nginx_counts_an_ipv6_subscriber_once_and_each_ipv4_address():
    template = (DEPLOY / "nginx/rallynov.conf.template").read_text()
    assert set(re.findall(r"limit_(?:conn|req)_zone (\S+)", template)) == {"$rallynov_visitor"}
    one = ["2001:db8:1:2::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::f00"]
    assert {visitor(address) for address in one} == {"2001:db8:1:2:"}
    assert {visitor(address) for address in ("2001:db8:1::1", "2001:db8:1::4:5:6:7")} == {"2001:db8:1"}
    assert visitor("2001:db8:1:3::1") == "2001:db8:1:3:"
    assert [visitor(address) for address in ("192.0.2.7", "192.0.2.8")] == ["192.0.2.7", "192.0.2.8"]


def test_nginx_listens_on_ipv6_wherever_it_does_on_ipv4():
    listened = re.findall(
        r"^ +listen (\S*\$\{\w+\}.*);", (DEPLOY / "nginx/rallynov.conf.template").read_text(), re.MULTILINE
    )
    assert len(listened) == 8
    assert [told.removeprefix("[::]:") for told in listened[1::2]] == listened[::2]


def test_the_guide_to_failures_names_alerts_states_lines_and_commands_that_exist(client, db):
    guide = (ROOT / "docs/pannes.md").read_text()
    alerts = set(re.findall(r"alert: (\w+)", (DEPLOY / "prometheus/alertes.yaml").read_text()))
    assert set(re.findall(r"Rallynov[A-Z]\w+", guide)) - alerts == set()
    states = client.get("/sante/pret").json().keys() | client.get("/sante/travaux").json().keys()
    assert set(re.findall(r'`"(\w+)": false`', guide)) - states == set()
    commands = set(re.findall(r"(?:^ {4}|`)site ([a-z_]+)", guide, re.MULTILINE))
    assert len(commands) >= 8
    assert commands - set(get_commands()) == set()
    code = "".join(path.read_text() for room in ("fiches", "site") for path in (ROOT / room).rglob("*.py"))
    lines = set(re.findall(r"`([a-z]+_[a-z_]+)`", guide))
    assert len(lines) >= 4
    assert [line for line in lines if f'"{line}"' not in code] == []
    assert len(re.findall(r"^## \d+\. ", guide, re.MULTILINE)) == 10
