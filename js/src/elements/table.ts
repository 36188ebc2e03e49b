// A table as the kernel sends it, in JSON: read at the door, trusted inside.

export type Cell = string | number | boolean | null;

export interface TableData {
  readonly columns: readonly Cell[];
  readonly index: readonly Cell[];
  readonly data: readonly (readonly Cell[])[];
  /** How many rows and columns there are where it comes from. */
  readonly rows: number;
  readonly width: number;
}

export interface Order {
  /** The number of a column; -1 is the index. */
  readonly column: number;
  readonly isDescending: boolean;
}

/** The table in a text; null if there is none. */
export function parseTable(text: string): TableData | null {
  try {
    const table = JSON.parse(text);
    return isTable(table) ? table : null;
  } catch {
    return null;
  }
}

function isTable(table: Partial<TableData> | null): table is TableData {
  if (table === null || typeof table !== "object") return false;
  const { columns, index, data, rows, width } = table;
  return (
    [columns, index, data].every(Array.isArray) &&
    typeof rows === "number" &&
    typeof width === "number" &&
    data?.length === index?.length &&
    (data ?? []).every((row) => Array.isArray(row) && row.length === columns?.length)
  );
}

/** The numbers of the rows, in order. Where the values are equal or there is no order, as they came. */
export function ordered({ index, data }: TableData, order: Order | null): number[] {
  const numbers = data.map((_, number) => number);
  if (order === null) return numbers;
  const { column, isDescending } = order;
  const value = (number: number): Cell => (column < 0 ? index[number] : data[number]?.[column]) ?? null;
  const missing = numbers.filter((number) => value(number) === null); // at the end, either way
  const there = numbers.filter((number) => value(number) !== null);
  there.sort((a, b) => (isDescending ? -1 : 1) * compare(value(a), value(b)));
  return [...there, ...missing];
}

const collator = new Intl.Collator(undefined, { numeric: true });

function compare(a: Cell, b: Cell): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return collator.compare(String(a), String(b));
}

/** What to order by after a press on a column's head: up, down, as it came. */
export function nextOrder(order: Order | null, column: number): Order | null {
  if (order?.column !== column) return { column, isDescending: false };
  return order.isDescending ? null : { column, isDescending: true };
}
