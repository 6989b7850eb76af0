// uPlot draws on a canvas, which knows no CSS: it takes its colours from the page's custom properties.

export interface Palette {
  line: string;
  fill: string;
  before: string;
  grid: string;
  text: string;
  font: string;
}

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    line: read('--leaf'),
    fill: read('--leaf-wash'),
    before: read('--before'),
    grid: read('--grid'),
    text: read('--muted'),
    font: `11px ${style.fontFamily}`,
  };
}
