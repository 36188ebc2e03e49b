"""One element of each kind, with the mouse and with the keys alone; and what none of them may do."""

from pathlib import Path

from playwright.sync_api import Locator, Request, expect

from browser.lab import Lab
from browser.pages import ChatPage, Notebook

APP = r'''
import base64, io, math, struct, wave
import anychat as cl, pandas
from matplotlib.figure import Figure
from plotly import graph_objects

SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40" onload="alert('drawing')">
<image href="https://evil.example/x.png"/>
<script>alert("script")</script><rect width="80" height="40" fill="teal"/></svg>"""
METER = """
export default function ({ el, props, update, onChange }) {
  const slider = Object.assign(document.createElement("input"), { type: "range", max: 100, ariaLabel: "Level" });
  slider.oninput = () => update({ level: Number(slider.value) });
  const show = () => { slider.value = props.level; };
  onChange(show); show();
  el.append(slider);
}
"""

def tone():
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(b"".join(struct.pack("<h", int(8000 * math.sin(i / 3))) for i in range(4000)))
    return file.getvalue()

def drawn(format):
    file, figure = io.BytesIO(), Figure(figsize=(2, 1))
    figure.subplots().plot([1, 4, 9])
    figure.savefig(file, format=format)
    return file.getvalue()

film = b""
meter = cl.CustomElement(name="Meter", props={"level": 10}, source=METER)
squares = graph_objects.Figure(graph_objects.Scatter(y=[1, 4, 9]), layout={"images": [
    {"source": "https://evil.example/x.png", "x": 0, "y": 1, "sizex": 1, "sizey": 1}]})

async def reply(message):
    answer = cl.Message("See the note and the paper.", elements=[
        cl.Text(name="note", content="What the note says.", display="side"),
        cl.Text(name="paper", content="What the paper says.", display="page"),
        cl.Text(name="code", content="x = 1", language="python"),
        cl.Image(name="picture", content=drawn("png")),
        cl.File(name="<img src=x onerror=alert(1)>.html", content="<script>alert('file')</script>"),
        cl.Dataframe(name="table", data=pandas.DataFrame({"n": range(25), "word": list("abcde") * 5})),
        cl.Audio(name="tone", content=tone()),
        cl.Video(name="film", content=film),
        cl.Pdf(name="document", content=drawn("pdf")),
        cl.Plotly(name="squares", figure=squares),
        meter,
    ])
    await answer.send()
    await cl.Message("More.", elements=[
        cl.Image(name="drawing", content=SVG),
        cl.Image(name="far", url="https://evil.example/far.png"),
        cl.Audio(name="far", url="https://evil.example/far.mp3", auto_play=True),
        cl.File(name="far", url="javascript:alert('link')"),
    ]).send()
    tasks = cl.TaskList(status="Running", tasks=[cl.Task("Answer", cl.TaskStatus.DONE, forId=answer.id)])
    await tasks.send()

chat = cl.Chat(reply)
chat
'''

FILM = """async () => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 36 });
  const context = canvas.getContext('2d');
  const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: 'video/webm' });
  const parts = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const stopped = new Promise(resolve => { recorder.onstop = resolve; });
  recorder.start();
  for (let frame = 0; frame < 10; frame++) {
    context.fillRect(frame, frame, 9, 9);
    await new Promise(resolve => setTimeout(resolve, 40));
  }
  recorder.stop();
  await stopped;
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(String.fromCharCode(...bytes));
}"""


def ask(lab: Lab) -> tuple[Notebook, ChatPage, list[str]]:
    """A chat that has answered with everything; and who was asked for something from then on, beside the server."""
    notebook = lab.open([APP])
    strangers: list[str] = []

    def note(request: Request) -> None:
        if "evil" in request.url and request.failure is None:
            strangers.append(request.url)

    notebook.page.on("requestfinished", note)
    notebook.page.on("response", lambda response: note(response.request))
    notebook.page.on("dialog", lambda dialog: strangers.append(dialog.message))
    chat = notebook.run_chat(0)
    film = notebook.page.evaluate(FILM)
    notebook.eval(f"film = base64.b64decode({film!r})")
    chat.send("go")
    chat.wait_until_done()
    return notebook, chat, strangers


def is_loaded(media: Locator) -> None:
    expect(media).to_be_attached()
    media.evaluate("media => media.readyState > 0 || new Promise(done => { media.onloadeddata = done; })")


