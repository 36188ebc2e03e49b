import { act, cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { heal } from "../../src/markdown/heal.ts";
import { Markdown, type MarkdownProps } from "../../src/markdown/Markdown.tsx";
import { replies } from "./replies.ts";

const whole: Omit<MarkdownProps, "content"> = { edition: 0, streaming: false, heal, clock: () => 0 };
const growing: Omit<MarkdownProps, "content"> = { edition: 0, streaming: true, heal, clock: () => 0 };

afterEach(cleanup);

function show(props: MarkdownProps) {
  const { container, rerender } = render(<Markdown {...props} />);
  return { root: container, show: (next: MarkdownProps) => rerender(<Markdown {...next} />) };
}

describe("a growing message", () => {
  test("keeps the elements of its finished blocks", () => {
    const { root, show: next } = show({ ...growing, content: "# Title\n\npara" });
    const title = root.querySelector("h3");
    next({ ...growing, content: "# Title\n\npara **graph**\n\nmore" });
    expect(root.querySelector("h3")).toBe(title);
    expect(root.textContent).toBe("Titlepara graphmore");
  });

  test("keeps the elements of a block when it is frozen", () => {
    const { root, show: next } = show({ ...growing, content: "one" });
    const paragraph = root.querySelector("p");
    next({ ...growing, content: "one\n\ntwo" });
    expect(root.querySelector("p")).toBe(paragraph);
  });

  test("appends to an open code block without writing it anew", () => {
    const { root, show: next } = show({ ...growing, content: "```py\na = 1\n" });
    const text = root.querySelector("code")?.firstChild;
    next({ ...growing, content: "```py\na = 1\nb = 2\n" });
    expect(root.querySelector("code")?.firstChild).toBe(text);
    expect(text?.textContent).toBe("a = 1\nb = 2");
  });

  test("cuts long open code into several text nodes", () => {
    const { root, show: next } = show({ ...growing, content: "```\n" });
    let content = "```\n";
    for (let line = 0; line < 300; line++) {
      content += `value_${line} = compute()\n`;
      next({ ...growing, content });
    }
    const nodes = [...(root.querySelector("code")?.childNodes ?? [])];
    expect(nodes.length).toBeGreaterThan(2);
    expect(nodes.every((node) => (node.textContent ?? "").length < 2_100)).toBe(true);
  });

  test("cuts a long text into nodes that stay as they are", () => {
    const content = "A sentence like any other, with nothing in it. ".repeat(150).trimEnd();
    const { root, show: next } = show({ ...whole, content });
    const nodes = [...(root.querySelector("p")?.childNodes ?? [])];
    const texts = nodes.map((node) => node.textContent ?? "");
    expect(texts.join("") === content).toBe(true);
    expect(texts.every((text) => text.length <= 2_001)).toBe(true);
    next({ ...whole, content: `${content} And more.` });
    expect([...(root.querySelector("p")?.childNodes ?? [])].slice(0, -1)).toEqual(nodes.slice(0, -1));
    expect(nodes.slice(0, -1).map((node) => node.textContent)).toEqual(texts.slice(0, -1));
    expect(
      show({ ...whole, content: "\u{1F600}".repeat(3_001) }).root.querySelector("p")?.childNodes,
    ).toHaveLength(4);
  });

  test("begins anew with another edition", () => {
    const { root, show: next } = show({ ...growing, content: "old **text**" });
    next({ ...growing, edition: 1, content: "new *text*, longer than the old one" });
    expect(root.textContent).toBe("new text, longer than the old one");
    next({ ...growing, edition: 2, content: "```\nx = 1\n" });
    next({ ...growing, edition: 3, content: "```\ny = 2\n" });
    expect(root.querySelector("code")?.textContent).toBe("y = 2");
  });

  test("shows what was held back once it is whole", () => {
    const { root, show: next } = show({ ...growing, content: "a **" });
    expect(root.textContent).toBe("a ");
    next({ ...whole, content: "a **" });
    expect(root.textContent).toBe("a **");
  });

  test("shows whole lines of a block until what heals the last one is there", () => {
    const { root, show: next } = show({ ...growing, heal: undefined, content: "a **bol" });
    expect(root.textContent).toBe("a **bol");
    next({ ...growing, heal: undefined, content: "a **bold**\nand *th" });
    expect(root.textContent).toBe("a bold");
    next({ ...growing, content: "a **bold**\nand *th" });
    expect(root.textContent).toBe("a bold\nand th");
  });

  test("ends as the whole message", () => {
    const content = Object.values(replies).join("\n\n");
    const { root, show: next } = show({ ...growing, content: "" });
    for (let end = 0; end < content.length; end += 50) next({ ...growing, content: content.slice(0, end) });
    next({ ...whole, content });
    expect(root.innerHTML).toBe(show({ ...whole, content }).root.innerHTML);
  });

  test("puts 32 blocks into a group", () => {
    const { root } = show({ ...whole, content: "para\n\n".repeat(70) });
    expect(
      [...root.querySelectorAll(".group")].map((group) => `${group.className} ${group.children.length}`),
    ).toEqual(["group full 32", "group full 32", "group 6"]);
  });
});

describe("a message that is costly to draw", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("rests, and then shows what came meanwhile", () => {
    let time = 0;
    // Each look at the clock takes 10 ms, so each frame seems to cost as much.
    const clock = () => (time += 10);
    const { root, show: next } = show({ ...growing, clock, content: "one" });
    next({ ...growing, clock, content: "one two" });
    expect(root.textContent).toBe("one");
    time += 1_000;
    act(() => void vi.advanceTimersByTime(1_000));
    expect(root.textContent).toBe("one two");
  });

  test("is drawn to its end without rest", () => {
    let time = 0;
    const clock = () => (time += 500);
    const { root, show: next } = show({ ...growing, clock, content: "one" });
    next({ ...growing, clock, content: "one two", streaming: false });
    expect(root.textContent).toBe("one two");
  });
});

