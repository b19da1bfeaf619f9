/** What a script logged besides numbers: tables, confusion matrices, images, texts. All of it is text to the page. */
import { palette } from "../chart/colour";
import { showValue } from "../data/format";
import { binsOf, Histogram, Roc, rocOf } from "./schema-charts";

const MOST = 200;

export function LoggedValues({ values }: { values: Record<string, unknown> }) {
  return (
    <div class="logged-all">
      {Object.entries(values).map(([name, value]) => (
        <section aria-label={name}>
          <h3 class="small">{name}</h3>
          <One name={name} value={value} />
        </section>
      ))}
    </div>
  );
}

/** `name`: what tables in it are called. */
function One({ name, value }: { name: string; value: unknown }) {
  if (Array.isArray(value) && value.some((each) => isObject(each))) return <>{value.slice(0, 20).map((each, at) => <One name={`${name} ${at + 1}`} value={each} />)}</>;
  if (!isObject(value)) return <p class="mono">{Array.isArray(value) ? value.slice(0, MOST).map(showValue).join(", ") : showValue(value)}</p>;
  const matrix = matrixOf(value);
  if (matrix) return <Confusion name={name} {...matrix} />;
  const columns = Object.entries(value);
  // Tables of a schema, such as residuals: what they hold is in `data`.
  if (isObject(value.data) && typeof value.schema_type === "string") return <Drawn name={name} data={value.data} />;
  if (columns.every(([, cell]) => !isObject(cell))) return <Columns name={name} columns={columns} />;
  return <pre class="code" tabIndex={0}>{JSON.stringify(value, null, 1).slice(0, 20_000)}</pre>;
}

/** A chart where the schema has one, and the table behind it. */
function Drawn({ name, data }: { name: string; data: Record<string, unknown> }) {
  const [lines, bins] = [rocOf(data), binsOf(data)];
  if (!lines && !bins) return <One name={name} value={data} />;
  return (
    <>
      {lines ? <Roc lines={lines} /> : <Histogram {...bins!} />}
      <details class="folder"><summary class="small quiet">Table</summary><One name={name} value={data} /></details>
    </>
  );
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

function Columns({ name, columns }: { name: string; columns: [string, unknown][] }) {
  const lists = columns.map(([, cell]) => (Array.isArray(cell) ? cell : [cell]));
  const count = Math.max(...lists.map((list) => list.length), 0);
  return (
    <div class="table-frame logged-frame" tabIndex={0} role="region" aria-label={`Table ${name}`}>
      <table class="list-table logged small">
        <thead><tr>{columns.map(([name], at) => <th scope="col" class={typeof lists[at][0] === "number" ? "right" : ""}>{name}</th>)}</tr></thead>
        <tbody>
          {Array.from({ length: Math.min(count, MOST) }, (_, row) => (
            <tr>{lists.map((list) => <td class={typeof list[row] === "number" ? "right" : ""}>{showValue(list[row])}</td>)}</tr>
          ))}
        </tbody>
      </table>
      {count > MOST && <p class="notice">The first {MOST} of {count.toLocaleString("en")} rows.</p>}
    </div>
  );
}

interface Matrix {
  labels: string[];
  cells: number[][];
}

/** HyperDrive's confusion matrix: {schema_type, data: {class_labels, matrix}}. */
function matrixOf(value: Record<string, unknown>): Matrix | null {
  const data = isObject(value.data) ? value.data : value;
  const { class_labels: labels, matrix } = data as { class_labels?: unknown; matrix?: unknown };
  if (!Array.isArray(labels) || !Array.isArray(matrix) || labels.length > 40) return null;
  const isSquare = matrix.length === labels.length && matrix.every((row) => Array.isArray(row) && row.length === labels.length && row.every((cell) => typeof cell === "number"));
  return isSquare ? { labels: labels.map(showValue), cells: matrix as number[][] } : null;
}

function Confusion({ name, labels, cells }: Matrix & { name: string }) {
  const { shades } = palette();
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-label={`Confusion matrix ${name}`}>
      <table class="matrix">
        <caption class="small quiet">rows: true, columns: predicted</caption>
        <thead><tr><td />{labels.map((label) => <th scope="col">{label}</th>)}</tr></thead>
        <tbody>
          {cells.map((row, at) => {
            const sum = row.reduce((total, cell) => total + cell, 0) || 1;
            return (
              <tr>
                <th scope="row">{labels[at]}</th>
                {row.map((cell) => {
                  const part = cell / sum;
                  const step = Math.round(part * (shades.length - 1));
                  const isStrong = part > 0.45;
                  return <td style={cell ? { background: shades[step] } : {}} class={isStrong ? "strong" : ""}>{showValue(cell)}</td>;
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
