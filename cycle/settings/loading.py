"""Finding, reading and checking config.toml and the environment."""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from cycle.errors import Fault, SettingsError, reason_of
from cycle.resources import shipped
from cycle.settings.faults import did_you_mean, fault_of, place_of, toml_fault
from cycle.settings.plain_values import shown
from cycle.settings.sections import Settings
from cycle.settings.setting_kinds import Section

ENVIRONMENT_PREFIX = "CYCLE__"
NO_SETTING = "Deze variabele wijst naar geen instelling."
Model = TypeVar("Model", bound=Section)


def find_settings_file(given: Path | None = None) -> Path:
    """`--config FILE`, else `CYCLE_CONFIG`, else `./config.toml`, else the one that came with the program."""
    named = given or (Path(os.environ["CYCLE_CONFIG"]) if os.environ.get("CYCLE_CONFIG") else None)
    if named is not None:
        return named
    beside = Path("config.toml")
    return beside if beside.exists() else shipped("config.toml")


def load_settings(file: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Reads and checks the settings.

    Raises SettingsError with all faults at once.
    """
    place = find_settings_file(file)
    data, text = read_toml(place)
    mark = _mark(data)
    named, faults = _overlay(data, os.environ if environ is None else environ)
    folder = Path.cwd() if place == shipped("config.toml") and not Path("config.toml").exists() else place.parent
    settings, more = validated(Settings, data, place.name, text, named)
    faults += more
    faults += step_faults(data.get("steps"), place.name, text) + meeting_faults(data, place.name, text)
    if faults or settings is None:
        raise SettingsError(tuple(faults))
    return settings.in_folder(folder).as_read(place, mark)


def is_other_on_disk(settings: Settings) -> bool:
    """Whether the file that settings were read from says something else now, or cannot be read any more."""
    if settings.read_from is None:
        return False
    file, mark = settings.read_from
    try:
        data, _text = read_toml(file)
    except SettingsError:
        return True
    return _mark(data) != mark


def _mark(data: Mapping[str, Any]) -> str:
    """Of what a file says; its comments and the order of its lines say nothing. No secret can be read back from it."""
    return sha256(repr(sorted(data.items())).encode()).hexdigest()


def read_toml(file: Path) -> tuple[dict[str, Any], str]:
    """A TOML file and its text; a byte order mark or CRLF does not matter.

    Raises SettingsError with the line where it breaks.
    """
    try:
        text = file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        return tomllib.loads(text), text
    except FileNotFoundError:
        fault = Fault(
            str(file), "Dit bestand bestaat niet.", "Geef het juiste pad, of begin met de meegeleverde kopie."
        )
    except OSError as error:
        fault = Fault(str(file), "Dit bestand is niet te lezen.", reason_of(error))
    except UnicodeDecodeError:
        fault = Fault(str(file), "Dit bestand is geen UTF-8.", "Sla het op als UTF-8.")
    except tomllib.TOMLDecodeError as error:
        fault = toml_fault(file.name, str(error))
    raise SettingsError((fault,))


def validated(
    model: type[Model], data: dict[str, Any], name: str, text: str, named: Mapping[tuple[str, ...], str] | None = None
) -> tuple[Model | None, list[Fault]]:
    """The data as a model, or all that is wrong with it. `named` says which keys came from elsewhere."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        causes = _first_causes([dict(one) for one in error.errors()])
        return None, [fault_of(one, model, name, text, named or {}) for one in causes]


def _first_causes(errors: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without the lists that are only too short because one of their members is faulty itself."""
    parents = {one["loc"][:depth] for one in errors for depth in range(len(one["loc"]))}
    return [one for one in errors if one["type"] != "too_short" or one["loc"] not in parents]


MOMENTS = ("before", "by", "window", "every", "weeks_before")


def step_faults(steps: Any, name: str, text: str) -> list[Fault]:
    """What only shows when the steps are seen as they stand, together: no moment or two, unknown names, circles.

    It takes the raw tables, so that these faults come along with those of single keys.
    """
    tables = {key: step for key, step in steps.items() if isinstance(step, dict)} if isinstance(steps, dict) else {}
    relative = {key: _names(step.get("relative_to")) for key, step in tables.items()}
    return [
        Fault(place_of(name, text, ("steps", key)), what, hint)
        for key, step in tables.items()
        for what, hint in _faults_of_step(key, step, relative)
    ]


def _faults_of_step(
    key: str, step: Mapping[str, Any], relative: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, str]]:
    """What is wrong with one step, and what to do about it."""
    given = [moment for moment in MOMENTS if moment in step]
    if len(given) != 1:
        what = f"heeft {' en '.join(given)}" if given else "zegt niet wanneer"
        yield f"De stap {what}.", f"Geef precies één van {', '.join(MOMENTS)}."
    if ("weeks_before" in step) != bool(relative[key]):
        yield "weeks_before en relative_to horen bij elkaar.", "Noem beide, of geen van beide."
    for other in (*relative[key], *_names([step["via"]] if step.get("via") else [])):
        if other not in relative:
            yield f"De stap {shown(other)} bestaat niet.", did_you_mean(other, tuple(relative))
    if key in _reached_from(key, relative):
        yield "De stap hangt van zichzelf af.", "Noem in relative_to een andere stap."


def meeting_faults(data: Mapping[str, Any], name: str, text: str) -> list[Fault]:
    """A meeting to ask at that is no step: agreements would never come up."""
    reading, progress, steps = data.get("reading"), data.get("progress"), data.get("steps")
    asked_at = reading.get("asked_at") if isinstance(reading, Mapping) else None
    rounds = progress.get("meetings") if isinstance(progress, Mapping) else None
    known = tuple(steps) if isinstance(steps, Mapping) else ()
    named = [(("reading", "asked_at"), asked_at)] if isinstance(asked_at, str) and asked_at else []
    named += [(("progress", "meetings"), one) for one in _names(rounds)]
    return [
        Fault(place_of(name, text, where), f"De stap {shown(one)} bestaat niet.", did_you_mean(one, known))
        for where, one in named
        if one not in known
    ]


def _names(value: Any) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list | tuple) else ()


def _reached_from(start: str, relative: Mapping[str, tuple[str, ...]]) -> set[str]:
    """All steps that a step counts from, directly or through others."""
    reached: set[str] = set()
    todo = list(relative[start])
    while todo:
        name = todo.pop()
        if name in relative and name not in reached:
            reached.add(name)
            todo.extend(relative[name])
    return reached


def _overlay(data: dict[str, Any], environ: Mapping[str, str]) -> tuple[dict[tuple[str, ...], str], list[Fault]]:
    """Puts CYCLE__SECTION__KEY over the file, in place; CYCLE__SECTION__KEY_FILE names a file that holds the value.

    Returns which variable each key came from, and what is wrong with variables.
    """
    named, faults = {}, _near_misses(environ)
    for variable, value in sorted(environ.items()):
        if not variable.startswith(ENVIRONMENT_PREFIX):
            continue
        path = variable.removeprefix(ENVIRONMENT_PREFIX).lower().split("__")
        if path[-1].endswith("_file"):
            path[-1] = path[-1].removesuffix("_file")
            if (other := variable[: -len("_FILE")]) in environ:
                faults.append(Fault(variable, f"{other} is ook gezet, en één van de twee geldt.", "Laat er één staan."))
                continue
            try:
                secret = Path(value).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError):
                faults.append(Fault(variable, "Dit bestand is niet te lezen.", "Controleer het pad en de rechten."))
                continue
            known = _put(data, path, secret)
        else:
            known = _put(data, path, _as_toml(value))
        named[tuple(path)] = variable
        if not known:
            faults.append(Fault(variable, NO_SETTING, "Vergelijk met config.toml."))
    return named, faults


def _near_misses(environ: Mapping[str, str]) -> list[Fault]:
    """Variables that name a section of ours with single lines below: nobody would ever look at them."""
    near = re.compile(f"CYCLE_({'|'.join(Settings.model_fields)})(_.*)?", re.IGNORECASE)
    missed = sorted(one for one in environ if near.fullmatch(one))
    return [Fault(one, NO_SETTING, "Schrijf twee strepen: CYCLE__SECTIE__SLEUTEL.") for one in missed]


def _put(data: dict[str, Any], path: list[str], value: Any) -> bool:
    """Sets one key of the settings; says whether there is a table to set it in."""
    section: Any = data
    for key in path[:-1]:
        section = section.setdefault(key, {})
        if not isinstance(section, dict):
            return False
    section[path[-1]] = value
    return True


def _as_toml(value: str) -> Any:
    """A list is read as TOML would; anything else is text, which a number or a yes is read from later."""
    if re.fullmatch(r"\[.*\]", value, re.DOTALL):
        try:
            return tomllib.loads(f"value = {value}")["value"]
        except tomllib.TOMLDecodeError:
            return value
    return value