describe("much text at once", () => {
  beforeEach(() => void vi.useFakeTimers());

  const content = Array.from({ length: 2000 }, (_, index) => `Paragraph **${index}**.`).join("\n\n");
  const settle = (ms: number) => act(() => void vi.advanceTimersByTime(ms));

  /** A clock on which reading a portion takes 4 ms. */
  function slowClock() {
    let time = 0;
    return () => (time += 4);
  }

  test.each([true, false])("is drawn in slices, and all of it (streaming: %s)", (streaming) => {
    const { root } = show({ edition: 0, streaming, clock: slowClock(), content });
    const atOnce = root.textContent?.length ?? 0;
    expect(atOnce).toBeGreaterThan(1000);
    expect(atOnce).toBeLessThan(6000);
    for (let slice = 0; slice < 50; slice++) settle(1);
    expect(root.textContent).toContain("Paragraph 1999");
    expect(vi.getTimerCount()).toBe(0);
  });

  test("ends as the same text drawn at once", () => {
    const { root, show: next } = show({ ...growing, clock: slowClock(), content });
    next({ ...whole, clock: slowClock(), content });
    for (let slice = 0; slice < 50; slice++) settle(1);
    expect(root.innerHTML).toBe(show({ ...whole, clock: () => 0, content }).root.innerHTML);
  });

  test("one huge block is read in ever larger portions, so its cost stays bounded", () => {
    const paragraph = "word **bold** and `code` text ".repeat(2000);
    let looks = 0;
    const clock = () => {
      looks += 1;
      return looks * 4;
    };
    show({ ...growing, clock, content: paragraph });
    for (let slice = 0; slice < 50; slice++) settle(1);
    expect(looks).toBeLessThan(60);
  });

  test("one huge block is drawn a portion at a time, however quickly, and finished in a slice of its own", () => {
    const paragraph = `${"word **bold** and `code` text ".repeat(1000)}**open`;
    const { root } = show({ ...whole, content: paragraph });
    const endings = [root.textContent?.slice(-6)];
    while (vi.getTimerCount() > 0) {
      settle(1);
      endings.push(root.textContent?.slice(-6));
    }
    expect(endings.length).toBeGreaterThan(4);
    expect(endings.slice(-2)).toEqual(["t open", "**open"]);
  });

  test("that is replaced midway is forgotten", () => {
    const { root, show: next } = show({ ...growing, clock: slowClock(), content });
    next({ ...growing, edition: 1, content: "other" });
    for (let slice = 0; slice < 50; slice++) settle(1);
    expect(root.textContent).toBe("other");
  });
});

