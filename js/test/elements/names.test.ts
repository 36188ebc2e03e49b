import fc from "fast-check";
import { expect, test } from "vitest";
import { Names } from "../../src/elements/names.ts";

const found = (names: [string, string][], text: string) =>
  new Names(names).find(text).map(({ start, end, id }) => [text.slice(start, end), id]);

test("names are found where they are words of their own, the longest of those that begin together", () => {
  const names: [string, string][] = [
    ["source_1", "a"],
    ["source_10", "b"],
    ["the report", "c"],
  ];
  expect(found(names, "source_1, (source_10) and the report.")).toEqual([
    ["source_1", "a"],
    ["source_10", "b"],
    ["the report", "c"],
  ]);
  expect(found(names, "resource_1 source_100 the reporter")).toEqual([]);
});

test("of two things with one name the first is meant", () => {
  expect(
    found(
      [
        ["x", "a"],
        ["x", "b"],
      ],
      "x",
    ),
  ).toEqual([["x", "a"]]);
});

test("a name may be of any letters and signs; none is an empty one", () => {
  expect(
    found(
      [
        ["Ünïcode", "a"],
        ["🚀", "b"],
        ["a.b*c", "c"],
        ["", "d"],
        ["  ", "e"],
      ],
      "Ünïcode 🚀 a.b*c ",
    ),
  ).toEqual([
    ["Ünïcode", "a"],
    ["🚀", "b"],
    ["a.b*c", "c"],
  ]);
});

test("what is found are names, in order, and none over another", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 4, unit: fc.constantFrom("a", "b", " ", "_") })),
      fc.string({ maxLength: 60, unit: fc.constantFrom("a", "b", " ", "_") }),
      (names, text) => {
        let end = 0;
        const known = new Names(names.map((name, number) => [name, String(number)]));
        for (const place of known.find(text)) {
          expect(place.start).toBeGreaterThanOrEqual(end);
          end = place.end;
          expect(names[Number(place.id)]?.trim()).toBe(text.slice(place.start, end));
        }
      },
    ),
  );
});

test("a thousand names that begin alike cost about what one costs", () => {
  const text = "source_".repeat(20_000);
  const time = (count: number) => {
    const names = new Names(Array.from({ length: count }, (_, number) => [`source_${number}`, `${number}`]));
    const start = performance.now();
    names.find(text);
    return performance.now() - start;
  };
  time(1);
  expect(time(1000)).toBeLessThan(20 * time(1) + 50);
});
