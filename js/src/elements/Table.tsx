import { useMemo, useState } from "preact/hooks";
import { NextIcon, PreviousIcon } from "../view/icons.tsx";
import type { BodyProps } from "./Body.tsx";
import { Loading, Missing } from "./Notes.tsx";
import { type Cell, nextOrder, type Order, ordered, parseTable, type TableData } from "./table.ts";
import { useText } from "./useText.ts";

const PAGE_ROWS = 10;

/** A table to sort and to turn the pages of. */
export function Table({ store, element }: BodyProps) {
  const text = useText(store, element);
  const table = useMemo(() => (text ? parseTable(text) : null), [text]);
  if (text === undefined) return <Loading />;
  if (table === null) return <Missing name={element.name} />;
  return <Sortable table={table} name={element.name} />;
}

function Sortable({ table, name }: { table: TableData; name: string }) {
  const [order, setOrder] = useState<Order | null>(null);
  const [wantedPage, setPage] = useState(0);
  const rows = useMemo(() => ordered(table, order), [table, order]);
  const pages = Math.max(1, Math.ceil(rows.length / PAGE_ROWS));
  const page = Math.min(wantedPage, pages - 1);
  const sort = (column: number) => {
    setOrder(nextOrder(order, column));
    setPage(0);
  };
  const kinds = table.columns.map((_, column) => kindOf(table, column));
  const head = { order, sort };
  return (
    <div class="element-table">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section class="table-scroll" tabIndex={0} aria-label={name || "Table"}>
        <table>
          <thead>
            <tr>
              <Head {...head} column={-1} label="" />
              {table.columns.map((label, column) => (
                <Head {...head} key={column} column={column} label={labelOf(label)} kind={kinds[column]} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(page * PAGE_ROWS, (page + 1) * PAGE_ROWS).map((number) => (
              <tr key={number}>
                <th scope="row">{labelOf(table.index[number] ?? null)}</th>
                {table.data[number]?.map((cell, column) => (
                  <Value key={column} cell={cell} kind={kinds[column]} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div class="table-foot">
        {pages > 1 && <Pages page={page} pages={pages} turn={setPage} />}
        <span role="status">{extent(table, page, rows.length)}</span>
      </div>
    </div>
  );
}

interface HeadProps {
  readonly order: Order | null;
  readonly sort: (column: number) => void;
  readonly column: number;
  readonly label: string;
  readonly kind?: string | undefined;
}

function Head({ order, sort, column, label, kind }: HeadProps) {
  const isSorted = order?.column === column;
  const direction = isSorted ? (order.isDescending ? "descending" : "ascending") : undefined;
  return (
    <th scope="col" class={kind} aria-sort={direction}>
      <button type="button" aria-label={label || "Index"} onClick={() => sort(column)}>
        {label}
        <span class="sort-mark" aria-hidden="true">
          {direction ? (order?.isDescending ? "▼" : "▲") : ""}
        </span>
      </button>
    </th>
  );
}

function Value({ cell, kind }: { cell: Cell; kind: string | undefined }) {
  if (cell === null) return <td class={`none ${kind ?? ""}`}>–</td>;
  return (
    <td
      class={typeof cell === "number" ? "number" : undefined}
      dir={typeof cell === "string" ? "auto" : undefined}
    >
      {labelOf(cell)}
    </td>
  );
}

interface PagesProps {
  readonly page: number;
  readonly pages: number;
  readonly turn: (page: number) => void;
}

function Pages({ page, pages, turn }: PagesProps) {
  return (
    <>
      <button
        type="button"
        class="icon-button"
        aria-label="Previous rows"
        disabled={page === 0}
        onClick={() => turn(page - 1)}
      >
        <PreviousIcon />
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label="Next rows"
        disabled={page === pages - 1}
        onClick={() => turn(page + 1)}
      >
        <NextIcon />
      </button>
    </>
  );
}

/** Which rows are shown, of how many; and that not all of them are here, if so. */
function extent(table: TableData, page: number, here: number): string {
  const [first, last] = [page * PAGE_ROWS + 1, Math.min((page + 1) * PAGE_ROWS, here)];
  const shown =
    here === 0
      ? "No rows"
      : here <= PAGE_ROWS
        ? `${counted(here)} rows`
        : `Rows ${counted(first)}–${counted(last)} of ${counted(here)}`;
  const isCut = table.rows > here || table.width > table.columns.length;
  const whole = `${counted(table.rows)} rows and ${counted(table.width)} columns`;
  return isCut
    ? `${shown}. The whole table has ${whole}; the page has ${counted(here)} and ${counted(table.columns.length)}.`
    : shown;
}

/** Numbers stand at the right, and so does what is said of them. */
function kindOf({ data }: TableData, column: number): string | undefined {
  const first = data.find((row) => row[column] !== null);
  return typeof first?.[column] === "number" ? "number" : undefined;
}

const counted = (count: number): string => count.toLocaleString("en");

function labelOf(cell: Cell): string {
  return cell === null ? "" : String(cell);
}
