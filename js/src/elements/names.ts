// Names that are found in a text as it is read: each character is looked at as often as it can be part of a name
// that began before it, whatever the number of names.

export interface Found {
  readonly start: number;
  readonly end: number;
  /** What has the name. */
  readonly id: string;
}

interface Node {
  readonly next: Map<string, Node>;
  id?: string;
}

/** A longer name is a text of its own: it is not looked for. */
const LONGEST = 120;

export class Names {
  readonly #root: Node = { next: new Map() };

  /** @param names with what has them. Of two things with one name the first is meant. */
  constructor(names: Iterable<readonly [name: string, id: string]>) {
    for (const [name, id] of names) this.#add(name.trim(), id);
  }

  /** Where names stand in the text, as words of their own; of names that begin together the longest. */
  find(text: string): Found[] {
    const found: Found[] = [];
    for (let start = 0; start < text.length; start++) {
      const longest = isBoundary(text, start) ? this.#longestAt(text, start) : undefined;
      if (!longest) continue;
      found.push(longest);
      start = longest.end - 1;
    }
    return found;
  }

  #add(name: string, id: string): void {
    if (name === "" || name.length > LONGEST) return;
    let node = this.#root;
    for (const unit of name.split("")) {
      const next = node.next.get(unit) ?? { next: new Map() };
      node.next.set(unit, next);
      node = next;
    }
    node.id ??= id;
  }

  #longestAt(text: string, start: number): Found | undefined {
    let longest: Found | undefined;
    let node: Node | undefined = this.#root;
    for (let end = start; node && end <= text.length; end++) {
      if (node.id !== undefined && isBoundary(text, end)) longest = { start, end, id: node.id };
      node = node.next.get(text[end] ?? "");
    }
    return longest;
  }
}

const WORD = /[\p{L}\p{N}_]/u;

/** Whether no word goes on over this place. */
function isBoundary(text: string, at: number): boolean {
  return !WORD.test(text[at - 1] ?? "") || !WORD.test(text[at] ?? "");
}