def test_one_of_each_kind_with_the_mouse(lab: Lab, tmp_path: Path) -> None:
    notebook, chat, strangers = ask(lab)
    expect(chat.elements).to_have_count(14)

    expect(chat.element("text").locator("code")).to_have_text("x = 1")
    picture = chat.host.get_by_role("img", name="picture")
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    drawing = chat.host.get_by_role("img", name="drawing")
    assert drawing.evaluate("image => image.decode().then(() => image.naturalWidth)") == 80

    with notebook.page.expect_download() as download:
        chat.element("file").get_by_role("button").first.click()
    assert Path(download.value.path()).read_text() == "<script>alert('file')</script>"
    assert download.value.suggested_filename.endswith(".html")

    table = chat.element("dataframe")
    table.get_by_role("button", name="n", exact=True).click()
    table.get_by_role("button", name="n", exact=True).click()
    expect(table.locator("tbody tr").first).to_have_text("2424e")
    table.get_by_role("button", name="Next rows").click()
    expect(table.get_by_role("status")).to_have_text("Rows 11–20 of 25")

    is_loaded(chat.element("audio").first.locator("audio"))
    is_loaded(chat.element("video").locator("video"))
    expect(chat.element("pdf").locator("iframe")).to_be_attached()
    figure = chat.element("plotly")
    figure.scroll_into_view_if_needed()
    expect(figure.frame_locator("iframe").locator(".scatterlayer .point").first).to_be_attached()

    notebook.eval("meter.props['level'] = 20")
    expect(chat.host.get_by_role("slider", name="Level")).to_have_value("20")
    chat.host.get_by_role("slider", name="Level").click()  # in its middle
    notebook.wait_for_eval("meter.props['level']", "50")

    chat.panel.get_by_role("button", name="Close").click()  # the note came with the answer
    chat.host.get_by_role("button", name="note").first.click()
    expect(chat.panel).to_contain_text("What the note says.")
    chat.panel.get_by_role("button", name="Close").click()
    chat.host.get_by_role("button", name="paper").first.click()
    expect(chat.panel).to_contain_text("What the paper says.")
    chat.panel.get_by_role("button", name="Close").click()
    expect(chat.panel).to_have_count(0)

    tasks = chat.element("tasklist")
    expect(tasks).to_contain_text("1 of 1 done")
    tasks.get_by_role("button", name="Answer").click()
    expect(chat.transcript.locator("article.assistant").first).to_be_focused()

    assert strangers == []
    expect(chat.host.locator("a[href^=javascript]")).to_have_count(0)
    chat.host.get_by_role("button", name="Show far from evil.example").click()
    expect(chat.host.locator("img[src='https://evil.example/far.png'], .element-note").first).to_be_attached()


def test_one_of_each_kind_with_the_keys_alone(lab: Lab) -> None:
    notebook, chat, _ = ask(lab)
    expect(chat.elements).to_have_count(14)
    page = notebook.page

    def go_to(target: Locator, keys: str = "Shift+Tab") -> None:
        for _ in range(400):  # a document takes no keys while it is being loaded
            if target.evaluate("element => element.getRootNode().activeElement === element"):
                return
            page.keyboard.press(keys)
        raise AssertionError(f"{target} is not reached with {keys}.")

    expect(chat.composer).to_be_focused()
    tasks = chat.element("tasklist").get_by_role("button", name="Answer")
    go_to(tasks)
    slider = chat.host.get_by_role("slider", name="Level")
    go_to(slider)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    notebook.wait_for_eval("meter.props['level']", "12")

    table = chat.element("dataframe")
    go_to(table.get_by_role("button", name="Next rows"))
    page.keyboard.press("Enter")
    expect(table.get_by_role("status")).to_have_text("Rows 11–20 of 25")
    go_to(table.get_by_role("button", name="word"))
    page.keyboard.press("Enter")
    expect(table.locator("tbody tr").first).to_have_text("00a")

    go_to(chat.element("file").get_by_role("button").first)
    with page.expect_download():
        page.keyboard.press("Enter")

    for name in ("paper", "note"):
        link = chat.transcript.get_by_role("button", name=name).first  # in the text
        go_to(link)
        page.keyboard.press("Enter")
        expect(chat.panel).to_contain_text(f"What the {name} says.")
        expect(chat.panel.get_by_role("button", name="Close")).to_be_focused()
        page.keyboard.press("Escape")
        expect(link).to_be_focused()
    go_to(chat.composer, "Tab")
