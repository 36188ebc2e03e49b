import { describe, expect, test } from "vitest";
import { hostOf, imageUrl, linkUrl } from "../../src/markdown/url.ts";

describe("linkUrl", () => {
  test.each([
    ["https://example.org/a?b=c#d", "https://example.org/a?b=c#d"],
    ["HTTP://EXAMPLE.org", "http://example.org/"],
    ["mailto:me@example.org", "mailto:me@example.org"],
    [" https://example.org/ ", "https://example.org/"],
    ["ht\u200btps://example.org/\u202e", "https://example.org/"],
    ["https://example.org/a b", "https://example.org/a%20b"],
    ["https://bücher.example/", "https://xn--bcher-kva.example/"],
  ])("opens %j", (address, url) => {
    expect(linkUrl(address)).toBe(url);
  });

  test.each([
    "",
    "#section",
    "/api/contents",
    "../lab",
    "tree?token=1",
    "//evil.example",
    "\\\\evil.example",
    "https:\\\\evil.example",
    "https:evil.example",
    "https:///",
    "https://user@evil.example",
    "https://bank.example:pass@evil.example",
    "javascript:alert(1)",
    "java\nscript:alert(1)",
    "\u0001javascript:alert(1)",
    "java\u00adscript:alert(1)",
    "data:text/html,x",
    "data:image/svg+xml;base64,AAAA",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://example.org/1",
    "ftp://example.org",
    "command:workbench.action",
    "vscode://x",
    "mailto:",
    "mailto:a@b@c",
  ])("refuses %j", (address) => {
    expect(linkUrl(address)).toBeNull();
  });
});

describe("imageUrl", () => {
  const pixel = "data:image/png;base64,iVBORw0KGgo=";

  test("shows raster images that the text carries itself", () => {
    expect(imageUrl(pixel)).toBe(pixel);
  });

  test("fetches nothing on its own", () => {
    expect(imageUrl("https://example.org/a.png")).toBeNull();
  });

  test("fetches from hosts that were allowed, with https only", () => {
    const hosts = new Set(["example.org"]);
    expect(imageUrl("https://example.org/a.png", hosts)).toBe("https://example.org/a.png");
    expect(imageUrl("http://example.org/a.png", hosts)).toBeNull();
    expect(imageUrl("https://example.org.evil.example/a.png", hosts)).toBeNull();
    expect(imageUrl("https://example.org:8443/a.png", hosts)).toBeNull();
  });

  test.each([
    "data:image/svg+xml;base64,PHN2Zz4=",
    "data:image/svg+xml,<svg onload=alert(1)>",
    "data:text/html;base64,AAAA",
    "data:image/png,raw",
    "data:image/png;base64,AA AA",
    `data:image/png;base64,${"A".repeat(3_000_000)}`,
    "/files/a.png",
    "blob:https://example.org/1",
  ])("refuses %.40s", (address) => {
    expect(imageUrl(address)).toBeNull();
  });
});

test("hostOf is empty where there is no host", () => {
  expect([hostOf("https://a.example:81/x"), hostOf("mailto:a@b.example"), hostOf("no")]).toEqual([
    "a.example:81",
    "",
    "",
  ]);
});
