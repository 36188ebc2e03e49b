import { cleanup, fireEvent, screen, waitFor } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { payloads } from "../markdown/payloads.ts";
import { newHash, showElement, stubBlobUrls } from "./showElement.tsx";

let blobTypes: string[] = [];

beforeEach(() => {
  URL.createObjectURL ??= () => "";
  URL.revokeObjectURL ??= () => {};
  blobTypes = stubBlobUrls();
});

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

test("a text is Markdown, and with a language code", () => {
  const { container } = showElement({ name: "note", content: "**words**" });
  expect(screen.getByText("note").tagName).toBe("FIGCAPTION");
  expect(container.querySelector("strong")?.textContent).toBe("words");
  cleanup();
  const code = showElement({ content: "x = **1**", language: "python" });
  expect(code.container.querySelector("pre code")?.textContent).toBe("x = **1**");
});

test("a long text is fetched", async () => {
  const hash = newHash();
  const { comm, container, give } = showElement({ asset: hash, mime: "text/plain" });
  expect(comm.sentOf("get_asset")).toEqual([{ type: "get_asset", hash }]);
  await give(hash, "long *words*");
  await waitFor(() => expect(container.querySelector("em")?.textContent).toBe("words"));
});

test("a picture is shown from the bytes that the kernel has", async () => {
  const hash = newHash();
  const { give } = showElement({
    type: "image",
    name: "cat",
    asset: hash,
    mime: "image/png",
    size: "medium",
  });
  await give(hash, "pixels");
  expect(await screen.findByRole("img", { name: "cat" })).toHaveProperty("src", "blob:1");
  expect(blobTypes).toEqual(["image/png"]);
});

test("a drawing is a picture with an address that no script could run as this page from", async () => {
  const hash = newHash();
  const { container, give } = showElement({ type: "image", asset: hash, mime: "image/svg+xml" });
  await give(hash, "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>");
  const picture = await screen.findByRole<HTMLImageElement>("img");
  expect(picture.src).toMatch(/^data:image\/svg\+xml;base64,/);
  expect(container.querySelector("figure svg:not(.icon)")).toBeNull();
  expect(blobTypes).toEqual([]);
});

test("what says that it is a picture and is none can be saved, not shown", () => {
  for (const mime of ["text/html", "image/unknown", null]) {
    const { container, comm } = showElement({ type: "image", name: "x.html", asset: newHash(), mime });
    expect(container.querySelector("img")).toBeNull();
    expect(screen.getByRole("button", { name: /x\.html/ })).toBeTruthy();
    expect(comm.sentOf("get_asset")).toEqual([]);
    cleanup();
  }
});

test("a file is fetched when it is saved, and has no type that a page could run", async () => {
  const hash = newHash();
  const click = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => {});
  const { comm, give } = showElement({
    type: "file",
    name: "page.html",
    asset: hash,
    mime: "text/html",
    bytes: 12_345,
  });
  expect(comm.sentOf("get_asset")).toEqual([]);
  const button = screen.getByRole("button", { name: "page.html 12 kB" });
  fireEvent.click(button);
  expect(button.getAttribute("aria-busy")).toBe("true");
  await give(hash, "<script>alert(1)</script>");
  await waitFor(() => expect(click).toHaveBeenCalledOnce());
  const [link] = click.mock.contexts as HTMLAnchorElement[];
  expect([link?.download, link?.href]).toEqual(["page.html", "blob:1"]);
  expect(blobTypes).toEqual(["application/octet-stream"]);
});

test("a file that the kernel has no longer says so", async () => {
  const hash = newHash();
  const { give } = showElement({ type: "file", name: "gone", asset: hash });
  fireEvent.click(screen.getByRole("button"));
  await give(hash);
  expect((await screen.findByRole("status")).textContent).toContain("does not give this file");
});

test("what lies at an address is fetched when the user wants it", () => {
  const { container } = showElement({
    type: "image",
    name: "cat",
    url: "https://x.example/cat.png?d=SECRET",
  });
  expect(container.querySelector("[src]")).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Show cat from x.example" }));
  const picture = screen.getByRole("img", { name: "cat" });
  expect(picture.getAttribute("src")).toBe("https://x.example/cat.png?d=SECRET");
  expect(picture.getAttribute("referrerpolicy")).toBe("no-referrer");
});

