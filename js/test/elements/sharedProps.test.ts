import { signal } from "@preact/signals";
import fc from "fast-check";
import { expect, test } from "vitest";
import { SharedProps } from "../../src/elements/sharedProps.ts";
import type { ChangeProps, ElementItem } from "../../src/protocol.ts";
import type { Store } from "../../src/store.ts";
import { element } from "../records.ts";

/** The kernel, as custom_element.py has it. */
class Kernel {
  props: Record<string, unknown> = { a: 0 };
  changes: Record<string, number> = {};
  applied = 0;

  take({ writer, change, props }: ChangeProps): void {
    if (change <= (this.changes[writer] ?? 0)) return;
    this.changes = { ...this.changes, [writer]: change };
    this.props = { ...this.props, ...props };
    this.applied += 1;
  }

  get item(): ElementItem {
    return element("e", { type: "custom", content: JSON.stringify(this.props), changes: this.changes });
  }
}

/** A page: what it shows, and what it asks for until that is done. Commands and pictures move when the test says so. */
class Page {
  readonly #item = signal({ item: new Kernel().item, edition: 0, children: [] });
  #open: { request: ChangeProps; isDone: () => boolean }[] = [];
  readonly props = new SharedProps(
    {
      epoch: 1,
      isWritable: signal(true),
      connection: signal("live"),
      picture: {
        item: () => this.#item,
        sidebar: signal(undefined),
        transcript: { item: () => this.#item.peek().item },
      },
      ask: (request: ChangeProps, isDone: () => boolean) => {
        const isKnown = this.#open.some((each) => each.request.change === request.change);
        if (!isKnown) this.#open.push({ request, isDone });
      },
    } as unknown as Store,
    "e",
  );

  constructor() {
    this.props.subscribe(() => {});
  }

  see(item: ElementItem): void {
    this.#item.value = { ...this.#item.peek(), item };
    this.#open = this.#open.filter(({ isDone }) => !isDone());
  }

  get asked(): readonly ChangeProps[] {
    return this.#open.map(({ request }) => request);
  }
}

type Step =
  | { readonly kind: "page"; readonly page: number; readonly key: string; readonly value: number }
  | { readonly kind: "python"; readonly key: string; readonly value: number }
  | { readonly kind: "command"; readonly page: number; readonly isLost: boolean }
  | { readonly kind: "picture"; readonly page: number };

const key = fc.constantFrom("a", "b");
const page = fc.nat({ max: 1 });
const value = fc.nat({ max: 99 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("page" as const), page, key, value }),
  fc.record({ kind: fc.constant("python" as const), key, value }),
  fc.record({ kind: fc.constant("command" as const), page, isLost: fc.boolean() }),
  fc.record({ kind: fc.constant("picture" as const), page }),
);

test("pages and kernel agree in the end, whatever is lost, late or repeated, and no change is done twice", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const [kernel, pages] = [new Kernel(), [new Page(), new Page()]];
      let updates = 0;
      for (const each of steps) {
        const shown = "page" in each ? (pages[each.page] as Page) : undefined;
        if (each.kind === "python") kernel.props = { ...kernel.props, [each.key]: each.value };
        if (each.kind === "picture") shown?.see(kernel.item);
        if (each.kind === "command") for (const one of shown?.asked ?? []) if (!each.isLost) kernel.take(one);
        if (each.kind === "page") {
          shown?.props.update({ [each.key]: each.value });
          updates += 1;
          expect(shown?.props.values[each.key]).toBe(each.value); // at once
          expect(shown?.asked.length).toBeLessThan(2);
        }
      }
      // The line is good from now on: each page repeats what is not done, and sees what there is.
      for (let round = 0; pages.some(({ asked }) => asked.length > 0); round++) {
        expect(round).toBeLessThan(10);
        for (const each of pages) {
          for (const one of each.asked) kernel.take(one);
          each.see(kernel.item);
        }
      }
      for (const each of pages) {
        each.see(kernel.item);
        expect(each.props.values).toEqual(kernel.props);
      }
      expect(kernel.applied).toBeLessThanOrEqual(updates);
    }),
  );
});
