import { Parser, type Token } from "marked";
import { describe, expect, test } from "vitest";
import { lex } from "../../src/markdown/lexer.ts";
import { type Example, examples, hasCorpora, whyNot } from "./corpora.ts";

describe.skipIf(!hasCorpora)(`conformance${whyNot}`, () => {
  test("645 of the 652 CommonMark examples", () => {
    expect(passing(examples("cm")).length).toBeGreaterThanOrEqual(645);
  });

  test("27 of the 28 examples of GitHub's extensions", () => {
    expect(passing(examples("gfm")).length).toBeGreaterThanOrEqual(27);
  });
});

const passing = (list: readonly Example[]): Example[] =>
  list.filter(({ markdown, html }) => canonical(toHtml(markdown)) === canonical(html));

/** With marked's own renderer: what we draw differs by policy, the tokens must not. */
function toHtml(markdown: string): string {
  return Parser.parse(lex(markdown).map(withoutMath));
}

/** The specification knows no math. */
const withoutMath = (token: Token): Token =>
  token.type.startsWith("math") ? { ...token, type: "text", text: token.raw } : token;

/** What a browser would show: white space between blocks, or around a line break, and escapes in addresses aside. */
function canonical(html: string): string {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  for (const element of body.querySelectorAll("[href], [src]")) {
    const name = element.hasAttribute("href") ? "href" : "src";
    element.setAttribute(name, encodeURI(decoded(element.getAttribute(name) ?? "")));
  }
  return written(body, false).replace(
    / *(<\/?(?:p|li|ul|ol|blockquote|pre|h\d|hr|br|div|table|t[rhd]|thead|tbody)\b[^>]*>) */g,
    "$1",
  );
}

function written(node: Node, isVerbatim: boolean): string {
  if (node instanceof Text) return isVerbatim ? node.data : node.data.replace(/\s+/g, " ");
  const inside = [...node.childNodes]
    .map((child) => written(child, isVerbatim || node.nodeName === "PRE"))
    .join("");
  if (!(node instanceof Element)) return inside;
  const attributes = [...node.attributes].map(({ name, value }) => ` ${name}="${value}"`).sort();
  return `<${node.localName}${attributes.join("")}>${inside}</${node.localName}>`;
}

function decoded(address: string): string {
  try {
    return decodeURI(address);
  } catch {
    return address;
  }
}
