import { act, cleanup, render, screen } from "@testing-library/preact";
import { afterEach, expect, test, vi } from "vitest";
import { OutputView } from "../../src/outputs/OutputView.tsx";
import type { OutputItem } from "../../src/protocol.ts";
import { openStore } from "../openStore.ts";
import { output } from "../records.ts";

afterEach(cleanup);

function show(fields: Partial<OutputItem>): Element {
  const { store } = openStore();
  return render(<OutputView store={store} output={output("o1", fields)} edition={0} />).container;
}

test("what was printed keeps its colours", () => {
  show({ name: "stderr", content: "\u001b[31mbad\u001b[0m news" });
  expect(screen.getByRole("group", { name: "Error output" }).innerHTML).toBe(
    '<span class="ansi-red">bad</span> news',
  );
});

test("print without end shows its end", () => {
  show({ content: `start${"x".repeat(200_000)}end` });
  const { textContent } = screen.getByRole("group", { name: "Printed output" });
  expect(textContent).toMatch(/^… earlier output is not shown\nx+end$/);
});

test("HTML can reach nothing", () => {
  show({ name: "display", data: { "text/html": "<script>alert(1)</script>", "text/plain": "table" } });
  const frame = screen.getByTitle<HTMLIFrameElement>("table");
  expect(frame.getAttribute("sandbox")).toBe("");
  expect(frame.getAttribute("srcdoc")).toContain("default-src 'none'");
  expect(document.querySelector("script")).toBeNull();
});

test("a drawing is an image, never part of the page", () => {
  const container = show({ name: "display", data: { "image/svg+xml": "<svg onload='alert(1)'/>" } });
  expect(container.querySelector("svg")).toBeNull();
  expect(container.querySelector("img")?.src).toMatch(/^data:image\/svg\+xml,/);
});

test("the bytes of an image are asked for, and let go with it", async () => {
  vi.stubGlobal("URL", { createObjectURL: () => "blob:image", revokeObjectURL: vi.fn() });
  const { store, comm } = openStore();
  const item = output("o1", {
    name: "display",
    data: { "text/plain": "a figure" },
    assets: { "image/png": "hash" },
  });
  const { unmount } = render(<OutputView store={store} output={item} edition={0} />);
  expect(comm.sentOf("get_asset")).toEqual([{ type: "get_asset", hash: "hash" }]);
  comm.receive({ type: "asset", hash: "hash" }, "bytes");
  expect(await screen.findByRole("img", { name: "a figure" })).toHaveProperty("src", "blob:image");
  unmount();
  await vi.waitFor(() => expect(URL.revokeObjectURL).toHaveBeenCalledWith("blob:image"));
  vi.unstubAllGlobals();
});

test("an image that the kernel did not give in time is asked for again when it is back", async () => {
  vi.stubGlobal("URL", { createObjectURL: () => "blob:image", revokeObjectURL: vi.fn() });
  const { store, comm } = openStore();
  const item = output("o1", { name: "display", assets: { "image/png": "late" } });
  render(<OutputView store={store} output={item} edition={0} />);
  comm.receive({ type: "asset", hash: "late" });
  await screen.findByText("The kernel does not give this image.");
  comm.isDown = true;
  store.tryAgain();
  await vi.waitFor(() => expect(store.connection.value).toBe("lost"));
  comm.isDown = false;
  comm.clear();
  act(() => comm.receive({ type: "head", epoch: 1, seq: 0 }));
  await vi.waitFor(() => expect(comm.sentOf("get_asset")).toEqual([{ type: "get_asset", hash: "late" }]));
  comm.receive({ type: "asset", hash: "late" }, "bytes");
  expect(await screen.findByRole("img")).toHaveProperty("src", "blob:image");
  vi.unstubAllGlobals();
});
