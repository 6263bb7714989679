"""corpus.toml as typed, frozen settings: its sections together, read and checked."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from corpus.errors import SettingsError
from corpus.sections import (
    Annotate,
    Boilerplate,
    Clean,
    Dedup,
    Filter,
    Gc,
    Hub,
    Ingest,
    Privacy,
    Publish,
    Rights,
    Run,
    Schedule,
    Source,
    Validate,
)
from corpus.settings_errors import explain


class Settings(BaseSettings):
    """A project's whole corpus.toml."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,94}$")
    title: str = ""
    description: str = ""
    license: str = "other"
    language: tuple[str, ...] = ("en",)
    homepage: str = ""
    maintainer: str = ""
    source: tuple[Source, ...] = ()
    ingest: Ingest = Ingest()
    clean: Clean = Clean()
    filter: tuple[Filter, ...] = ()
    privacy: Privacy = Privacy()
    boilerplate: Boilerplate = Boilerplate()
    dedup: Dedup = Dedup()
    annotate: Annotate = Annotate()
    # `validate` and `schema` are names of pydantic's own
    gates: Validate = Field(default=Validate(), alias="validate")
    publish: Publish = Publish()
    rights: Rights = Rights()
    hub: Hub = Hub()
    gc: Gc = Gc()
    schedule: Schedule = Schedule()
    run: Run = Run()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic-settings calls this with all of them
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is passed in: a release is a function of files, so no environment variable changes a setting."""
        return (init_settings,)


def load_settings(path: Path) -> Settings:
    """Read and check a corpus.toml.

    Raises SettingsError that names the line of each fault and, for an unknown key, the nearest right one.
    """
    if not path.is_file():
        raise SettingsError(
            "there is no such file", where=str(path), mend="`corpus init DIR --name NAME` makes a project with one"
        )
    try:
        values = TomlConfigSettingsSource(Settings, toml_file=path)()
    except (ValueError, OSError) as error:
        raise SettingsError(f"can't be read as TOML: {error}", where=str(path), mend="correct that place") from error
    try:
        return Settings(**values)
    except ValidationError as error:
        raise explain(error, Settings, path) from error
