/** Curves over time. A file of its own, which is loaded when a view shows one. */
import uPlot from "uplot";

export interface CurveData {
  /** Seconds since 1970, and the values then. */
  readonly times: readonly number[];
  readonly values: readonly number[];
}

export interface CurveLook {
  readonly label: string;
  readonly colour: string;
  readonly ink: string;
  readonly grid: string;
}

export interface Curve {
  show(data: CurveData, width: number): void;
  end(): void;
}

const HEIGHT = 150;

/** Of seconds since 1970, in UTC as everywhere. */
const clock = (seconds: number) => new Date(1_000 * seconds).toISOString().slice(11, 16);

export function curveIn(element: HTMLElement, { label, colour, ink, grid }: CurveLook): Curve {
  const axis = { stroke: ink, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid } };
  const plot = new uPlot(
    {
      width: element.clientWidth || 300,
      height: HEIGHT,
      legend: { show: false },
      padding: [8, 24, 0, 0],
      cursor: { drag: { x: false, y: false } },
      scales: { y: { range: (_plot, _least, most) => [0, Math.max(4, most * 1.1)] } },
      axes: [
        { ...axis, values: (_plot, times) => times.map(clock) },
        { ...axis, size: 44 },
      ],
      series: [{}, { label, stroke: colour, width: 1.5, fill: `${colour}33` }],
    },
    [[], []],
    element,
  );
  return {
    show: ({ times, values }, width) => {
      if (width > 0 && width !== plot.width) plot.setSize({ width, height: HEIGHT });
      plot.setData([[...times], [...values]]);
    },
    end: () => plot.destroy(),
  };
}
