import { describe, expect, test } from "vitest";
import { linkUrl } from "../../src/markdown/url.ts";
import { payloads as corpus, hasCorpora, whyNot } from "./corpora.ts";
import { payloads } from "./payloads.ts";
import { drawStreamed, drawWhole, randomPieces } from "./stream.tsx";

/** Every element there is, with every attribute it may have. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  a: ["href", "title", "target", "rel", "referrerpolicy", "class"],
  img: ["src", "alt", "title", "loading", "decoding", "referrerpolicy"],
  input: ["type", "disabled", "checked", "aria-label"],
  button: ["type", "class"],
  ol: ["start"],
  li: ["class"],
  pre: ["tabindex"],
  div: ["class", "dir", "tabindex", "data-chat-chrome"],
  span: ["class"],
  p: ["class"],
  code: ["class"],
  th: ["class"],
  td: ["class"],
};
const BARE = new Set(
  "h3 h4 h5 h6 ul blockquote hr br table thead tbody tr sub sup kbd mark u s del ins b i em strong small".split(
    " ",
  ),
);
const CLASSES = new Set(
  "ac-markdown group full code bar lang copy table math-block tex task raw refused host address image-chip align-left align-right align-center".split(
    " ",
  ),
);

function violations(host: HTMLElement): string[] {
  return [...host.querySelectorAll("*")].flatMap((element) => [
    ...misplaced(element),
    ...[...element.classList].filter((name) => !CLASSES.has(name)).map((name) => `class ${name}`),
    ...badAddress(element),
  ]);
}

function misplaced(element: Element): string[] {
  const attributes = ALLOWED[element.localName] ?? [];
  if (!(element.localName in ALLOWED) && !BARE.has(element.localName)) return [`<${element.localName}>`];
  const extra = element.getAttributeNames().filter((name) => !attributes.includes(name));
  return extra.map((name) => `<${element.localName} ${name}>`);
}

function badAddress(element: Element): string[] {
  if (element instanceof HTMLAnchorElement) {
    const href = element.getAttribute("href") ?? "";
    const isSafe = linkUrl(href) === href && element.rel.includes("noopener") && element.target === "_blank";
    const isNested = element.parentElement?.closest("a") !== null;
    return isSafe && !isNested ? [] : [`link ${href}`];
  }
  const source = element.getAttribute("src") ?? "data:image/png;";
  return /^data:image\/(?:png|gif|jpeg|webp|avif);/i.test(source) ? [] : [`src ${source}`];
}

function streamedViolations(text: string, seed: number, longest = 12): string[] {
  const found: string[] = [];
  const look = (host: HTMLElement) => void found.push(...violations(host));
  look(drawStreamed(randomPieces(text, seed, longest), look));
  return [...new Set(found)];
}

describe("made for chats", () => {
  test.each(payloads)("%j", (payload) => {
    expect(violations(drawWhole(payload))).toEqual([]);
    expect(streamedViolations(payload, 1)).toEqual([]);
    expect(streamedViolations(`Text **before ${payload} and after**\n\n- ${payload}`, 2)).toEqual([]);
  });

  test("the check itself finds what is forbidden", () => {
    const host = document.createElement("div");
    host.innerHTML = payloads.join("\n\n");
    expect(violations(host).length).toBeGreaterThan(50);
  });

  test("a remote image is a chip that names its host", () => {
    const host = drawWhole("![a cat](https://evil.example/cat.png?d=1)");
    expect(host.querySelector("img")).toBeNull();
    expect(host.querySelector("a.image-chip")?.textContent).toBe("a cat (evil.example)");
  });

  test("an image within a link is a label of that link", () => {
    const host = drawWhole("[![badge](https://a.example/b.svg)](https://c.example)");
    expect([...host.querySelectorAll("a")].map((link) => link.href)).toEqual(["https://c.example/"]);
  });

  test("a link whose text names another host tells where it goes", () => {
    const host = drawWhole(
      "[https://bank.example](https://evil.example/a) [www.same.example](https://same.example/)",
    );
    expect(host.textContent).toBe("https://bank.example (evil.example) www.same.example");
  });

  test("a refused link leaves its text", () => {
    expect(drawWhole("[the log](/logout)").innerHTML).toContain('<span class="refused">the log</span>');
  });
});

describe.skipIf(!hasCorpora)(`collected by others${whyNot}`, () => {
  test.each(["mdxss", "renwa"] as const)("%s, one by one, whole and streamed", (name) => {
    for (const [seed, payload] of corpus(name).entries()) {
      expect(violations(drawWhole(payload)), payload).toEqual([]);
      expect(streamedViolations(payload, seed), payload).toEqual([]);
    }
  });

  test("bigxss, whole and streamed", () => {
    for (const [seed, payload] of corpus("bigxss").entries()) {
      expect(violations(drawWhole(payload)), payload).toEqual([]);
      // Every frame of every payload would take minutes; the long ones are drawn in larger pieces.
      expect(streamedViolations(payload, seed, Math.max(12, payload.length / 6)), payload).toEqual([]);
    }
  }, 60_000);
});
