/** What Azure's schemas hold, as charts: accuracy tables as receiver operating characteristics, residuals as a histogram. */
import { scaled } from "../app/text-size";
import { showCount, showNumber } from "../data/format";

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [300, 230, 40, 34, 8];
/** Lines that can be told apart. */
const MOST_LINES = 6;
const DASHES = ["", "7 4", "2 3", "9 3 2 3", "12 4", "4 2"];

const isNumbers = (value: unknown): value is number[] => Array.isArray(value) && value.every((each) => typeof each === "number");

/** Points (false positive rate, true positive rate) of each class. A table has a row [tp, fp, tn, fn] for each threshold. */
export function rocOf(data: Record<string, unknown>): { label: string; points: [number, number][] }[] | null {
  const { class_labels: labels, probability_tables: tables } = data;
  if (!Array.isArray(labels) || !Array.isArray(tables) || !tables.length || labels.length !== tables.length) return null;
  const isTable = (table: unknown) => Array.isArray(table) && table.every((row) => isNumbers(row) && row.length === 4);
  if (!tables.every(isTable)) return null;
  return (tables as number[][][]).map((table, at) => ({
    label: String(labels[at]),
    points: table.map(([tp, fp, tn, fn]): [number, number] => [fp / (fp + tn || 1), tp / (tp + fn || 1)]).sort(([a, b], [c, d]) => a - c || b - d),
  }));
}

/** Counts between edges, one edge more than counts. */
export function binsOf(data: Record<string, unknown>): { edges: number[]; counts: number[] } | null {
  const { bin_edges: edges, bin_counts: counts, bin_averages: averages } = data;
  // Predictions have averages, too, which a histogram would not show.
  return averages === undefined && isNumbers(edges) && isNumbers(counts) && counts.length && edges.length === counts.length + 1 ? { edges, counts } : null;
}

const x = (part: number) => LEFT + part * (WIDTH - LEFT - 12);
const y = (part: number) => HEIGHT - BOTTOM - part * (HEIGHT - BOTTOM - TOP);

export function Roc({ lines }: { lines: NonNullable<ReturnType<typeof rocOf>> }) {
  const shown = lines.slice(0, MOST_LINES);
  return (
    <figure class="schema-chart">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={scaled(WIDTH)} height={scaled(HEIGHT)} role="img" aria-label={`True against false positive rates of ${lines.map((line) => line.label).join(", ")}`}>
        <path class="grid-line" d={`M${x(0)} ${y(1)}V${y(0)}H${x(1)}M${x(0)} ${y(0)}L${x(1)} ${y(1)}`} />
        {shown.map((line, at) => <path class="drawn" stroke-dasharray={DASHES[at]} d={line.points.map(([a, b], k) => `${k ? "L" : "M"}${x(a).toFixed(1)} ${y(b).toFixed(1)}`).join("")} />)}
        {[0, 0.5, 1].map((part) => <><text x={x(part)} y={HEIGHT - 20} text-anchor="middle">{part}</text><text x={LEFT - 6} y={y(part) + 4} text-anchor="end">{part}</text></>)}
        <text x={x(1)} y={HEIGHT - 4} text-anchor="end">false positive rate; up: true</text>
      </svg>
      <figcaption class="chart-key small quiet">
        {shown.map((line, at) => <span><svg class="key wide" viewBox="0 0 24 10" aria-hidden="true"><path class="drawn" stroke-dasharray={DASHES[at]} d="M0 5h24" /></svg> {line.label}</span>)}
        {lines.length > MOST_LINES && <span>and {showCount(lines.length - MOST_LINES, "class", "classes")} more</span>}
      </figcaption>
    </figure>
  );
}

export function Histogram({ edges, counts }: { edges: number[]; counts: number[] }) {
  const most = Math.max(...counts, 1);
  const [low, high] = [edges[0], edges[edges.length - 1]];
  const place = (edge: number) => x((edge - low) / (high - low || 1));
  return (
    <figure class="schema-chart">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={scaled(WIDTH)} height={scaled(HEIGHT)} role="img" aria-label={counts.map((count, at) => `${showNumber(edges[at])} to ${showNumber(edges[at + 1])}: ${count}`).join(", ")}>
        <path class="grid-line" d={`M${x(0)} ${y(0)}H${x(1)}`} />
        {counts.map((count, at) => <rect class="filled" x={place(edges[at])} y={y(count / most)} width={Math.max(1, place(edges[at + 1]) - place(edges[at]) - 1)} height={y(0) - y(count / most)}><title>{count}</title></rect>)}
        {[low, high].map((edge, at) => <text x={place(edge)} y={HEIGHT - 18} text-anchor={at ? "end" : "start"}>{showNumber(edge)}</text>)}
        <text x={LEFT - 6} y={y(1) + 8} text-anchor="end">{showNumber(most)}</text>
        <text x={LEFT - 6} y={y(0)} text-anchor="end">0</text>
      </svg>
    </figure>
  );
}