test("a file at an address is a link that says where it leads", () => {
  showElement({ type: "file", name: "report", url: "https://x.example/report.pdf" });
  const link = screen.getByRole("link", { name: "report" });
  expect(link).toMatchObject({ href: "https://x.example/report.pdf", rel: "noopener noreferrer nofollow" });
  expect(link.parentElement?.textContent).toBe("report (x.example)");
});

const ADDRESSES = [
  "javascript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "/api/contents",
  "//evil.example/x",
  "file:///etc/passwd",
  "blob:https://evil.example/1",
  "https://user:password@evil.example",
  "mailto:x@evil.example",
  "",
];

test.each(ADDRESSES)("the address %j is no place to go to", (url) => {
  for (const type of ["text", "image", "file", "pdf", "audio", "video"] as const) {
    const { container } = showElement({ type, name: "x", url });
    expect(container.querySelector("[src], [href], button, video, audio, iframe")).toBeNull();
    expect(container.textContent).toContain("no address that can be opened");
    cleanup();
  }
});

const FORBIDDEN =
  "script, iframe, object, embed, style, link, form, base, meta, svg:not(.icon), [onerror], [onload]";

test("names and contents run nothing and fetch nothing", () => {
  for (const payload of payloads) {
    for (const type of ["text", "image", "file", "dataframe"] as const) {
      const { container } = showElement({
        type,
        name: payload,
        content: payload,
        url: payload,
        language: payload,
      });
      expect(container.querySelector(FORBIDDEN)).toBeNull();
      expect(container.querySelector("[src^='http'], [src^='//']")).toBeNull();
      for (const link of container.querySelectorAll("a")) expect(link.href).toMatch(/^(https?|mailto):/);
      cleanup();
    }
  }
});

// ── Tables ─────────────────────────────────────────────────────────────────────────────────────────

const rows = () =>
  screen
    .getAllByRole("row")
    .slice(1)
    .map((row) => row.textContent);

function tableOf(fields: object): string {
  return JSON.stringify({
    columns: ["name", "n"],
    index: [0, 1, 2],
    data: [
      ["b", 10],
      ["a", 9],
      [null, 2.5],
    ],
    rows: 3,
    width: 2,
    ...fields,
  });
}

test("a table is sorted by the head of a column: up, down, as it came; what is missing stays at the end", () => {
  showElement({ type: "dataframe", name: "table", content: tableOf({}) });
  expect(rows()).toEqual(["0b10", "1a9", "2–2.5"]);
  const byName = screen.getByRole("button", { name: "name" });
  fireEvent.click(byName);
  expect(rows()).toEqual(["1a9", "0b10", "2–2.5"]);
  expect(screen.getByRole("columnheader", { name: "name" }).getAttribute("aria-sort")).toBe("ascending");
  fireEvent.click(byName);
  expect(rows()).toEqual(["0b10", "1a9", "2–2.5"]);
  fireEvent.click(screen.getByRole("button", { name: "n" }));
  expect(rows()).toEqual(["2–2.5", "1a9", "0b10"]);
  const byIndex = screen.getByRole("button", { name: "Index" });
  for (const expected of ["0", "2", "0"]) {
    fireEvent.click(byIndex);
    expect(rows()[0]?.[0]).toBe(expected);
  }
  expect(screen.getByRole("status").textContent).toBe("3 rows");
});

test("a long table has pages, and a part of one says so", () => {
  const index = Array.from({ length: 25 }, (_, number) => number);
  const content = tableOf({
    columns: ["x"],
    index,
    data: index.map((number) => [`cell ${number}`]),
    rows: 5000,
  });
  showElement({ type: "dataframe", content });
  expect(rows()).toHaveLength(10);
  const next = screen.getByRole("button", { name: "Next rows" });
  fireEvent.click(next);
  fireEvent.click(next);
  expect(rows()).toEqual(["20cell 20", "21cell 21", "22cell 22", "23cell 23", "24cell 24"]);
  expect(next).toHaveProperty("disabled", true);
  expect(screen.getByRole("status").textContent).toBe(
    "Rows 21–25 of 25. The whole table has 5,000 rows and 2 columns; the page has 25 and 1.",
  );
});

test("what is no table says so", () => {
  for (const content of [
    "",
    "null",
    "[]",
    '{"columns": 1}',
    '{"columns":["a"],"index":[0],"data":[[1,2]],"rows":1,"width":1}',
  ]) {
    showElement({ type: "dataframe", name: "table", content });
    expect(screen.queryByRole("table")).toBeNull();
    cleanup();
  }
});
