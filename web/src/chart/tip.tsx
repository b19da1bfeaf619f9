/** What is said beside the pointer of the trial under it. */
import type { ReadonlySignal } from "@preact/signals";
import { showNumber, showValue, STATE_WORDS } from "../data/format";
import type { Selection } from "../data/selection";
import type { SweepData } from "../data/sweep";

/** Beside the pointer, with what lies there; in the corner, where keys went to the trial. */
export type TipPlace = { x: number; y: number; detail?: Detail | null } | "corner" | null;
/** What a place of a chart has to say beside the trial: a name and a value. */
export type Detail = readonly [string, string];

/** The same to be heard. */
export function trialWords(data: SweepData, trial: number): string {
  const row = data.trials.rowOf(trial);
  if (row < 0) return `trial ${trial}`;
  const metric = data.metric.peek()?.name;
  const best = data.trials.best[row];
  return [
    `trial ${trial}`,
    STATE_WORDS[data.trials.state[row]],
    metric && best !== null ? `best ${metric} ${showNumber(best)}` : "",
    ...Object.keys(data.trials.values).slice(0, MOST).map((name) => `${name} ${showValue(data.trials.values[name][row])}`),
    endOf(data, row),
  ].filter(Boolean).join(", ");
}

/** Why a trial ended that did not complete. */
const endOf = ({ trials }: SweepData, row: number) => (["stopped_early", "failed", "lost"].includes(trials.state[row]) ? trials.why[row] : "");

/** Hyperparameters that are said of a trial at most. */
const MOST = 8;

export function TrialTip(props: { data: SweepData; selection: Selection; at: ReadonlySignal<TipPlace> }) {
  const { data, selection } = props;
  const place = props.at.value;
  const trial = selection.hovered.value;
  if (!place || trial === null) return null;
  const row = data.trials.rowOf(trial);
  if (row < 0) return null;
  const style = place === "corner" ? { right: "8px", top: "8px" } : place.x > 360
    ? { right: `calc(100% - ${place.x - 14}px)`, top: `${Math.max(0, place.y - 20)}px` }
    : { left: `${place.x + 14}px`, top: `${Math.max(0, place.y - 20)}px` };
  const state = data.trials.state[row];
  const names = Object.keys(data.trials.values).slice(0, MOST);
  return (
    <div class="tip" style={style}>
      <b>Trial {trial}</b> · {STATE_WORDS[state]}
      <dl>
        {place !== "corner" && place.detail && (
          <>
            <dt>{place.detail[0]}</dt>
            <dd>{place.detail[1]}</dd>
          </>
        )}
        {data.metric.value && (
          <>
            <dt>best {data.metric.value.name}</dt>
            <dd>{showNumber(data.trials.best[row])}</dd>
          </>
        )}
        {names.map((name) => (
          <>
            <dt>{name}</dt>
            <dd>{showValue(data.trials.values[name][row])}</dd>
          </>
        ))}
      </dl>
      {endOf(data, row) && <p class="quiet">{endOf(data, row)}</p>}
    </div>
  );
}
