/** What is said beside the pointer of the trial under it. */
import type { ReadonlySignal } from "@preact/signals";
import { showNumber, showValue, STATE_WORDS } from "../data/format";
import type { Selection } from "../data/selection";
import type { SweepData } from "../data/sweep";

export function TrialTip(props: { data: SweepData; selection: Selection; at: ReadonlySignal<{ x: number; y: number } | null> }) {
  const { data, selection } = props;
  const place = props.at.value;
  const trial = selection.hovered.value;
  if (!place || trial === null) return null;
  const row = data.trials.rowOf(trial);
  if (row < 0) return null;
  const isRight = place.x > 360;
  const style = isRight
    ? { right: `calc(100% - ${place.x - 14}px)`, top: `${Math.max(0, place.y - 20)}px` }
    : { left: `${place.x + 14}px`, top: `${Math.max(0, place.y - 20)}px` };
  const state = data.trials.state[row];
  const names = Object.keys(data.trials.values).slice(0, 8);
  return (
    <div class="tip" style={style}>
      <b>Trial {trial}</b> · {STATE_WORDS[state]}
      <dl>
        {data.head.value?.metric && (
          <>
            <dt>best {data.head.value.metric.name}</dt>
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
      {state === "stopped_early" || state === "failed" || state === "lost" ? <p class="quiet">{data.trials.why[row]}</p> : null}
    </div>
  );
}
