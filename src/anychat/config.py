"""``from chainlit.config import config``: here, what the App of the running callback was made with, to be read.

A notebook has no configuration file: options are arguments of `App` and `Chat`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from .context import current_session
from .options import Cot, Options
from .uploads import Accept, Uploads


@dataclass(frozen=True, kw_only=True)
class UISettings:
    """How the page looks. In a notebook it looks as the notebook does."""

    name: str
    description: str = ""
    cot: Cot = "full"
    default_theme: Literal["light", "dark"] | None = "dark"
    language: str | None = None
    layout: Literal["default", "wide"] | None = "default"
    default_sidebar_state: Literal["open", "closed", "hidden"] | None = "open"
    chat_settings_location: Literal["message_composer", "sidebar"] | None = "message_composer"
    default_chat_settings_open: bool = False
    confirm_new_chat: bool = True
    github: str | None = None
    custom_css: str | None = None
    custom_css_attributes: str | None = ""
    custom_js: str | None = None
    custom_js_attributes: str | None = "defer"
    alert_style: Literal["classic", "modern"] | None = "classic"
    login_page_image: str | None = None
    login_page_image_filter: str | None = None
    login_page_image_dark_filter: str | None = None
    custom_meta_url: str | None = None
    custom_meta_image_url: str | None = None
    logo_file_url: str | None = None
    default_avatar_file_url: str | None = None
    avatar_size: int | None = None
    custom_build: str | None = None
    header_links: list[Any] | None = None


@dataclass(frozen=True, kw_only=True)
class SpontaneousFileUploadFeature:
    """Which files the user may add to a message: what `Uploads` is here."""

    enabled: bool | None = None
    accept: Accept | None = None
    max_files: int | None = None
    max_size_mb: float | None = None


@dataclass(frozen=True, kw_only=True)
class AudioFeature:
    """The microphone, which a notebook has not."""

    enabled: bool = False
    sample_rate: int = 24_000


@dataclass(frozen=True, kw_only=True)
class McpFeature:
    """Connections to MCP servers, which the page does not make."""

    enabled: bool = False
    servers: list[Any] = field(default_factory=list)
    user_servers: Any = None


@dataclass(frozen=True, kw_only=True)
class SlackFeature:
    """What Slack does, which is elsewhere."""

    reaction_on_message_received: bool = False


@dataclass(frozen=True, kw_only=True)
class FeaturesSettings:
    """What users can do. Here, `spontaneous_file_upload` is what the App was told, and the others say what is so."""

    spontaneous_file_upload: SpontaneousFileUploadFeature | None = None
    audio: AudioFeature | None = field(default_factory=AudioFeature)
    mcp: McpFeature = field(default_factory=McpFeature)
    slack: SlackFeature = field(default_factory=SlackFeature)
    latex: bool = False
    user_message_markdown: bool = True
    user_message_autoscroll: bool = True
    assistant_message_autoscroll: bool = True
    unsafe_allow_html: bool = False
    auto_tag_thread: bool = True
    edit_message: bool = True
    allow_thread_sharing: bool = False
    favorites: bool = False


@dataclass(frozen=True, kw_only=True)
class ProjectSettings:
    """How Chainlit's server runs, which is elsewhere."""

    allow_origins: list[str] = field(default_factory=lambda: ["*"])
    transports: list[str] | None = None
    user_env: list[str] | None = None
    lc_cache_path: str | None = None
    session_timeout: int = 300
    user_session_timeout: int = 1_296_000
    cache: bool = False
    persist_user_env: bool | None = False
    mask_user_env: bool | None = False


@dataclass(frozen=True, kw_only=True)
class ChainlitConfigOverrides:
    """What is otherwise for one chat profile: ``ChatProfile(config_overrides=...)`` takes it, and nothing changes."""

    ui: UISettings | None = None
    features: FeaturesSettings | None = None
    project: ProjectSettings | None = None


class Config:
    """The settings of the App whose callback is running, as Chainlit names them; else, those of any App.

    They are made anew each time, and cannot be changed: what an App shall be like, `App` is told.
    """

    @property
    def ui(self) -> UISettings:
        """How the page looks."""
        session = current_session.get(None)
        return UISettings(name=session.assistant if session else "Assistant", cot=_options().cot)

    @property
    def features(self) -> FeaturesSettings:
        """What users can do."""
        session = current_session.get(None)
        rules = session.transcript.offers.uploads if session else Uploads().rules()
        given = SpontaneousFileUploadFeature(enabled=False)
        if rules is not None:
            given = SpontaneousFileUploadFeature(
                enabled=True, accept=rules.accept, max_files=rules.max_files, max_size_mb=rules.max_size_mb
            )
        return FeaturesSettings(spontaneous_file_upload=given, latex=True)

    @property
    def project(self) -> ProjectSettings:
        """How Chainlit's server would run."""
        return ProjectSettings()

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(
            f"anychat's config has ui, features and project, and no {name!r}: a notebook has no configuration file. "
            "Options are arguments of cl.App and cl.Chat."
        )


def _options() -> Options:
    session = current_session.get(None)
    return session.options if session else Options()


config = Config()
