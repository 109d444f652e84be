import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import type { Zone } from '../../util/moment.js';
import type { SeriesProps } from '../Series.js';
import { toPlot } from './to-plot.js';

/** Use Series, which loads this when it is needed. */
export function Chart({ times, lines, format = String, height = 180, zone }: SeriesProps & { readonly zone: Zone }) {
  const box = useRef<HTMLDivElement>(null);
  const isDark = useComputedColorScheme('light', { getInitialValueInEffect: false }) === 'dark';
  useEffect(() => {
    const { current } = box;
    if (current === null) return undefined;
    const { data, series, bands } = toPlot(times, lines, isDark, format);
    const ink = isDark ? '#c1c2c5' : '#495057';
    const grid = { stroke: isDark ? '#2c2e33' : '#e9ecef', width: 1 };
    const plot = new uPlot(
      {
        width: current.clientWidth,
        height,
        tzDate: (seconds) =>
          zone === 'utc' ? uPlot.tzDate(new Date(seconds * 1_000), 'UTC') : new Date(seconds * 1_000),
        series,
        bands,
        axes: [
          { stroke: ink, grid, ticks: grid },
          { stroke: ink, grid, ticks: grid, size: 64, values: (_plot, values) => values.map(format) },
        ],
        legend: { live: true },
        cursor: { drag: { x: false, y: false } },
      },
      data,
      current,
    );
    const observer = new ResizeObserver(() => plot.setSize({ width: current.clientWidth, height }));
    observer.observe(current);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [times, lines, format, height, isDark, zone]);
  return <div ref={box} />;
}
