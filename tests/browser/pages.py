"""Page objects: what a user sees and does in a notebook and in a chat. All selectors of the tests are here.

Everything waits for what it is about; nothing sleeps. Playwright's selectors see through open shadow roots.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

SECONDS = 30
"""How long anything may take that a test waits for."""

CHAT = "[data-anychat]"
CELL = ".jp-Notebook .jp-Cell"
CELL_OUTPUT = ".jp-OutputArea-output"
MESSAGES = "article.user, article.assistant"
BUSY_TURNS = ", ".join(f"[data-status={status}]" for status in ("pending", "queued", "running", "stopping"))

# ── What is asked of JupyterLab ──────────────────────────────────────────────────────────────────

_PANEL = "[...window.jupyterapp.shell.widgets('main')].find(widget => widget.content?.activeCell !== undefined)"
_KERNEL = f"({_PANEL})?.sessionContext?.session?.kernel"

_IS_READY = f"""count => {{
  const kernel = {_KERNEL};
  return ({_PANEL})?.context.isReady && ({_PANEL}).content.widgets.length === count
    && kernel?.connectionStatus === 'connected' && kernel.status === 'idle';
}}"""

_IS_CONNECTED = f"is => (({_KERNEL}).connectionStatus === 'connected') === is"

_IS_LOADED = "() => window.jupyterapp !== undefined"

_SHOW = """async path => {
  await window.jupyterapp.restored;
  await window.jupyterapp.commands.execute('docmanager:open', { path });
}"""

_IS_BUSY = f"index => (window.testRuns?.[index ?? 'all']?.isOver) || ({_KERNEL}).status === 'busy'"

_START_COMMAND = f"""([command, index]) => {{
  const panel = {_PANEL};
  const run = {{ isOver: false }};
  (window.testRuns ??= {{}})[index ?? 'all'] = run;
  window.jupyterapp.shell.activateById(panel.id);
  if (index !== null) {{
    panel.content.deselectAll();
    panel.content.activeCellIndex = index;
  }}
  const end = () => {{ run.isOver = true; }};
  window.jupyterapp.commands.execute(command).then(end, end);
}}"""

_IS_OVER = "index => window.testRuns?.[index ?? 'all']?.isOver"

_EVALUATE = f"""async code => {{
  const content = {{ code, store_history: false, stop_on_error: false, allow_stdin: false }};
  const future = ({_KERNEL}).requestExecute(content);
  const said = {{ text: '', error: null }};
  future.onIOPub = ({{ header, content }}) => {{
    if (header.msg_type === 'stream' && content.name === 'stdout') said.text += content.text;
    if (header.msg_type === 'execute_result') said.text += content.data['text/plain'];
    if (header.msg_type === 'error') said.error = content.traceback.join('\\n');
  }};
  await future.done;
  return said;
}}"""

# ── What is read in a chat ───────────────────────────────────────────────────────────────────────

_MESSAGES_IN = f"""host => [...host.shadowRoot.querySelectorAll({MESSAGES!r})].map(article => {{
  const copy = article.cloneNode(true);
  copy.querySelectorAll('[data-chat-chrome]').forEach(chrome => chrome.remove());
  return copy.textContent.trim();
}})"""

_STATUSES_IN = "host => [...host.shadowRoot.querySelectorAll('[data-turn]')].map(turn => turn.dataset.status)"


# ── What is given to a chat ──────────────────────────────────────────────────────────────────────

_DROP = """(place, files) => {
  const dataTransfer = new DataTransfer();
  for (const [name, text] of Object.entries(files)) dataTransfer.items.add(new File([text], name));
  for (const type of ['dragenter', 'dragover', 'drop'])
    place.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, composed: true, cancelable: true }));
}"""

_PASTE_PICTURE = """async composer => {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  [canvas.width, canvas.height, context.fillStyle] = [240, 140, 'teal'];
  context.fillRect(0, 0, 240, 140);
  const picture = await new Promise(resolve => canvas.toBlob(resolve, 'image/png'));
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File([picture], 'image.png', { type: 'image/png' }));
  composer.dispatchEvent(
    new ClipboardEvent('paste', { clipboardData, bubbles: true, composed: true, cancelable: true }));
}"""


class Notebook:
    """A notebook open in JupyterLab, as its user sees it. Made by `Lab.open`.

    Attributes
    ----------
    page : Page
        Playwright's page, for whatever is not here.
    path : str
        The notebook's file, in the server's folder.
    """

    def __init__(self, page: Page, path: str) -> None:
        self.page = page
        self.path = path

    def load(self, cells: int) -> None:
        """Wait until JupyterLab is there, show the notebook, and wait until it is ready."""
        self.page.wait_for_function(_IS_LOADED)
        # A notebook named in the address would be opened only a second after all else is done.
        self._ask(_SHOW, self.path)
        self.wait_until_idle(cells)

    # ── Cells ────────────────────────────────────────────────────────────────────────────────────

    def cell(self, index: int) -> Locator:
        """A cell."""
        return self.page.locator(CELL).nth(index)

    def cell_count(self) -> int:
        """How many cells there are."""
        count: int = self._ask(f"() => ({_PANEL}).content.widgets.length")
        return count

    def run(self, index: int, *, wait: bool = True) -> None:
        """Run a cell, and wait until it has ended; or only until the kernel is at it."""
        self._run("notebook:run-cell", index, wait)

    def run_all(self, *, wait: bool = True) -> None:
        """Run all cells, and wait until the last has ended; or only until the kernel is at it."""
        self._run("notebook:run-all-cells", None, wait)

    def wait_for_run(self, index: int | None = None) -> None:
        """Wait until a cell that was run has ended, or the end of `run_all`."""
        self.page.wait_for_function(_IS_OVER, arg=index)

    def set_source(self, index: int, source: str) -> None:
        """Write another text into a cell."""
        self._ask(
            f"([index, source]) => ({_PANEL}).content.widgets[index].model.sharedModel.setSource(source)",
            [
                index,
                source,
            ],
        )

    def add_cell(self, source: str) -> int:
        """Add a cell at the end; returns its index."""
        index = self.cell_count()
        self._command("notebook:insert-cell-below", index - 1)
        self.set_source(index, source)
        return index

    def clear_output(self, index: int) -> None:
        """Clear the output of a cell; what stands in it is gone."""
        self._command("notebook:clear-cell-output", index)

    def delete_cell(self, index: int) -> None:
        """Delete a cell."""
        self._command("notebook:delete-cell", index)

    def output_text(self, index: int) -> str:
        """What a cell put out, as text; without what stands in chats."""
        return "\n".join(self.cell(index).locator(CELL_OUTPUT).all_inner_texts())

    def wait_for_output(self, index: int, text: str) -> None:
        """Wait until the output of a cell has this text in it."""
        expect(self.cell(index).locator(CELL_OUTPUT).filter(has_text=text).first).to_be_attached()

    def execution_count(self, index: int) -> int | None:
        """The number in a cell's brackets; None if it was not run."""
        count: int | None = self._ask(
            f"index => ({_PANEL}).content.widgets[index].model.sharedModel.execution_count", index
        )
        return count

    # ── Chats ────────────────────────────────────────────────────────────────────────────────────

    def chats(self, index: int | None = None, *, count: int = 1) -> list[ChatPage]:
        """The chats that a cell displays (or all), when at least `count` of them are there."""
        place = self.page.locator(".jp-Notebook") if index is None else self.cell(index)
        chats = place.locator(CHAT)
        expect(chats.nth(count - 1).locator("textarea")).to_be_attached()
        return [ChatPage(chats.nth(number)) for number in range(chats.count())]

    def chat(self, index: int | None = None) -> ChatPage:
        """The first chat of a cell (or of all)."""
        return self.chats(index)[0]

    def run_chat(self, index: int) -> ChatPage:
        """Run a cell that displays a chat, and wait until it can be written in."""
        self.run(index)
        chat = self.chat(index)
        chat.wait_until_ready()
        return chat

    def inspectors(self, index: int) -> list[InspectorPage]:
        """The columns of the inspector of a cell, once they are there."""
        columns = self.cell(index).locator(".board .column")
        expect(columns.first.locator("[data-session]")).to_be_visible()
        expect(columns.last.locator("[data-session]")).to_be_visible()
        return [InspectorPage(columns.nth(number)) for number in range(columns.count())]

    # ── Kernel ───────────────────────────────────────────────────────────────────────────────────

    def eval(self, code: str) -> str:
        """Run Python in the kernel, out of sight; returns what it prints and its value's repr.

        It waits for its turn as cells do.

        Raises
        ------
        AssertionError
            When the code raises; with the traceback.
        """
        said: dict[str, Any] = self._ask(_EVALUATE, code)
        if said["error"]:
            raise AssertionError(f"In the kernel:\n{said['error']}")
        return str(said["text"]).strip()

    def wait_for_eval(self, code: str, value: str) -> None:
        """Wait until Python in the kernel gives this value."""
        deadline = time.monotonic() + SECONDS
        while (seen := self.eval(code)) != value:
            assert time.monotonic() < deadline, f"{code} is {seen} after {SECONDS} s, and should be {value}."

    def interrupt(self) -> None:
        """Press the notebook's own stop button; for what a cell does. An idle kernel does not notice."""
        self._ask(f"() => ({_KERNEL}).interrupt()")

    def restart_kernel(self) -> None:
        """Restart the kernel, and wait until it is idle."""
        self._ask(f"() => ({_PANEL}).sessionContext.restartKernel()")
        self.wait_until_idle()

    def wait_until_connected(self) -> None:
        """Wait until JupyterLab is connected to the kernel."""
        self.page.wait_for_function(_IS_CONNECTED, arg=True)

    def reconnect(self) -> None:
        """Connect to the kernel at once; by itself, JupyterLab waits longer after each attempt that failed."""
        self._ask(f"() => ({_KERNEL}).reconnect()")

    def wait_until_disconnected(self) -> None:
        """Wait until JupyterLab has lost the kernel."""
        self.page.wait_for_function(_IS_CONNECTED, arg=False)

    def wait_until_idle(self, cells: int | None = None) -> None:
        """Wait until the notebook is loaded (with so many cells) and its kernel idle."""
        count = self.cell_count() if cells is None else cells
        self.page.wait_for_function(_IS_READY, arg=count)

    # ── Page ─────────────────────────────────────────────────────────────────────────────────────

    def save(self) -> None:
        """Save the notebook."""
        self._ask(f"() => ({_PANEL}).context.save()")

    def reload(self) -> None:
        """Save the notebook and load the page again, as a user who comes back; the kernel lives on."""
        self.save()
        cells = self.cell_count()
        self.page.reload(wait_until="commit")
        self.load(cells)

    def theme(self, name: str) -> None:
        """Switch to a theme, such as "JupyterLab Dark"."""
        self._ask("theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", name)
        expect(self.page.locator("body")).to_have_attribute("data-jp-theme-name", name)

    def _command(self, command: str, index: int) -> None:
        self._run(command, index, True)

    def _run(self, command: str, index: int | None, wait: bool) -> None:
        self.page.evaluate(_START_COMMAND, [command, index])
        self.page.wait_for_function(_IS_OVER if wait else _IS_BUSY, arg=index)

    def _ask(self, action: str, argument: object = None) -> Any:
        return self.page.evaluate(_within_deadline(action), argument)


