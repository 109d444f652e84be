import type uPlot from 'uplot';
import type { Line } from '../Series.js';

interface Plot {
  readonly data: uPlot.AlignedData;
  readonly series: uPlot.Series[];
  readonly bands: uPlot.Band[];
}

type Tone = NonNullable<Line['tone']>;

/** Colour and dashes: lines are told apart without colour too. */
const STROKES: Readonly<Record<Tone, { readonly light: string; readonly dark: string; readonly dash?: number[] }>> = {
  primary: { light: '#1864ab', dark: '#74c0fc' },
  secondary: { light: '#6b3d9c', dark: '#d0b3ff', dash: [6, 3] },
  limit: { light: '#b42318', dark: '#ff9a93', dash: [2, 3] },
};

/** Lines as uPlot takes them: its times are seconds; the edges of a band are two more series, without a stroke. */
export function toPlot(
  times: readonly number[],
  lines: readonly Line[],
  isDark: boolean,
  format: (value: number) => string,
): Plot {
  const data: (number | null)[][] = [];
  const series: uPlot.Series[] = [{}];
  const bands: uPlot.Band[] = [];
  for (const { label, values, tone = 'primary', band } of lines) {
    const { light, dark, dash } = STROKES[tone];
    const stroke = isDark ? dark : light;
    const value: uPlot.Series['value'] = (_plot, raw: number | null) => (raw === null ? '–' : format(raw));
    data.push([...values]);
    series.push({ label, stroke, width: 1.5, value, ...(dash && { dash }), points: { show: values.length < 30 } });
    if (band === undefined) continue;
    data.push([...band.high], [...band.low]);
    series.push({ label: `${label}, at most`, width: 0, value }, { label: `${label}, at least`, width: 0, value });
    bands.push({ series: [series.length - 2, series.length - 1], fill: `${stroke}33` });
  }
  return { data: [times.map((time) => time / 1_000), ...data], series, bands };
}