describe("what is drawn", () => {
  test("headings stay below those of the page", () => {
    const { root } = show({ ...whole, content: "# a\n## b\n### c\n#### d\n##### e" });
    expect([...root.querySelectorAll(".group > *")].map(({ localName }) => localName)).toEqual([
      "h3",
      "h4",
      "h5",
      "h6",
      "h6",
    ]);
  });

  test("task boxes have names", () => {
    show({ ...whole, content: "- [x] one\n- [ ] two" });
    expect(screen.getByRole<HTMLInputElement>("checkbox", { name: "done" }).checked).toBe(true);
    expect(screen.getByRole<HTMLInputElement>("checkbox", { name: "to do" }).checked).toBe(false);
  });

  test("allowed HTML, and no other", () => {
    const { root } = show({ ...whole, content: 'H<sub>2</sub>O <kbd>a</kbd> <b class="x">b</b> <u>open' });
    expect(root.querySelector("p")?.innerHTML).toBe(
      'H<sub>2</sub>O <kbd>a</kbd> &lt;b class="x"&gt;b&lt;/b&gt; <u>open</u>',
    );
  });

  test("TeX as code without an engine, and by the engine once there is one", () => {
    const content = "$a^2$\n\n$$\nb\n$$";
    const { root, show: next } = show({ ...whole, content });
    expect([...root.querySelectorAll("code.tex")].map((code) => code.textContent)).toEqual(["a^2", "b"]);
    next({ ...whole, content, math: (tex, display) => <i>{`${display ? "block" : "inline"} ${tex}`}</i> });
    expect([...root.querySelectorAll("i")].map((node) => node.textContent)).toEqual([
      "inline a^2",
      "block b",
    ]);
  });

  test("code in colour once the highlighter is there, and only when it is closed", () => {
    vi.useFakeTimers();
    const highlight = (code: string, lang: string) => [{ className: `hljs-${lang}`, children: [code] }];
    const settle = () => act(() => void vi.advanceTimersByTime(100));
    const { root, show: next } = show({ ...growing, content: "```py\na\n" });
    next({ ...growing, highlight, content: "```py\na\n" });
    settle();
    expect(root.querySelector(".hljs-py")).toBeNull();
    next({ ...growing, highlight, content: "```py\na\n```\n" });
    expect(root.querySelector("code")?.textContent).toBe("a");
    settle();
    expect(root.querySelector(".hljs-py")?.textContent).toBe("a");
  });

  test("a link with a long query shows its address before it opens", () => {
    const url = `https://example.org/?d=${"x".repeat(200)}`;
    const { root } = show({ ...whole, content: `[here](${url})` });
    const link = screen.getByRole("link", { name: "here" });
    expect(fireEvent.click(link)).toBe(false);
    expect(root.querySelector(".address")?.textContent).toBe(url);
  });
});

describe("the copy button", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  const click = (button: HTMLElement) =>
    act(async () => {
      fireEvent.click(button);
      await vi.advanceTimersByTimeAsync(0);
    });

  test("copies the source of the code and says so for a while", async () => {
    const writeText = vi.fn(async () => {});
    vi.stubGlobal("navigator", { clipboard: { writeText } });
    show({ ...whole, content: "```py\na = 1\nb = 2\n```" });
    const button = screen.getByRole("button", { name: "Copy" });
    await click(button);
    expect(writeText).toHaveBeenCalledWith("a = 1\nb = 2");
    expect(button.textContent).toBe("Copied");
    act(() => void vi.advanceTimersByTime(1_600));
    expect(button.textContent).toBe("Copy");
  });

  test("finds another way where the clipboard is closed", async () => {
    vi.stubGlobal("navigator", {});
    const copied: string[] = [];
    document.execCommand = () => {
      copied.push(document.querySelector<HTMLTextAreaElement>("body > textarea")?.value ?? "");
      return true;
    };
    show({ ...whole, content: "```\nx\n```" });
    await click(screen.getByRole("button", { name: "Copy" }));
    expect(copied).toEqual(["x"]);
    expect(document.querySelector("body > textarea")).toBeNull();
  });
});
