/** A range along an axis that keys make and move. Its ends are parts of the axis: 0 at the lower end on the screen, 1 above. */
export interface KeyRange {
  /** The end that stays, and the one that Shift moves. */
  fixed: number;
  moving: number;
}

/**
 * The range after an arrow key. `step`: above 0 upwards; isExtended: with Shift; null: there was none yet, so one begins at the
 * end that the key leads away from, as long as `first`.
 */
export function pressed(range: KeyRange | null, step: number, isExtended: boolean, first: number): KeyRange {
  if (!range) return step > 0 ? { fixed: 0, moving: first } : { fixed: 1, moving: 1 - first };
  if (isExtended) {
    const moving = within(range.moving + step);
    // A range has a length: its moving end goes past the one that stays.
    return { fixed: range.fixed, moving: Math.abs(moving - range.fixed) < 1e-9 ? within(moving + step) : moving };
  }
  const [low, high] = [Math.min(range.fixed, range.moving), Math.max(range.fixed, range.moving)];
  const by = Math.max(-low, Math.min(1 - high, step));
  return { fixed: range.fixed + by, moving: range.moving + by };
}

const within = (part: number) => Math.max(0, Math.min(1, part));
