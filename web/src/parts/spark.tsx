/** A trial's curve in a cell. */
import { useEffect, useRef } from "preact/hooks";
import { palette } from "../chart/colour";
import type { Line } from "../data/curves";

const [WIDTH, HEIGHT] = [88, 22];

export function Spark(props: { line: Line | undefined; range: [number, number]; version: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const colours = palette();
  useEffect(() => {
    const element = canvas.current!;
    const ratio = Math.min(2, devicePixelRatio || 1);
    if (element.width !== WIDTH * ratio) {
      element.width = WIDTH * ratio;
      element.height = HEIGHT * ratio;
    }
    const context = element.getContext("2d")!;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, WIDTH, HEIGHT);
    const { line } = props;
    if (!line?.size) return;
    const [low, high] = props.range;
    const last = Math.max(line.x[line.size - 1], 1);
    context.strokeStyle = colours.accent;
    context.lineWidth = 1.2;
    context.beginPath();
    const step = Math.max(1, Math.floor(line.size / WIDTH));
    for (let at = 0; at < line.size; at += step) {
      if (!Number.isFinite(line.y[at])) continue;
      const y = HEIGHT - 3 - ((line.y[at] - low) / (high - low || 1)) * (HEIGHT - 6);
      context.lineTo(2 + (line.x[at] / last) * (WIDTH - 4), Math.max(1, Math.min(HEIGHT - 1, y)));
    }
    context.stroke();
  }, [props.line, props.version, props.range[0], props.range[1], colours]);
  return <canvas ref={canvas} style={{ width: `${WIDTH}px`, height: `${HEIGHT}px`, display: "block" }} aria-hidden="true" />;
}
