/** What a trial is given: its hyperparameters, a few of many until all are asked for. */
import { useSignal } from "@preact/signals";
import { showExact, showValue } from "../data/format";

/** So many stand there at first, and so long a value. */
const [MOST, LONG] = [8, 60];

export function Given({ configuration, label = "Configuration" }: { configuration: Record<string, unknown>; label?: string }) {
  const isWhole = useSignal(false);
  const all = Object.entries(configuration);
  // What would fold away a single one shows it in place of saying so.
  const shown = isWhole.value || all.length <= MOST + 1 ? all : all.slice(0, MOST);
  return (
    <ul class="tags given" aria-label={label}>
      {shown.map(([name, value]) => (
        <li title={`${name} ${showExact(value)}`}>
          {name} <b>{shortened(showValue(value))}</b>
        </li>
      ))}
      {all.length > MOST + 1 && (
        <li class="fold">
          <button class="link" aria-expanded={isWhole.value} onClick={() => (isWhole.value = !isWhole.value)}>{isWhole.value ? "fewer" : `and ${all.length - MOST} more`}</button>
        </li>
      )}
    </ul>
  );
}

const shortened = (text: string) => (text.length > LONG ? `${text.slice(0, LONG)}…` : text);
