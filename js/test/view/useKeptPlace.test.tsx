import { cleanup, render } from "@testing-library/preact";
import { useRef } from "preact/hooks";
import { afterEach, expect, test } from "vitest";
import { useKeptPlace } from "../../src/view/useKeptPlace.ts";

const HEIGHT = 20;

afterEach(cleanup);

/** A list whose lines are 20 pixels high, as far as its first group tells. */
function Lines({ lines, isPinned }: { lines: readonly string[]; isPinned: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  useKeptPlace(box, lines[0], () => isPinned);
  const measure = (group: HTMLElement | null) => {
    if (group) group.getBoundingClientRect = () => new DOMRect(0, 0, 0, group.childElementCount * HEIGHT);
  };
  return (
    <div role="log" ref={box}>
      <div class="turns" ref={measure}>
        {lines.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
    </div>
  );
}

function scrolled({ isPinned = false }, ...pictures: string[][]): number {
  const { getByRole, rerender } = render(<Lines lines={pictures[0] ?? []} isPinned={isPinned} />);
  for (const lines of pictures.slice(1)) rerender(<Lines lines={lines} isPinned={isPinned} />);
  return getByRole("log").scrollTop;
}

test("what is put in front does not move what the reader sees", () => {
  expect(scrolled({}, ["c"], ["a", "b", "c"])).toBe(2 * HEIGHT);
});

test("what comes at the end moves nothing", () => {
  expect(scrolled({}, ["a"], ["a", "b"])).toBe(0);
});

test("at the end another one looks after the place", () => {
  expect(scrolled({ isPinned: true }, ["c"], ["a", "b", "c"])).toBe(0);
});
