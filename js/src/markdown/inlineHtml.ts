import { type ComponentChild, h } from "preact";

/** Elements that raw HTML may make, if written without attributes. */
const ALLOWED: ReadonlySet<string> = new Set("sub sup kbd mark u s del ins b i em strong small".split(" "));
/** More of them within each other are text: pages that are nested without end break. */
const DEEPEST = 20;
const TAG = /(<\/?[a-z]+\s*\/?>)/i;

interface OpenElement {
  readonly tag: string;
  readonly children: ComponentChild[];
}

/**
 * Gathers inline nodes, among them the few raw HTML elements that are allowed; any other HTML is text.
 *
 * An element left open ends with the run; an end tag without a beginning is text.
 */
export class InlineNodes {
  readonly #top: ComponentChild[] = [];
  readonly #stack: OpenElement[] = [];

  add(node: ComponentChild): void {
    (this.#stack.at(-1)?.children ?? this.#top).push(node);
  }

  addHtml(html: string): void {
    for (const part of html.split(TAG)) {
      if (part !== "" && !this.#addTag(part)) this.add(part);
    }
  }

  finish(): ComponentChild[] {
    this.#closeFrom(0);
    return this.#top;
  }

  #addTag(part: string): boolean {
    const [, slash, name = ""] = /^<(\/?)([a-z]+)\s*\/?>$/i.exec(part) ?? [];
    const tag = name.toLowerCase();
    if (tag === "br" && !slash) this.add(h("br", null));
    else if (!ALLOWED.has(tag)) return false;
    else if (slash) return this.#closeFrom(this.#stack.findLastIndex((element) => element.tag === tag));
    else if (this.#stack.length === DEEPEST) return false;
    else this.#stack.push({ tag, children: [] });
    return true;
  }

  /** Closes the elements from this depth on; false if there are none. */
  #closeFrom(depth: number): boolean {
    if (depth < 0) return false;
    while (this.#stack.length > depth) {
      const element = this.#stack.pop();
      if (element) this.add(h(element.tag, null, ...element.children));
    }
    return true;
  }
}
