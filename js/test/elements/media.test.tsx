import { act, cleanup, fireEvent, screen, waitFor } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { newHash, showElement, stubBlobUrls } from "./showElement.tsx";

let blobTypes: string[] = [];

beforeEach(() => {
  blobTypes = stubBlobUrls();
});

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  Reflect.deleteProperty(navigator, "pdfViewerEnabled");
});

test("a sound is there to be played, and plays by itself only when the kernel has it and says so", async () => {
  const now = { created_at: new Date().toISOString() };
  for (const [fields, said, plays] of [
    [{ mime: "audio/mpeg" }, now, false],
    [{ mime: "text/html", auto_play: true }, now, true],
    [{ mime: "audio/mpeg", auto_play: true }, {}, false], // the conversation was there before
  ] as const) {
    const hash = newHash();
    const { give } = showElement({ type: "audio", name: "bell", asset: hash, ...fields }, said);
    await give(hash, "bytes");
    expect((await screen.findByLabelText<HTMLAudioElement>("bell")).autoplay).toBe(plays);
    cleanup();
  }
  expect(blobTypes).toEqual(["audio/mpeg", "", "audio/mpeg"]); // a type that is none of a sound is not believed
  const far = showElement({
    type: "audio",
    name: "bell",
    url: "https://x.example/bell.mp3",
    auto_play: true,
  });
  expect(far.container.querySelector("audio")).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Play bell from x.example" }));
  expect(screen.getByLabelText<HTMLAudioElement>("bell").src).toBe("https://x.example/bell.mp3");
});

test("a large film is fetched when the reader wants it", async () => {
  const hash = newHash();
  const { comm, give } = showElement({ type: "video", name: "film", asset: hash, bytes: 120_000_000 });
  expect(comm.sentOf("get_asset")).toEqual([]);
  fireEvent.click(screen.getByRole("button", { name: "Load film (120 MB)" }));
  await give(hash, "bytes");
  expect((await screen.findByLabelText("film")).tagName).toBe("VIDEO");
});

test("what cannot be played can be saved", async () => {
  const hash = newHash();
  const { give } = showElement({ type: "video", name: "film.xyz", asset: hash });
  await give(hash, "bytes");
  fireEvent.error(await screen.findByLabelText("film.xyz"));
  expect(screen.getByRole("button", { name: /film\.xyz/ })).toBeTruthy();
});

test("a document is shown where the browser can, and can always be saved", async () => {
  const [first, second] = [newHash(), newHash()];
  const without = showElement({ type: "pdf", name: "paper", asset: first, bytes: 5000 });
  expect(without.container.querySelector("iframe")).toBeNull();
  expect(screen.getByRole("button", { name: "paper.pdf 5.0 kB" })).toBeTruthy();
  cleanup();
  Object.defineProperty(navigator, "pdfViewerEnabled", { value: true, configurable: true });
  const { give } = showElement({ type: "pdf", name: "paper", asset: second, page: 3, mime: "text/html" });
  await give(second, "<script>alert(1)</script>");
  const frame = await screen.findByTitle<HTMLIFrameElement>("paper");
  expect(frame.src).toMatch(/^blob:.*#navpanes=0&page=3$/);
  expect(blobTypes).toEqual(["application/pdf"]); // whatever the bytes are, nothing else is made of them
});

// ── Figures ────────────────────────────────────────────────────────────────────────────────────────

test("a figure is drawn in a frame that has an origin of its own and may fetch nothing", async () => {
  const code = newHash();
  const figure = JSON.stringify({ data: [], layout: { height: 300 } });
  const { give } = showElement({ type: "plotly", name: "plot", content: figure, code, size: "medium" });
  const frame = screen.getByTitle<HTMLIFrameElement>("plot");
  expect(frame.getAttribute("sandbox")).toBe("allow-scripts");
  expect(frame.getAttribute("srcdoc")).toContain("default-src 'none'");
  expect(frame.parentElement?.style.height).toBe("300px");
  const told: unknown[] = [];
  const inside = frame.contentWindow as Window;
  inside.postMessage = (what: unknown) => void told.push(what);
  const say = (data: unknown, source: Window | null = inside) =>
    act(() => {
      dispatchEvent(new MessageEvent("message", { data, source }));
    });
  await say("ready", window); // somebody else
  await give(code, "script");
  expect(told).toEqual([]);
  await say("ready");
  await waitFor(() => expect(told).toHaveLength(2));
  expect(told[0]).toMatchObject({ code: expect.any(Blob) });
  expect(told[1]).toEqual({ figure });
  await say("failed");
  expect(screen.getByText("plot could not be drawn.")).toBeTruthy();
});

test("a figure is drawn again when its frame was loaded again: the notebook moved its cell", async () => {
  const code = newHash();
  const { give } = showElement({ type: "plotly", name: "plot", content: "{}", code });
  const told: unknown[] = [];
  const inside = screen.getByTitle<HTMLIFrameElement>("plot").contentWindow as Window;
  inside.postMessage = (what: unknown) => void told.push(what);
  const say = (data: unknown) =>
    act(() => {
      dispatchEvent(new MessageEvent("message", { data, source: inside }));
    });
  await say("ready");
  await give(code, "script");
  await say("drawn");
  expect(told).toHaveLength(2);
  await say("ready");
  await waitFor(() => expect(told).toHaveLength(4));
  expect(told.slice(2)).toEqual(told.slice(0, 2));
});

test("a figure whose script is not to be had says so", async () => {
  const code = newHash();
  const { give } = showElement({ type: "plotly", content: "{}", code });
  await give(code);
  await screen.findByText(/does not give what draws this figure/);
});