class ChatPage:
    """One view of a chat, as its user sees it. Made by `Notebook.chats`.

    Attributes
    ----------
    host : Locator
        The element that holds the chat.
    composer, transcript : Locator
        Where the user writes, and what was said.
    """

    def __init__(self, host: Locator) -> None:
        self.host = host
        self.composer = host.locator("[data-chat-composer] textarea")
        self.transcript = host.get_by_role("log")

    # ── What is done ─────────────────────────────────────────────────────────────────────────────

    def type(self, text: str) -> None:
        """Write in the composer, key by key, after what is there."""
        self.composer.press_sequentially(text)

    def press(self, keys: str) -> None:
        """Press a key in the composer, such as "Shift+Enter"."""
        self.composer.press(keys)

    def send(self, text: str) -> None:
        """Write a message and press Enter."""
        self.composer.fill(text)
        self.composer.press("Enter")
        expect(self.composer).to_have_value("")

    def stop(self) -> None:
        """Press Stop."""
        self.button("Stop").click()

    def new_chat(self) -> None:
        """Press "New chat", and again where it wants to be sure; wait until the conversation is empty."""
        is_sure = not self.turns.count()
        self.button("New chat").click()
        if not is_sure:
            self.button("Confirm new chat").click()
        expect(self.turns.locator("article.user")).to_have_count(0)

    def withdraw(self, text: str) -> None:
        """Press Withdraw at the message with this text."""
        self.turns.filter(has_text=text).get_by_role("button", name="Withdraw").click()

    def button(self, name: str) -> Locator:
        """A button of the chat, by its accessible name."""
        return self.host.get_by_role("button", name=name, exact=True)

    def inspect(self) -> InspectorPage:
        """Press "State"; wait until the state of the session is there."""
        self.button("State").click()
        return self.inspector()

    def inspector(self) -> InspectorPage:
        """The state of the session, once it is there."""
        panel = self.host.get_by_role("complementary", name="State of the session")
        expect(panel.locator("[data-session]")).to_be_visible()
        return InspectorPage(panel)

    def pick(self, button: str, *paths: Path) -> None:
        """Open the browser's choice of files with a button of this name, by the keyboard, and choose some."""
        with self.host.page.expect_file_chooser() as chooser:
            self.button(button).press("Enter")
        chooser.value.set_files(list(paths))

    def drop(self, **files: str) -> None:
        """Drag files over the conversation and drop them: texts by their names, with ``_`` for the dot."""
        given = {name.replace("_", "."): text for name, text in files.items()}
        self.transcript.evaluate(_DROP, given)

    def paste_picture(self) -> None:
        """Paste a picture into the composer, as from the clipboard."""
        self.composer.evaluate(_PASTE_PICTURE)

    def scroll(self, pixels: int) -> None:
        """Turn the mouse wheel over the conversation."""
        self.transcript.hover()
        self.transcript.page.mouse.wheel(0, pixels)

    def copy(self, index: int = -1) -> str:
        """Copy an answer with its button; returns what is on the clipboard: its Markdown, to the character."""
        article = self.transcript.locator("article.assistant").nth(index)
        article.locator(".message-actions").get_by_role("button", name="Copy").click()
        text: str = article.evaluate("() => navigator.clipboard.readText()")
        return text

    # ── What is seen ─────────────────────────────────────────────────────────────────────────────

    @property
    def turns(self) -> Locator:
        """The turns: a user message and what it caused, each."""
        return self.transcript.locator("[data-turn]")

    @property
    def errors(self) -> Locator:
        """The errors shown in the conversation."""
        return self.transcript.locator("article.error")

    @property
    def outputs(self) -> Locator:
        """What callbacks printed and displayed."""
        return self.transcript.locator("[data-output]")

    @property
    def actions(self) -> Locator:
        """The buttons below messages."""
        return self.transcript.locator("[data-action]")

    def action(self, name: str) -> Locator:
        """A button below a message, by its accessible name."""
        return self.transcript.get_by_role("button", name=name, exact=True)

    def labelled(self, label: str) -> Locator:
        """The input of this label: a mode, the profile, a field of the settings."""
        return self.host.get_by_label(label)

    @property
    def commands(self) -> Locator:
        """The commands to pick from, while their menu is open."""
        return self.host.get_by_role("listbox", name="Commands").get_by_role("option")

    @property
    def toasts(self) -> Locator:
        """The notices that pass by."""
        return self.host.locator(".toast")

    @property
    def question(self) -> Locator:
        """What stands above the composer while that answers a question."""
        return self.host.locator("[data-question]")

    @property
    def running_steps(self) -> Locator:
        """The titles of the steps that are said to run."""
        return self.transcript.locator(".step.running > .step-title")

    def step(self, name: str, *, inside: Locator | None = None) -> Locator:
        """The steps of this name, with what is in them; those in another step, or all."""
        title = self.transcript.page.locator(":scope > .step-title").filter(has_text=name)
        return (inside or self.transcript).locator("[data-step]").filter(has=title)

    @property
    def elements(self) -> Locator:
        """The pictures, files and the like that stand in the conversation."""
        return self.transcript.locator("figure[data-element]")

    def element(self, type: str) -> Locator:
        """The element of one type."""
        return self.elements.and_(self.host.locator(f"[data-type={type}]"))

    @property
    def panel(self) -> Locator:
        """What stands beside the conversation, or in its place."""
        return self.host.locator("aside.panel")

    @property
    def state(self) -> Locator:
        """What the header says about the line to the kernel, if there is something to say."""
        return self.host.locator(".header-state")

    @property
    def banners(self) -> Locator:
        """What the chat says between conversation and composer."""
        return self.host.locator(".banner")

    @property
    def chips(self) -> Locator:
        """The files that go with the message that is being written, or that answer a question."""
        return self.host.locator(".chips .chip")

    @property
    def given(self) -> Locator:
        """The files that stand with the user's messages."""
        return self.transcript.locator(".given > li")

    def composer_value(self) -> str:
        """The text in the composer."""
        return self.composer.input_value()

    def messages(self) -> list[str]:
        """The messages of user and assistant, oldest first: their texts, without buttons and names."""
        texts: list[str] = self.host.evaluate(_MESSAGES_IN)
        return texts

    def statuses(self) -> list[str]:
        """The status of each turn; "pending" until the kernel has it."""
        statuses: list[str] = self.host.evaluate(_STATUSES_IN)
        return statuses

    def is_streaming(self) -> bool:
        """Whether a message grows."""
        return self.transcript.locator("article[aria-busy=true]").count() > 0

    # ── What is waited for ───────────────────────────────────────────────────────────────────────

    def wait_until_ready(self) -> None:
        """Wait until the chat is connected and can be written in."""
        expect(self.composer).to_be_enabled()
        expect(self.button("New chat")).to_be_enabled()

    def wait_for_text(self, text: str) -> None:
        """Wait until this text stands in the conversation."""
        expect(self.transcript).to_contain_text(text)

    def wait_for_messages(self, *texts: str) -> None:
        """Wait until the messages are exactly these."""
        self._wait("messages", _MESSAGES_IN, texts)

    def wait_for_statuses(self, *statuses: str) -> None:
        """Wait until the turns are exactly in these states."""
        self._wait("statuses", _STATUSES_IN, statuses)

    def wait_for_notice(self, text: str) -> None:
        """Wait until a banner says this."""
        expect(self.banners.filter(has_text=text)).to_be_visible()

    def wait_until_done(self) -> None:
        """Wait until nothing runs or waits."""
        expect(self.transcript.locator(BUSY_TURNS)).to_have_count(0)

    def ask(self, text: str) -> str:
        """Send a message and wait for the whole answer; returns its messages, one per line."""
        before = len(self.messages())
        self.send(text)
        expect(self.turns.filter(has_text=text)).not_to_have_count(0)
        self.wait_until_done()
        return "\n".join(self.messages()[before + 1 :])

    def _wait(self, what: str, read: str, expected: Sequence[str]) -> None:
        seen = self.host.evaluate(_until_equal(read), list(expected))
        if seen != list(expected):
            raise AssertionError(f"The {what} should be {list(expected)}, but are {seen} after {SECONDS} s.")


