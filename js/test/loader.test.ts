import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import makeWidget from "../src/loader.ts";
import type { CustomMessageListener } from "../src/model.ts";
import { FakeModel } from "./FakeModel.ts";
import { snapshot } from "./records.ts";

/** Stands for the core bundle: a module that notes on the page what it is told. */
const CORE = `
  const calls = globalThis.coreCalls;
  export function open(_, early) {
    calls.push(["open", ...early.map(({ text }) => JSON.parse(text).type)].join(" "));
    return { close() { calls.push("close store"); } };
  }
  export function mount(store, el) { calls.push("mount"); el.textContent = "chat"; return () => calls.push("unmount"); }
`;

const calls: string[] = [];

beforeEach(() => {
  calls.length = 0;
  vi.stubGlobal("coreCalls", calls);
  // Node imports no blob URLs.
  const texts = new WeakMap<Blob, string>();
  vi.stubGlobal(
    "Blob",
    class extends Blob {
      constructor(parts: BlobPart[] = []) {
        super(parts);
        texts.set(this, String(parts[0]));
      }
      override slice(): Blob {
        return this;
      }
    },
  );
  vi.spyOn(URL, "createObjectURL").mockImplementation(
    (blob) => `data:text/javascript,${encodeURIComponent(texts.get(blob as Blob) ?? "")}`,
  );
  vi.spyOn(URL, "revokeObjectURL").mockImplementation(() => {});
});

afterEach(() => {
  Reflect.deleteProperty(globalThis, Symbol.for("anychat.assets"));
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function open(model = new FakeModel()) {
  const widget = makeWidget();
  const closing = new AbortController();
  const close = widget.initialize({ model, signal: closing.signal });
  const show = () => {
    const el = document.createElement("div");
    return { el, hide: widget.render({ model, el, signal: new AbortController().signal }) };
  };
  return { model, close, show };
}

const head = { type: "head", epoch: 1, seq: 1 } as const;
const asked = { type: "get_asset", hash: "hash of the core" };

describe("the loader", () => {
  test("asks for nothing before there is a view", () => {
    expect(open().model.sent).toEqual([]);
  });

  test("fetches the core once for all widgets, and opens one store for all views", async () => {
    const [one, two] = [open(), open()];
    const views = [one.show(), one.show(), two.show()];
    expect([...one.model.sent, ...two.model.sent]).toEqual([asked]);
    one.model.receive({ type: "asset", hash: asked.hash }, CORE);
    await vi.waitFor(() => expect(views.map(({ el }) => el.textContent)).toEqual(["chat", "chat", "chat"]));
    expect(calls.filter((call) => call === "open")).toHaveLength(2);
  });

  test("takes a core that was pushed before it asked", async () => {
    const { model, show } = open();
    model.receive({ type: "asset", hash: asked.hash }, CORE);
    const { el } = show();
    await vi.waitFor(() => expect(el.textContent).toBe("chat"));
    expect(model.sent).toEqual([]);
  });

  test("keeps the latest picture for the store, and what follows, for a while", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const showAfter = async (ms: number) => {
      const { model, show } = open();
      for (const packet of [head, snapshot(), head, snapshot(), head]) model.receive(packet);
      model.receive({ type: "asset", hash: asked.hash }, CORE);
      vi.setSystemTime(Date.now() + ms);
      const { el } = show();
      await vi.waitFor(() => expect(el.textContent).toBe("chat"));
      model.receive(head);
    };
    await showAfter(1000);
    await showAfter(60_000);
    vi.useRealTimers();
    expect(calls).toEqual(["open snapshot head asset", "mount", "open", "mount"]);
  });

  test("does not show a view that is gone already", async () => {
    const { model, show } = open();
    show().hide();
    const { el } = show();
    model.receive({ type: "asset", hash: asked.hash }, CORE);
    await vi.waitFor(() => expect(el.textContent).toBe("chat"));
    expect(calls).toEqual(["open", "mount"]);
  });

  test("mounts all views again when the bundle was built anew", async () => {
    const { model, show } = open();
    model.receive({ type: "asset", hash: asked.hash }, CORE);
    const { el } = show();
    await vi.waitFor(() => expect(el.textContent).toBe("chat"));
    model.receive({ type: "reload", hash: "newer" });
    expect(model.sent).toEqual([{ type: "get_asset", hash: "newer" }]);
    model.receive({ type: "asset", hash: "newer" }, CORE.replace('"chat"', '"newer chat"'));
    await vi.waitFor(() => expect(el.textContent).toBe("newer chat"));
    expect(calls).toEqual(["open", "mount", "unmount", "close store", "open", "mount"]);
  });

  test("says what is wrong", async () => {
    const { model, show } = open();
    const { el } = show();
    model.receive({ type: "asset", hash: asked.hash }, "throw new Error('broken bundle')");
    await vi.waitFor(() => expect(el.textContent).toContain("broken bundle"));
    expect(el.textContent).toContain("Reload the page");
  });

  test("says that the kernel is gone", async () => {
    const model = new FakeModel();
    model.isDown = true;
    const { el } = open(model).show();
    await vi.waitFor(() => expect(el.textContent).toContain("Cannot send"));
  });

  test("closes what it opened", async () => {
    const { model, close, show } = open();
    model.receive({ type: "asset", hash: asked.hash }, CORE);
    const { el, hide } = show();
    await vi.waitFor(() => expect(el.textContent).toBe("chat"));
    hide();
    close();
    await vi.waitFor(() => expect(calls).toEqual(["open", "mount", "unmount", "close store"]));
    expect(model.listeners).toBe(0);
  });
});

test("a packet of another kind is none of its business", () => {
  const model = new FakeModel();
  const listener: CustomMessageListener = vi.fn();
  model.on("msg:custom", listener);
  open(model);
  model.receive({ type: "head", epoch: 1, seq: 1 });
  expect(model.sent).toEqual([]);
});
