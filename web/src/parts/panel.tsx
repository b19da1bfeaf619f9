/** A chart in its frame: title, controls, and the table behind it. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { showValue } from "../data/format";

export interface Behind {
  columns: string[];
  rows: unknown[][];
}

/** Rows of a chart's table that are shown at most; all of them are in the CSV file. */
const MOST_ROWS = 300;

export function Panel(props: {
  title: string;
  class?: string;
  controls?: ComponentChildren;
  table?: () => Behind;
  isBusy?: boolean;
  children: ComponentChildren;
}) {
  const isTable = useSignal(false);
  return (
    <section class={`card panel ${props.class ?? ""}`} aria-label={props.title} aria-busy={props.isBusy}>
      <header>
        <h2>{props.title}</h2>
        {props.controls}
        {props.table && (
          <button class="button bare small to-table" aria-pressed={isTable.value} onClick={() => (isTable.value = !isTable.value)}>
            Table
          </button>
        )}
      </header>
      <div class="body">{isTable.value && props.table ? <DataTable {...props.table()} /> : props.children}</div>
    </section>
  );
}

function DataTable({ columns, rows }: Behind) {
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-label="The chart's data">
      <table class="list-table small">
        <thead>
          <tr>
            {columns.map((name, at) => (
              <th scope="col" class={typeof rows[0]?.[at] === "number" ? "right" : ""}>{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_ROWS).map((row) => (
            <tr>
              {row.map((cell) => (
                <td class={typeof cell === "number" ? "right" : ""}>{showValue(cell)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > MOST_ROWS && <p class="notice">The first {MOST_ROWS} of {rows.length.toLocaleString("en")} rows.</p>}
    </div>
  );
}

export function Select<T extends string>(props: {
  label: string;
  value: T;
  options: readonly (T | [T, string])[];
  onChange: (value: T) => void;
}) {
  return (
    <label class="select">
      {props.label}
      <select value={props.value} onChange={(event) => props.onChange(event.currentTarget.value as T)}>
        {props.options.map((option) => {
          const [value, text] = typeof option === "string" ? [option, option] : option;
          return (
            <option value={value} selected={value === props.value}>
              {text}
            </option>
          );
        })}
      </select>
    </label>
  );
}

export function Toggle(props: { label: string; isOn: boolean; onChange: (isOn: boolean) => void; title?: string }) {
  return (
    <button class="button bare small" aria-pressed={props.isOn} title={props.title} onClick={() => props.onChange(!props.isOn)}>
      {props.label}
    </button>
  );
}