class InspectorPage:
    """The state of one session, as its user sees it: in a chat, or in a column of an inspector.

    Attributes
    ----------
    host : Locator
        The element that holds it.
    """

    def __init__(self, host: Locator) -> None:
        self.host = host

    def row(self, key: str) -> Locator:
        """The row of a key, or of a part by its name."""
        return self.host.locator(f'[data-key="{key}"]').first

    def value(self, key: str) -> Locator:
        """What is shown as the value of a key that cannot be edited."""
        return self.row(key).locator("> .value")

    def field(self, key: str) -> Locator:
        """The field of a key that can be edited."""
        return self.host.get_by_role("textbox", name=key, exact=True)

    def open(self, key: str) -> None:
        """Show the parts of a value."""
        self.host.get_by_role("button", name=f"Parts of {key}", exact=True).click()

    def write(self, key: str, text: str) -> None:
        """Write a value into its field, and press Enter."""
        self.field(key).fill(text)
        self.field(key).press("Enter")


def _within_deadline(action: str) -> str:
    """The same JavaScript, but it fails when it takes too long."""
    return f"""argument => Promise.race([
      ({action})(argument),
      new Promise((_, reject) => setTimeout(() => reject(new Error('No end after {SECONDS} s')), {1000 * SECONDS})),
    ])"""


def _until_equal(read: str) -> str:
    """JavaScript that reads something of an element until it is as expected; returns what it read last."""
    return f"""async (host, expected) => {{
      const deadline = performance.now() + {1000 * SECONDS};
      while (performance.now() < deadline) {{
        if (JSON.stringify(({read})(host)) === JSON.stringify(expected)) break;
        await new Promise(resolve => setTimeout(resolve, 20));
      }}
      return ({read})(host);
    }}"""
